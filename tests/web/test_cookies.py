"""Cookies over HTTPS: prefixed, out of scripts' reach, and nobody is signed out when they get their new names."""

from dataclasses import replace

import pytest

from crew_app import create_app
from crew_app.core.db import db
from tests.support.applications import client_of
from tests.support.client import CrewClient
from tests.support.counting import one
from tests.support.people import PASSWORD

HTTPS = {"base_url": "https://crew.example.org"}
NAVIGATION = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def secure(settings, world, compiled_templates):
    """The same installation after it went over to HTTPS."""
    app = create_app(replace(settings, public_url="https://crew.example.org"))
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = CrewClient
    yield app
    with app.app_context():
        db.engine.dispose()


def cookies_set(response):
    found = response.headers.getlist("Set-Cookie")
    return {line.split("=", 1)[0]: line for line in found if "Max-Age=0" not in line}


def sign_in(client):
    return client.post("/login", data={"login": "technician", "password": PASSWORD}, **HTTPS)


def moved(app, secure):
    """A browser that was signed in before HTTPS came, and comes again."""
    before = client_of(app)
    before.sign_in("technician")
    client = client_of(secure)
    for name in ("crew", "crew_device"):
        kept = before.get_cookie(name)
        assert kept
        client.set_cookie(name, kept.value, domain="crew.example.org", secure=True)
    return client


@pytest.mark.parametrize("name", ["__Host-crew", "__Host-crew_device"])
def test_over_https_they_are_bound_to_this_host(secure, name):
    line = cookies_set(sign_in(client_of(secure)))[name]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in line
    assert "Domain" not in line


@pytest.mark.parametrize("name", ["crew", "crew_device"])
def test_without_https_they_have_their_plain_names(stranger, name):
    line = cookies_set(stranger.sign_in("technician"))[name]
    assert "Secure" not in line
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line


def test_nobody_is_signed_out_by_the_change(app, secure):
    client = moved(app, secure)
    page = client.get("/more", headers=NAVIGATION, **HTTPS)
    assert page.status_code == 200
    assert "__Host-crew" in cookies_set(page)
    assert any(line.startswith("crew=;") for line in page.headers.getlist("Set-Cookie"))
    again = client.get("/more", headers=NAVIGATION, **HTTPS)
    assert again.status_code == 200
    assert "__Host-crew" not in cookies_set(again)


def test_what_is_asked_beside_a_page_changes_no_cookie(app, secure):
    client = moved(app, secure)
    answer = client.get("/notices/unread", headers={"Sec-Fetch-Mode": "cors"}, **HTTPS)
    assert answer.status_code == 200
    assert "__Host-crew" not in cookies_set(answer)


def test_a_phone_stays_the_same_phone(app, secure):
    sign_in(moved(app, secure))
    assert one(app, "SELECT COUNT(*) FROM devices WHERE person_id IS NOT NULL") == 3, "it and two others"


def test_a_planted_cookie_of_before_does_not_count_beside_the_new_one(app, secure):
    attacker = client_of(app)
    attacker.sign_in("second")
    cookie = attacker.get_cookie("crew")
    assert cookie
    client = client_of(secure)
    sign_in(client)
    client.set_cookie("crew", cookie.value, domain="crew.example.org", secure=True)
    page = client.get("/more", headers=NAVIGATION, **HTTPS)
    technician = one(app, "SELECT id FROM people WHERE login = 'technician'")
    assert page.headers["Crew-Person"].replace("-", "") == str(technician).replace("-", "")


@pytest.mark.parametrize("value", ["", "nonsense", "eyJfdXNlcl9pZCI6IjEifQ.x.y"])
def test_a_forged_cookie_of_before_is_nobody(secure, value):
    client = client_of(secure)
    client.set_cookie("crew", value, domain="crew.example.org", secure=True)
    assert client.get("/more", headers=NAVIGATION, **HTTPS).status_code == 302
