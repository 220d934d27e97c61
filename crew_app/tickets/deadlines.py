"""The deadlines of a ticket: set when it is opened or changed, moved by its pauses."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.revisions import kept
from crew_app.people.models import Site
from crew_app.places import queries as places
from crew_app.places.models import Place
from crew_app.roster.days import days_off
from crew_app.tickets.clocks import USUAL_HOURS, Calendar, Hours, parse_periods, pauses, runs_out
from crew_app.tickets.models import JobKind, Ticket, TicketEvent
from crew_app.tickets.rules import Kind, Priority, State
from crew_app.tickets.target_models import ServiceHours, TargetRule
from crew_app.tickets.targets import AGREED, Scope, Target, best, merged


def targets_of(site_id: UUID) -> list[Target]:
    """The rules of a site, the most specific first."""
    return kept(("lists",), ("targets", site_id), lambda: _targets_of(site_id))


def _targets_of(site_id: UUID) -> list[Target]:
    query = select(TargetRule).where(TargetRule.site_id == site_id).options(joinedload(TargetRule.job_kind))
    return merged(row.target for row in session.scalars(query))


def target_for(place: Place, job_kind: JobKind, kind: Kind, priority: Priority) -> Target:
    """The rule for a job at a place."""
    return best(targets_of(place.site_id), Scope(places.care_of(place), job_kind.code, kind, priority))


def hours_text(site_id: UUID) -> str:
    """The working hours of a site, as they were written."""
    row = session.get(ServiceHours, site_id)
    return row.periods if row else USUAL_HOURS


def calendar_of(site: Site, hours: Hours) -> Calendar:
    """The calendar in which a clock of this site runs."""
    if hours is Hours.ALWAYS:
        return Calendar()
    return Calendar(hours, site.zone, parse_periods(hours_text(site.id)), days_off(site.id))


def begin(ticket: Ticket, target: Target, site: Site) -> None:
    """Set both clocks of a ticket that is opened now."""
    calendar = calendar_of(site, target.hours)
    ticket.hours, ticket.target = target.hours, target.scope.key
    ticket.response_due_at = runs_out(calendar, ticket.opened_at, target.response)
    ticket.resolution_due_at = runs_out(calendar, ticket.opened_at, target.resolution)


def begin_again(ticket: Ticket, target: Target) -> None:
    """Count both clocks anew from the opening, with the pauses so far: the job is more or less urgent than it seemed.

    A deadline that was agreed stays.
    """
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.position)
    stops, calendar = pauses(session.scalars(query)), calendar_of(ticket.site, target.hours)
    ticket.response_due_at = runs_out(calendar, ticket.opened_at, target.response)
    if ticket.target == AGREED:
        return
    ticket.hours, ticket.target = target.hours, target.scope.key
    ticket.resolution_due_at = runs_out(calendar, ticket.opened_at, target.resolution, stops)


def grant_again(ticket: Ticket, at: datetime) -> None:
    """Give a job that was closed already the whole time once more, unless it still has more than that."""
    target = target_for(ticket.place, ticket.job_kind, ticket.kind, Priority(ticket.priority))
    fresh = runs_out(calendar_of(ticket.site, target.hours), at, target.resolution)
    ticket.resolution_due_at = max(ticket.resolution_due_at, fresh)


def agree(ticket: Ticket, due: datetime) -> None:
    """Give a ticket a deadline of its own, whatever the rules say."""
    ticket.resolution_due_at, ticket.target = due, AGREED


def end_pause(ticket: Ticket, at: Moment) -> None:
    """Let the clock run again: the deadline moves by the hours in which it would have run."""
    if ticket.state is not State.ON_HOLD or ticket.hold_since is None:
        return
    since, until = ticket.hold_since, max(at.at, ticket.hold_since)
    calendar = calendar_of(ticket.site, ticket.hours)
    ticket.paused_seconds += int((until - since) / timedelta(seconds=1))
    ticket.resolution_due_at = calendar.add(ticket.resolution_due_at, calendar.between(since, until))
    ticket.hold_reason = ticket.hold_since = None
