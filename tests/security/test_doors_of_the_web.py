"""What every answer and every request must keep to: headers, other web sites, methods, caches, kinds of content."""

import json
import re
from itertools import product

import pytest

from crew_app.core.ids import new_id
from crew_app.web.access import PUBLIC, rule_of
from crew_app.web.headers import POLICY
from tests.security.hands import doors_only, path_of, ways
from tests.security.tally import ALL, count, some
from tests.support.client import SAME_ORIGIN
from tests.support.counting import counts
from tests.support.routes import address, readable
from tests.support.tickets import make_ticket, report_fields

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://localhost"},
    {"Origin": "http://LOCALHOST:8000"},
)
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
REFUSING = ("/nowhere", "/tickets/x", "/api/v1/nowhere", "/api/v1/tickets", "/login", "/static/dist/x.js")
TAILS = ("/x.css", "%2fx.css", ";x.css", ".css", "%3f.css", "%23.css", "/..%2fx.js", "%00.css")
OVERRIDES = ({"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}, {"X-Method-Override": "DELETE"})


def complaints(response):
    """What is wrong with the headers of an answer."""
    found = [name for name, value in EVERY_ANSWER.items() if response.headers.get(name) != value]
    policy = response.headers.get("Content-Security-Policy", "")
    found += ["framing"] if "frame-ancestors 'none'" not in policy else []
    found += [name for name in response.headers.keys() if name.lower().startswith("access-control-")]  # noqa: SIM118
    return found


def kept(response):
    """Whether somebody between server and person may keep an answer for others."""
    said = response.headers.get("Cache-Control", "")
    return not re.search(r"\b(private|no-store)\b", said)


def test_the_policy_has_no_exception_for_code():
    assert POLICY["default-src"] == POLICY["base-uri"] == POLICY["frame-ancestors"] == "'none'"
    assert POLICY["script-src"].split() == ["'self'", "'wasm-unsafe-eval'"]  # the reader of codes is WebAssembly
    assert POLICY["style-src"] == POLICY["form-action"] == POLICY["connect-src"] == "'self'"
    assert not any(word in " ".join(POLICY.values()) for word in ("unsafe-inline", "'unsafe-eval'", "*", "http"))


def test_every_page_has_the_headers_and_only_public_ones_may_be_kept(app, world, sign_in):
    client, ticket, wrong = sign_in("foreman"), make_ticket(app, world), {}
    client.lints = False
    for route in readable(app) if ALL else readable(app)[::3]:
        response = client.get(address(app, world, ticket, route), headers={"Origin": "https://evil.example"})
        shown = rule_of(app.view_functions[route.endpoint]) == PUBLIC
        found = complaints(response) + (["may be kept"] if kept(response) and not shown else [])
        if found:
            wrong[str(route)] = found
    count("headers", pages=len(readable(app)) if ALL else 0, findings=len(wrong))
    assert wrong == {}


@pytest.mark.parametrize("path", REFUSING)
def test_refusals_have_the_headers_too(stranger, path):
    stranger.lints = False
    for method in ("GET", "POST", "DELETE"):
        assert complaints(stranger.open(path, method=method, headers={"Origin": "https://evil.example"})) == []


def test_an_answer_without_the_headers_is_noticed(app, stranger):
    """Sabotage: the headers are taken off, and an answer lets other sites read it."""
    app.after_request_funcs[None].insert(0, lambda response: response.headers.clear() or response)
    assert {"framing", "Referrer-Policy"} <= set(complaints(stranger.get("/healthz")))


def test_no_change_is_carried_out_for_another_web_site(app, sign_in):
    client = sign_in("foreman")
    client.lints = False
    doors_only(app)
    wrong, asked = [], 0
    for turn, (route, method) in enumerate(ways(app)):
        if method != "POST":
            continue
        for headers in some(ELSEWHERE, turn):
            response, asked = client.post(path_of(route), headers=headers), asked + 1
            if response.status_code != 403 or "cross-site" not in (
                response.headers.get("Crew-Refusal"),
                (response.get_json(silent=True) or {}).get("code"),
            ):
                wrong.append((str(route), headers))
    count("cross_site", requests=asked, findings=len(wrong))
    assert wrong == []


def test_without_the_rule_another_web_site_gets_through(app, sign_in):
    """Sabotage: the check of the origin is taken out."""
    client = sign_in("foreman")
    client.lints = False
    doors_only(app)
    functions = app.before_request_funcs[None]
    functions[:] = [one for one in functions if one.__name__ != "_same_origin"]
    assert client.post("/tickets", headers=ELSEWHERE[0]).status_code == 204


def test_no_other_method_reaches_a_view_however_it_is_asked_for(app, sign_in):
    client, asked = sign_in("foreman"), 0
    wrong: list[tuple[object, str]] = []
    client.lints = False
    doors_only(app)
    there = {path_of(route) for route, _ in ways(app)}
    for turn, path in enumerate(sorted(there)):
        for method in some(OTHER_METHODS, turn) if ALL or turn % 4 == 0 else ():
            response, asked = client.open(path, method=method, headers=SAME_ORIGIN), asked + 1
            wrong += [(method, path)] if response.status_code == 204 else []
    posted = {path_of(route) for route, method in ways(app) if method == "POST"}
    only_posted = sorted(posted - {path_of(route) for route, method in ways(app) if method == "GET"})
    for turn, path in enumerate(only_posted):
        for headers in some(OVERRIDES, turn) if ALL or turn % 4 == 0 else ():
            response, asked = client.get(path, headers=headers, query_string={"_method": "POST"}), asked + 1
            wrong += [(headers, path)] if response.status_code == 204 else []
    count("methods", requests=asked, findings=len(wrong))
    assert wrong == []


def test_no_page_of_a_person_is_found_under_the_name_of_a_file(sign_in):
    """Cache deception: a cache between keeps what ends like a file."""
    client = sign_in("technician")
    client.lints = False
    for path, tail in product(("/more", "/tickets", "/account", "/notices"), TAILS):
        response = client.get(path + tail)
        assert response.status_code in (404, 302, 308), (path, response.status_code)
        assert "technician" not in response.get_data(as_text=True).replace(path, "")


def test_a_header_that_nobody_looks_at_changes_no_page(sign_in):
    """Cache poisoning: what is not part of an address must not end up in a page."""
    told = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Scheme": "evil",
        "X-Original-URL": "/admin/sites",
        "X-Rewrite-URL": "/admin/sites",
        "X-Forwarded-Prefix": "/evil.example",
        "Forwarded": "host=evil.example",
        "Referer": "https://evil.example/",
    }
    for login, path in (("technician", "/more"), ("technician", "/tickets"), ("administrator", "/labels")):
        client = sign_in(login)
        page = client.get(path, headers=told)
        assert "evil" not in page.get_data(as_text=True)
        assert "evil" not in str(page.headers)
        assert page.status_code == client.get(path).status_code


def test_a_command_is_a_form_and_nothing_that_looks_like_one(app, world, sign_in):
    client, before = sign_in("technician"), counts(app)
    fields = {**report_fields(world), "_key": str(new_id()), "_person": str(client.person_id)}
    bodies = {
        "application/json": json.dumps(fields),
        "text/plain": "&".join(f"{name}={value}" for name, value in fields.items()),
        "application/xml": "<x/>",
        "multipart/form-data": "no boundary",
        "application/x-www-form-urlencoded; charset=utf-7": "+ADw-script+AD4-",
    }
    for kind, body in bodies.items():
        response = client.post("/tickets", data=body, content_type=kind, headers=SAME_ORIGIN)
        assert 400 <= response.status_code < 500, kind
    assert counts(app) == before


def test_a_field_given_twice_does_not_become_somebody_elses(app, world, sign_in):
    """Pollution: the check and the action must look at the same one of two values."""
    client, before = sign_in("technician"), counts(app)
    fields = [*report_fields(world).items(), ("place_id", str(world.places["south-room"]))]
    fields += [("_key", str(new_id())), ("_person", str(client.person_id)), ("_person", str(world.people["second"]))]
    body = "&".join(f"{name}={value}" for name, value in reversed(fields))
    kind = "application/x-www-form-urlencoded"
    response = client.post("/tickets", data=body.encode(), content_type=kind, headers=SAME_ORIGIN)
    assert response.status_code in (403, 404)
    assert counts(app) == before
