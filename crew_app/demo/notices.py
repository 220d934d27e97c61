"""What the people of the demo hospital were told today, by the same action as in life."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, Words, tell
from crew_app.notifications.models import Notice
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State

READ_AFTER, STILL_UNREAD = timedelta(minutes=4), timedelta(days=1)
Told = tuple[str, int, bool, Message]
"""To whom, how many minutes ago, whether it was read."""


def stir(now: datetime) -> None:
    """Tell them, in the present transaction; `now` is when the hospital is found."""
    for number, (login, minutes, was_read, message) in enumerate(_told()):
        person = session.scalars(select(Person).where(Person.login == login)).one()
        at = now - timedelta(minutes=minutes)
        for notice in tell([person], message, key=f"demo {number}", at=at):
            notice.read_at = at + READ_AFTER if was_read else None
    session.flush()


def settle(now: datetime) -> None:
    """What is older than a day was read at once by whomever it was for."""
    old = select(Notice).where(Notice.read_at.is_(None), Notice.made_at < now - STILL_UNREAD)
    for notice in session.scalars(old):
        notice.read_at = notice.made_at + READ_AFTER
    session.flush()


def _told() -> Iterator[Told]:
    mine, stuck, passed = _job(State.ACCEPTED, "wang"), _job(State.ON_HOLD), _job(State.VERIFIED, "wang")
    late, hers = _job(State.OPEN), _reported_by("chen")
    yield "wang", 6, False, _about(mine, Topic.JOB, N_("A job for you: %(job)s, %(place)s"))
    yield "wang", 95, False, _about(stuck, Topic.STOCK, N_("The material for %(number)s is here: %(job)s"))
    yield "wang", 60 * 26, True, _about(passed, Topic.JOB, N_("Passed: %(job)s, %(place)s"))
    alarm = replace(
        _about(late, Topic.ESCALATION, N_("Nobody has accepted %(number)s: %(job)s, %(place)s")), urgent=True
    )
    yield "li", 12, False, alarm
    yield "li", 150, False, _about(stuck, Topic.STOCK, N_("%(number)s waits for material: %(job)s"))
    yield "li", 60 * 30, True, _at(mine, Topic.PAPERS, N_("A licence runs out in 30 days"), "/licences")
    yield "zhao", 150, False, _about(stuck, Topic.STOCK, N_("%(number)s waits for material: %(job)s"))
    yield "zhao", 60 * 5, True, _at(mine, Topic.STOCK, N_("A ward asks for material"), "/stock/requests")
    yield "chen", 40, False, _about(hers, Topic.REPORT, N_("Somebody takes care of your report: %(job)s, %(place)s"))
    yield "chen", 60 * 20, True, _at(mine, Topic.NOTICE, N_("Lift 2 is out of service tomorrow morning"), "")
    yield "sun", 20, False, _at(mine, Topic.ROUND, N_("The patrol of tonight is ready to be walked"), "/rounds")
    yield "zhou", 60, False, _about(late, Topic.ESCALATION, N_("Overdue: %(number)s, %(job)s, %(place)s"))
    choose = N_("Choose here what reaches you, and how")
    yield "admin", 60 * 8, False, _at(mine, Topic.NOTICE, choose, "/notices/settings")


def _job(state: State, owner: str | None = None) -> Ticket:
    query = select(Ticket).where(Ticket.state == state)
    if owner:
        query = query.join(Person, Person.id == Ticket.owner_id).where(Person.login == owner)
    return session.scalars(query.order_by(Ticket.opened_at.desc(), Ticket.id).limit(1)).one()


def _reported_by(login: str) -> Ticket:
    query = select(Ticket).join(Person, Person.id == Ticket.reporter_id).where(Person.login == login)
    return session.scalars(query.order_by(Ticket.opened_at.desc(), Ticket.id).limit(1)).one()


def _about(ticket: Ticket, topic: Topic, title: str) -> Message:
    kind, place = ticket.job_kind, ticket.place
    params: dict[str, Words] = {
        "number": ticket.number,
        "job": {"zh": kind.name, "en": kind.name_en},
        "place": {"zh": place.path, "en": place.path_en},
    }
    return Message(ticket.site_id, topic, title, params, f"/tickets/{ticket.id}")


def _at(near: Ticket, topic: Topic, title: str, href: str) -> Message:
    return Message(near.site_id, topic, title, {}, href)
