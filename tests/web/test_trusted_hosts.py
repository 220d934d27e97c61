"""Under which names a real server answers, and whose word it takes for who asks."""

import http.client
from dataclasses import replace
from types import SimpleNamespace

import pytest

from crew_app import create_app
from crew_app.config import BadSetting, read_settings
from crew_app.core.db import db
from crew_app.web.trusted_hosts import TrustedHosts
from tests.support.applications import client_of
from tests.support.client import CrewClient
from tests.support.small_hospital import small_hospital

OURS = "crew.example.org"


def ask(hospital, path="/login", method="GET", body=None, **headers):
    """A request as it stands on the wire: the status, the headers and the text of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", hospital.port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    data = body.encode() if body else b""
    if data:
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(len(data)))
    connection.endheaders(data or None)
    answer = connection.getresponse()
    found = SimpleNamespace(status=answer.status, headers=answer.headers, text=answer.read().decode())
    connection.close()
    return found


def fail_as(hospital, **headers):
    """A wrong password, with these headers; the address that is written down for it."""
    ask(hospital, "/login", "POST", "login=technician&password=wrong", Host=OURS, **headers)
    ((address,),) = hospital.rows("SELECT address FROM access_records ORDER BY at DESC, id DESC LIMIT 1")
    return address


@pytest.fixture(scope="module")
def behind(sqlite_template, tmp_path_factory):
    """A server behind one proxy, under HTTPS by its public address."""
    environment = {"PUBLIC_URL": f"https://{OURS}", "TRUSTED_PROXIES": "1", "TRUSTED_HOSTS": "crew.intra"}
    with small_hospital(sqlite_template, tmp_path_factory.mktemp("behind"), environment=environment) as found:
        yield found


@pytest.fixture(scope="module")
def alone(sqlite_template, tmp_path_factory):
    """A server that nobody stands in front of, and whose public address nobody said."""
    with small_hospital(sqlite_template, tmp_path_factory.mktemp("alone")) as found:
        yield found


@pytest.mark.parametrize("host", [OURS, f"{OURS}:443", OURS.upper(), "crew.intra", "localhost", "127.0.0.1:8000"])
def test_our_own_names_are_answered(behind, host):
    assert ask(behind, Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", f"{OURS}.evil.example", f"evil.{OURS}", f"{OURS}@evil.example", "10.0.0.1", "0x7f000001", ""),
        *(f"{OURS}, evil.example", f"{OURS}/../evil", f"{OURS}:80:80", "localhost.evil.example", "[::1", "例子"),
    ],
)
def test_any_other_is_refused_before_a_page_is_made(behind, host):
    answer = ask(behind, Host=host.encode() if not host.isascii() else host)
    assert answer.status == 400
    assert "<html" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_request_without_a_name_is_refused(behind):
    assert ask(behind).status == 400


def test_the_name_that_a_trusted_proxy_says_counts(behind):
    assert ask(behind, Host="127.0.0.1", X_Forwarded_Host=OURS).status == 200
    assert ask(behind, Host=OURS, X_Forwarded_Host="evil.example").status == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_proxy_asks_for_the_health_by_any_name(behind, path):
    assert ask(behind, path, Host="10.1.2.3:8000").status == 200
    assert ask(behind, f"{path}/../login", Host="10.1.2.3:8000").status == 400


def test_the_nearest_hop_says_who_asks(behind):
    assert fail_as(behind, X_Forwarded_For="203.0.113.9") == "203.0.113.9"
    assert fail_as(behind, X_Forwarded_For="198.51.100.1, 203.0.113.8") == "203.0.113.8", "what a client wrote first"


def test_without_a_proxy_nobody_says_who_asks(alone):
    ask(alone, "/login", "POST", "login=technician&password=x", Host="localhost", X_Forwarded_For="203.0.113.9")
    assert alone.rows("SELECT DISTINCT address FROM access_records") == [("127.0.0.1",)]
    spoofed = ask(alone, Host="localhost", X_Forwarded_Host="evil.example", X_Forwarded_Proto="https")
    assert spoofed.status == 200
    assert "evil.example" not in spoofed.text
    assert "Strict-Transport-Security" not in spoofed.headers


@pytest.mark.parametrize(
    ("host", "status"), [("192.168.1.20:8000", 200), ("[fe80::1]:8000", 200), ("evil.example", 400)]
)
def test_without_a_public_address_phones_come_by_numbers(alone, host, status):
    assert ask(alone, Host=host).status == status


def test_over_https_browsers_are_told_to_stay_there(behind):
    header = ask(behind, Host=OURS).headers["Strict-Transport-Security"]
    assert "max-age=31536000" in header


def test_sabotage_without_the_check_any_name_is_answered(settings, monkeypatch, world):
    app = create_app(replace(settings, public_url=f"https://{OURS}"))
    app.test_client_class = CrewClient
    client = client_of(app)
    assert client.get("/login", base_url="https://evil.example").status_code == 400
    monkeypatch.setattr(TrustedHosts, "is_ours", lambda *_: True)
    assert client.get("/login", base_url="https://evil.example").status_code == 200
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("value", ["*", "https://crew.example.org", "a b"])
def test_nonsense_is_refused_by_name(tmp_path, value):
    with pytest.raises(BadSetting, match="TRUSTED_HOSTS"):
        read_settings({"CREW_DATA": str(tmp_path), "TRUSTED_HOSTS": value})
