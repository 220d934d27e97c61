"""Behind a reverse proxy: its word is taken only where the installation says that there is one."""

from tests.support.applications import client_of
from tests.support.counting import sql
from tests.support.guessing import FREE

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "crew.example.org"}


def test_nobody_passes_as_another_address_without_a_proxy(installation):
    app = installation()
    client = client_of(app)
    for number in range(FREE):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        client.post("/login", data={"login": "technician", "password": "x"}, headers=headers)
    assert sql(app, "SELECT DISTINCT address FROM access_records") == [("127.0.0.1",)]


def test_a_trusted_proxy_says_who_asks_and_how(installation):
    app = installation(trusted_proxies=1, public_url="https://crew.example.org")
    client = client_of(app)
    client.post("/login", data={"login": "technician", "password": "x"}, headers=FORWARDED)
    assert sql(app, "SELECT address FROM access_records") == [("203.0.113.9",)]


def test_over_https_the_cookie_travels_over_https_only(installation):
    client = client_of(installation(trusted_proxies=1, public_url="https://crew.example.org"))
    assert "Secure" in client.sign_in("technician").headers["Set-Cookie"]


def test_behind_a_proxy_our_own_pages_are_our_own(installation, world):
    client = client_of(installation(trusted_proxies=1, public_url="https://crew.example.org"))
    headers = FORWARDED | {"Origin": "https://crew.example.org"}
    assert client.post("/language", data={"locale": "en"}, headers=headers).status_code == 302
    foreign = FORWARDED | {"Origin": "https://evil.example"}
    assert client.post("/language", data={"locale": "en"}, headers=foreign).status_code == 403


def test_tags_carry_the_public_address(installation, world):
    client = client_of(installation(public_url="https://crew.example.org"))
    client.sign_in("technician")
    assert "https://crew.example.org" in client.page(f"/tags/{world.tags['room']}/label").html.replace("&#x2F;", "/")
