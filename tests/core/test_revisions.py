"""What is kept in a process is as fresh as the database, whoever changed it and however."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from crew_app.core.clock import now
from crew_app.core.db import BEGUN, db, session, write_transaction
from crew_app.core.revisions import TOPICS, kept
from crew_app.people import queries as people
from crew_app.people.models import Person
from crew_app.people.rules import Right

RENAME = "UPDATE people SET name = :name WHERE login = 'technician'"


@pytest.fixture
def names(any_app):
    """Asks for a name as pages do; `made` holds what it was each time it was made."""
    made = []

    def make():
        made.append(session.scalar(text("SELECT name FROM people WHERE login = 'technician'")))
        return made[-1]

    def ask():
        with any_app.app_context():
            return kept(("people",), "a name", make)

    return SimpleNamespace(ask=ask, made=made)


def change(app, statement, **values):
    """As somebody does by hand, past the whole application."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement), values)


def taken_back(name):
    """What is kept within a transaction that changes a name and then fails."""
    found = ""
    with suppress(InterruptedError), write_transaction():
        session.execute(text(RENAME), {"name": name})
        found = kept(("people",), "a name", lambda: "its own")
        raise InterruptedError
    return found


def test_it_is_made_once(names):
    assert names.ask() == names.ask() == names.ask()
    assert len(names.made) == 1


def test_whoever_changes_it_by_hand_is_noticed(any_app, names):
    names.ask()
    change(any_app, RENAME, name="另一个")
    assert names.ask() == "另一个"


def test_what_belongs_to_another_topic_changes_nothing(any_app, names):
    names.ask()
    change(any_app, "UPDATE places SET name = 'elsewhere'")
    names.ask()
    assert len(names.made) == 1


def test_without_its_trigger_a_change_would_not_be_noticed(app):
    with app.app_context():
        first = kept(("people",), "name", lambda: session.scalar(text("SELECT name FROM people LIMIT 1")))
    change(app, "DROP TRIGGER count_people_update")
    change(app, "UPDATE people SET name = 'nobody knows'")
    with app.app_context():
        assert kept(("people",), "name", lambda: "made anew") == first


def test_a_transaction_sees_its_own_changes_and_keeps_none_of_them(any_app, names):
    before = names.ask()
    with any_app.app_context():
        assert taken_back("noch nicht") == "its own"
    assert names.ask() == before
    change(any_app, RENAME, name="danach")  # the number that the transaction above had taken back
    assert names.ask() == "danach"


def test_what_a_script_added_and_took_back_is_not_kept(app):
    def logins():
        return set(session.scalars(text("SELECT login FROM people")))

    with app.app_context():
        session.add(Person(login="ghost", name="Ghost", password_hash="x", created_at=now()))
        session.flush()
        assert "ghost" in kept(("people",), "logins", logins)
        session.rollback()
        assert "ghost" not in kept(("people",), "logins", logins)


def test_a_role_that_was_taken_is_gone_with_the_next_request(app, world, sign_in):
    client = sign_in("supervisor")
    assert client.get("/review").status_code == 200
    change(app, "DELETE FROM memberships WHERE person_id = :id", id=world.people["supervisor"].hex)
    assert client.get("/review").status_code == 403


def test_the_person_of_a_request_is_a_copy_of_its_own(app, world):
    found = []
    for _request in range(2):
        with app.app_context():
            person = people.known(world.people["technician"])
            assert person is not None
            assert person.can(Right.WORK, world.sites["north"])
            found.append(person)
    assert found[0] is not found[1]


def test_the_database_counts_every_table_of_every_topic(any_app):
    with any_app.app_context():
        if db.engine.dialect.name == "sqlite":
            query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%UPDATE revisions%'"
            times = 3
        else:
            query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'count_revision'::regproc"
            times = 1
        counted = sorted(session.scalars(text(query)))
        numbers = set(session.scalars(text("SELECT topic FROM revisions")))
    assert counted == sorted([table for tables in TOPICS.values() for table in tables] * times)
    assert numbers == set(TOPICS)


def test_numbers_are_read_before_anything_is_written(app, monkeypatch):
    """Sabotage: a transaction that did not begin with them would keep what it then takes back."""
    monkeypatch.setattr("crew_app.core.db.BEGUN", [])
    assert BEGUN
    with app.app_context():
        taken_back("nie")
        session.execute(text("UPDATE revisions SET number = number + 1 WHERE topic = 'people'"))
        session.commit()
        assert kept(("people",), "a name", lambda: "fresh") == "its own"
