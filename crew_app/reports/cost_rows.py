"""What stands behind a cell: each thing that cost something, with the job, the material, the person, the meter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.places.models import Place
from crew_app.reports.cost_models import CostKind
from crew_app.reports.cost_months import MonthCosts, bookings_of, detail_of, entries_of
from crew_app.reports.cost_rules import Fact, lines, sum_of
from crew_app.reports.energy import energy
from crew_app.reports.labour import labour
from crew_app.reports.periods import months_later
from crew_app.reports.point_people import people_of
from crew_app.stock.models import Entry, Item, Move
from crew_app.storeroom.sums import (
    USED,
    Source,
    Target,
    crossing,
    entering,
    over_moves,
    start_of,
    thousandths,
    units,
    within,
    worth,
    yuan,
)
from crew_app.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class CostRow:
    """One thing. `what` has a name (an item, a person) or is a text; what does not apply is empty."""

    kind: CostKind
    department_id: UUID | None
    day: date
    amount: Decimal
    detail: str = ""
    what: object = None
    ticket_id: UUID | None = None
    number: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    recorded: bool = True
    note: str = ""


def rows(site: Site, month: date, *, kind: CostKind | None, department_id: UUID | str | None) -> list[CostRow]:
    """All of a month, of a kind and a department ("any", or None for the site itself), as it stands now."""
    found = [row for source, make in _SOURCES.items() if kind in (None, *source) for row in make(site, month)]
    return [row for row in found if kind in (None, row.kind) and department_id in ("any", row.department_id)]


def came_later(costs: MonthCosts, found: Sequence[CostRow], kind: CostKind | None, department_id: object) -> Decimal:
    """How much of the rows a closed month does not have, because it came after it was closed."""
    if costs.closed is None:
        return Decimal(0)
    kept = [
        line
        for line in costs.lines
        if line.belongs is None and kind in (None, line.kind) and department_id in ("any", line.department_id)
    ]
    return sum_of(lines(Fact(row.department_id, row.kind, row.detail, row.amount) for row in found)) - sum_of(kept)


def _materials(site: Site, month: date) -> Iterator[CostRow]:
    department = func.coalesce(Target.department_id, Source.department_id, Place.department_id)
    ticket_id = func.coalesce(Target.ticket_id, Source.ticket_id)
    amounts = (entering(USED, worth()), entering(USED, thousandths()), Move.unit_cost)
    query = over_moves(select(department, Entry.posted_at, Item, Ticket.id, Ticket.number, *amounts), [site.id])
    span = within(start_of(month, site.zone), start_of(months_later(month, 1), site.zone))
    query = query.join(Item, Item.id == Move.item_id).outerjoin(Ticket, Ticket.id == ticket_id)
    query = query.outerjoin(Place, Place.id == Ticket.place_id).where(crossing(USED), span)
    for whose, at, item, ticket, number, cost, quantity, price in session.execute(query.order_by(Entry.position)):
        yield CostRow(
            CostKind.MATERIALS,
            whose,
            at.astimezone(site.zone).date(),
            yuan(cost),
            what=item,
            ticket_id=ticket,
            number=number or "",
            quantity=units(quantity),
            unit=item.unit,
            price=price,
        )


def _labour(site: Site, month: date) -> Iterator[CostRow]:
    start, end = start_of(month, site.zone), start_of(months_later(month, 1), site.zone)
    found = list(labour(site, start, end))
    people = people_of({one.person_id for one in found if one.person_id})
    for one in found:
        yield CostRow(
            CostKind.LABOUR,
            one.department_id,
            one.day,
            one.amount,
            what=people.get(one.person_id) if one.person_id else None,
            ticket_id=one.ticket_id,
            number=one.number,
            quantity=Decimal(one.minutes),
            unit="min",
            price=one.per_hour,
            recorded=one.recorded,
        )


def _contractors(site: Site, month: date) -> Iterator[CostRow]:
    for entry in entries_of(site, month):
        firm = entry.contractor
        kind = CostKind.CONTRACTORS
        yield CostRow(kind, None, entry.day, entry.effect, firm.name, firm, note=entry.reason)


def _booked(site: Site, month: date) -> Iterator[CostRow]:
    for one in bookings_of(site, month):
        day = one.at.astimezone(site.zone).date()
        yield CostRow(one.kind, one.department_id, day, one.amount, detail_of(one), one.contractor, note=one.note)


def _meters(site: Site, month: date) -> Iterator[CostRow]:
    for used in energy(site, month):
        yield CostRow(
            CostKind.METERS,
            used.department_id,
            used.day,
            used.amount,
            used.medium,
            quantity=used.used,
            unit=used.unit,
            price=used.price,
        )


_SOURCES = {
    (CostKind.MATERIALS,): _materials,
    (CostKind.LABOUR,): _labour,
    (CostKind.CONTRACTORS,): _contractors,
    (CostKind.CONTRACTORS, CostKind.OTHER): _booked,
    (CostKind.METERS,): _meters,
}
