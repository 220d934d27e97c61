"""What is decided about costs: rates and prices, bills charged by hand, closing a month and opening it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, select

from crew_app.core.changes import NEW, REMOVED, Trace, note, put
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right, Trade
from crew_app.places.models import Department
from crew_app.reports.cost_models import CostBooking, CostKind, CostLine, CostMonth, LabourRate, MeterPrice
from crew_app.reports.cost_months import costs_of, last_closed, open_month
from crew_app.reports.periods import months_later
from crew_app.rounds.contractor_models import Contractor

BOOKED = (CostKind.CONTRACTORS, CostKind.OTHER)
"""What may be charged by hand; everything else is counted from what happened."""
DEAREST = Decimal(10_000_000)


@dataclass(frozen=True, slots=True)
class Bill:
    """An amount to be charged by hand."""

    id: UUID
    month: date
    kind: CostKind
    amount: Decimal
    note: str
    department: Department | None = None
    contractor: Contractor | None = None


def set_rate(site: Site, trade: Trade | None, since: date, per_hour: Decimal, *, by: Person, at: Moment) -> LabourRate:
    """Say what an hour of a trade (none: of everybody else) costs from a day on; no day of a closed month."""
    _need(by, site.id)
    _need_open_day(site, since)
    _need_price(per_hour)
    row = session.scalar(select(LabourRate).filter_by(site_id=site.id, trade=trade, since=since))
    name = f"{trade.value if trade else '*'} {since}"
    if row:
        put(row, {"per_hour": per_hour}, Trace(by.id, at.at), name=name)
    else:
        row = LabourRate(site_id=site.id, trade=trade, since=since, per_hour=per_hour)
        session.add(row)
        session.flush()
        note(row, NEW, None, per_hour, Trace(by.id, at.at), name=name)
    session.flush()
    return row


def set_price(site: Site, sort: tuple[str, str], since: date, price: Decimal, *, by: Person, at: Moment) -> MeterPrice:
    """Say what a unit of a medium costs from a day on; no day of a closed month."""
    _need(by, site.id)
    _need_open_day(site, since)
    _need_price(price)
    medium, unit = sort
    row = session.scalar(select(MeterPrice).filter_by(site_id=site.id, medium=medium, unit=unit, since=since))
    name = f"{medium} {unit} {since}"
    if row:
        put(row, {"price": price}, Trace(by.id, at.at), name=name)
    else:
        row = MeterPrice(site_id=site.id, medium=medium, unit=unit, since=since, price=price)
        session.add(row)
        session.flush()
        note(row, NEW, None, price, Trace(by.id, at.at), name=name)
    session.flush()
    return row


def remove_price(row: LabourRate | MeterPrice, *, by: Person, at: Moment) -> None:
    """Take back a rate or a price that counts for no closed month."""
    _need(by, row.site_id)
    _need_open_day(session.get_one(Site, row.site_id), row.since)
    value = row.per_hour if isinstance(row, LabourRate) else row.price
    what = (row.trade.value if row.trade else "*") if isinstance(row, LabourRate) else f"{row.medium} {row.unit}"
    note(row, REMOVED, value, None, Trace(by.id, at.at), name=f"{what} {row.since}")
    session.delete(row)
    session.flush()


def book(site: Site, bill: Bill, *, by: Person, at: Moment) -> CostBooking:
    """Charge a bill to a month that is open. Rows are never changed: a wrong one is taken back."""
    _need(by, site.id)
    if session.get(CostBooking, bill.id):
        raise Refused("entry-known", N_("This entry was already made."))
    if bill.kind not in BOOKED:
        raise Refused("choice-missing", N_("Please say whether a contractor gets it, or something else cost it."))
    if bill.kind is CostKind.CONTRACTORS and bill.contractor is None:
        raise Refused("contractor-missing", N_("Please choose the contractor whose bill it is."))
    if not 0 < bill.amount <= DEAREST:
        raise Refused("amount", N_("Please check the amount: it must be above zero and plausible."))
    _need_open_month(site, bill.month)
    row = CostBooking(
        id=bill.id,
        site_id=site.id,
        month=bill.month,
        department_id=bill.department.id if bill.department else None,
        kind=bill.kind,
        contractor_id=bill.contractor.id if bill.contractor else None,
        amount=bill.amount,
        note=bill.note[:200],
        person_id=by.id,
        at=at.at,
    )
    session.add(row)
    session.flush()
    return row


def take_back(booking: CostBooking, reversal_id: UUID, reason: str, *, by: Person, at: Moment) -> CostBooking:
    """Take a booking back: by a counter-booking in its own month, or in the open one when that is closed."""
    _need(by, booking.site_id)
    if not reason.strip():
        raise Refused("words-missing", N_("Please give the reason."))
    taken = session.scalar(select(CostBooking.id).where(CostBooking.reverses_id == booking.id))
    if taken or booking.reverses_id:
        raise Refused("taken-back", N_("This entry was taken back already."))
    site = session.get_one(Site, booking.site_id)
    first = open_month(site)
    counter = CostBooking(
        id=reversal_id,
        site_id=booking.site_id,
        month=max(booking.month, first) if first else booking.month,
        department_id=booking.department_id,
        kind=booking.kind,
        contractor_id=booking.contractor_id,
        amount=-booking.amount,
        note=reason.strip()[:200],
        reverses_id=booking.id,
        person_id=by.id,
        at=at.at,
    )
    session.add(counter)
    session.flush()
    return counter


def close(site: Site, month: date, *, by: Person, at: Moment) -> CostMonth:
    """Close a month that is over: its lines stand from now on. Months are closed in their order."""
    _need(by, site.id)
    if month >= at.received_at.astimezone(site.zone).date().replace(day=1):
        raise Refused("month-running", N_("This month is not over yet. It can be closed from the first of the next."))
    _need_open_month(site, month)
    first = open_month(site)
    if first and month != first:
        raise Refused(
            "month-order", N_("Months are closed one after the other. Next is %(month)s."), month=f"{first:%Y-%m}"
        )
    found = costs_of(site, month)
    row = CostMonth(site_id=site.id, month=month, closed_by_id=by.id, closed_at=at.received_at)
    session.add(row)
    session.add_all(
        CostLine(
            site_id=site.id,
            month=month,
            department_id=line.department_id,
            kind=line.kind,
            detail=line.stored_detail,
            amount=line.amount,
        )
        for line in found.lines
    )
    session.flush()
    note(row, NEW, None, found.total, Trace(by.id, at.at), name=f"{month:%Y-%m}")
    return row


def reopen(site: Site, month: date, reason: str, *, by: Person, at: Moment) -> None:
    """Open the month that was closed last; its figures and the reason stay in the trace of changes."""
    _need(by, site.id)
    row = session.get(CostMonth, (site.id, month))
    if row is None:
        raise Unseen("month-open", N_("This month is not closed."))
    if month != last_closed(site.id):
        raise Refused("month-order", N_("Only the month that was closed last can be opened again."))
    if not reason.strip():
        raise Refused("words-missing", N_("Please give the reason: it is kept with the change."))
    total = costs_of(site, month).total
    note(row, REMOVED, total, reason.strip(), Trace(by.id, at.at), name=f"{month:%Y-%m}")
    session.execute(delete(CostLine).where(CostLine.site_id == site.id, CostLine.month == month))
    session.delete(row)
    session.flush()


def rates_of(site_id: UUID) -> Sequence[LabourRate]:
    """All rates, by trade and day."""
    query = select(LabourRate).filter_by(site_id=site_id)
    return session.scalars(query.order_by(LabourRate.trade, LabourRate.since)).all()


def prices_of(site_id: UUID) -> Sequence[MeterPrice]:
    """All prices, by medium and day."""
    query = select(MeterPrice).filter_by(site_id=site_id)
    return session.scalars(query.order_by(MeterPrice.medium, MeterPrice.unit, MeterPrice.since)).all()


def booking(person: Person, booking_id: UUID) -> CostBooking:
    """A booking of a site whose costs somebody sees."""
    found = session.get(CostBooking, booking_id)
    if found is None or not person.can(Right.SEE_COSTS, found.site_id):
        raise Unseen("unknown-booking", N_("This entry is not known here."))
    return found


def _need_open_day(site: Site, day: date) -> None:
    first = open_month(site)
    if first and day < first:
        raise Refused("month-closed", N_("That month is closed. Choose a day from %(day)s on."), day=first.isoformat())


def _need_open_month(site: Site, month: date) -> None:
    first = open_month(site)
    if first and month < first:
        raise Refused(
            "month-closed", N_("That month is closed. The next open one is %(month)s."), month=f"{first:%Y-%m}"
        )


def _need_price(value: Decimal) -> None:
    if not 0 <= value <= DEAREST:
        raise Refused("price", N_("Please check the price: it must be plausible."))


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.SEE_COSTS, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))


def months(site: Site, at: Moment, count: int = 15) -> list[date]:
    """The months one may look at: this one and those before."""
    this = at.at.astimezone(site.zone).date().replace(day=1)
    return [months_later(this, -back) for back in range(count)]
