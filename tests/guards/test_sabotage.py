"""Each protection is taken away once, to see that the tests would notice."""

import os
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from crew_app.core import receipts
from crew_app.core.clock import server_moment
from crew_app.core.db import db, session
from crew_app.core.ids import new_id
from crew_app.places import queries as places
from crew_app.places.models import Place
from crew_app.stock import actions as stock
from crew_app.stock import checks
from crew_app.tickets import queries, rules
from crew_app.tickets.rules import State, Verb
from crew_app.web import access, commands
from tests.guards.test_routes import without_receipt, without_rule
from tests.support.client import accepted
from tests.support.counting import one
from tests.support.lint import problems
from tests.support.pictures import MARKER, announcement, camera_jpeg, jpeg
from tests.support.tickets import make_ticket, report_fields


def test_without_receipts_a_command_has_two_effects(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(receipts, "find", lambda *_: None)
    monkeypatch.setattr(receipts, "keep", lambda *_: None)
    ticket, client, key = make_ticket(app, world), sign_in("technician"), new_id()
    for _ in range(2):
        client.send(f"/tickets/{ticket}/notes", {"note": "zweimal"}, key=key)
    assert one(app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'note'") == 2


def test_without_its_fingerprint_another_content_would_be_answered(world, sign_in, monkeypatch):
    monkeypatch.setattr(commands, "_fingerprint", lambda: "f" * 64)
    client, key, fields = sign_in("technician"), new_id(), report_fields(world)
    accepted(client.send("/tickets", fields, key=key), 201)
    accepted(client.send("/tickets", fields | {"description": "etwas anderes"}, key=key), 201)


def test_without_the_check_of_the_person_somebody_else_would_have_done_it(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(commands, "_check_person", lambda: None)
    app.before_request_funcs[None].remove(access._same_person)  # noqa: SLF001 - the protection that is taken away
    ticket = make_ticket(app, world)
    accepted(sign_in("second").send(f"/tickets/{ticket}/acceptance", person=world.people["technician"]))


def test_a_route_without_a_rule_is_noticed(app):
    app.add_url_rule("/open-door", "open.door", lambda: "come in")
    assert without_rule(app) == ["/open-door"]


def test_a_route_without_a_rule_answers_nobody_all_the_same(app, sign_in):
    app.add_url_rule("/open-door", "open.door", lambda: "come in")
    assert sign_in("administrator").get("/open-door").status_code == 302


def test_a_change_without_a_receipt_is_noticed(app):
    app.add_url_rule("/no-receipt", "no.receipt", access.public(lambda: "done"), methods=["POST"])
    assert without_receipt(app) == ["/no-receipt"]


def test_without_the_limit_to_ones_own_sites_the_outsider_sees_it(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "visible", lambda _person: text("1 = 1"))
    assert sign_in("outsider").get(f"/tickets/{make_ticket(app, world)}").status_code == 200


def test_without_its_check_a_place_of_another_site_is_open(world, sign_in, monkeypatch):
    monkeypatch.setattr(places, "place", lambda _person, place_id, _right: session.get_one(Place, place_id))
    assert sign_in("technician").get(f"/places/{world.places['south-room']}").status_code == 200


def test_without_the_look_at_the_story_one_verifies_ones_own_work(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "had_a_hand_in", lambda *_: False)
    ticket = make_ticket(app, world, "finished", owner="foreman")
    accepted(sign_in("foreman").send(f"/tickets/{ticket}/verification"))


def test_a_longer_table_of_transitions_would_be_noticed(monkeypatch):
    wider = rules.TRANSITIONS | {Verb.CANCEL: (frozenset(State), State.CANCELLED)}
    monkeypatch.setattr(rules, "TRANSITIONS", wider)
    assert rules.next_state(State.VERIFIED, Verb.CANCEL) is State.CANCELLED


def test_a_balance_that_is_not_kept_is_found(app, world, monkeypatch):
    monkeypatch.setattr(stock, "_keep_balances", lambda *_: [])
    with app.app_context():
        me, at = world.person("storekeeper"), server_moment()
        stock.issue(world.item("tube"), stock.LARGEST, world.account("store"), world.account("bag"), by=me, at=at)
        assert len(checks.drifts()) == 2
        session.rollback()


def test_a_dropped_trigger_lets_history_change_and_is_found(app):
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER moves_no_update"))
            connection.execute(text("UPDATE moves SET unit_cost = 1"))
        assert checks.missing_triggers() == ["moves_no_update"]


def test_without_a_fresh_canvas_metadata_would_be_shown():
    out = BytesIO()
    with Image.open(BytesIO(camera_jpeg())) as image:
        image.save(out, "JPEG", exif=image.getexif())
    assert MARKER.encode() in out.getvalue()


def test_without_the_comparison_another_picture_would_be_taken(app, world, sign_in, monkeypatch):
    monkeypatch.setattr("crew_app.web.pictures.check_announced", lambda _photo, _data: None)
    ticket, client, fields = make_ticket(app, world), sign_in("technician"), announcement(jpeg())
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=jpeg(32, 32)))


def test_a_store_that_does_not_sync_is_noticed(app, world, sign_in, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    monkeypatch.setattr("crew_app.evidence.store._sync_folder", lambda _folder: None)
    ticket, client, fields = make_ticket(app, world), sign_in("technician"), announcement(jpeg())
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=jpeg()))
    assert len(synced) == 4  # the files, and none of the folders: test_store counts more than six


@pytest.mark.parametrize(
    ("broken", "noticed"),
    [
        ("<h1>Two</h1>", "2 h1"),
        ('<p id="main">x</p>', "occurs 2 times"),
        ('<input name="q">', "without a label"),
        ("<button></button>", "without words"),
        ('<a href="/nowhere">x</a>', "leads nowhere"),
        ('<a href="https://evil.example">x</a>', "leads out"),
        ('<form method="post" action="/tickets">', "without command_fields"),
        ('<form method="post" action="/healthz">', "leads nowhere"),
        ('<p style="color:red">x</p>', "code or style"),
        ('<p onclick="x()">x</p>', "code or style"),
        ('<p hx-on:click="x()">x</p>', "code or style"),
        ('<a href="javascript:x()">x</a>', "code or style"),
        ("<script>x()</script>", "<script> in the page"),
        ("<style>p{}</style>", "<style> in the page"),
        ('<img src="/static/dist/x.svg">', "without alt"),
        ("<p>{{ name }}</p>", "unrendered"),
        ("<p>None</p>", "None is shown"),
        ('<p aria-labelledby="nobody">x</p>', "names no id"),
    ],
)
def test_the_lint_notices(app, sign_in, broken, noticed):
    response = sign_in("technician").get("/more")
    assert problems(app, response) == []
    html = response.get_data(as_text=True)
    response.set_data(html.replace("</main>", f"{broken}</main>"))
    assert any(noticed in problem for problem in problems(app, response)), problems(app, response)
