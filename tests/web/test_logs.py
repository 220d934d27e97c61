"""The log: a line for each request with what one looks for, and nothing of what people entered or may keep secret."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

import crew_app
from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Person
from crew_app.web import logs
from crew_app.web.access import signed_in
from tests.support.applications import client_of
from tests.support.client import CrewClient, accepted
from tests.support.counting import statements
from tests.support.people import PASSWORD
from tests.support.routes import address, changing, readable
from tests.support.tickets import make_ticket, report_fields

CANARIES = ("秘密姓名", "13912345678", "hunter2-password", "secret-token-4711")
TEMPLATES = Path(crew_app.__file__).parent / "templates"
NAME = re.compile(r'\bname="([a-z][a-z0-9_-]*)"')


@pytest.fixture
def spoken(app, log):
    app.extensions["crew_watch"].speak = True
    return log


def fields():
    """Every name of a field in any template."""
    return {name for path in TEMPLATES.rglob("*.html") for name in NAME.findall(path.read_text(encoding="utf-8"))}


def test_a_line_for_each_request(spoken, app, world, sign_in):
    client, key = sign_in("technician"), new_id()
    accepted(client.send("/tickets", report_fields(world), key=key), 201)
    answer = client.get(f"/t/{world.tags['room']}")
    line, page = spoken.facts("request")[-2:]
    assert line["receipt"] == str(key)
    assert (line["method"], line["route"], line["status"]) == ("POST", "/tickets", 201)
    assert line["person"] == str(world.people["technician"])
    assert line["site"] == str(world.sites["north"])
    assert line["statements"] > 3
    assert line["ms"] >= line["database_ms"] >= 0
    assert page["route"] == "/t/<code>"
    assert page["request"] == answer.headers["X-Request-ID"]


def test_it_also_reads_as_text(app, log, stranger):
    app.extensions["crew_watch"].speak = False
    stranger.get("/login")
    assert re.fullmatch(r"\S+Z GET /login 200 [\d.]+ ms \(waited [\d.]+, 0 statements 0\.0\) [0-9a-f]{16}\n", log.text)


def everything_is_told(app, world, sign_in, stranger):
    """Canaries through every field of every form, every query, addresses, headers, and the sign-in."""
    client, ticket = sign_in("administrator"), make_ticket(app, world)
    client.lints = False
    for number, route in enumerate([*changing(app)[::4], *readable(app)[::7]]):
        word = CANARIES[number % len(CANARIES)]
        path = address(app, world, ticket, route)
        if route in changing(app):
            client.send(path, dict.fromkeys(fields(), word))
        else:
            client.get(
                f"{path}{'&' if '?' in path else '?'}q={word}&next={word}",
                headers={"Referer": f"http://localhost/{word}"},
            )
    client.get("/scan")
    for word in CANARIES:
        headers = {
            "X-Request-ID": word,
            "Authorization": f"Bearer {word}",
            "User-Agent": word.encode().decode("latin-1"),
        }
        stranger.post("/login", data={"login": word, "password": word}, headers={"Sec-Fetch-Site": "same-origin"})
        stranger.get(f"/r/{word}")
        stranger.get(f"/t/{word}")
        stranger.get(f"/{word}", headers=headers)
        stranger.get("/api/v1/tickets", headers=headers)


def leaks(log, world):
    told = log.text
    return [word for word in (*CANARIES, PASSWORD, *world.tags.values()) if word in told]


def break_pages(app, monkeypatch):
    """Pages that fail with what was entered in their words."""

    @signed_in
    def fail(**_arguments):
        try:
            int(CANARIES[1] + CANARIES[0])
        except ValueError as error:
            raise KeyError(CANARIES[2]) from error

    monkeypatch.setitem(app.view_functions, "scan.show", fail)


def test_nothing_that_people_entered_is_written_down(spoken, app, world, sign_in, stranger, monkeypatch):
    break_pages(app, monkeypatch)
    everything_is_told(app, world, sign_in, stranger)
    lines = spoken.facts("request")
    assert len(lines) > 100
    assert {line["status"] for line in lines} >= {200, 404, 500}
    assert leaks(spoken, world) == []


def test_paths_and_words_of_errors_would_tell_it(spoken, app, world, sign_in, stranger, monkeypatch):
    """Sabotage: the first writes paths down, the second what exceptions say."""
    answered = logs.say_request

    def with_path(seen, *rest, **options):
        answered(replace(seen, route=f"/t/{world.tags['room']}"), *rest, **options)

    monkeypatch.setattr(logs, "say_request", with_path)
    stranger.get(f"/t/{world.tags['room']}")
    assert leaks(spoken, world) == [world.tags["room"]]
    monkeypatch.setattr(logs, "kind", str)
    break_pages(app, monkeypatch)
    sign_in("technician").get("/scan")
    assert CANARIES[2] in leaks(spoken, world)


def test_an_error_tells_where_it_happened(spoken, app, sign_in, monkeypatch):
    break_pages(app, monkeypatch)
    client = sign_in("technician")
    answer = client.get("/scan")
    (line,) = spoken.facts("log")
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["message"] == "unexpected error"
    first, _, second = line["trace"].partition("which led to")
    assert first.splitlines()[-1] == "ValueError"
    assert "in fail" not in first
    assert "fail: int(" in first
    assert second.splitlines()[-1] == "KeyError"


def add_again(login):
    with write_transaction():
        session.add(Person(login=login, name=CANARIES[0], password_hash=CANARIES[2], created_at=now()))


def test_what_the_database_says_of_a_clash_is_only_which_rule(any_app, any_world):
    with any_app.app_context():
        login = session.get_one(Person, any_world.people["technician"]).login
        with pytest.raises(IntegrityError) as caught:
            add_again(login)
        told = logs.kind(caught.value)
        session.rollback()
    assert "people" in told
    assert "login" in told
    assert "technician" not in told.replace("people", "")
    assert CANARIES[0] not in told


def test_packages_speak_through_it_and_warnings_are_the_least(spoken, app):
    app.logger.warning("said by %s", "somebody", extra={"password": CANARIES[2]})
    app.logger.info("not said")
    assert [line["message"] for line in spoken.facts("log")] == ["said by somebody"]


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [
        (1, "0123456789abcdef", True),
        (1, "a.b-c_d.e", True),
        (0, "0123456789abcdef", False),
        (1, "short", False),
        (1, 'with"quote-and-more', False),
        (1, "x" * 65, False),
    ],
)
def test_a_request_keeps_the_name_a_trusted_proxy_gave_it(settings, proxies, given, kept):
    app = create_app(replace(settings, trusted_proxies=proxies))
    app.test_client_class = CrewClient
    answer = client_of(app).get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", answer.headers["X-Request-ID"])
    with app.app_context():
        db.engine.dispose()


def test_a_log_that_nobody_reads_stops_nobody(app, stranger, monkeypatch):
    app.extensions["crew_watch"].speak = True
    monkeypatch.setattr(logs, "STANDARD_OUTPUT", 1 << 20)
    assert stranger.get("/healthz").status_code == 200


def test_it_asks_the_database_nothing(app, sign_in):
    """What it writes down of a person was known already."""
    client, asked = sign_in("technician"), []
    client.get("/scan")
    for speak in (None, True):
        app.extensions["crew_watch"].speak = speak
        with statements(app) as found:
            client.get("/scan")
        asked.append(len(found))
    assert asked[0] == asked[1] > 0
