"""Addresses that other people named must not lead inside, nor anywhere without end."""

import socket
from ipaddress import ip_address

import pytest
import requests

from crew_app.core import outside
from tests.support.stubs import Service

LINES = """
127.0.0.1 10.1.2.3 172.16.0.9 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1
240.0.0.1 198.18.0.1 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 fe80::1 fc00::1 fd12::1 ff02::1 fec0::1
64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1:: 2001:0:0:0:0:0:80ff:fffe 2001:db8::1 ::7f00:1
"""
INSIDE = LINES.split()
OUTSIDE = ("8.8.8.8", "119.29.29.29", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808")


def resolving(monkeypatch, *addresses):
    """Every name has these addresses; whoever connects is written down."""
    asked = []

    def answer(host, port, **_options):
        asked.append(host)
        kinds = [(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in addresses]
        return [(kind, socket.SOCK_STREAM, 6, "", (one, port)) for kind, one in kinds]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def ask(url, *allowed, **options):
    with outside.allowing(allowed), outside.Session() as web:
        return web.post(url, data=b"x", **options)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused(monkeypatch, address):
    assert not outside.is_public(ip_address(address))
    resolving(monkeypatch, address)
    with pytest.raises(outside.NotOutside):
        ask("https://push.example.com/x")


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_one(address):
    assert outside.is_public(ip_address(address))


def test_one_address_inside_among_others_is_enough_to_refuse(monkeypatch):
    resolving(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(outside.NotOutside):
        ask("https://push.example.com/x")


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "0", "[::1]", "[::ffff:7f00:1]"]
)
def test_other_ways_to_write_this_machine_are_refused(host):
    with pytest.raises(outside.NotOutside):
        ask(f"https://{host}/x")


@pytest.mark.parametrize(
    "url", ["http://push.example.com/", "https://me:secret@push.example.com/", "ftp://push.example.com/", "https:///x"]
)
def test_an_address_that_cannot_be_meant_is_refused_before_it_is_resolved(monkeypatch, url):
    asked = resolving(monkeypatch, "8.8.8.8")
    with pytest.raises((outside.NotOutside, requests.exceptions.InvalidURL)):
        ask(url)
    assert asked == []


def test_the_name_is_resolved_once_and_that_address_is_connected_to(monkeypatch):
    """A name server that says something else the second time (rebinding) is not asked a second time."""
    asked = resolving(monkeypatch, "8.8.8.8")
    connected = []

    def connect(_self, address):
        connected.append(address[0])
        raise OSError("no way out of here")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(requests.ConnectionError):
        ask("https://push.example.com/x")
    assert (asked, connected) == (["push.example.com"], ["8.8.8.8"])


def test_a_named_host_of_the_house_is_reached_and_no_redirect_is_followed():
    with Service().running() as service, Service().running() as inner:
        service.answers = [(302, {"Location": f"{inner.url}/secret"})]
        assert ask(f"{service.url}/x", "127.0.0.1", allow_redirects=True, verify=False).status_code == 302
        assert [len(service.asked), len(inner.asked)] == [1, 0]
        with pytest.raises(outside.NotOutside):
            ask(f"{service.url}/x")


def test_a_long_answer_is_read_only_in_part_and_a_slow_one_is_cut(monkeypatch):
    with Service().running() as service:
        monkeypatch.setattr(outside, "LARGEST", 0)
        service.answers = [(200, {"Content-Length": "5000000"})]
        monkeypatch.setattr(outside, "LONGEST", 0.3)
        with pytest.raises(requests.RequestException):
            ask(f"{service.url}/x", "127.0.0.1")


def test_the_environment_sends_nothing_through_a_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Service().running() as service:
        assert ask(f"{service.url}/x", "127.0.0.1").status_code == 201


def test_without_the_look_at_the_address_this_machine_is_reached(monkeypatch):
    """Sabotage: what the tests above would not notice otherwise."""
    monkeypatch.setattr(outside, "is_public", lambda _address: True)
    monkeypatch.setattr(outside, "check", lambda _url: None)
    with Service().running() as service:
        assert ask(f"{service.url}/x").status_code == 201
