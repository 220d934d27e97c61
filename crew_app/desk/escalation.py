"""Escalation: what has waited too long is told to somebody further up, each step once, by the worker."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.words import N_
from crew_app.desk.audience import manager, supervisors, words_about
from crew_app.desk.chain import Clock, Standing, Step, Told, due_now, occasion
from crew_app.desk.chain_models import Escalation
from crew_app.desk.steps import chain_of
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.phones import queries as phones
from crew_app.phones.rules import Contact, awaited
from crew_app.tickets.events import in_order, record
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Priority, State, Verb

RUNNING = (State.OPEN, State.ACCEPTED, State.FINISHED)
"""A hold stops every clock."""
MOST = 200
"""Tickets in one go, so that a worker that was away does not keep everybody else waiting; the rest come next time."""
Contacts = Callable[[UUID], Mapping[UUID, list[Contact]]]

LATE = {
    Clock.RESPONSE: N_("Nobody has accepted it: %(job)s, %(place)s"),
    Clock.ACCEPTANCE: N_("%(name)s has not accepted it: %(job)s, %(place)s"),
    Clock.RESOLUTION: N_("Not done in time: %(job)s, %(place)s (%(name)s)"),
    Clock.VERIFICATION: N_("Finished, not verified: %(job)s, %(place)s"),
}
EARLY = {
    Clock.RESPONSE: N_("To be accepted soon: %(job)s, %(place)s"),
    Clock.RESOLUTION: N_("To be done soon: %(job)s, %(place)s"),
}


def tick(at: datetime, grace: timedelta) -> int:
    """Take every step that is due by now; how many were taken. May be done twice, or late, without harm."""
    contacts: Contacts = cache(lambda site_id: phones.contacts([site_id]))
    chain = cache(chain_of)
    taken = _taken(Ticket.state.in_(RUNNING))
    found = [
        ticket.id
        for ticket in _running()
        if _pending(ticket, chain(ticket.site_id), taken[ticket.id], _Wait(at, grace, contacts))
    ]
    return sum(_escalate(ticket_id, at, grace, contacts) for ticket_id in found[:MOST])


def _running() -> list[Ticket]:
    """Tickets whose clocks run, the most urgent first, without anything around them."""
    query = select(Ticket).where(Ticket.state.in_(RUNNING))
    return list(session.scalars(query.order_by(Ticket.priority, Ticket.resolution_due_at)))


def _escalate(ticket_id: UUID, at: datetime, grace: timedelta, contacts: Contacts) -> int:
    """One ticket in a transaction of its own; whatever another worker did in between stays as it did it."""
    try:
        with write_transaction():
            return _take_steps(ticket_id, _Wait(at, grace, contacts))
    except IntegrityError:
        return 0


def _take_steps(ticket_id: UUID, wait: "_Wait") -> int:
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    ticket = session.scalar(query.execution_options(populate_existing=True))
    if ticket is None:
        return 0
    steps = _pending(ticket, chain_of(ticket.site_id), _taken(Ticket.id == ticket_id)[ticket_id], wait)
    for step in steps:
        _take(ticket, step, wait.at)
    return len(steps)


def _taken(which: ColumnElement[bool]) -> Mapping[UUID, set[tuple[str, str]]]:
    """The steps that were taken for these tickets, each with its occasion: one query however many there are."""
    query = select(Escalation.ticket_id, Escalation.step, Escalation.occasion).join(Ticket).where(which)
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for ticket_id, step, when in session.execute(query):
        found[ticket_id].add((step, when))
    return found


@dataclass(frozen=True, slots=True)
class _Wait:
    """How long phones are waited for."""

    at: datetime
    grace: timedelta
    contacts: Contacts

    def for_phone(self, ticket: Ticket, since: datetime) -> bool:
        """Whether the phone of whoever has the job may still bring news. An emergency waits for nobody's phone."""
        if ticket.priority == Priority.EMERGENCY or ticket.state is State.FINISHED:
            return False
        worker = ticket.owner_id or ticket.assignee_id
        known = self.contacts(ticket.site_id).get(worker, ()) if worker else ()
        return awaited(since, self.at, self.grace, known) is not None


def _pending(ticket: Ticket, chain: list[Step], taken: set[tuple[str, str]], wait: _Wait) -> list[Step]:
    """The steps that are due, not taken yet, and for which no phone is waited for."""
    standing = _standing(ticket)
    due = due_now(_with_somebody(chain, ticket), standing, wait.at)
    left = [(step, since) for step, since in due if (step.key, occasion(step, standing)) not in taken]
    return [step for step, since in left if not wait.for_phone(ticket, since)]


def _with_somebody(chain: list[Step], ticket: Ticket) -> list[Step]:
    """Where nobody has the job, a step for whoever has it is left to the steps beside it, if there are any."""
    if ticket.owner_id or ticket.assignee_id:
        return chain
    others = {step.clock for step in chain if step.told is not Told.WORKER}
    return [step for step in chain if step.told is not Told.WORKER or step.clock not in others]


def _take(ticket: Ticket, step: Step, at: datetime) -> None:
    told, people = _people(step.told, ticket, at)
    when = occasion(step, _standing(ticket))
    taken = Escalation(
        site_id=ticket.site_id, ticket_id=ticket.id, step=step.key, occasion=when, level=told.level, at=at
    )
    session.add(taken)
    ticket.escalation = max(ticket.escalation, told.level)
    note = f"{step.key}\n" + "、".join(f"{person.name}/{person.name_en or person.name}" for person in people)
    record(ticket, Verb.ESCALATE, by=None, at=in_order(ticket, server_moment(at)), note=note)
    message = Message(
        ticket.site_id,
        Topic.ESCALATION,
        _title(step),
        words_about(ticket, ticket.owner or ticket.assignee),
        f"/tickets/{ticket.id}",
        urgent=ticket.priority == Priority.EMERGENCY,
    )
    tell(people, message, key=f"escalation:{taken.id}", at=at)


def _title(step: Step) -> str:
    early = step.percent is not None and step.percent < 100  # noqa: PLR2004 - of the time allowed
    return EARLY[step.clock] if early else LATE[step.clock]


def _people(told: Told, ticket: Ticket, at: datetime) -> tuple[Told, list[Person]]:
    """Who is told: whom the step names, or the next further up where there is nobody."""
    worker = ticket.owner or ticket.assignee
    ways: dict[Told, Callable[[], list[Person]]] = {
        Told.WORKER: lambda: [worker] if worker else [],
        Told.SUPERVISOR: lambda: supervisors(ticket.site_id, at),
        Told.MANAGER: lambda: manager(ticket.site_id),
    }
    for level in list(Told)[told.level - 1 :]:
        people = ways[level]()
        if people:
            return level, people
    return told, []


def _standing(ticket: Ticket) -> Standing:
    return Standing(
        ticket.state,
        ticket.priority,
        ticket.opened_at,
        ticket.response_due_at,
        ticket.resolution_due_at,
        ticket.assigned_at if ticket.assignee_id else None,
        ticket.finished_at,
    )
