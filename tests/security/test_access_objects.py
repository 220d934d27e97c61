"""Somebody with every role at another site asks for what is real: always 404, as for nothing, and nothing changes."""

import re
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from crew_app.connections import tokens
from crew_app.connections.scopes import Scope
from crew_app.core.changes import Trace
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.models import Site
from crew_app.people.queries import by_login
from crew_app.people.rules import Role
from crew_app.stock.models import Item
from crew_app.tickets import queries as tickets
from tests.security import objects
from tests.security.hands import path_of, ways
from tests.security.tally import count
from tests.support.api import System
from tests.support.client import CrewClient
from tests.support.people import PASSWORD

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1500)]
EACH = 3
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
FIELDS = {
    "job_kind": "lamp",
    "note": "换班",
    "reason": "material",
    "role": "report",
    "quantity": "1",
    "words": "x",
    "password": "neues-Rad-2026",
    "roles": "guard",
    "name": "x",
    "label": "x",
    "decision": "accepted",
}
NO_PAGE_NOW = {"imports.passwords", "hazards.show", "bins.show", "bins.picture"}
"""Pages that ask for more than the id, or that the demo has nothing for."""
MINE_ALONE = {
    *("photos.receive", "own_account.unlink", "own_account.end_sign_in", "own_account.remove_passkey"),
    *("own_account.rename_passkey", "notices.read"),
}
"""What is looked up among one's own things, or judged by what was sent before anything is looked up."""


@pytest.fixture(scope="module")
def hospital(demo_hospital):
    """The demo with a third site, where one person has every role; and somebody with every role at the main site."""
    app = demo_hospital
    app.test_client_class = CrewClient
    with app.app_context(), write_transaction():
        third = people.add_site("third", "第三院区", "Third campus")
        main = session.scalars(select(Site).where(Site.code == "main")).one()
        for login, site in (("outsider", third), ("insider", main)):
            people.add_person(login, login, PASSWORD, site, list(Role), [], at=now())
    return app


def signed_in(app, login):
    client = app.test_client()
    client.lints = False
    client.sign_in(login)
    client.person_id = UUID(client.get("/more").headers["Crew-Person"])
    return client


def ask(client, method, path, item=""):
    if method == "GET":
        return client.get(path)
    return client.send(path, FIELDS | {"move_id": str(uuid4()), "item_id": item})


def answer(response, path):
    """What was said, with the id taken out that was asked for."""
    return response.status_code, ID.sub("ID", response.get_data(as_text=True).replace(path, "PATH"))


def of_others(app):
    for route, method in ways(app):
        whose = route.arguments - objects.SHARED - {"code", "secret"}
        if whose and not route.endpoint.startswith(("api.", *objects.SHARED_HERE)) and route.endpoint not in MINE_ALONE:
            yield route, method


def told_apart(app, client, ids):
    """Answers that are no 404, or another one than for an id that nobody has."""
    found, asked = [], 0
    with app.app_context():
        item = str(session.scalar(select(Item.id).limit(1)))
    for route, method in of_others(app):
        nothing = path_of(route, dict.fromkeys(route.arguments, uuid4()))
        wanted = answer(ask(client, method, nothing, item), nothing)
        for values in objects.filled(route, ids):
            path, asked = path_of(route, values), asked + 1
            got = answer(ask(client, method, path, item), path)
            if got[0] != HTTPStatus.NOT_FOUND or got != wanted:
                found.append((method, path, got[0], wanted[0]))
    count("objects", requests=asked)
    return found


def test_what_belongs_to_another_site_is_not_there(hospital):
    ids, client = objects.real(hospital, EACH), signed_in(hospital, "outsider")
    before = objects.state(hospital)
    found = told_apart(hospital, client, ids)
    after = objects.state(hospital)
    changed = [name for name in before if before[name] != after[name]]
    count("objects", ids=sum(map(len, ids.values())), tables_changed=len(changed), findings=len(found))
    assert found == []
    assert changed == []


def test_the_same_ids_are_there_for_those_who_may_see_them(hospital):
    """Positive control: pages of the same ids, by somebody with every role at their site."""
    ids, client, seen, missing = objects.real(hospital, EACH), signed_in(hospital, "insider"), 0, set()
    for route, method in of_others(hospital):
        if method != "GET" or route.arguments & objects.NONE_IN_THE_DEMO:
            continue
        statuses = {ask(client, method, path_of(route, values)).status_code for values in objects.filled(route, ids)}
        seen += HTTPStatus.OK in statuses
        missing |= set() if HTTPStatus.OK in statuses else {route.endpoint}
    count("objects", pages_that_exist=seen)
    assert missing == NO_PAGE_NOW
    assert seen > 70


def test_a_token_of_another_site_sees_nothing_either(hospital):
    ids, secret, token_id = objects.real(hospital, EACH), tokens.new_token(), new_id()
    with hospital.app_context(), write_transaction():
        by = by_login("outsider")
        assert by
        site = session.scalars(select(Site).where(Site.code == "third")).one()
        draft = tokens.Draft("HIS", site, by, frozenset(Scope), None)
        tokens.make(token_id, draft, secret, by=by, trace=Trace(by.id, now()))
    system, found, asked = System(hospital, secret, token_id), [], 0
    bodies = {
        "api.note_ticket": {"text": "x"},
        "api.cancel_ticket": {"reason": "x"},
        "api.send_reading": {"value": "1"},
    }
    for route, method in ways(hospital):
        if not route.endpoint.startswith("api.") or not route.arguments - objects.SHARED:
            continue
        for values in objects.filled(route, ids):
            path, asked = path_of(route, values).removeprefix("/api/v1"), asked + 1
            got = system.get(path) if method == "GET" else system.post(path, bodies.get(route.endpoint, {}))
            if got.status_code != HTTPStatus.NOT_FOUND:
                found.append((method, path, got.status_code))
    count("objects", requests=asked, findings=len(found))
    assert found == []


def test_without_the_limit_to_ones_own_sites_it_is_found(hospital, monkeypatch):
    """Sabotage: everybody sees every job."""
    monkeypatch.setattr(tickets, "visible", lambda _person: text("1 = 1"))
    ids = {("", "ticket_id"): objects.real(hospital, 1)["", "ticket_id"]}
    assert any(
        path.startswith("/tickets/") for _, path, *_ in told_apart(hospital, signed_in(hospital, "outsider"), ids)
    )
