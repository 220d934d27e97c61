"""Who stands behind a job, and the words for it in a notice."""

from datetime import datetime
from uuid import UUID

from crew_app.notifications.actions import Words
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.roster import queries as roster
from crew_app.tickets.models import Ticket


def supervisors(site_id: UUID, at: datetime) -> list[Person]:
    """The supervisors on duty, or all of them when none is; without whoever hears last, unless there is nobody else."""
    there = roster.on_duty(site_id, at, Right.VERIFY) or roster.with_right(site_id, Right.VERIFY)
    return [person for person in there if not person.can(Right.HEAR_LAST, site_id)] or there


def manager(site_id: UUID) -> list[Person]:
    """Whoever hears last."""
    return roster.with_right(site_id, Right.HEAR_LAST)


def words_about(ticket: Ticket, person: Person | None = None) -> dict[str, Words]:
    """What may stand in the title of a notice about a job: `job`, `place`, `number`, and `name` of somebody."""
    return {
        "job": _both(ticket.job_kind),
        "place": _both(ticket.place),
        "number": ticket.number,
        "name": _both(person) if person else "—",
    }


def _both(thing: object) -> Words:
    name, name_en = getattr(thing, "name", ""), getattr(thing, "name_en", "")
    return {"zh": name, "en": name_en or name}
