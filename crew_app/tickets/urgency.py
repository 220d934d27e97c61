"""How urgent a job is and of what kind, decided anew by whoever verifies work."""

from dataclasses import dataclass

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.deadlines import begin_again, target_for
from crew_app.tickets.events import in_order, record
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import UNDER_WORK, Priority, State, Verb

CHANGEABLE = UNDER_WORK | {State.OPEN}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job is to be from now on."""

    priority: Priority
    job_kind: JobKind
    note: str = ""


def change(ticket: Ticket, asked: Asked, *, by: Person, at: Moment) -> None:
    """Make a job more or less urgent, or another kind of job; both clocks are counted anew from its opening.

    Whoever says so knows the place: no rule raises the urgency again.
    """
    at = in_order(ticket, at)
    if not by.can(Right.VERIFY, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    if ticket.state not in CHANGEABLE:
        raise Refused("wrong-state", N_("The work is done already, so this can't be changed any more."))
    words = _words(ticket, asked)
    if not words:
        raise Refused("nothing-changed", N_("It is so already. Please choose another urgency or kind."))
    ticket.priority, ticket.job_kind = asked.priority, asked.job_kind
    begin_again(ticket, target_for(ticket.place, asked.job_kind, ticket.kind, asked.priority))
    record(ticket, Verb.CHANGE, by=by, at=at, note="\n".join(filter(None, [words, asked.note])))
    session.flush()


def _words(ticket: Ticket, asked: Asked) -> str:
    """What changes, for `changed_words` of the web to read: "3→1 · 灯具/Lamp→下水道/Drain"."""
    priority = f"{ticket.priority}→{asked.priority.value}" if ticket.priority != asked.priority else ""
    names = [f"{kind.name}/{kind.name_en or kind.name}" for kind in (ticket.job_kind, asked.job_kind)]
    kind = "→".join(names) if ticket.job_kind.id != asked.job_kind.id else ""
    return " · ".join(filter(None, [priority, kind]))
