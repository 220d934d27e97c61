"""Reading the counts of days: what is over from `day_figures`, today from the rows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, union_all

from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.places.models import Place
from crew_app.reports.day_figures import MONTHLY, SOURCE
from crew_app.reports.day_rows import day_counts, late_jobs
from crew_app.reports.figure_models import DayFigure, FigureMark
from crew_app.reports.periods import Period, months_later
from crew_app.reports.tally import LATE, Counts, Dimension, by_day

Amounts = Counter[tuple[str, str]]
"""Of measure and member."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """The counts of a site as they stand at a moment: what is over, today, and what is late at this moment."""

    site: Site
    at: datetime
    today: Counts = field(default_factory=Counter)
    """The counts of the running day, of some measures."""
    late: Mapping[date, Counts] = field(default_factory=dict)
    """`overdue` and `unanswered`, by the day on which the job was opened."""

    known: dict[str, str] = field(default_factory=dict)
    """Departments of places, once they were asked for."""

    @property
    def departments(self) -> Mapping[str, str]:
        """The department that uses each place now."""
        if not self.known:
            query = select(Place.id, Place.department_id)
            rows = session.execute(query.where(Place.site_id == self.site.id, Place.department_id.is_not(None)))
            self.known.update((str(place_id), str(department_id)) for place_id, department_id in rows)
        return self.known

    @property
    def day(self) -> date:
        """Today, in the site's zone."""
        return self.at.astimezone(self.site.zone).date()

    def amounts(self, wanted: Collection[str], dimension: str, period: Period) -> Amounts:
        """How much there was of each measure for each member of a dimension, in a period."""
        found: Amounts = Counter()
        for measure, member, amount in session.execute(self._summed(wanted, dimension, period)):
            found[measure, member] += int(amount)
        for day in {self.day, *self.late}:
            if period.first <= day <= period.last:
                found.update(self._live(day, wanted, dimension))
        return found

    def series(
        self, wanted: Collection[str], dimension: str, days: Collection[date], *, monthly: bool = False
    ) -> dict[date, Amounts]:
        """The same for each of some days, or of some months by their first day."""
        kept = (DayFigure.day, DayFigure.measure, DayFigure.member, DayFigure.amount)
        found: dict[date, Amounts] = defaultdict(Counter)
        for day, measure, member, amount in session.execute(
            _of(select(*kept), self.site.id, wanted, (MONTHLY if monthly else "") + dimension, days)
        ):
            found[day][measure, member] += int(amount)
        for day in {self.day, *self.late}:
            step = day.replace(day=1) if monthly else day
            if step in days:
                found[step].update(self._live(day, wanted, dimension))
        return found

    def _summed(self, wanted: Collection[str], dimension: str, period: Period) -> Select[*tuple[Any, ...]]:
        months, days = split(period, self.day)
        kept = select(DayFigure.measure, DayFigure.member, DayFigure.amount)
        both = union_all(
            _of(kept, self.site.id, wanted, MONTHLY + dimension, months),
            _of(kept, self.site.id, wanted, dimension, days),
        ).subquery()
        query = select(both.c.measure, both.c.member, func.sum(both.c.amount))
        return query.group_by(both.c.measure, both.c.member)

    def _live(self, day: date, wanted: Collection[str], dimension: str) -> Amounts:
        """What is not kept: the running day, and on any day what is late now."""
        counts = Counter(self.late.get(day, {}))
        if day == self.day:
            counts.update(self.today)
        return Counter(
            {
                (key.measure, key.member): amount
                for key, amount in counts.items()
                if key.measure in wanted and key.dimension == dimension
            }
        )


def reader(site: Site, at: datetime, wanted: Collection[str]) -> Reader:
    """For these measures; the running day and what is late now are counted from the rows."""
    today = at.astimezone(site.zone).date()
    counts = day_counts(site, today, today, wanted).get(today, Counter())
    late = by_day(late_jobs(site, at), site.zone) if LATE & set(wanted) else {}
    return Reader(site, at, counts, late)


def split(period: Period, today: date) -> tuple[list[date], list[date]]:
    """A period as whole months (their first days) and the days beside them; a running month is whole up to today."""
    months, days = [], []
    month = period.first.replace(day=1)
    while month <= period.last:
        last = months_later(month, 1) - _DAY
        if period.first <= month and (last <= period.last or (last >= today and period.last >= today - _DAY)):
            months.append(month)
        else:
            first, end = max(month, period.first), min(last, period.last)
            days += [first + timedelta(days=number) for number in range((end - first).days + 1)]
        month = months_later(month, 1)
    return months, days


def by_department(amounts: Mapping[tuple[str, str], int], given: Amounts, department: Mapping[str, str]) -> Amounts:
    """What was counted by place, by the department that uses the place now; "" for places of none."""
    found: Amounts = Counter(given)
    for (measure, place_id), amount in amounts.items():
        found[measure, department.get(place_id, "")] += amount
    return found


def counted_at(site_id: UUID) -> datetime | None:
    """When the worker counted last; nothing before the first time."""
    mark = session.get(FigureMark, (site_id, SOURCE))
    return mark.counted_at if mark else None


def histogram(amounts: Mapping[tuple[str, str], int], measure: str) -> dict[int, int]:
    """The classes of a duration with their counts."""
    return {int(member): amount for (name, member), amount in amounts.items() if name == measure}


def histograms(amounts: Mapping[tuple[str, str], int], measure: str) -> dict[str, dict[int, int]]:
    """The same for each kind of job or person, by id."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for (name, member), amount in amounts.items():
        if name == measure:
            of, number = member.split(":")
            found[str(UUID(of))][int(number)] = amount
    return found


def most(amounts: Mapping[tuple[str, str], int], measure: str, count: int) -> list[tuple[str, int]]:
    """The members with the most of a measure, the greatest first."""
    found = [(member, amount) for (name, member), amount in amounts.items() if name == measure and amount > 0]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:count]


def time_dimension(dimension: str) -> str:
    """Where durations are kept for a dimension."""
    return f"{Dimension.TIME}-{dimension}" if dimension else Dimension.TIME.value


def _of(
    query: Select[*tuple[Any, ...]], site_id: UUID, wanted: Iterable[str], dimension: str, days: Iterable[date]
) -> Select[*tuple[Any, ...]]:
    return query.where(
        DayFigure.site_id == site_id,
        DayFigure.day.in_(list(days)),
        DayFigure.measure.in_(list(wanted)),
        DayFigure.dimension == dimension,
    )
