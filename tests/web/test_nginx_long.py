"""Behind nginx as docs/deploy/nginx.conf has it, with a certificate of an authority of our own (`make hosts`)."""

import os
import re
import shutil
import ssl
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

import crew_app
from tests.acceptance.hospital import free_port
from tests.support.machines import PATIENCE
from tests.support.pictures import announcement, jpeg
from tests.support.serving import Browser, Server
from tests.support.tickets import report_fields

CONFIGURATION = Path(crew_app.__file__).parents[1] / "docs" / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
OWN_USER = "user root; " if os.getuid() == 0 else ""
"""Else its workers become somebody who may not see the folders of tests."""
NAME = "crew.example.org"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
pytestmark = [pytest.mark.soak, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]


class Proxy:
    """nginx in front of a server."""

    def __init__(self, folder, server):
        self.port, plain = free_port(), free_port()
        authority = trustme.CA()
        certificate = authority.issue_cert(NAME, "localhost")
        certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "crew.pem"))
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        text = CONFIGURATION.read_text()
        for old, new in (
            ("/etc/ssl/crew.pem", f"{folder}/crew.pem"),
            ("/etc/ssl/crew.key", f"{folder}/crew.pem"),
            ("listen 443", f"listen 127.0.0.1:{self.port}"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "body").mkdir()
        (folder / "nginx.conf").write_text(
            f"{OWN_USER}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{\n"
            + "".join(f"{kind}_temp_path {folder}/body;\n" for kind in TEMPORARY)
            + f"{text}\n}}\n"
        )
        self.process = subprocess.Popen([str(NGINX), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
        self.context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
        self.url, self.plain = f"https://localhost:{self.port}", f"http://127.0.0.1:{plain}"

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Outside(Browser):
    """A browser that trusts our authority and asks for the name."""

    def __init__(self, proxy):
        super().__init__()
        self._proxy = proxy

    def ask(self, url, fields=None, headers=None):
        return super().ask(url, fields, {"Host": NAME} | (headers or {}))

    def handlers(self):
        return [urllib.request.HTTPSHandler(context=self._proxy.context)]


@pytest.fixture
def server(sqlite_template, tmp_path):
    shutil.copy(sqlite_template.source, tmp_path / "crew.db")
    more = {"PUBLIC_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1"}
    found = Server(tmp_path, 1, **more).start()
    yield found
    found.kill()


@pytest.fixture
def proxy(server, tmp_path_factory):
    found = Proxy(tmp_path_factory.mktemp("nginx"), server)
    yield found
    found.stop()


@pytest.fixture
def browser(proxy):
    found, end = Outside(proxy), time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(OSError):
            found.ask(f"{proxy.url}/healthz")
            return found
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def test_work_with_a_large_photo_goes_through_it(server, proxy, browser, sqlite_template):
    world = sqlite_template.world
    server_ = type("Through", (), {"url": proxy.url})()
    browser.sign_in(server_, "technician")
    person, fields = str(world.people["technician"]), {k: str(v) for k, v in report_fields(world).items()}
    status, headers, _ = browser.send(server_, "/tickets", fields, person)
    assert status == 201
    assert headers["crew-location"].startswith("/tickets/")
    data = jpeg(4000, 3000, quality=100)
    data += b"\0" * (25 * 1024 * 1024 - len(data) - 1)
    told = announcement(data, role="before")
    assert browser.send(server_, f"/tickets/{fields['ticket_id']}/photos", told, person)[0] in (200, 201)
    status, headers, body = browser.send(server_, f"/photos/{told['photo_id']}/original", data, person)
    assert status == 200, (headers, body[:200])
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])  # nginx's name for it
    assert headers["x-request-id"] in server.log
    assert browser.ask(f"{proxy.url}/metrics")[0] == 404


def test_refusals_and_addresses_pass(server, proxy, browser, monkeypatch):
    wrong = {"login": "technician", "password": "x"}
    answers = [
        browser.ask(f"{proxy.url}/login", wrong, {"X-Forwarded-For": f"203.0.113.{number}"})[0] for number in range(12)
    ]
    assert answers[-1] != answers[0]  # nobody passes as somebody else: it is one address that guesses
    status, told, _ = browser.ask(f"{proxy.plain}/login")
    assert (status, told["location"]) == (301, f"https://{NAME}/login")
    server.kill()
    assert browser.ask(f"{proxy.url}/healthz")[0] == 502  # phones try again
