"""What meters counted in a month, and what that costs: departments with meters of their own, the rest to the site.

Only meters of templates for meter reading count. A meter without a department is taken for a main one, that counts what
the meters of departments behind it count, too.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.reports.cost_models import MeterPrice
from crew_app.reports.cost_rules import FOUR_PLACES, NOTHING, medium_of, rest, since
from crew_app.reports.periods import months_later
from crew_app.rounds import meter_use
from crew_app.rounds.content import Category
from crew_app.rounds.series_models import ReadingSeries
from crew_app.storeroom.sums import start_of

Sort = tuple[str, str]
"""Medium and unit."""


@dataclass(frozen=True, slots=True)
class Energy:
    """What a department (none: the site) used of a medium at one price, and what that costs."""

    department_id: UUID | None
    medium: str
    unit: str
    used: Decimal
    price: Decimal
    day: date
    """Since when, within the month, it was counted at this price."""

    @property
    def amount(self) -> Decimal:
        """What it costs, to four places."""
        return (self.used * self.price).quantize(FOUR_PLACES, ROUND_HALF_UP)


def energy(site: Site, month: date) -> list[Energy]:
    """What was used in a month, by price; media without a price cost nothing."""
    prices = prices_of(site)
    if not prices:
        return []
    meters = [one for one in meters_of(site) if sort_of(one) in prices]
    days = _days(month, prices)
    bounds = [start_of(day, site.zone) for day in (*days, months_later(month, 1))]
    used = meter_use.in_spans(site, bounds) if meters else {}
    found: list[Energy] = []
    for place, (day, _) in enumerate(pairwise((*days, months_later(month, 1)))):
        amounts = {one.id: used[one.id][place].amount for one in meters}
        for sort, shares in _shares(meters, amounts).items():
            price = since(prices[sort], day)
            if price is not None:
                found += [Energy(whose, *sort, share, price, day) for whose, share in shares.items() if share]
    return found


def prices_of(site: Site) -> dict[Sort, dict[date, Decimal]]:
    """What media cost, by the day since when."""
    found: dict[Sort, dict[date, Decimal]] = defaultdict(dict)
    for row in session.scalars(select(MeterPrice).filter_by(site_id=site.id)):
        found[row.medium, row.unit][row.since] = row.price
    return dict(found)


def sorts_of(site: Site) -> list[Sort]:
    """Every medium and unit that meters of a site count."""
    return sorted({sort_of(one) for one in meters_of(site)})


def meters_of(site: Site) -> Sequence[ReadingSeries]:
    """The meters that are read to know what was used."""
    return [one for one in meter_use.meters(site) if one.template.category is Category.METERS]


def sort_of(series: ReadingSeries) -> Sort:
    """What a meter counts, in which unit."""
    return medium_of(series.check_key, series.label), series.unit[:20]


def _shares(meters: Sequence[ReadingSeries], used: dict[UUID, Decimal]) -> dict[Sort, dict[UUID | None, Decimal]]:
    """Whom it is charged to; the site pays what its main meters count beyond the meters of departments."""
    found: dict[Sort, dict[UUID | None, Decimal]] = {}
    for one in meters:
        department = meter_use.department_of(one)
        shares = found.setdefault(sort_of(one), {})
        key = department.id if department else None
        shares[key] = shares.get(key, NOTHING) + used[one.id]
    for shares in found.values():
        if None in shares:
            shares[None] = rest(shares[None], [share for whose, share in shares.items() if whose])
    return found


def _days(month: date, prices: dict[Sort, dict[date, Decimal]]) -> list[date]:
    """The first day of the month, and every later day of it on which a price begins."""
    begun = {day for sort in prices.values() for day in sort if month < day < months_later(month, 1)}
    return [month, *sorted(begun)]
