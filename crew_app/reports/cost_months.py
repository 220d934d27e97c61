"""What a month cost, department by department: as it stands now, or as it stood when it was closed.

Months are closed in their order. What comes for a closed month afterwards (a finish from a phone that was offline, a
reading that tells what a meter had counted) is charged to the first month that is open, and says where it belongs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.places.models import Department
from crew_app.reports.cost_models import CostBooking, CostKind, CostLine, CostMonth
from crew_app.reports.cost_rules import NOTHING, Fact, Line, late_lines, lines, split_detail, sum_of
from crew_app.reports.energy import energy
from crew_app.reports.labour import labour
from crew_app.reports.periods import months_later
from crew_app.rounds.contractor_models import Contractor, ContractorEntry
from crew_app.storeroom.sums import start_of
from crew_app.storeroom.values import cost_by_department

LOOKED_BACK = 3
"""So many closed months are looked at for what came late: phones bring nothing that is older (90 days)."""


@dataclass(frozen=True, slots=True)
class MonthCosts:
    """The lines of a month, and since when it is closed."""

    month: date
    lines: Sequence[Line]
    closed: CostMonth | None

    @property
    def total(self) -> Decimal:
        """What it cost altogether."""
        return sum_of(self.lines)

    def of(self, *, kind: CostKind | None = None, department_id: UUID | str | None = "any") -> Decimal:
        """What a kind cost, a department (None: the site itself), or a kind in a department."""
        return sum_of(
            line
            for line in self.lines
            if (kind is None or line.kind is kind) and department_id in ("any", line.department_id)
        )


def costs_of(site: Site, month: date) -> MonthCosts:
    """A month as it was closed, or as it stands; the first open one with what came late for those before it."""
    closed = closed_month(site, month)
    if closed:
        return MonthCosts(month, kept_lines(site, month), closed)
    late = late_for(site) if open_month(site) == month else []
    return MonthCosts(month, [*lines(facts(site, month)), *late], None)


def closed_month(site: Site, month: date) -> CostMonth | None:
    """By whom and when a month was closed; nothing while it is open."""
    return session.get(CostMonth, (site.id, month))


def open_month(site: Site) -> date | None:
    """The first month after those that are closed; nothing while none is."""
    last = last_closed(site.id)
    return months_later(last, 1) if last else None


def last_closed(site_id: UUID) -> date | None:
    """The newest closed month."""
    return session.scalar(select(func.max(CostMonth.month)).where(CostMonth.site_id == site_id))


def late_for(site: Site) -> list[Line]:
    """What came for the last closed months after they were closed, and was charged nowhere yet."""
    last = last_closed(site.id)
    if last is None:
        return []
    months = [months_later(last, -back) for back in range(LOOKED_BACK)]
    kept = [line for line in _stored(site, months_later(last, 1 - 2 * LOOKED_BACK)) if line[0] <= last]
    found: list[Line] = []
    for month in months:
        frozen = [line for at, line in kept if at == month and line.belongs is None]
        charged = [line for _, line in kept if line.belongs == month]
        if closed_month(site, month):
            found += late_lines(month, frozen, charged, lines(facts(site, month)))
    return found


def kept_lines(site: Site, month: date) -> list[Line]:
    """The lines of a closed month."""
    return [line for at, line in _stored(site, month) if at == month]


def facts(site: Site, month: date) -> Iterable[Fact]:
    """Everything that a month cost, each thing once."""
    start, end = (start_of(day, site.zone) for day in (month, months_later(month, 1)))
    for share in cost_by_department(site, month):
        department_id = share.of.id if isinstance(share.of, Department) else None
        yield Fact(department_id, CostKind.MATERIALS, "", share.amount)
    for work in labour(site, start, end):
        yield Fact(work.department_id, CostKind.LABOUR, "", work.amount)
    for entry in entries_of(site, month):
        yield Fact(None, CostKind.CONTRACTORS, entry.contractor.name, entry.effect)
    for booking in bookings_of(site, month):
        yield Fact(booking.department_id, booking.kind, detail_of(booking), booking.amount)
    for used in energy(site, month):
        yield Fact(used.department_id, CostKind.METERS, used.medium, used.amount)


def detail_of(booking: CostBooking) -> str:
    """What of a booking is: the firm."""
    return booking.contractor.name if booking.contractor else ""


def entries_of(site: Site, month: date) -> Sequence[ContractorEntry]:
    """Deductions and rewards of a month."""
    days = (ContractorEntry.day >= month, ContractorEntry.day < months_later(month, 1))
    query = select(ContractorEntry).join(Contractor, Contractor.id == ContractorEntry.contractor_id)
    query = query.where(ContractorEntry.site_id == site.id, *days)
    return session.scalars(query.order_by(ContractorEntry.day, ContractorEntry.id)).all()


def bookings_of(site: Site, month: date) -> Sequence[CostBooking]:
    """What was charged by hand to a month."""
    query = select(CostBooking).where(CostBooking.site_id == site.id, CostBooking.month == month)
    return session.scalars(query.order_by(CostBooking.at, CostBooking.id)).all()


def _stored(site: Site, since: date) -> list[tuple[date, Line]]:
    query = select(CostLine).where(CostLine.site_id == site.id, CostLine.month >= since).order_by(CostLine.id)
    found = []
    for row in session.scalars(query):
        belongs, detail = split_detail(row.detail)
        found.append((row.month, Line(row.department_id, row.kind, detail, row.amount, belongs)))
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount with those it is compared with."""

    amount: Decimal = NOTHING
    last_month: Decimal = NOTHING
    last_year: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class TableRow:
    """A department (none: the site itself) by kind, and altogether."""

    department: Department | None
    cells: dict[CostKind, Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """A month by department and kind, against the month before and the same month of the year before."""

    costs: MonthCosts
    rows: Sequence[TableRow]
    totals: dict[CostKind, Cell]
    total: Cell


def table(site: Site, month: date) -> Table:
    """The dearest department first, the site itself at the end."""
    three = [costs_of(site, one) for one in (month, months_later(month, -1), months_later(month, -12))]
    ids = {line.department_id for costs in three for line in costs.lines}
    query = select(Department).where(Department.id.in_([id_ for id_ in ids if id_]))
    whose: list[Department | None] = [*session.scalars(query), *([None] if None in ids else [])]
    rows = [_table_row(one, three) for one in whose]
    rows.sort(
        key=lambda row: (row.department is None, -row.total.amount, row.department.code if row.department else "")
    )
    totals = {kind: _cell(three, kind=kind) for kind in CostKind}
    return Table(three[0], rows, totals, _cell(three))


def _table_row(department: Department | None, three: Sequence[MonthCosts]) -> TableRow:
    id_ = department.id if department else None
    cells = {kind: _cell(three, kind=kind, department_id=id_) for kind in CostKind}
    return TableRow(department, cells, _cell(three, department_id=id_))


def _cell(three: Sequence[MonthCosts], kind: CostKind | None = None, department_id: UUID | str | None = "any") -> Cell:
    return Cell(*(costs.of(kind=kind, department_id=department_id) for costs in three))
