"""Changing the targets and the working hours of a site."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets import queries
from crew_app.tickets.clocks import parse_periods, periods_text
from crew_app.tickets.target_models import ServiceHours, TargetRule
from crew_app.tickets.targets import LONGEST, Scope, Target

_MINUTE = timedelta(minutes=1)


def put(site_id: UUID, target: Target, *, by: Person, at: Moment) -> TargetRule:
    """Make a rule, or change the one with the same conditions. Jobs that are open keep their deadlines."""
    _need(by, site_id)
    if not _MINUTE <= target.response <= target.resolution <= LONGEST:
        raise Refused("target", N_("Please check the times: first answered, then done, within a year."))
    scope = target.scope
    kind = queries.job_kind(scope.job_kind) if scope.job_kind else None
    row = _row(site_id, scope) or TargetRule(site_id=site_id, scope=scope.key)
    row.care, row.kind, row.priority = scope.care, scope.kind, scope.priority
    row.job_kind_id = kind.id if kind else None
    row.response_minutes, row.resolution_minutes = target.response // _MINUTE, target.resolution // _MINUTE
    row.hours, row.raise_to = target.hours, target.raise_to
    row.changed_at, row.changed_by_id = at.at, by.id
    session.add(row)
    session.flush()
    return row


def take_back(site_id: UUID, scope: Scope, *, by: Person) -> None:
    """Take a site's own rule away; where a usual one stood before it, that counts again."""
    _need(by, site_id)
    if row := _row(site_id, scope):
        session.delete(row)
        session.flush()


def set_hours(site_id: UUID, typed: str, *, by: Person, at: Moment) -> None:
    """Set the working hours of a site."""
    _need(by, site_id)
    periods = periods_text(parse_periods(typed))
    row = session.get(ServiceHours, site_id) or ServiceHours(site_id=site_id)
    row.periods, row.changed_at, row.changed_by_id = periods, at.at, by.id
    session.add(row)
    session.flush()


def _row(site_id: UUID, scope: Scope) -> TargetRule | None:
    return session.scalar(select(TargetRule).filter_by(site_id=site_id, scope=scope.key))


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.SET_TARGETS, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
