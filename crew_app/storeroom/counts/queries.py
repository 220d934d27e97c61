"""Which counts there are and what a person may see of them."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Unseen
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person, Site
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import OWNED, Account, AccountKind, Balance, Item
from crew_app.storeroom.counts.actions import counters
from crew_app.storeroom.counts.models import CountEntry, CountItem, CountResult, CountState, Scope, StockCount

PAGE = 50
MONTHS = 3
"""A store is counted every quarter."""
LIVE = (CountState.OPEN, CountState.PROPOSED)
_WHOLE = (
    joinedload(StockCount.account).joinedload(Account.person).options(*NAMED),
    joinedload(StockCount.opened_by).options(*NAMED),
    joinedload(StockCount.proposed_by).options(*NAMED),
    joinedload(StockCount.decided_by).options(*NAMED),
)


@dataclass(frozen=True, slots=True)
class Due:
    """A store with the day by which it must be counted as a whole again; none when it never was."""

    store: Account
    day: date | None
    overdue: bool


def count(person: Person, count_id: UUID, right: Right = Right.SEE_STOCK, *, lock: bool = False) -> StockCount:
    """A count at a site where the person has this right; `lock` for those who will change it."""
    query = select(StockCount).where(StockCount.id == count_id, StockCount.site_id.in_(person.sites_with(right)))
    if lock:
        session.execute(select(StockCount.id).where(StockCount.id == count_id).with_for_update())
        query = query.execution_options(populate_existing=True)
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise Unseen("unknown-count", N_("This count is not known."))
    return found


def live(person: Person) -> Sequence[StockCount]:
    """Counts that are going on or wait for approval, newest first."""
    query = select(StockCount).where(StockCount.state.in_(LIVE), _visible(person))
    return session.scalars(query.options(*_WHOLE).order_by(StockCount.id.desc()).limit(PAGE)).all()


def closed(person: Person, before: UUID | None = None) -> Sequence[StockCount]:
    """Counts that were approved or given up, newest first; `before` is the id of the last one seen."""
    query = select(StockCount).where(StockCount.state.not_in(LIVE), _visible(person))
    if before:
        query = query.where(StockCount.id < before)
    return session.scalars(query.options(*_WHOLE).order_by(StockCount.id.desc()).limit(PAGE)).all()


def results(count_id: UUID) -> Sequence[CountResult]:
    """What an approved count found."""
    query = select(CountResult).join(CountResult.item).where(CountResult.count_id == count_id)
    order = (Item.category, Item.name, Item.spec, Item.code)
    return session.scalars(query.options(joinedload(CountResult.item)).order_by(*order)).all()


def may_see_books(counted: StockCount, person: Person) -> bool:
    """Whether the person may see what the books have, and so the differences.

    Whoever counts blind does not, until all is decided; nobody does while a blind count goes on.
    """
    if not any(person.can(right, counted.site_id) for right in (Right.KEEP_STOCK, Right.APPROVE_STOCK)):
        return False
    if not counted.blind or counted.state not in LIVE:
        return True
    return counted.state is CountState.PROPOSED and person.id not in counters(counted.id)


def need_books(counted: StockCount, person: Person) -> None:
    """`Forbidden` for whoever may not see what the books have."""
    if not may_see_books(counted, person):
        raise Forbidden("blind", N_("What the books say is not shown to those who count."))


def hidden_from(person: Person) -> set[UUID]:
    """Accounts of which the person is not told what they hold: a blind count goes on there.

    Nobody may look it up who counts or may yet count; whoever approves and has not counted may.
    """
    query = select(StockCount).where(StockCount.state == CountState.OPEN, StockCount.blind.is_(True), _visible(person))
    return {count.account_id for count in session.scalars(query) if not _stands_aside(count, person)}


def _stands_aside(counted: StockCount, person: Person) -> bool:
    counts = {counted.opened_by_id} | counters(counted.id)
    return person.can(Right.APPROVE_STOCK, counted.site_id) and person.id not in counts


def due(person: Person, at: datetime) -> list[Due]:
    """When the stores the person keeps must be counted: three months after the last approved full count."""
    query = (
        select(StockCount.account_id, func.max(StockCount.opened_at))
        .where(StockCount.scope == Scope.FULL, StockCount.state == CountState.APPROVED)
        .group_by(StockCount.account_id)
    )
    last = {row[0]: row[1] for row in session.execute(query)}
    return [_due(store, last.get(store.id), at) for store in stock.stores(person.sites_with(Right.KEEP_STOCK))]


def countable(person: Person) -> Sequence[Account]:
    """Stores, bags and loans of the sites whose stock the person keeps; only those that hold or held something."""
    query = (
        select(Account)
        .where(Account.site_id.in_(person.sites_with(Right.KEEP_STOCK)), Account.kind.in_(OWNED))
        .where(or_(Account.kind == AccountKind.STORE, select(Balance).where(Balance.account_id == Account.id).exists()))
        .options(joinedload(Account.person))
        .order_by(Account.kind.desc(), Account.name, Account.id)
    )
    return session.scalars(query).all()


def categories() -> Sequence[str]:
    """The categories of the catalogue."""
    return session.scalars(select(Item.category).where(Item.category != "").distinct().order_by(Item.category)).all()


def listed(count_id: UUID) -> set[UUID]:
    """The items on the list of a count."""
    return set(session.scalars(select(CountItem.item_id).where(CountItem.count_id == count_id)))


def entry_count(count_id: UUID) -> int:
    """How many entries a count has."""
    return session.scalar(select(func.count()).select_from(CountEntry).where(CountEntry.count_id == count_id)) or 0


def _visible(person: Person) -> ColumnElement[bool]:
    """Counts at the sites where one sees stock: whoever is there may be asked to help counting."""
    return StockCount.site_id.in_(person.sites_with(Right.SEE_STOCK))


def _due(store: Account, last: datetime | None, at: datetime) -> Due:
    zone = session.get_one(Site, store.site_id).zone
    day = _quarter_after(last.astimezone(zone).date()) if last else None
    return Due(store, day, day is None or day < at.astimezone(zone).date())


def _quarter_after(day: date) -> date:
    month = day.month - 1 + MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
