"""The database: durable, guarded by its own rules, and written to in one transaction or not at all."""

import fcntl
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from crew_app.core.db import db, session, write_transaction
from crew_app.people.models import Site
from tests.support.counting import one


@pytest.mark.parametrize(
    ("pragma", "wanted"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)],
)
def test_sqlite_is_durable_and_keeps_references(app, pragma, wanted):
    """synchronous=FULL (2): acknowledged commits survive a power cut; NORMAL lost some."""
    assert one(app, f"PRAGMA {pragma}") == wanted


def test_sqlite_waits_longer_than_people_write(app):
    assert int(str(one(app, "PRAGMA busy_timeout"))) >= 10_000


def test_a_reference_to_nothing_is_refused(any_app):
    statement = text("UPDATE places SET parent_id = :nothing")
    with any_app.app_context(), pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(statement, {"nothing": uuid4().hex if db.engine.dialect.name == "sqlite" else uuid4()})


def test_all_of_a_transaction_is_kept_or_nothing(any_app):
    with any_app.app_context():
        with pytest.raises(KeyError):
            _add_site_and_fail()
        with write_transaction():
            session.add(Site(code="kept", name="kept"))
    assert one(any_app, "SELECT COUNT(*) FROM sites WHERE code IN ('lost', 'kept')") == 1


def _add_site_and_fail():
    with write_transaction():
        session.add(Site(code="lost", name="lost"))
        session.flush()
        raise KeyError


def test_the_read_that_came_before_is_ended_before_queueing(app):
    """Otherwise a writer would hold an old snapshot while it waits, and SQLite would refuse it as busy."""
    ended = []
    with app.app_context():
        session.execute(text("SELECT 1"))
        event.listen(db.engine, "rollback", lambda _connection: ended.append("rollback"))
        event.listen(db.engine, "begin", lambda _connection: ended.append("begin"))
        with write_transaction():
            pass
    assert ended[:2] == ["rollback", "begin"]


def test_writers_stand_in_line_behind_one_another(app, settings):
    """The file next to the database is the line: whoever holds it goes first, the others wait."""
    waiting, written = Event(), Event()

    def write():
        with app.app_context():
            waiting.set()
            with write_transaction():
                written.set()
            session.remove()

    with (settings.data / "crew.db.queue").open("a") as turnstile:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        thread = Thread(target=write)
        thread.start()
        assert waiting.wait(10)
        assert not written.wait(0.2)
    thread.join(10)
    assert written.is_set()
