"""Objections, within what somebody may see."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Membership, Person, Site
from crew_app.people.rules import Right
from crew_app.reports.point_models import ObjectionState, PointObjection
from crew_app.tickets.models import Ticket

OBJECTION_LABELS = {
    ObjectionState.OPEN: N_("Waits for a decision"),
    ObjectionState.GRANTED: N_("Granted"),
    ObjectionState.DECLINED: N_("Declined"),
    ObjectionState.WITHDRAWN: N_("Taken back"),
}
_SHOWN = (
    joinedload(PointObjection.person).options(*NAMED),
    joinedload(PointObjection.answered_by).options(*NAMED),
    joinedload(PointObjection.ticket).joinedload(Ticket.job_kind),
)


def objection(person: Person, objection_id: UUID) -> PointObjection:
    """One's own objection, or one of a site whose points somebody sets; locked, to decide on it."""
    query = select(PointObjection).where(PointObjection.id == objection_id).with_for_update(of=PointObjection)
    found = session.scalar(query)
    if found is None or not (found.person_id == person.id or person.can(Right.SET_POINTS, found.site_id)):
        raise Unseen("unknown-objection", N_("This objection is not known here."))
    return found


def to_decide(site: Site, start: datetime, end: datetime) -> Sequence[PointObjection]:
    """Objections of a site that wait, and those made in a span, the waiting ones first."""
    made = (PointObjection.made_at >= start) & (PointObjection.made_at < end)
    states = PointObjection.state != ObjectionState.WITHDRAWN
    query = select(PointObjection).where(
        PointObjection.site_id == site.id, states, or_(PointObjection.state == ObjectionState.OPEN, made)
    )
    found = session.scalars(query.options(*_SHOWN).order_by(PointObjection.made_at.desc()).limit(200)).all()
    return sorted(found, key=lambda one: one.state is not ObjectionState.OPEN)


def own(person: Person, site_id: UUID) -> dict[UUID, PointObjection]:
    """A person's own objections at a site, by job."""
    query = select(PointObjection).filter_by(person_id=person.id, site_id=site_id).options(*_SHOWN)
    return {one.ticket_id: one for one in session.scalars(query)}


def member(site_id: UUID, person_id: UUID) -> Person:
    """Somebody of a site; `Unseen` for anybody else."""
    here = select(Membership.person_id).where(Membership.site_id == site_id)
    found = session.scalar(select(Person).where(Person.id == person_id, Person.id.in_(here)).options(*NAMED))
    if found is None:
        raise Unseen("unknown-person", N_("This person is not known here."))
    return found
