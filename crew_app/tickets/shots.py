"""Which photos a job needs: what its site asks for its kind, and what of it is still missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.revisions import kept
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.models import JobKind, PhotoRole, Ticket, TicketPhoto
from crew_app.tickets.review_models import ShotRule
from crew_app.tickets.rules import Kind

ASKED = frozenset({Kind.REPAIR, Kind.HAZARD, Kind.PLANNED, Kind.WORKS})
"""Sorts of work that photos are asked for; carrying and driving have proofs of their own, an emergency has no time."""
MOST = 5
_AT_ONCE = timedelta(minutes=1)
"""What arrives within a minute was done in sight of the server, which may still ask for something."""


@dataclass(frozen=True, slots=True)
class Shots:
    """How many photos of a sort a job needs, and how many it has: announced ones count, drawn copies do not."""

    role: PhotoRole
    wanted: int
    have: int

    @property
    def lacking(self) -> int:
        """How many are missing."""
        return max(0, self.wanted - self.have)


def stand(ticket: Ticket) -> list[Shots]:
    """What is asked for, and how it stands; nothing where nothing is asked."""
    wanted = _wanted(ticket)
    have = _counted(ticket) if wanted else {}
    return [Shots(role, number, have.get(role, 0)) for role, number in wanted.items()]


def missing(ticket: Ticket) -> dict[PhotoRole, int]:
    """How many photos of which sort are missing."""
    return {shots.role: shots.lacking for shots in stand(ticket) if shots.lacking}


def need(ticket: Ticket, excuse: str, at: Moment) -> None:
    """`Refused` ("shots-missing") when photos are missing without a reason.

    What was done on the spot is never refused for it, nor what was recorded where nobody could be asked any more: such
    a job is looked at instead.
    """
    late = at.received_at - at.at > _AT_ONCE
    if not (excuse.strip() or late or ticket.on_the_spot) and missing(ticket):
        raise Refused(
            "shots-missing", N_("This job needs a photo before it is finished. Take it, or say why there is none.")
        )


def rules_of(site_ids: Iterable[UUID]) -> list[ShotRule]:
    """All rules of these sites."""
    return list(session.scalars(select(ShotRule).where(ShotRule.site_id.in_(list(site_ids))).order_by(ShotRule.id)))


def put(site_id: UUID, wanted: dict[UUID | None, tuple[int, int] | None], *, by: Person, at: Moment) -> None:
    """Set before and after by kind of job; nothing takes a kind's own rule away, no kind is for all others."""
    if not by.can(Right.SET_TARGETS, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
    here = {rule.job_kind_id: rule for rule in rules_of([site_id])}
    for kind_id, numbers in wanted.items():
        rule = here.get(kind_id)
        if numbers is None and rule:
            session.delete(rule)
        elif numbers is not None and (rule is None or (rule.before, rule.after) != numbers):
            rule = rule or ShotRule(site_id=site_id, job_kind_id=kind_id)
            rule.before, rule.after = numbers
            rule.changed_at, rule.changed_by_id = at.at, by.id
            session.add(rule)
    session.flush()


def parse(form: Any, kinds: Iterable[JobKind]) -> dict[UUID | None, tuple[int, int] | None]:
    """Read the page of rules: two numbers for each kind, both left open for "like all others"."""
    found: dict[UUID | None, tuple[int, int] | None] = {None: _numbers(form, "all")}
    return found | {kind.id: _numbers(form, kind.code) for kind in kinds if f"after-{kind.code}" in form}


def _numbers(form: Any, name: str) -> tuple[int, int] | None:
    typed = [form.get(f"{role}-{name}", "") for role in ("before", "after")]
    if not any(typed):
        return None
    if not set(typed) <= {"", *map(str, range(MOST + 1))}:
        raise Refused("shots", N_("Please check the numbers: 0 to 5 photos."))
    before, after = (int(number or 0) for number in typed)
    return before, after


def _wanted(ticket: Ticket) -> dict[PhotoRole, int]:
    if ticket.kind not in ASKED:
        return {}
    here = _rules(ticket.site_id)
    before, after = here.get(ticket.job_kind_id) or here.get(None, (0, 0))
    numbers = {PhotoRole.BEFORE: 0 if ticket.on_the_spot else before, PhotoRole.AFTER: after}
    return {role: number for role, number in numbers.items() if number}


def _rules(site_id: UUID) -> dict[UUID | None, tuple[int, int]]:
    """Before and after by kind of job; no kind is for all others."""
    return kept(
        ("lists",),
        ("shots", site_id),
        lambda: {rule.job_kind_id: (rule.before, rule.after) for rule in reversed(rules_of([site_id]))},
    )


def _counted(ticket: Ticket) -> dict[PhotoRole, int]:
    query = select(TicketPhoto.role, func.count().label("number")).join(Photo, Photo.id == TicketPhoto.photo_id)
    query = query.where(TicketPhoto.ticket_id == ticket.id, Photo.copy_of_id.is_(None)).group_by(TicketPhoto.role)
    return {row.role: row.number for row in session.execute(query)}
