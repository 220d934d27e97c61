"""The tests of the API can fail: without a protection what it keeps away gets through."""

from uuid import uuid4

from sqlalchemy import func, select, true

from crew_app.api import answers
from crew_app.connections import lists
from crew_app.core import receipts
from crew_app.core.db import session
from crew_app.tickets.models import Ticket
from crew_app.web import tokens
from tests.support.api import new_system
from tests.support.tickets import make_ticket

OPENING = {"place": "north-B1-701", "job_kind": "lamp"}


def test_without_receipts_a_repeated_request_opens_two_jobs(app, world, monkeypatch):
    monkeypatch.setattr(receipts, "find", lambda *_: None)
    monkeypatch.setattr(receipts, "keep", lambda *_: None)
    system, key = new_system(app, world, "foreman"), uuid4()
    for _ in range(2):
        system.post("/tickets", OPENING, key=key)
    with app.app_context():
        assert session.scalar(select(func.count(Ticket.id))) == 2


def test_without_the_comparison_an_old_tag_is_good_enough(app, world, monkeypatch):
    monkeypatch.setattr(answers, "need_match", lambda _shown: None)
    system, job = new_system(app, world, "foreman"), make_ticket(app, world, "open")
    assert system.post(f"/tickets/{job}/notes", {"text": "x"}, If_Match='"old"').status_code == 200


def test_without_its_limit_to_what_one_sees_a_requester_reads_everything(app, world, monkeypatch):
    monkeypatch.setattr(lists, "visible", lambda _person: true())
    make_ticket(app, world, "open", reporter="technician")
    assert len(new_system(app, world, "requester").get("/tickets").get_json()["items"]) == 1


def test_without_its_right_a_route_is_open_to_every_scope(app, world, monkeypatch):
    nurse, view = new_system(app, world, "requester"), app.view_functions["api.list_places"]
    assert nurse.get("/places").status_code == 403
    monkeypatch.setattr(view, "access_rule", tokens.TokenRule(view.access_rule.scope, None))
    assert nurse.get("/places").status_code == 200
