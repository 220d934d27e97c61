"""What the stock was worth on any day, and what materials cost whom.

A value is what the books keep now, less what came in since: `crew ledger check` proves that it is the sum of all moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.places.models import Department, Place
from crew_app.stock.models import OWNED, Item, Move, Valuation
from crew_app.storeroom.sums import (
    USED,
    Source,
    Target,
    by_span,
    crossing,
    end_of,
    entering,
    first_of_month,
    last_months,
    net,
    over_moves,
    start_of,
    thousandths,
    units,
    within,
    worth,
    yuan,
)
from crew_app.tickets.models import JobKind, Ticket

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Worth:
    """What a site's stock of an item was worth, in yuan."""

    item: Item
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """An amount in yuan for a month; `month` is its first day."""

    month: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody (nobody: not said) or something cost, in yuan."""

    of: Department | JobKind | None
    amount: Decimal


def value_on(site: Site, day: date) -> Decimal:
    """What stores, bags and loans held at the end of a day, in yuan."""
    later = over_moves(select(net(OWNED, worth())), [site.id], end_of(day, site.zone))
    return kept_value(site) - yuan(session.scalar(later.where(crossing(OWNED))))


def worth_on(site: Site, day: date, after: str = "", limit: int | None = None) -> list[Worth]:
    """The same item by item, by code; items of which there was none and that had no value are left out."""
    quantity, value = net(OWNED, thousandths()), net(OWNED, worth())
    later = over_moves(select(Move.item_id, quantity, value), [site.id], end_of(day, site.zone)).where(crossing(OWNED))
    since = {row[0]: (units(row[1]), yuan(row[2])) for row in session.execute(later.group_by(Move.item_id))}
    kept = select(Item, Valuation.quantity, Valuation.value).join(Valuation, Valuation.item_id == Item.id)
    kept = kept.where(Valuation.site_id == site.id, Item.code > after).order_by(Item.code)
    found = []
    for item, held, summed in session.execute(kept):
        more, dearer = since.get(item.id, (Decimal(0), Decimal(0)))
        found.append(Worth(item, held - more, summed - dearer))
    return [one for one in found if one.quantity or one.value][:limit]


def month_ends(site: Site, day: date) -> list[Month]:
    """What the stock was worth at the end of each of the 12 months up to this day (at its end for the last)."""
    months = last_months(day, MONTHS)
    ends = [start_of(first_of_month(month, 1), site.zone) for month in months[:-1]] + [end_of(day, site.zone)]
    query = over_moves(select(*by_span(entering(OWNED, worth()), ends)), [site.id], ends[0]).where(crossing(OWNED))
    total = value_on(site, day)
    found = [Month(months[-1], total)]
    for month, gained in zip(months[-2::-1], session.execute(query).one()[::-1], strict=True):
        total -= yuan(gained)
        found.append(Month(month, total))
    return found[::-1]


def kept_value(site: Site) -> Decimal:
    """What the valuations say that the stock is worth now; `value_on` today says the same."""
    return session.scalar(select(func.sum(Valuation.value)).where(Valuation.site_id == site.id)) or Decimal(0)


def cost_by_month(site: Site, day: date) -> list[Month]:
    """What materials were used for, in each of the 12 months up to this day."""
    months = last_months(day, MONTHS)
    bounds = [start_of(month, site.zone) for month in (*months, first_of_month(day, 1))]
    query = over_moves(select(*by_span(entering(USED, worth()), bounds)), [site.id], bounds[0])
    row = session.execute(query.where(crossing(USED))).one()
    return [Month(month, yuan(spent)) for month, spent in zip(months, row, strict=True)]


def cost_by_department(site: Site, month: date) -> list[Share]:
    """What each department cost in a month: what it was given, and what was used on jobs in its rooms."""
    given = func.coalesce(Target.department_id, Source.department_id)
    department = func.coalesce(given, Place.department_id)
    rows = _shares(site, month, department)
    known = {found.id: found for found in session.scalars(select(Department).where(Department.site_id == site.id))}
    return [Share(known[department_id] if department_id else None, amount) for department_id, amount in rows]


def cost_by_job_kind(site: Site, month: date) -> list[Share]:
    """What each kind of job cost in a month; what departments were given is of none."""
    rows = _shares(site, month, Ticket.job_kind_id)
    known = {kind.id: kind for kind in session.scalars(select(JobKind))}
    return [Share(known[kind_id] if kind_id else None, amount) for kind_id, amount in rows]


def _shares(site: Site, month: date, key: Any) -> Sequence[tuple[UUID | None, Decimal]]:
    """The cost of a month by a key of the job or its place, the dearest first."""
    cost = net(USED, worth())
    ticket_id = func.coalesce(Target.ticket_id, Source.ticket_id)
    query = (
        over_moves(select(key, cost), [site.id])
        .outerjoin(Ticket, Ticket.id == ticket_id)
        .outerjoin(Place, Place.id == Ticket.place_id)
        .where(crossing(USED), within(start_of(month, site.zone), start_of(first_of_month(month, 1), site.zone)))
        .group_by(key)
        .having(cost != 0)
        .order_by(cost.desc())
    )
    return [(row[0], yuan(row[1])) for row in session.execute(query)]
