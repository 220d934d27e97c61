"""Giving a job to somebody: the event, why, and the word to them; all in one transaction."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.desk.dispatch_rules import Reason
from crew_app.desk.models import TicketDispatch
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.tickets.events import record
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import Priority, Verb


@dataclass(frozen=True, slots=True)
class Gift:
    """To whom a job goes and why."""

    to: Person
    reasons: Sequence[Reason] = ()
    answering: bool = False
    note: str = ""
    licence_note: str = ""


def give(ticket: Ticket, gift: Gift, verb: Verb, *, by: Person | None, at: Moment) -> TicketEvent:
    """Ask somebody to accept a job; whoever has it keeps it until they do."""
    asked_at = max(at.at, ticket.changed_at)
    ticket.ask(gift.to, asked_at)
    session.add(
        TicketDispatch(
            site_id=ticket.site_id,
            ticket_id=ticket.id,
            position=ticket.event_count,
            person_id=gift.to.id,
            answering=gift.answering,
            reasons=json.dumps([[text, dict(params)] for text, params in gift.reasons], ensure_ascii=False),
            licence_note=gift.licence_note.strip()[:500],
            at=asked_at,
        )
    )
    event = record(ticket, verb, by=by, at=at, note=gift.note)
    words = N_("Nobody fits, please dispatch: %(job)s, %(place)s") if gift.answering else _WORDS[verb]
    tell_about(ticket, event, [gift.to], words)
    return event


_WORDS = {Verb.ASSIGN: N_("Job for you: %(job)s, %(place)s"), Verb.HAND_OVER: N_("Handed to you: %(job)s, %(place)s")}


def tell_about(ticket: Ticket, event: TicketEvent, people: Iterable[Person | None], words: str) -> None:
    """Tell people about a job, once for each event; not whoever did it."""
    params = {
        name: {"zh": getattr(thing, field), "en": getattr(thing, f"{field}_en") or getattr(thing, field)}
        for name, thing, field in (("job", ticket.job_kind, "name"), ("place", ticket.place, "path"))
    }
    message = Message(
        ticket.site_id,
        Topic.JOB,
        words,
        params,
        href=f"/tickets/{ticket.id}",
        urgent=ticket.priority == Priority.EMERGENCY,
    )
    told = [one for one in people if one and one.id != event.person_id]
    tell(told, message, key=f"hands:{event.id}", at=event.at)
