"""Every door through which the application speaks to addresses that people name: none leads into the house."""

import ast
import socket
from pathlib import Path
from threading import Semaphore

import pytest
import requests

import crew_app
from crew_app.connections import sending, signing
from crew_app.core import outside
from crew_app.core.errors import CrewError
from crew_app.core.ids import new_id
from crew_app.notifications import chat, push
from crew_app.web.providers import asking
from tests.notifications.test_outside import INSIDE
from tests.security.tally import count
from tests.support.stubs import Browser

CODE = Path(crew_app.__file__).parent
WRITTEN = "2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.1 127.0.1 0 localhost localhost."
WRITTEN += (
    " [0:0:0:0:0:ffff:10.0.0.1] [64:ff9b::a00:1] [2002:a00:1::] [fe80::1%25lo] ①②⑦.⓪.⓪.① 127。0。0。1 169.254.169.254"
)
NAMED = ("inside.example", "127.0.0.1.nip.example", "metadata.example", "xn--80ak6aa92e.example")
ODD = ("user@10.0.0.7", "8.8.8.8@127.0.0.1", "127.0.0.1#.example", "127.0.0.1\\.example", "example%2f@127.0.0.1")


def webhook(host):
    url = f"https://{host}/in"
    letter = sending.Letter(new_id(), new_id(), url, signing.secret_of("k", "n"), "test", "{}")
    return sending.post(letter).status is not None


def group(host):
    return chat.send(f"jsons://{host}/in?redirect=yes&verify=no", "words").came.value == "sent"


def phone(host):
    private = "MGQCAQEEIHNuYWtlb2lsc25ha2VvaWxzbmFrZW9pbHNuYWtlb2lsoAcGBSuBBAAKoUQDQgAE"
    fields = Browser().fields
    letter = push.Letter(f"https://{host}/in", fields["p256dh"], fields["auth"], {"title": "x"})
    try:
        return push.send(letter, private, "https://crew.example").came.value == "sent"
    except ValueError:
        return False  # no key of the installation: nothing was sent either


def accounts(host):
    """What a provider's description names: where tokens and keys are fetched."""
    try:
        with asking("https://accounts.example.org") as session:
            return session.get(f"https://{host}/keys").ok
    except CrewError:
        return False


DOORS = {"webhook": webhook, "chat group": group, "push service": phone, "accounts": accounts}
"""Everything that speaks to an address which somebody typed or another system named. A new one gets a line here."""
SPEAKS = {
    "apprise": {"notifications/chat.py"},
    "authlib": {"web/oidc.py"},
    "obstore": {"evidence/s3.py"},
    "requests": {"core/outside.py", "connections/sending.py", "notifications/chat.py", "notifications/push.py"}
    | {"web/oidc.py", "web/providers.py"},
    "smtplib": {"notifications/mail.py"},
    "socket": {"core/outside.py", "cli/serving.py", "web/certificate.py", "web/scheduler.py"}
    | {"web/hosts.py", "web/trusted_hosts.py", "cli/checkup/keeping.py"},
    "urllib3": {"core/outside.py"},
}
"""Which module may know what speaks to the network. The bucket and the mail server are named in the settings alone."""
NEVER = {
    "http.client",
    "urllib.request",
    "ftplib",
    "telnetlib",
    "poplib",
    "imaplib",
    "xmlrpc",
    "httpx",
    "aiohttp",
    "paramiko",
}
OWN_WAY = {"get", "post", "put", "patch", "delete", "head", "request", "Session", "session"}


@pytest.fixture
def connected(monkeypatch):
    """Addresses that anybody connects to; names of this test lead inside."""
    found, real = [], socket.getaddrinfo

    def answer(host, port, *rest, **options):
        if str(host).endswith(".example"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]
        return real(host, port, *rest, **options)

    def connect(_self, address):
        found.append(address)
        raise OSError("not here")

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return found


def hosts():
    literal = [f"[{one}]" if ":" in one else one for one in INSIDE]
    return [*literal, *(f"{one}:8443" for one in literal[:3]), *WRITTEN.split(), *NAMED, *ODD]


@pytest.mark.parametrize("name", DOORS)
def test_no_door_leads_inside(app, connected, name):
    sent = []
    with app.test_request_context("/", environ_overrides={"crew.turn": Semaphore(1)}):
        for host in hosts():
            try:
                sent += [host] if DOORS[name](host) else []
            except (ValueError, requests.RequestException, outside.NotOutside, OSError, DeprecationWarning):
                continue  # refused in another way
    count("outgoing", requests=len(hosts()), findings=len(sent) + len(connected))
    assert sent == []
    assert connected == []


def test_a_door_that_does_is_found(app, connected, monkeypatch):
    """Sabotage: every address counts as one outside."""
    monkeypatch.setattr(outside, "is_public", lambda _address: True)
    with app.test_request_context("/", environ_overrides={"crew.turn": Semaphore(1)}):
        assert not webhook("inside.example")
    assert connected == [("10.0.0.7", 443)]


def imported(path):
    """Modules that a file imports, and what it calls of `requests`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules, calls = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            calls |= {node.func.attr} if node.func.value.id == "requests" else set()
    return modules, calls & OWN_WAY if "requests" in modules else set()


def strays(files):
    found = []
    for short, path in files:
        modules, calls = imported(path)
        tops = {name.partition(".")[0] for name in modules}
        found += [(short, name) for name in sorted(tops & set(SPEAKS)) if short not in SPEAKS[name]]
        found += [(short, name) for name in sorted(NEVER) if any(f"{one}.".startswith(f"{name}.") for one in modules)]
        found += [(short, f"requests.{call}") for call in sorted(calls) if short != "core/outside.py"]
    return found


def test_nothing_speaks_to_the_network_past_the_one_way_out():
    assert strays([(path.relative_to(CODE).as_posix(), path) for path in sorted(CODE.rglob("*.py"))]) == []


@pytest.mark.parametrize(
    "words",
    ["import requests", "from urllib import request", "import http.client", "import requests\nrequests.get('x')"],
)
def test_what_does_is_found(tmp_path, words):
    """Sabotage: a new module with a way out of its own."""
    path = tmp_path / "stray.py"
    path.write_text(words)
    assert strays([("reports/stray.py", path)])
