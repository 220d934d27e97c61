"""The audit chain: what is altered, deleted, put in, moved, cut off or rewritten behind the application is named."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from crew_app.core import chain_checks
from crew_app.core.chain import Link
from crew_app.core.chain_checks import faults, heads_now, read_head
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.core.ids import new_id
from crew_app.tickets.models import TicketEvent
from crew_app.web.sealing import COVERED, seal_what_was_there
from tests.support.client import accepted
from tests.support.tickets import make_ticket

FREE = [
    f"DROP TRIGGER {table}_no_{verb}"
    for table in ("ticket_events", "chain_links")
    for verb in ("update", "delete", "replace")
]
OPENING = "(SELECT id FROM ticket_events WHERE verb = 'open' ORDER BY received_at DESC LIMIT 1)"
GUARD = "(SELECT id FROM people WHERE login = 'guard')"
EVENT_GONE = "DELETE FROM ticket_events WHERE verb = 'note'"
LINK_GONE = "DELETE FROM chain_links WHERE subject = (SELECT id FROM ticket_events WHERE verb = 'note')"
ASIDE = "UPDATE chain_links SET position = position + 100 WHERE position IN (2, 3)"
BACK = "UPDATE chain_links SET position = 105 - position WHERE position > 100"
_SAME = "site_id, ticket_id, 99, verb, from_state, to_state, person_id, at, device_at, received_at, offset_ms"
PUT_IN = (
    f"INSERT INTO ticket_events SELECT lower(hex(randomblob(16))), {_SAME}, clock_suspect, note, hold_reason,"
    f" receipt_key FROM ticket_events WHERE id = {OPENING}"
)
TAMPERED = {
    "words of an event": (f"UPDATE ticket_events SET note = 'anders' WHERE id = {OPENING}", "altered"),
    "who it was": (f"UPDATE ticket_events SET person_id = {GUARD} WHERE id = {OPENING}", "altered"),
    "when it was": (f"UPDATE ticket_events SET at = '2020-01-01 00:00:00.000000' WHERE id = {OPENING}", "altered"),
    "a receipt": ("UPDATE receipts SET location = '/elsewhere'", "altered"),
    "an event": (EVENT_GONE, "deleted"),
    "a link": ("DELETE FROM chain_links WHERE position = 2", "missing"),
    "an event with its link": (f"{LINK_GONE};{EVENT_GONE}", "missing"),
    "two places": (f"{ASIDE};{BACK}", "moved"),
    "an event put in": (PUT_IN, "unsealed"),
}


@pytest.fixture
def story(app, world, sign_in):
    """A job with a story: opened, accepted, a note, more notes."""
    client = sign_in("technician")
    ticket = make_ticket(app, world)
    for path, fields in (("acceptance", {}), ("notes", {"note": "eins"}), ("release", {"note": "zwei"})):
        accepted(client.send(f"/tickets/{ticket}/{path}", fields))
    with app.app_context():
        seal_what_was_there(app.config["SETTINGS"], now())
    return ticket


def by_hand(app, statements):
    """On the file itself, as somebody with access to the machine would."""
    with app.app_context(), closing(sqlite3.connect(str(db.engine.url.database))) as connection, connection:
        for statement in [*FREE, *statements.split(";")]:
            connection.execute(statement)


def found(app, heads=()):
    with app.app_context():
        return {fault.what for fault in faults(heads)}


def test_everything_that_happens_has_its_place(app, story):
    assert found(app) == set()
    with app.app_context():
        events = session.scalars(select(TicketEvent.id).where(TicketEvent.ticket_id == story)).all()
        sealed = session.scalars(select(Link.subject).where(Link.kind == "event", Link.subject.in_(events))).all()
        assert len(events) >= 4
        assert set(sealed) == set(events)


def test_both_databases_say_the_same_of_what_they_keep(any_app, any_world, any_sign_in):
    client = any_sign_in("technician")
    accepted(client.send(f"/tickets/{make_ticket(any_app, any_world, 'on_hold')}/notes", {"note": "第二句"}))
    with any_app.app_context():
        seal_what_was_there(any_app.config["SETTINGS"], now())
        assert list(faults(heads_now(now().date()))) == []
        assert chain_checks.summary()["event"] > 3


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_by_hand_is_named(app, story, what):
    statements, name = TAMPERED[what]
    by_hand(app, statements)
    assert name in found(app)


def test_a_tail_cut_off_is_seen_by_the_head_that_was_told_outside(app, story):
    with app.app_context():
        heads = heads_now(now().date())
    by_hand(
        app,
        "CREATE TEMP TABLE tail AS SELECT * FROM chain_links ORDER BY position DESC LIMIT 2;"
        "DELETE FROM chain_links WHERE (chain, position) IN (SELECT chain, position FROM tail);"
        "DELETE FROM ticket_events WHERE id IN (SELECT subject FROM tail);"
        "DELETE FROM receipts WHERE key IN (SELECT subject FROM tail)",
    )
    assert found(app) == set(), "without a head nobody can know"
    assert found(app, heads) == {"cut"}


def test_a_chain_written_anew_is_seen_by_the_head_that_was_told_outside(app, story):
    with app.app_context():
        heads = [read_head(str(head)) for head in heads_now(now().date())]
    by_hand(app, f"UPDATE ticket_events SET note = 'anders' WHERE id = {OPENING}; DELETE FROM chain_links")
    with app.app_context():
        seal_what_was_there(app.config["SETTINGS"], now())
    assert found(app) == set(), "whoever may write everything can make everything fit"
    assert found(app, heads) & {"rewritten", "cut"}


def test_what_was_there_before_the_chain_is_adopted_once(app, story):
    by_hand(app, "DELETE FROM chain_links")
    assert "unsealed" in found(app)
    with app.app_context():
        assert seal_what_was_there(app.config["SETTINGS"], now()) > 4
        assert chain_checks.summary()["adopted"] > 4
        assert seal_what_was_there(app.config["SETTINGS"], now()) == 0
    assert found(app) == set()


def test_what_is_put_in_after_that_is_never_adopted(app, story):
    by_hand(app, TAMPERED["an event put in"][0])
    with app.app_context():
        assert seal_what_was_there(app.config["SETTINGS"], now()) == 0
    assert found(app) == {"unsealed"}


def test_what_a_savepoint_took_back_is_not_sealed(app, story):
    with app.app_context():
        before = session.scalar(select(Link.position).order_by(Link.position.desc()).limit(1))
        with write_transaction():
            event = session.scalars(select(TicketEvent).limit(1)).one()
            values = {name: getattr(event, name) for name in TicketEvent.__mapper__.column_attrs.keys()}  # noqa: SIM118 - not a dict
            with session.begin_nested() as savepoint:
                session.add(TicketEvent(**{**values, "id": new_id(), "position": 77}))
                session.flush()
                savepoint.rollback()
        assert session.scalar(select(Link.position).order_by(Link.position.desc()).limit(1)) == before
        assert list(faults()) == []


def test_every_column_of_what_is_sealed_is_either_said_or_left_out_on_purpose():
    learned = {"media_type", "stored_at", "width", "height", "exif_at", "latitude", "longitude", "camera"}
    learned |= {"looked_at", "version", "removed_at"}
    since = {"code", "place_id", "copy_of_id", "challenge_id", "challenged_at", "shape"}
    later = {"photo": learned | since, "photo2": learned}
    for kind, model, _key, columns in COVERED:
        assert set(model.__table__.columns.keys()) - set(columns.split()) == later.get(kind, set()), kind


def test_without_the_watch_nothing_would_be_sealed(app, story, sign_in, monkeypatch):
    monkeypatch.setattr("crew_app.core.db.BEFORE_COMMIT", [])
    accepted(sign_in("technician").send(f"/tickets/{story}/notes", {"note": "unbemerkt"}))
    assert found(app) == {"unsealed"}
