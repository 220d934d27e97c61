"""Keeping the counts of days (`day_figures`) up to yesterday; whatever changes a past day has it counted anew.

Months are kept beside the days, with "m:" before the dimension and their first day as the day: a year is then read
from twelve rows for each member instead of 365.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select

from crew_app.core.db import Base, session, write_transaction
from crew_app.people.models import Site
from crew_app.reports.day_rows import day_counts
from crew_app.reports.figure_models import DayFigure, FigureMark
from crew_app.reports.periods import months_later
from crew_app.reports.tally import Counts
from crew_app.reports.touched import first_day, touched_days

MONTHLY = "m:"
SOURCE = "jobs"
OVERLAP = timedelta(minutes=15)
"""So long before the mark it looks again: what was written then may have been committed after it looked."""
_DAY = timedelta(days=1)
_ROWS = 2_000
_TABLE = Base.metadata.tables[DayFigure.__tablename__]


def catch_up(at: datetime) -> int:
    """Count every site up to yesterday, and anew what changed since the last time; how many days were counted."""
    return sum(_catch_up(site_id, at) for site_id in session.scalars(select(Site.id).order_by(Site.code)).all())


def recount(site_id: UUID, at: datetime) -> int:
    """Forget all counts of a site and make them anew from the rows; how many days were counted."""
    with write_transaction():
        session.execute(delete(DayFigure).where(DayFigure.site_id == site_id))
        session.execute(delete(FigureMark).where(FigureMark.site_id == site_id))
    return _catch_up(site_id, at)


def _catch_up(site_id: UUID, at: datetime) -> int:
    site = session.get_one(Site, site_id)
    mark = session.get(FigureMark, (site_id, SOURCE))
    yesterday = at.astimezone(site.zone).date() - _DAY
    if mark is None or mark.received_at is None or mark.counted_at is None:
        first = first_day(site)
        days = set(_days(first, yesterday)) if first else set()
    else:
        counted = mark.counted_at.astimezone(site.zone).date()
        days = touched_days(site, mark.received_at - OVERLAP) | set(_days(counted, yesterday))
    days = {day for day in days if day <= yesterday}
    for month in sorted({day.replace(day=1) for day in days}):
        _count(site_id, month, [day for day in days if day.replace(day=1) == month])
    with write_transaction():
        session.merge(FigureMark(site_id=site_id, source=SOURCE, received_at=at, counted_at=at))
    return len(days)


def _count(site_id: UUID, month: date, days: Collection[date]) -> None:
    """Count these days of a month: looked up before the turn to write, put down in one transaction."""
    site = session.get_one(Site, site_id)
    found: dict[date, Counts] = {}
    for first, last in _stretches(days):
        found |= day_counts(site, first, last)
    with write_transaction():
        session.execute(
            delete(DayFigure).where(
                DayFigure.site_id == site_id, DayFigure.day.in_(days), ~DayFigure.dimension.startswith(MONTHLY)
            )
        )
        rows = list(_rows(site_id, found))
        for start in range(0, len(rows), _ROWS):
            session.connection().execute(_TABLE.insert(), rows[start : start + _ROWS])
        _sum_up(site_id, month)


def _sum_up(site_id: UUID, month: date) -> None:
    """The month anew from its days."""
    session.execute(
        delete(DayFigure).where(
            DayFigure.site_id == site_id, DayFigure.day == month, DayFigure.dimension.startswith(MONTHLY)
        )
    )
    key = (DayFigure.measure, DayFigure.dimension, DayFigure.member)
    summed = (
        select(
            literal(site_id, DayFigure.site_id.type).label("site_id"),
            literal(month, DayFigure.day.type).label("day"),
            DayFigure.measure,
            (literal(MONTHLY) + DayFigure.dimension).label("dimension"),
            DayFigure.member,
            func.sum(DayFigure.amount),
        )
        .where(
            DayFigure.site_id == site_id,
            DayFigure.day.in_(list(_days(month, months_later(month, 1) - _DAY))),
            ~DayFigure.dimension.startswith(MONTHLY),
        )
        .group_by(*key)
    )
    columns = ["site_id", "day", "measure", "dimension", "member", "amount"]
    session.execute(insert(DayFigure).from_select(columns, summed))


def _rows(site_id: UUID, found: Mapping[date, Counts]) -> Iterable[dict[str, object]]:
    for day, counts in found.items():
        for key, amount in counts.items():
            yield {"site_id": site_id, "day": day, **key._asdict(), "amount": amount}


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as stretches without a gap, so that one query fetches each."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == _DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))
