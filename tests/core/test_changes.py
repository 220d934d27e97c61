"""Changes of settings and lists: what differs is written down with both values, sealed, and never altered."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from crew_app.core.chain_checks import faults
from crew_app.core.changes import NEW, Change, How, Trace, note, put, said
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.people.rules import Role
from crew_app.places.models import Place


@pytest.fixture(autouse=True)
def within(app):
    with app.app_context():
        yield


def room(world):
    return session.get_one(Place, world.places["room"])


def changed(world, **values):
    with write_transaction():
        put(room(world), values, Trace(world.people["administrator"], now()))
    return session.scalars(select(Change).order_by(Change.field)).all()


def test_only_what_differs_is_written_down(world):
    before = room(world).name
    [change] = changed(world, name="Plant room", code=room(world).code)
    assert (change.kind, change.field, change.after) == ("places", "name", "Plant room")
    assert change.before == before
    assert (change.site_id, change.subject_id, change.how) == (room(world).site_id, room(world).id, How.PAGE)


def test_the_same_again_leaves_nothing(world):
    assert changed(world, name=room(world).name) == []


def test_a_row_as_a_whole(world):
    with write_transaction():
        note(room(world), NEW, None, "R-1", Trace(None, now(), How.IMPORT))
    change = session.scalars(select(Change)).one()
    assert (change.before, change.after, change.person_id) == ("", "R-1", None)


@pytest.mark.parametrize("statement", [update(Change).values(after="nothing"), delete(Change)])
def test_what_is_written_down_stays(world, statement):
    changed(world, name="Plant room")
    with pytest.raises(DatabaseError, match="append-only"), write_transaction():
        session.execute(statement)


def test_a_change_behind_the_back_is_found(world):
    [_change] = changed(world, name="Plant room")
    assert list(faults()) == []
    session.execute(text("DROP TRIGGER changes_no_update"))
    session.execute(update(Change).values(after="Boiler room"))
    session.expire_all()
    [fault] = faults()
    assert (fault.what, fault.kind) == ("altered", "change")
    session.rollback()


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, ""), (True, "yes"), (False, "no"), ({Role.GUARD, Role.DESK}, "desk, guard"), ([1, 2], "1, 2"), (0, "0")],
)
def test_how_values_are_said(value, words):
    assert said(value) == words
