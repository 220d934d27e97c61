"""Every route by every method for everybody: let in or not exactly as the table kept by hand says (`matrix.txt`)."""

import random

import pytest

from crew_app.connections.scopes import Scope
from crew_app.core.db import write_transaction
from crew_app.people.rules import Right
from crew_app.web.access import public
from tests.security.hands import ROLES, by_pin, doors_only, outcome, path_of, person, program, southerners, ways
from tests.security.matrix import PASSED, PUBLIC, table
from tests.security.tally import count

TABLE = table()


def unlisted(app, known):
    """What differs between the routes and the table."""
    there = {(route.endpoint, method) for route, method in ways(app)}
    return sorted(there ^ set(known))


def wrong(app, ask, expected, every=None):
    """Which doors opened or stayed shut against the table, for one of those who knock."""
    found, asked = [], 0
    for route, method in ways(app):
        entry = TABLE.get((route.endpoint, method))
        if entry is None or (every and not every(entry)):
            continue
        got, asked = outcome(ask(method, path_of(route))), asked + 1
        if got != expected(entry):
            found.append((method, str(route), "wanted", expected(entry), "got", got))
    count("access", requests=asked)
    return found


def shut_and_open(*arguments):
    """The same, where nothing may differ."""
    found = wrong(*arguments)
    count("access", findings=len(found))
    assert found == []


def test_every_route_and_method_stands_in_the_table(app):
    assert unlisted(app, TABLE) == []
    count("access", routes=len({endpoint for endpoint, _ in TABLE}))


def test_nobody_without_a_sign_in_is_let_in(app, stranger):
    doors_only(app)
    shut_and_open(app, person(stranger), lambda entry: entry.of_nobody())


@pytest.mark.parametrize("role", ROLES)
def test_some_routes_for_each_role(app, sign_in, role):
    """Over all roles every route is knocked at twice; `make security` knocks with every role at every one."""
    ask, draw = person(sign_in(role)), random.Random(role)
    doors_only(app)
    shut_and_open(app, ask, lambda entry: entry.of_person(role), lambda _: draw.random() < 2 / len(ROLES))


def test_a_token_opens_no_page_and_only_what_it_is_for(app, world):
    doors_only(app)
    for role, scope in (("technician", Scope.TICKETS_WRITE), ("requester", Scope.PLACES_READ)):
        ask = program(app, world, role, scope)
        shut_and_open(app, ask, lambda entry, scope=scope, role=role: entry.of_token(scope.value, role))


def test_whoever_must_change_the_password_gets_no_further(app, world, sign_in):
    client = sign_in("administrator")
    with app.app_context(), write_transaction():
        world.person("administrator").must_change_password = True
    doors_only(app)
    ask, passed = person(client), set()
    for route, method in ways(app):
        if TABLE[route.endpoint, method].who != PUBLIC and outcome(ask(method, path_of(route))) == PASSED:
            passed.add(route.endpoint)
    assert passed == {"session.password", "session.change_password"}


@pytest.mark.soak
@pytest.mark.parametrize("role", ROLES)
def test_every_role_at_every_route(app, sign_in, role):
    ask = person(sign_in(role))
    doors_only(app)
    shut_and_open(app, ask, lambda entry: entry.of_person(role))


@pytest.mark.soak
@pytest.mark.parametrize("role", ["technician", "storekeeper", "guard"])
def test_whoever_came_by_pin_has_the_rights_of_the_person_and_no_more(app, world, role):
    ask = person(by_pin(app, world, role))
    doors_only(app)
    shut_and_open(app, ask, lambda entry: entry.of_person(role))


@pytest.mark.soak
def test_every_role_of_the_other_site_at_every_route(app, world, sign_in):
    """The door lets them in, since the route is for their role; whose rows they see, `test_access_objects.py` asks."""
    logins = southerners(app, world)
    asks = {login: person(sign_in(login)) for login in logins}
    doors_only(app)
    for login, ask in asks.items():
        role = login.removeprefix("south-")
        shut_and_open(app, ask, lambda entry, role=role: entry.of_person(role))


@pytest.mark.soak
@pytest.mark.parametrize("scope", list(Scope), ids=lambda scope: scope.value)
def test_every_scope_with_every_role_at_every_route(app, world, scope):
    doors_only(app)
    for role in ROLES:
        ask = program(app, world, role, scope)
        shut_and_open(app, ask, lambda entry, role=role: entry.of_token(scope.value, role))


def test_a_loosened_rule_is_found(app, sign_in, monkeypatch):
    """Sabotage: one route for technicians instead of the office, and one for everybody."""
    for endpoint, rule in {"sites.create": Right.WORK, "people.index": PUBLIC}.items():
        monkeypatch.setattr(app.view_functions[endpoint], "access_rule", rule)  # all applications of a process share it
    ask = person(sign_in("technician"))
    doors_only(app)
    found = wrong(app, ask, lambda entry: entry.of_person("technician"))
    assert {(method, path) for method, path, *_ in found} == {("POST", "/admin/sites"), ("GET", "/people")}


def test_a_new_route_or_method_is_found(app):
    """Sabotage: an address that nobody wrote into the table, and a method more for one that is there."""
    app.add_url_rule("/open-door", "open.door", public(lambda: "come in"))
    app.add_url_rule("/sites-too", "sites.index", methods=["POST"])
    assert unlisted(app, TABLE) == [("open.door", "GET"), ("sites.index", "POST")]


def test_a_line_of_the_table_that_is_missing_is_found(app):
    """Sabotage: the table forgets one route."""
    assert unlisted(app, {key: one for key, one in TABLE.items() if key[0] != "sites.index"}) == [
        ("sites.index", "GET")
    ]
