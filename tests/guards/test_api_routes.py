"""All routes of the API: each names a scope and a right, answers nobody without a token, and changes with a receipt."""

import re
from http import HTTPStatus
from uuid import UUID

import pytest

from crew_app.api.declared import OPERATIONS
from crew_app.connections.scopes import Scope
from crew_app.people.rules import RIGHTS, Right, Role
from crew_app.web.access import PUBLIC, for_tokens, rule_of
from crew_app.web.tokens import TokenRule
from tests.support.api import EVERYTHING, new_system, problem
from tests.support.api_check import staged_ids
from tests.support.routes import SAFE, declared, methods, of_the_api, routes

OPEN_TO_ALL = {"api.docs", "api.openapi"}
RULES = {
    "show_me": (None, None),
    "list_tickets": (Scope.TICKETS_READ, None),
    "show_ticket": (Scope.TICKETS_READ, None),
    "list_ticket_events": (Scope.TICKETS_READ, None),
    "show_photo": (Scope.TICKETS_READ, None),
    "open_ticket": (Scope.TICKETS_WRITE, Right.REPORT),
    "accept_ticket": (Scope.TICKETS_WRITE, Right.WORK),
    "note_ticket": (Scope.TICKETS_WRITE, None),
    "cancel_ticket": (Scope.TICKETS_WRITE, None),
    "list_places": (Scope.PLACES_READ, Right.SEE_SITE),
    "show_place": (Scope.PLACES_READ, Right.SEE_SITE),
    "list_assets": (Scope.PLACES_READ, Right.SEE_SITE),
    "show_asset": (Scope.PLACES_READ, Right.SEE_SITE),
    "list_departments": (Scope.PLACES_READ, Right.SEE_SITE),
    "show_department": (Scope.PLACES_READ, Right.SEE_SITE),
    "list_job_kinds": (Scope.PLACES_READ, None),
    "list_items": (Scope.STOCK_READ, Right.SEE_STOCK),
    "show_item": (Scope.STOCK_READ, Right.SEE_STOCK),
    "list_stores": (Scope.STOCK_READ, Right.SEE_STOCK),
    "list_balances": (Scope.STOCK_READ, Right.SEE_STOCK),
    "list_moves": (Scope.STOCK_READ, Right.SEE_STOCK),
    "list_readings": (Scope.READINGS_READ, Right.SEE_SITE),
    "show_reading": (Scope.READINGS_READ, Right.SEE_SITE),
    "list_values": (Scope.READINGS_READ, Right.SEE_SITE),
    "send_reading": (Scope.READINGS_WRITE, Right.WALK),
    "list_plans": (Scope.ROUNDS_READ, Right.PLAN_ROUNDS),
    "list_runs": (Scope.ROUNDS_READ, Right.SEE_SITE),
    "show_run": (Scope.ROUNDS_READ, Right.SEE_SITE),
    "list_events": (Scope.EVENTS_READ, None),
}
"""Who may ask what. A route whose rule differs is either a mistake or belongs into this table on purpose."""


def all_of_them(app):
    return [route for route in app.url_map.iter_rules() if str(route).startswith("/api/")]


def address(route):
    return re.sub(r"<[^>]+>", str(UUID(int=7)), str(route))


def status_of(app, method, path, headers):
    return app.test_client().open(path, method=method, headers=headers).status_code


def test_every_route_of_the_api_declares_its_scope_and_right(app):
    found = {route.endpoint: declared(app, route) for route in all_of_them(app)}
    assert {name for name, rule in found.items() if rule == PUBLIC} == OPEN_TO_ALL
    rules = {name.removeprefix("api."): rule for name, rule in found.items() if rule != PUBLIC}
    assert rules == {name: TokenRule(scope, right) for name, (scope, right) in RULES.items()}


def test_no_page_is_for_tokens(app):
    assert not [str(route) for route in of_the_api(app) if not str(route).startswith("/api/v1/")]
    assert not [str(route) for route in routes(app) if isinstance(declared(app, route), TokenRule)]


def test_a_route_without_a_rule_answers_nobody(app, world):
    def forgotten():
        return "hello"

    app.add_url_rule("/api/v1/forgotten", "api.forgotten", forgotten)
    assert rule_of(forgotten) is None
    problem(new_system(app, world).get("/forgotten"), 401, "no-token")


def test_every_change_of_the_api_is_a_posted_command(app):
    for route in of_the_api(app):
        unsafe = methods(route) - SAFE
        view = app.view_functions[route.endpoint]
        assert unsafe <= {"POST"}, str(route)
        assert bool(unsafe) is view.is_command, str(route)


def test_every_operation_is_described(app):
    assert set(OPERATIONS) == set(RULES)
    paths = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    assert sum(len(found) for found in paths.values()) == len(RULES)


def test_nobody_is_let_in_without_a_token_and_no_cookie_counts(app, sign_in):
    client = sign_in("administrator")
    for route in of_the_api(app):
        for method in methods(route):
            response = client.open(address(route), method=method, headers={"Sec-Fetch-Site": "same-origin"})
            assert response.status_code == HTTPStatus.UNAUTHORIZED, (method, str(route))
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
            assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_rights_and_scopes_are_an_intersection(app, world, role):
    """Role by scope by route, with views that only say that they were reached."""
    for route in of_the_api(app):
        view = app.view_functions[route.endpoint]
        app.view_functions[route.endpoint] = reached(rule_of(view))
    tokens = {scope: new_system(app, world, role.value, {scope}).token for scope in EVERYTHING}
    for route in of_the_api(app):
        rule = declared(app, route)
        assert isinstance(rule, TokenRule)
        for scope, token in tokens.items():
            allowed = rule.scope in (scope, None) and (rule.right is None or rule.right in RIGHTS[role])
            for method in methods(route):
                status = status_of(app, method, address(route), {"Authorization": f"Bearer {token}"})
                assert status == (204 if allowed else 403), (method, str(route), scope)


def reached(rule):
    def view(**_arguments):
        return "", 204

    return for_tokens(rule)(view)


def test_somebody_of_another_site_is_told_everywhere_that_there_is_nothing(app, world):
    """The outsider has every role, at the other site, and asks for what is really there."""
    staged, system = staged_ids(app, world), new_system(app, world, "outsider", site="south")
    bodies = {"note_ticket": {"text": "x"}, "cancel_ticket": {"reason": "x"}, "send_reading": {"value": "1"}}
    for route in of_the_api(app):
        if not route.arguments - {"item_id"}:
            continue
        found = route.build({name: staged[name] for name in route.arguments}, append_unknown=False)
        path = str(found[1] if found else "").removeprefix("/api/v1")
        name = route.endpoint.removeprefix("api.")
        answer = system.get(path) if "GET" in methods(route) else system.post(path, bodies.get(name, {}))
        assert answer.status_code == HTTPStatus.NOT_FOUND, (str(route), answer.get_data(as_text=True))
        own = new_system(app, world, "foreman")
        if "GET" in methods(route) and name != "show_photo":
            assert own.get(path).status_code == HTTPStatus.OK, str(route)
