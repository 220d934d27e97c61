"""A site's chain of escalation: read, and changed by whoever sets targets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.desk.chain import BY_SHARE, DEFAULTS, LARGEST_SHARE, Step, ordered
from crew_app.desk.chain_models import EscalationStep
from crew_app.people.models import Person
from crew_app.people.rules import Right


def chain_of(site_id: UUID) -> list[Step]:
    """The steps of a site in their order: its own once it changed any, else the usual ones."""
    rows = session.scalars(select(EscalationStep).where(EscalationStep.site_id == site_id)).all()
    return ordered(row.step for row in rows if row.off_at is None) if rows else ordered(DEFAULTS)


def put(site_id: UUID, step: Step, *, by: Person, at: Moment) -> None:
    """Add a step to a site's chain; one that is there already stays as it is."""
    _need(by, site_id)
    if step.percent is not None and step.clock not in BY_SHARE:
        raise Refused("step", N_("This has no deadline to take a part of. Please give minutes or hours."))
    if step.percent is not None and not 0 < step.percent <= LARGEST_SHARE:
        raise Refused("step", N_("Please check the share: a whole number of percent, from 1 to 1000."))
    _make_own(site_id, by, at.at)
    _set(site_id, step, None, by, at.at)


def take_out(site_id: UUID, step: Step, *, by: Person, at: Moment) -> None:
    """Take a step out of a site's chain; one that is not there is out already."""
    _need(by, site_id)
    _make_own(site_id, by, at.at)
    if _row(site_id, step):
        _set(site_id, step, at.at, by, at.at)


def begin_anew(site_id: UUID, *, by: Person) -> None:
    """Go back to the usual chain."""
    _need(by, site_id)
    for row in session.scalars(select(EscalationStep).where(EscalationStep.site_id == site_id)):
        session.delete(row)
    session.flush()


def _make_own(site_id: UUID, by: Person, at: datetime) -> None:
    """The usual steps become rows of the site with its first change."""
    if session.scalar(select(EscalationStep.id).where(EscalationStep.site_id == site_id).limit(1)) is None:
        for step in DEFAULTS:
            _add(site_id, step, by, at)
        session.flush()


def _set(site_id: UUID, step: Step, off_at: datetime | None, by: Person, at: datetime) -> None:
    row = _row(site_id, step) or _add(site_id, step, by, at)
    row.off_at, row.changed_at, row.changed_by_id = off_at, at, by.id
    session.flush()


def _add(site_id: UUID, step: Step, by: Person, at: datetime) -> EscalationStep:
    row = EscalationStep(
        site_id=site_id,
        key=step.key,
        clock=step.clock,
        told=step.told,
        percent=step.percent,
        minutes=step.minutes,
        changed_at=at,
        changed_by_id=by.id,
    )
    session.add(row)
    return row


def _row(site_id: UUID, step: Step) -> EscalationStep | None:
    return session.scalar(select(EscalationStep).filter_by(site_id=site_id, key=step.key))


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.SET_TARGETS, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
