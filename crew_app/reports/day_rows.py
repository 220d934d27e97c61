"""The jobs and the goods used behind the counts of days, straight from their rows."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.reports import measures
from crew_app.reports.periods import Period
from crew_app.reports.tally import COST, COUNTED, TIMED, Counts, Dimension, Job, Key, by_day
from crew_app.stock.models import Entry, Move
from crew_app.storeroom.sums import USED, Source, Target, crossing, entering, over_moves, within, worth
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State

_BATCH = 5_000


def day_counts(site: Site, first: date, last: date, wanted: Collection[str] | None = None) -> dict[date, Counts]:
    """The counts of each day from the first to the last, of these measures (or all), made from the rows."""
    period = Period(first, last, site.zone)
    found = by_day(_jobs(site, period, wanted), site.zone)
    if wanted is None or COST in wanted:
        for day, counts in _costs(site, period).items():
            found.setdefault(day, Counter()).update(counts)
    return found


def _jobs(site: Site, period: Period, wanted: Collection[str] | None) -> Iterator[Job]:
    counted = [one for one in COUNTED if wanted is None or one in wanted]
    timed = [one for one in TIMED if wanted is None or one in wanted]
    if not counted and not timed:
        return
    at = now()
    conditions = [_condition(one, at) for one in counted]
    query = select(
        *(Ticket.opened_at, Ticket.job_kind_id, Ticket.place_id, Ticket.asset_id, Ticket.owner_id),
        *(_seconds(one) if one in timed else literal(None) for one in TIMED),
        *conditions,
    ).where(measures.opened_in(period, [site.id]))
    for opened_at, kind_id, place_id, asset_id, owner_id, respond, repair, *holds in session.execute(
        query.execution_options(yield_per=_BATCH)
    ):
        true = tuple(name for name, held in zip(counted, holds, strict=True) if held)
        yield Job(opened_at, kind_id, place_id, asset_id, owner_id, true, respond, repair)


def late_jobs(site: Site, at: datetime) -> Iterator[Job]:
    """What is late at a moment and was opened at any time: not done, or not answered. Few, by the index of states."""
    overdue = and_(Ticket.state.in_((State.OPEN, State.ACCEPTED)), Ticket.resolution_due_at < at)
    unanswered = and_(Ticket.state == State.OPEN, Ticket.accepted_at.is_(None), Ticket.response_due_at < at)
    query = select(
        *(Ticket.opened_at, Ticket.job_kind_id, Ticket.place_id, Ticket.asset_id, Ticket.owner_id, overdue, unanswered)
    ).where(Ticket.site_id == site.id, Ticket.state.in_((State.OPEN, State.ACCEPTED)), or_(overdue, unanswered))
    for opened_at, kind_id, place_id, asset_id, owner_id, not_done, not_answered in session.execute(query):
        held = (("overdue", not_done), ("unanswered", not_answered))
        true = tuple(name for name, holds in held if holds)
        yield Job(opened_at, kind_id, place_id, asset_id, owner_id, true)


def _condition(measure: str, at: datetime) -> ColumnElement[bool]:
    if measure == "accepted":
        return Ticket.accepted_at.is_not(None)
    return measures.MEASURES[measure].condition(at)


def _seconds(measure: str) -> ColumnElement[Any]:
    if measure == "respond":
        return case((measures.reported(), measures.seconds_to_respond()))
    return case((and_(measures.reported(), measures.done()), measures.seconds_to_repair()))


def _costs(site: Site, period: Period) -> dict[date, Counts]:
    """What was used, in ten-thousandths of a yuan, on the days of the books."""
    query = (
        over_moves(
            select(
                *(Entry.posted_at, Move.item_id, entering(USED, worth())),
                *(Ticket.job_kind_id, Ticket.place_id, Ticket.asset_id, Target.department_id, Source.department_id),
            ),
            [site.id],
        )
        .outerjoin(Ticket, Ticket.id == func.coalesce(Target.ticket_id, Source.ticket_id))
        .where(crossing(USED), within(period.start, period.end))
    )
    found: dict[date, Counts] = {}
    for posted_at, item_id, amount, kind_id, place_id, asset_id, given, returned in session.execute(query):
        counts = found.setdefault(posted_at.astimezone(site.zone).date(), Counter())
        members = (
            *((Dimension.KIND, kind_id), (Dimension.PLACE, place_id), (Dimension.ASSET, asset_id)),
            *((Dimension.ITEM, item_id), (Dimension.GIVEN, given or returned)),
        )
        counts[Key(COST)] += amount
        for dimension, member in members:
            if member:
                counts[Key(COST, dimension.value, str(member))] += amount
    return found
