"""Departments as customers of the storeroom: who asks for them, up to what amount a month, and what they have used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.stock.models import Account, Entry, Item, Move, Valuation, value_of
from crew_app.storeroom.fulfilment import open_lines
from crew_app.storeroom.models import Slip, SlipKind, SlipState
from crew_app.storeroom.ward_models import DepartmentLimit, DepartmentPerson

PAGE = 50
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Budget:
    """A department's month in yuan: its limit if it has one, what was handed out, what is approved and not fetched."""

    limit: Decimal | None
    spent: Decimal
    promised: Decimal = NOTHING

    def over(self, more: Decimal = NOTHING) -> bool:
        """Whether the limit is passed once `more` comes on top."""
        return self.limit is not None and self.spent + self.promised + more > self.limit


def managed(person: Person, after: str = "", limit: int = PAGE) -> Sequence[Department]:
    """The departments whose people and limits one sets, by code."""
    query = select(Department).where(Department.site_id.in_(person.sites_with(Right.MANAGE_DEPARTMENTS)))
    query = query.where(Department.retired_at.is_(None))
    return session.scalars(query.where(Department.code > after).order_by(Department.code).limit(limit)).all()


def department(person: Person, department_id: UUID) -> Department:
    """One of them."""
    found = session.get(Department, department_id)
    if found is None or found.site_id not in person.sites_with(Right.MANAGE_DEPARTMENTS):
        raise Unseen("unknown-department", N_("This department is not known here."))
    return found


def own(person: Person) -> Sequence[Department]:
    """The departments somebody asks for, at sites where they still may."""
    query = select(Department).join(DepartmentPerson).where(DepartmentPerson.person_id == person.id)
    query = query.where(Department.site_id.in_(person.sites_with(Right.ASK_FOR_STOCK)), Department.retired_at.is_(None))
    return session.scalars(query.order_by(Department.code)).all()


def askers(departments: Iterable[Department]) -> dict[UUID, list[Person]]:
    """Who asks for each of these departments."""
    ids = [found.id for found in departments]
    query = select(DepartmentPerson.department_id, Person).join(Person, Person.id == DepartmentPerson.person_id)
    found: dict[UUID, list[Person]] = {id_: [] for id_ in ids}
    for department_id, person in session.execute(query.where(DepartmentPerson.department_id.in_(ids))):
        found[department_id].append(person)
    return found


def limits(departments: Iterable[Department]) -> dict[UUID, Decimal]:
    """Their monthly limits in yuan, where there is one."""
    ids = [found.id for found in departments]
    query = select(DepartmentLimit).where(DepartmentLimit.department_id.in_(ids))
    return {row.department_id: row.monthly for row in session.scalars(query)}


def set_askers(found: Department, people: Sequence[Person]) -> None:
    """Let exactly these people ask for a department."""
    if not all(person.active and person.can(Right.ASK_FOR_STOCK, found.site_id) for person in people):
        raise Refused("may-not-ask", N_("One of these people may not ask for materials here. Give them a role first."))
    wanted = {person.id for person in people}
    rows = session.scalars(select(DepartmentPerson).where(DepartmentPerson.department_id == found.id)).all()
    for row in rows:
        if row.person_id not in wanted:
            session.delete(row)
    for person_id in sorted(wanted - {row.person_id for row in rows}):
        session.add(DepartmentPerson(department_id=found.id, person_id=person_id, site_id=found.site_id))
    session.flush()


def set_limit(found: Department, monthly: Decimal | None) -> None:
    """Set the monthly limit in yuan, or take it away."""
    row = session.get(DepartmentLimit, found.id)
    if monthly is None and row:
        session.delete(row)
    elif monthly is not None:
        row = row or DepartmentLimit(department_id=found.id, site_id=found.site_id)
        row.monthly = monthly
        session.add(row)
    session.flush()


def budget(found: Department, *, lock: bool = False) -> Budget:
    """How a department stands this month; `lock` for whoever approves, so that two do not approve at once."""
    row = session.get(DepartmentLimit, found.id, with_for_update=lock or None)
    return Budget(row.monthly if row else None, spent(found), _promised(found))


def spent(found: Department, day: date | None = None) -> Decimal:
    """What was handed out to a department in the month of a day (of its site's calendar), less what came back."""
    first, end = month(session.get_one(Site, found.site_id), day)
    account = session.scalar(select(Account).filter_by(department_id=found.id))
    if account is None:
        return NOTHING
    entries = select(Entry.posting_id).where(Entry.site_id == found.site_id)
    entries = entries.where(Entry.posted_at >= first, Entry.posted_at < end)
    query = select(Move).where(Move.posting_id.in_(entries))
    moves = session.scalars(query.where((Move.to_account_id == account.id) | (Move.from_account_id == account.id)))
    return sum((move.cost if move.to_account_id == account.id else -move.cost for move in moves), NOTHING)


def month(site: Site, day: date | None = None) -> tuple[datetime, datetime]:
    """The beginning of a site's calendar month and of the next one, in UTC."""
    day = day or now().astimezone(site.zone).date()
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    begin, end = (datetime.combine(start, time(), site.zone).astimezone(UTC) for start in (first, following))
    return begin, end


def prices(site_id: UUID, items: Iterable[Item]) -> dict[UUID, Decimal]:
    """What a unit costs now in yuan: the moving average, else the last price, else the catalogue's."""
    items = list(items)
    query = select(Valuation).where(Valuation.site_id == site_id, Valuation.item_id.in_([item.id for item in items]))
    worth = {row.item_id: row.average or row.last_price for row in session.scalars(query)}
    return {item.id: worth.get(item.id) or item.price for item in items}


def _promised(found: Department) -> Decimal:
    query = select(Slip).filter_by(kind=SlipKind.REQUEST, state=SlipState.APPROVED, department_id=found.id)
    left = [(line.item, line.left) for slip in session.scalars(query) for line in open_lines(slip)]
    worth = prices(found.site_id, [item for item, _ in left])
    return sum((value_of(quantity, worth[item.id]) for item, quantity in left), NOTHING)
