"""How one item is used: month by month, and on which kinds of jobs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crew_app.core.db import session
from crew_app.stock.models import Move
from crew_app.storeroom.sums import (
    USED,
    Target,
    by_span,
    crossing,
    entering,
    first_of_month,
    last_months,
    of_item,
    start_of,
    thousandths,
    units,
)
from crew_app.tickets.models import JobKind, Ticket

MONTHS = 12
KINDS = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class MonthUse:
    """How much was used in a month; `month` is its first day."""

    month: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class KindUse:
    """How many jobs of a kind used an item within a year, and how much of it."""

    kind: JobKind
    jobs: int
    quantity: Decimal


def by_month(item_id: UUID, site_ids: Collection[UUID], today: date, zone: ZoneInfo) -> list[MonthUse]:
    """What jobs and departments used of an item in each of the last 12 months, the present one included."""
    months = last_months(today, MONTHS)
    bounds = [start_of(day, zone) for day in (*months, first_of_month(today, 1))]
    query = of_item(select(*by_span(entering(USED, thousandths()), bounds)), site_ids, item_id, bounds[0])
    row = session.execute(query.where(crossing(USED))).one()
    return [MonthUse(month, units(summed)) for month, summed in zip(months, row, strict=True)]


def job_kinds(item_id: UUID, site_ids: Collection[UUID], at: datetime) -> list[KindUse]:
    """The kinds of jobs that used an item most often within the last year."""
    jobs = func.count(Ticket.id.distinct())
    again = aliased(Move)
    taken_back = select(again.id).where(again.reverses_id == Move.id)
    query = (
        of_item(select(JobKind, jobs, func.sum(thousandths())), site_ids, item_id, at - YEAR)
        .join(Ticket, Ticket.id == Target.ticket_id)
        .join(JobKind, JobKind.id == Ticket.job_kind_id)
        .where(~taken_back.exists())
        .group_by(JobKind.id)
        .order_by(jobs.desc(), JobKind.code)
        .limit(KINDS)
    )
    return [KindUse(kind, count, units(summed)) for kind, count, summed in session.execute(query)]
