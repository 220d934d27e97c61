"""What meters counted: month by month of one, and department by department in one month with the year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.places.models import Asset, Department, Place
from crew_app.rounds.anomalies import Value
from crew_app.rounds.consumption import Use, change, renewals, together, uses
from crew_app.rounds.content import CheckKind
from crew_app.rounds.models import Answer
from crew_app.rounds.series_models import ReadingSeries
from crew_app.storeroom.sums import first_of_month, last_months, start_of

MONTHS = 12
MOST_METERS = 5_000
AROUND = timedelta(days=100)
"""So far outside a month readings are looked for: meters that are read each quarter are among them."""
MOST_READINGS = 40_000
"""Of one meter, in two years."""
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What one meter counted in a month, and in the same month of the year before; `month` is its first day."""

    month: date
    use: Use
    before: Use

    @property
    def change(self) -> Decimal | None:
        """Percent more than the year before; nothing where one of the two is not whole."""
        return None if self.use.partial or self.before.partial else change(self.use.amount, self.before.amount)


@dataclass(frozen=True, slots=True)
class Line:
    """What the meters of one sort counted in a department (none: no department) in a month."""

    label: tuple[str, str]
    """Of the check, in Chinese and English."""
    unit: str
    department: Department | None
    meters: int
    use: Use
    before: Use

    @property
    def change(self) -> Decimal | None:
        """Percent more than the year before; nothing where one of the two is not whole."""
        return None if self.use.partial or self.before.partial else change(self.use.amount, self.before.amount)


def by_month(series: ReadingSeries, today: date) -> list[MonthUse]:
    """The last 12 months of one meter, the present one included, each with the year before."""
    months = [*last_months(today, 2 * MONTHS), first_of_month(today, 1)]
    bounds = [start_of(month, series.site.zone) for month in months]
    found = uses(_values(series, bounds[0], bounds[-1]), bounds)
    return [MonthUse(months[place], found[place], found[place - MONTHS]) for place in range(MONTHS, 2 * MONTHS)]


def new_meters(series: ReadingSeries, today: date) -> list[tuple[Value, Value]]:
    """Where in the last two years a reading went backwards: the last one of the old meter, the first of the new."""
    bounds = [start_of(day, series.site.zone) for day in (first_of_month(today, -2 * MONTHS), first_of_month(today, 1))]
    return renewals(_values(series, *bounds))


def by_department(site: Site, month: date) -> list[Line]:
    """Each sort of meter in each department in a month, the largest department first."""
    year_ago = first_of_month(month, -MONTHS)
    now, before = _used(site, month), _used(site, year_ago)
    sorts: dict[tuple[str, str, str], dict[UUID | None, list[ReadingSeries]]] = {}
    for series in meters(site):
        department = department_of(series)
        sort = sorts.setdefault((series.label, series.label_en, series.unit), {})
        sort.setdefault(department.id if department else None, []).append(series)
    lines = [_line(sort, group, now, before) for sort, groups in sorts.items() for group in groups.values()]
    return sorted(lines, key=lambda line: (line.label, line.unit, -line.use.amount))


def meters(site: Site) -> Sequence[ReadingSeries]:
    """The meters of a site."""
    options = (
        joinedload(ReadingSeries.asset).joinedload(Asset.place).joinedload(Place.department),
        joinedload(ReadingSeries.place).joinedload(Place.department),
        joinedload(ReadingSeries.site),
        joinedload(ReadingSeries.template),
    )
    query = select(ReadingSeries).filter_by(site_id=site.id, kind=CheckKind.METER).order_by(ReadingSeries.id)
    return session.scalars(query.limit(MOST_METERS).options(*options)).all()


def department_of(series: ReadingSeries) -> Department | None:
    """Who is charged for a meter: the department of the place where it hangs, or of the places around that."""
    place = series.asset.place if series.asset else series.place
    while place is not None and place.department is None:
        place = place.parent
    return place.department if place else None


def _line(
    sort: tuple[str, str, str], group: Sequence[ReadingSeries], now: dict[UUID, Use], before: dict[UUID, Use]
) -> Line:
    parts, earlier = ([used[series.id] for series in group] for used in (now, before))
    return Line(sort[:2], sort[2], department_of(group[0]), len(group), together(parts), together(earlier))


def in_spans(site: Site, bounds: Sequence[datetime]) -> dict[UUID, list[Use]]:
    """What each meter of a site counted from each bound to the next, by the id of its series."""
    query = (
        select(ReadingSeries.id, Answer.at, Answer.number)
        .join(Answer, and_(Answer.subject_id == ReadingSeries.subject_id, Answer.check_key == ReadingSeries.check_key))
        .where(ReadingSeries.site_id == site.id, ReadingSeries.kind == CheckKind.METER, Answer.number.is_not(None))
        .where(Answer.at >= bounds[0] - AROUND, Answer.at <= bounds[-1] + AROUND)
        .order_by(ReadingSeries.id, Answer.at)
    )
    found: dict[UUID, list[Use]] = {series.id: uses([], bounds) for series in meters(site)}
    rows = session.execute(query.execution_options(yield_per=AT_ONCE))
    for id_, own in groupby(rows, key=itemgetter(0)):  # one meter after the other: never all readings at once
        if id_ in found:
            found[id_] = uses([Value(at, number) for _, at, number in own if number is not None], bounds)
    return found


def _used(site: Site, month: date) -> dict[UUID, Use]:
    """What each meter of a site counted in a month, by the id of its series."""
    bounds = [start_of(month, site.zone), start_of(first_of_month(month, 1), site.zone)]
    return {id_: found[0] for id_, found in in_spans(site, bounds).items()}


def _values(series: ReadingSeries, start: datetime, end: datetime) -> list[Value]:
    """The readings of a span with the nearest one before and after it."""
    query = select(Answer.at, Answer.number).where(
        Answer.subject_id == series.subject_id, Answer.check_key == series.check_key, Answer.number.is_not(None)
    )
    before = query.where(Answer.at < start).order_by(Answer.at.desc()).limit(1)
    within = query.where(Answer.at >= start, Answer.at <= end).order_by(Answer.at).limit(MOST_READINGS)
    after = query.where(Answer.at > end).order_by(Answer.at).limit(1)
    rows = [row for part in (before, within, after) for row in session.execute(part)]
    return [Value(at, number) for at, number in rows if number is not None]
