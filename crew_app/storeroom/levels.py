"""Bins and levels of a store: where an item lies, and when it is ordered again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, or_, select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.models import Account, AccountKind, Entry, Item, Move
from crew_app.stock.queries import account
from crew_app.storeroom.demand_models import StockLevel
from crew_app.storeroom.rules import USE_DAYS, reorder_point

LONGEST_LEAD = 365
USERS = (AccountKind.BAG, AccountKind.TICKET, AccountKind.DEPARTMENT)
"""Where goods go from a store to be used; what comes back from there was not used."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What is set for an item in a store; quantities in the item's unit."""

    bin: str
    minimum: Decimal
    reorder_point: Decimal
    maximum: Decimal
    lead_time_days: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store with what is set there for an item, and what its use of the last 90 days suggests."""

    store: Account
    level: StockLevel | None
    suggested: Decimal


def bin_of(store_id: UUID, item_id: UUID) -> str:
    """The bin (库位) of an item in a store; "" when nobody said."""
    level = session.get(StockLevel, (store_id, item_id))
    return level.bin if level else ""


def bins(store_id: UUID) -> dict[UUID, str]:
    """The bin of each item that has one in this store."""
    query = select(StockLevel.item_id, StockLevel.bin).where(StockLevel.store_id == store_id, StockLevel.bin != "")
    return {row[0]: row[1] for row in session.execute(query)}


def bins_of_item(item_id: UUID) -> dict[UUID, str]:
    """The bin of an item in each store where it has one."""
    query = select(StockLevel.store_id, StockLevel.bin).where(StockLevel.item_id == item_id, StockLevel.bin != "")
    return {row[0]: row[1] for row in session.execute(query)}


def store(person: Person, store_id: UUID) -> Account:
    """A store the person keeps; `Unseen` when it is none, `Forbidden` when somebody else keeps it."""
    found = account(person, store_id)
    if found.kind is not AccountKind.STORE:
        raise Unseen("unknown-account", N_("This store is not known."))
    if not person.can(Right.KEEP_STOCK, found.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    return found


def set_levels(store: Account, item: Item, levels: Levels, *, by: Person) -> StockLevel:
    """Say where an item lies in a store and when it is ordered again."""
    if not by.can(Right.KEEP_STOCK, store.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    if not 0 <= levels.minimum <= levels.reorder_point <= levels.maximum:
        words = N_("The minimum must not be above the reorder point, and the reorder point not above the maximum.")
        raise Refused("levels", words)
    if not 0 <= levels.lead_time_days <= LONGEST_LEAD:
        raise Refused("lead-time", N_("Please check the delivery time: from 0 to 365 days."))
    level = session.get(StockLevel, (store.id, item.id), with_for_update=True)
    if level is None:
        level = StockLevel(store_id=store.id, item_id=item.id, site_id=store.site_id)
        session.add(level)
    level.bin, level.lead_time_days = levels.bin, levels.lead_time_days
    level.minimum, level.reorder_point, level.maximum = levels.minimum, levels.reorder_point, levels.maximum
    session.flush()
    return level


def shelves(stores: Sequence[Account], item_id: UUID) -> list[Shelf]:
    """What is set for an item in each of these stores, with the suggested reorder point."""
    query = select(StockLevel).where(
        StockLevel.item_id == item_id, StockLevel.store_id.in_([store.id for store in stores])
    )
    levels = {level.store_id: level for level in session.scalars(query)}
    used = _used(item_id, [store.id for store in stores])
    return [_shelf(store, levels.get(store.id), used.get(store.id, Decimal(0))) for store in stores]


def _shelf(store: Account, level: StockLevel | None, used: Decimal) -> Shelf:
    return Shelf(store, level, reorder_point(used, level.lead_time_days if level else 0))


def _used(item_id: UUID, store_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What left each store for use within the last 90 days, less what came back."""
    ids, found = list(store_ids), {}
    for store_id in ids:
        users = select(Account.id).where(Account.kind.in_(USERS))
        out = (Move.from_account_id == store_id) & Move.to_account_id.in_(users)
        back = (Move.to_account_id == store_id) & Move.from_account_id.in_(users)
        query = (
            select(func.sum(case((out, Move.quantity), else_=-Move.quantity)))
            .join(Entry, Entry.posting_id == Move.posting_id)
            .where(Move.item_id == item_id, or_(out, back), Entry.posted_at >= now() - timedelta(days=USE_DAYS))
        )
        found[store_id] = session.scalar(query) or Decimal(0)
    return found
