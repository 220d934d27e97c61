"""Who hears of what on a ticket (限时复命): one table. Dispatch, escalation and reporters tell the rest themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from crew_app.core.words import N_
from crew_app.desk.audience import supervisors, words_about
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.people.queries import known
from crew_app.tickets.events import AFTER_EVENT
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import HoldReason, Priority, State, Verb


class Who(StrEnum):
    """Who hears of it, never the one who did it."""

    HANDS = "hands"
    """Whoever has the job, or is to accept it."""
    REPORTER = "reporter"
    """Whoever reported it, with an account."""
    SUPERVISORS = "supervisors"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the table."""

    who: Who
    title: str
    topic: Topic = Topic.JOB
    only: Callable[[Ticket, TicketEvent], bool] = lambda _ticket, _event: True


def _back(title: str, reason: HoldReason | None = None) -> Told:
    """Report back to whoever reported it."""
    return Told(Who.REPORTER, title, Topic.REPORT, lambda _ticket, event: reason in (None, event.hold_reason))


def _emergency(ticket: Ticket, _event: TicketEvent) -> bool:
    return ticket.priority == Priority.EMERGENCY


WHO_HEARS: dict[Verb, tuple[Told, ...]] = {
    Verb.OPEN: (Told(Who.SUPERVISORS, N_("Emergency: %(job)s, %(place)s"), Topic.EMERGENCY, _emergency),),
    Verb.ACCEPT: (_back(N_("%(name)s has accepted your report: %(job)s, %(place)s")),),
    Verb.DECLINE: (Told(Who.SUPERVISORS, N_("%(name)s declined: %(job)s, %(place)s")),),
    Verb.RELEASE: (Told(Who.SUPERVISORS, N_("%(name)s gave back: %(job)s, %(place)s")),),
    Verb.ASK_HELP: (Told(Who.SUPERVISORS, N_("%(name)s wants a second pair of hands: %(job)s, %(place)s")),),
    Verb.HOLD: (
        _back(N_("Your report waits for material: %(job)s, %(place)s"), HoldReason.MATERIAL),
        _back(N_("Your report waits for access to the room: %(job)s, %(place)s"), HoldReason.ACCESS),
        _back(N_("Your report waits because a patient is in the room: %(job)s, %(place)s"), HoldReason.PATIENT),
    ),
    Verb.RESUME: (_back(N_("Work goes on: %(job)s, %(place)s")),),
    Verb.SUPPLY: (
        Told(Who.HANDS, N_("Material is here: %(job)s, %(place)s")),
        _back(N_("Work goes on: %(job)s, %(place)s")),
    ),
    Verb.FINISH: (_back(N_("Done, please look at it: %(job)s, %(place)s")),),
    Verb.SEND_BACK: (Told(Who.HANDS, N_("Sent back: %(job)s, %(place)s")),),
    Verb.CHANGE: (Told(Who.HANDS, N_("Urgency or kind changed: %(job)s, %(place)s")),),
    Verb.CANCEL: (
        Told(Who.HANDS, N_("Cancelled: %(job)s, %(place)s")),
        _back(N_("Your report was cancelled: %(job)s, %(place)s")),
    ),
}


def start() -> None:
    """Connect them; called at every start, connected once."""
    for follow in (lower, announce):
        if follow not in AFTER_EVENT:
            AFTER_EVENT.append(follow)


def lower(ticket: Ticket, event: TicketEvent) -> None:
    """A job that was answered or done is not escalated any more; what was told stays in its story."""
    if event.verb in (Verb.ACCEPT, Verb.FINISH, Verb.VERIFY, Verb.CANCEL):
        ticket.escalation = 0


def announce(ticket: Ticket, event: TicketEvent) -> None:
    """Tell whoever the table names, each once for an event: somebody who is two of them reads the first line."""
    for line in WHO_HEARS.get(event.verb, ()):
        if line.only(ticket, event):
            people = _people(line.who, ticket, event)
            if people:
                tell(people, _message(line, ticket, event), key=f"event:{event.id}", at=event.received_at)


def _people(who: Who, ticket: Ticket, event: TicketEvent) -> list[Person]:
    """Those, without whoever did it."""
    if who is Who.SUPERVISORS:
        return [one for one in supervisors(ticket.site_id, event.received_at) if one.id != event.person_id]
    if who is Who.REPORTER:
        ids = [ticket.reporter_id]
    else:
        asked = ticket.assignee_id if State.OPEN in (event.from_state, event.to_state) or not ticket.owner_id else None
        ids = list({ticket.owner_id, asked})
    found = [known(person_id) for person_id in ids if person_id and person_id != event.person_id]
    return [one for one in found if one]


def _message(line: Told, ticket: Ticket, event: TicketEvent) -> Message:
    by = known(event.person_id) if event.person_id else None
    return Message(
        ticket.site_id,
        line.topic,
        line.title,
        words_about(ticket, by),
        f"/tickets/{ticket.id}",
        urgent=ticket.priority == Priority.EMERGENCY,
    )
