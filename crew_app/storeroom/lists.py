"""Lists of the storeroom: what is low, what lies dead, what is used most."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import aliased

from crew_app.core.db import session
from crew_app.stock.models import Account, Entry, Item, Move, Valuation
from crew_app.storeroom.availability import on_hand, positions
from crew_app.storeroom.models import Slip
from crew_app.storeroom.rules import DEAD_DAYS, NOTHING, USE_DAYS, Position
from crew_app.storeroom.sums import (
    STORES,
    USED,
    crossing,
    net,
    over_moves,
    thousandths,
    units,
    worth,
    yuan,
)

MOST = 50


@dataclass(frozen=True, slots=True)
class Stand:
    """An item at a site, and how it stands there."""

    site_id: UUID
    item: Item
    position: Position


@dataclass(frozen=True, slots=True)
class Dead:
    """An item that lies in the stores and does not move: since when, and what it is worth in yuan."""

    item: Item
    on_hand: Decimal
    value: Decimal
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Used:
    """How much of an item was used, on how many occasions, and what it cost in yuan."""

    item: Item
    quantity: Decimal
    times: int
    cost: Decimal


def low(site_ids: Collection[UUID]) -> list[Stand]:
    """What is at its reorder point or below, or missing for a job: urgent first, then by how much is left."""
    found = [
        (site_id, item_id, position)
        for site_id in site_ids
        for item_id, position in positions(site_id).items()
        if position.low or position.missing > 0
    ]
    known = by_id({item_id for _, item_id, _ in found})
    stands = [Stand(site_id, known[item_id], position) for site_id, item_id, position in found]
    return sorted(stands, key=lambda stand: (not stand.position.urgent, _left(stand.position), stand.item.code))


def by_id(item_ids: Collection[UUID]) -> dict[UUID, Item]:
    """Items by their ids."""
    return {item.id: item for item in session.scalars(select(Item).where(Item.id.in_(item_ids)))}


def _left(position: Position) -> Decimal:
    return position.available / position.reorder_point if position.reorder_point else Decimal(-1)


def dead(site_ids: Collection[UUID], at: datetime) -> list[Dead]:
    """What lies in the stores and did not leave them for 180 days, the dearest first.

    What never left them counts from when it first came in, so that new goods are not dead.
    """
    have = {item_id: quantity for item_id, quantity in on_hand(None, site_ids).items() if quantity > 0}
    last = _unmoved(have, site_ids, at - timedelta(days=DEAD_DAYS))
    items, prices = by_id(last), averages(last, site_ids)
    found = [Dead(items[id_], have[id_], have[id_] * prices.get(id_, items[id_].price), last[id_]) for id_ in last]
    return sorted(found, key=lambda one: (-one.value, one.item.code))


def _unmoved(item_ids: Collection[UUID], site_ids: Collection[UUID], since: datetime) -> dict[UUID, datetime | None]:
    """When each item last left the stores, of those that did not since then, nor came in for the first time.

    For each the newest move out of a store and the oldest into one are looked up, instead of reading all there were.
    """
    store = aliased(Account)
    out = _end(store, Move.from_account_id, Move.to_account_id, Move.posting_id.desc())
    came = _end(store, Move.to_account_id, Move.from_account_id, Move.posting_id)
    pairs = select(Item.id, out, came).select_from(Item).join(store, true())
    pairs = pairs.where(Item.id.in_(item_ids), store.kind.in_(STORES), store.site_id.in_(site_ids))
    gone: dict[UUID, list[datetime]] = defaultdict(list)
    begun: dict[UUID, list[datetime]] = defaultdict(list)
    for item_id, left, first in session.execute(pairs):
        gone[item_id] += [left] if left else []
        begun[item_id] += [first] if first else []
    last = {item_id: max(gone[item_id], default=None) for item_id in begun}
    return {id_: at for id_, at in last.items() if (at or min(begun[id_], default=since)) < since}


def _end(store: Any, here: Any, there: Any, order: Any) -> Any:
    """When the first move by this order took an item from a store (`here`) to what is none, or the other way round."""
    other = aliased(Account)
    return (
        select(Entry.posted_at)
        .select_from(Move)
        .join(Entry, Entry.posting_id == Move.posting_id)
        .join(other, other.id == there)
        .where(here == store.id, Move.item_id == Item.id, other.kind.not_in(STORES))
        .order_by(order)
        .limit(1)
        .correlate(store, Item)
        .scalar_subquery()
    )


def averages(item_ids: Collection[UUID], site_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The moving average of each item that has one, in yuan per unit, over these sites."""
    query = (
        select(Valuation.item_id, func.sum(Valuation.value), func.sum(Valuation.quantity))
        .where(Valuation.item_id.in_(item_ids), Valuation.site_id.in_(site_ids))
        .group_by(Valuation.item_id)
        .having(func.sum(Valuation.quantity) > 0)
    )
    return {item_id: max(value, NOTHING) / quantity for item_id, value, quantity in session.execute(query)}


def slip_numbers(slip_ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of those of these documents that are slips."""
    query = select(Slip.id, Slip.number).where(Slip.id.in_(slip_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def valuations(item_id: UUID, site_ids: Collection[UUID]) -> Sequence[Valuation]:
    """What an item's stock is worth at each of these sites, and the last price paid."""
    return session.scalars(select(Valuation).where(Valuation.item_id == item_id, Valuation.site_id.in_(site_ids))).all()


def most_used(site_ids: Collection[UUID], at: datetime, limit: int = MOST) -> list[Used]:
    """What was used most within the last 90 days, by what it cost; without what was taken back."""
    quantity, cost = net(USED, thousandths()), net(USED, worth())
    query = (
        over_moves(select(Item, quantity, func.count(Move.id), cost), site_ids, at - timedelta(days=USE_DAYS))
        .join(Item, Item.id == Move.item_id)
        .where(crossing(USED))
        .group_by(Item.id)
        .having(or_(quantity > 0, cost > 0))
        .order_by(cost.desc(), Item.code)
        .limit(limit)
    )
    return [Used(row[0], units(row[1]), row[2], yuan(row[3])) for row in session.execute(query)]
