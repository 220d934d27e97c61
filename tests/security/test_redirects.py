"""Nobody is sent to another web site, whatever an address says is next."""

import re
from urllib.parse import urlsplit

import pytest

from crew_app.web.entrance import is_local
from tests.security.tally import count
from tests.support.client import SAME_ORIGIN
from tests.support.people import PASSWORD

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "HTTPS:evil.example",
    "http:evil.example",
    "/%09/evil.example",
    "//evil.example%2f..",
    "/.evil.example@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "https:///evil.example",
    "//evil%E3%80%82example",
    "/%5cevil.example",
    "//[::1]/",
    "//127.0.0.1:1",
    "/x%0d%0aLocation:%20//evil.example",
    "http://localhost@evil.example",
    "http://localhost.evil.example",
    "//localhost%40evil.example",
    "/;//evil.example",
    "?//evil.example",
]
ELSEWHERE += ["/\t/evil.example", "/\n/evil.example", " //evil.example", "\x00//evil.example", "/\u2028/evil.example"]
NEVER = [wanted for wanted in ELSEWHERE if not re.match(r"/[%.;x]", wanted)]


def leads_out(response):
    """Whether an answer sends a browser away."""
    to = response.headers.get("Location", "/")
    parts = urlsplit(to)
    return bool(
        parts.netloc not in ("", "localhost") or parts.scheme not in ("", "http") or re.match(r"[\s\\]|/[/\\\s]", to)
    )


@pytest.mark.parametrize("wanted", NEVER)
def test_such_an_address_is_not_of_this_application(wanted):
    assert not is_local(wanted)


def test_nobody_is_sent_to_another_web_site(stranger, sign_in):
    signed, wrong = sign_in("second"), []
    stranger.lints = signed.lints = False
    for wanted in ELSEWHERE:
        plain = wanted if wanted.isprintable() and wanted.isascii() and wanted.strip() == wanted else "//evil.example"
        login = {"login": "technician", "password": PASSWORD, "next": wanted}
        answers = {
            "sign-in": stranger.post("/login", data=login, headers=SAME_ORIGIN),
            "signed in": signed.get("/login", query_string={"next": wanted}),
            "again": signed.get("/login/again", query_string={"next": wanted}),
            "language": signed.post("/language", data={"locale": "en"}, headers=SAME_ORIGIN | {"Referer": plain}),
            "path": signed.get("/" + plain.lstrip("/?\\")),
            "asked": stranger.get("/tickets", query_string={"next": wanted}),
        }
        stranger.post("/sign-out", headers=SAME_ORIGIN)
        wrong += [(name, wanted) for name, answer in answers.items() if leads_out(answer) or answer.status_code >= 500]
        count("redirects", requests=len(answers))
    count("redirects", findings=len(wrong))
    assert wrong == []


def test_without_the_look_at_it_somebody_is(sign_in, monkeypatch):
    """Sabotage: every address counts as one of this application."""
    monkeypatch.setattr("crew_app.web.entrance.is_local", lambda _path: True)
    assert leads_out(sign_in("second").get("/login", query_string={"next": "//evil.example"}))
