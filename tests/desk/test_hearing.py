"""Who hears of what: the table, line by line; never whoever did it, and each once."""

from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.desk.hearing import WHO_HEARS
from crew_app.notifications.models import Notice
from crew_app.people.models import Person
from crew_app.tickets import actions
from crew_app.tickets.events import record
from crew_app.tickets.rules import HoldReason, State, Verb
from tests.support.tickets import bring_to

WHEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = server_moment(WHEN + timedelta(hours=1))


def heard(world, state, do, **options):
    """Who is told what when this is done to a job in this state."""
    ticket = bring_to(world, state, at=WHEN, **options)
    session.query(Notice).delete()
    do(ticket)
    rows = session.query(Person.login, Notice.title).join(Notice, Notice.person_id == Person.id)
    return {login: title.split(":")[0] for login, title in rows}


def by(world, login, verb, **more):
    """An action, or an event alone where the action belongs to others."""

    def do(ticket):
        person = world.person(login)
        if verb in ("release", "cancel", "send_back"):
            getattr(actions, verb)(ticket, "原因", by=person, at=LATER)
        elif verb == "hold":
            actions.hold(ticket, more["reason"], "", by=person, at=LATER)
        elif hasattr(actions, verb):
            getattr(actions, verb)(ticket, by=person, at=LATER)
        else:
            record(ticket, Verb(verb), by=person, at=LATER)

    return do


@pytest.fixture(autouse=True)
def _nobody_is_dispatched(monkeypatch):
    """What dispatch does of itself has its own tests."""
    monkeypatch.setattr("crew_app.desk.dispatch.dispatch", lambda *_: False)


BACK, PATIENT = "Your report waits ", "because a patient is in the room"
WANTS = "%(name)s wants a second pair of hands"
BOSSES = ("supervisor", "foreman")
CASES = [
    ("open", "technician", "accept", {}, {"requester": "%(name)s has accepted your report"}),
    ("accepted", "technician", "hold", {"reason": HoldReason.MATERIAL}, {"requester": BACK + "for material"}),
    (
        "accepted",
        "technician",
        "hold",
        {"reason": HoldReason.PATIENT},
        {"requester": BACK + PATIENT},
    ),
    ("on_hold", "technician", "resume", {}, {"requester": "Work goes on"}),
    ("on_hold", "storekeeper", "supply", {}, {"requester": "Work goes on", "technician": "Material is here"}),
    ("accepted", "technician", "finish", {}, {"requester": "Done, please look at it"}),
    ("finished", "supervisor", "send_back", {}, {"technician": "Sent back"}),
    ("accepted", "supervisor", "cancel", {}, {"requester": "Your report was cancelled", "technician": "Cancelled"}),
    ("accepted", "technician", "release", {}, dict.fromkeys(BOSSES, "%(name)s gave back")),
    ("open", "technician", "decline", {}, dict.fromkeys(BOSSES, "%(name)s declined")),
    (
        "accepted",
        "technician",
        "ask_help",
        {},
        dict.fromkeys(BOSSES, WANTS),
    ),
    ("accepted", "supervisor", "change", {}, {"technician": "Urgency or kind changed"}),
    ("accepted", "technician", "note", {}, {}),
    ("open", "supervisor", "escalate", {}, {}),
]


@pytest.mark.parametrize(("state", "login", "verb", "more", "who"), CASES)
def test_the_table(app, world, state, login, verb, more, who):
    with app.app_context():
        assert heard(world, State(state), by(world, login, verb, **more)) == who
        session.rollback()


def test_an_open_emergency_is_told_to_the_supervisors_at_once_and_urgently(app, world):
    with app.app_context():
        bring_to(world, State.OPEN, job_kind="oxygen", at=WHEN)
        rows = (
            session.query(Person.login, Notice.urgent, Notice.topic).join(Notice, Notice.person_id == Person.id).all()
        )
        assert sorted(rows) == [("foreman", True, "emergency"), ("supervisor", True, "emergency")]
        bring_to(world, State.OPEN, job_kind="lamp", at=WHEN)
        assert session.query(Notice).count() == 2
        session.rollback()


def test_whoever_reported_it_and_has_it_reads_one_notice_not_two(app, world):
    with app.app_context():
        told = heard(world, State.FINISHED, by(world, "supervisor", "send_back"), reporter="technician")
        assert told == {"technician": "Sent back"}
        assert heard(world, State.OPEN, by(world, "technician", "accept"), reporter="technician") == {}
        session.rollback()


def test_every_title_is_a_line_for_people():
    assert all(line.title and "%(job)s" in line.title for lines in WHO_HEARS.values() for line in lines)
