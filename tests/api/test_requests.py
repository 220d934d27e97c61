"""How the API reads requests: strictly, with a problem in one form for everything that is wrong."""

import json
import time
from uuid import uuid4

import pytest

from crew_app.web.access import for_tokens
from crew_app.web.tokens import Limiter, TokenRule
from tests.support.api import EVERYTHING, new_system, problem
from tests.support.routes import declared, of_the_api

OPENING = {"place": "north-B1-701", "job_kind": "lamp"}


def test_what_does_not_exist_and_what_cannot_be_done_that_way_are_problems(system):
    problem(system.get("/nothing"), 404, "not-found")
    refused = system.post("/me", {})
    problem(refused, 405)
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_only_json_is_taken(system):
    problem(system.raw("/tickets", b"place=1", Content_Type="application/x-www-form-urlencoded"), 415, "not-json")


HOSTILE = {
    "no JSON": b"{",
    "nothing": b"",
    "no object": b"[]",
    "not UTF-8": b'{"place": "\xff"}',
    "NaN": b'{"place": "x", "job_kind": "lamp", "priority": NaN}',
    "infinity": b'{"place": "x", "job_kind": "lamp", "priority": -Infinity}',
    "a member twice": b'{"place": "a", "place": "b", "job_kind": "lamp"}',
    "deep": b"[" * 5000 + b"]" * 5000,
    "as deep as may be parsed": b'{"place": ' + b"[" * 200 + b"]" * 200 + b"}",
    "a number of 10,000 digits": b'{"place": "x", "job_kind": "lamp", "priority": ' + b"9" * 10_000 + b"}",
    "a huge exponent": b'{"place": "x", "job_kind": "lamp", "priority": 1e999999999}',
    "wrong types": b'{"place": 7, "job_kind": ["lamp"], "description": {}}',
    "unknown members": b'{"place": "x", "job_kind": "lamp", "admin": true}',
    "neither place nor asset": b'{"job_kind": "lamp"}',
    "true as a number": b'{"place": "x", "job_kind": "lamp", "priority": true}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bodies_are_malformed_and_change_nothing(system, what):
    found = problem(system.raw("/tickets", HOSTILE[what]), 400, "malformed")
    assert found["errors"]
    assert system.get("/tickets").get_json()["items"] == []


def test_ten_megabytes_are_too_large(system):
    problem(system.raw("/tickets", b'{"place": "' + b"x" * 10_000_000 + b'"}'), 413)


def test_a_refusal_names_each_thing_that_is_wrong(system):
    found = problem(system.get("/tickets?live=perhaps&limit=0&colour=red&limit=1"), 400, "malformed")
    assert {(one["in"], one["name"]) for one in found["errors"]} == {
        ("query", "live"),
        ("query", "limit"),
        ("query", "colour"),
    }


def test_control_characters_and_half_characters_do_not_reach_the_books(system):
    body = json.dumps(OPENING | {"description": "a\x00b\ud800c"}).encode()
    href = system.raw("/tickets", body).get_json()["href"]
    assert system.get(href.removeprefix("/api/v1")).get_json()["description"] == "abc"


def test_what_has_not_changed_is_not_sent_again(system):
    system.post("/tickets", OPENING)
    for path in ("/tickets", "/me", "/job-kinds"):
        first = system.get(path)
        again = system.get(path, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.get_data()) == (304, b"")
    tag = system.get("/tickets").headers["ETag"]
    system.post("/tickets", OPENING)
    assert system.get("/tickets", If_None_Match=tag).status_code == 200


def test_a_compressed_answer_has_a_tag_that_counts_too(system):
    for _ in range(5):
        system.post("/tickets", OPENING)
    packed = system.get("/tickets", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    headers = {"If_None_Match": packed.headers["ETag"], "Accept_Encoding": "gzip"}
    assert system.get("/tickets", **headers).status_code == 304


def test_a_change_of_what_was_changed_meanwhile_is_refused(system):
    path = system.post("/tickets", OPENING).get_json()["href"].removeprefix("/api/v1")
    tag = system.get(path).headers["ETag"]
    assert system.post(f"{path}/notes", {"text": "first"}, If_Match=tag).status_code == 200
    system.post(f"{path}/acceptance", {})
    problem(system.post(f"{path}/cancellation", {"reason": "late"}, If_Match=tag), 412, "changed")
    now = system.get(path, Accept_Encoding="gzip").headers["ETag"]
    assert system.post(f"{path}/cancellation", {"reason": "in time"}, If_Match=now).status_code == 200


def test_pages_lead_through_everything_once(system):
    for _ in range(5):
        system.post("/tickets", OPENING)
    seen, path = [], "/tickets?limit=2&live=true"
    while path:
        response = system.get(path)
        seen += [one["id"] for one in response.get_json()["items"]]
        link = response.headers.get("Link", "")
        path = link.partition(">")[0].removeprefix("</api/v1") if 'rel="next"' in link else ""
    assert len(seen) == len(set(seen)) == 5
    problem(system.get(f"/tickets?after={uuid4()}"), 404)


def test_a_token_that_asks_too_often_waits(app, world):
    app.extensions["crew_api_limiter"] = Limiter(3)
    busy, calm = new_system(app, world), new_system(app, world)
    assert [busy.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    late = busy.get("/me")
    problem(late, 429, "too-many")
    assert 1 <= int(late.headers["Retry-After"]) <= 21
    assert calm.get("/me").status_code == 200


def test_what_was_not_used_is_saved_up_for_a_minute():
    limiter, key, at = Limiter(60), uuid4(), time.monotonic()
    assert [limiter.wait(key, at) for _ in range(60)] == [0.0] * 60
    assert limiter.wait(key, at) == pytest.approx(1.0)
    assert limiter.wait(key, at + 1.5) == 0.0
    assert sum(limiter.wait(key, at + 10_000) == 0.0 for _ in range(100)) == 60


def test_an_error_of_ours_is_a_problem_too(app, system):
    def broken(**_arguments):
        raise RuntimeError("broken")

    rule = declared(app, next(route for route in of_the_api(app) if route.endpoint == "api.list_tickets"))
    assert isinstance(rule, TokenRule)
    app.view_functions["api.list_tickets"] = for_tokens(rule)(broken)
    found = problem(system.get("/tickets"), 500, "error")
    assert "broken" not in json.dumps(found)


def test_other_web_sites_get_nothing(app, world):
    system = new_system(app, world, scopes=EVERYTHING)
    response = system.get("/me", Origin="https://elsewhere.example")
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
    assert "Set-Cookie" not in response.headers
    refused = system.post("/tickets", OPENING, Sec_Fetch_Site="cross-site")
    problem(refused, 403, "cross-site")
