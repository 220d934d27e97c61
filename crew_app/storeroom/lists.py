"""Lists of the storeroom: what is low, what lies dead, what is used most."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, or_, select

from crew_app.core.db import session
from crew_app.stock.models import Entry, Item, Move, Valuation
from crew_app.storeroom.availability import on_hand, positions
from crew_app.storeroom.models import Slip
from crew_app.storeroom.rules import DEAD_DAYS, NOTHING, USE_DAYS, Position
from crew_app.storeroom.sums import (
    STORES,
    USED,
    Source,
    Target,
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
    out = func.max(case((Source.kind.in_(STORES), Entry.posted_at)))
    came = func.min(case((Target.kind.in_(STORES), Entry.posted_at)))
    have = {item_id: quantity for item_id, quantity in on_hand(None, site_ids).items() if quantity > 0}
    query = (
        over_moves(select(Move.item_id, out), site_ids)
        .where(crossing(STORES), Move.item_id.in_(have))
        .group_by(Move.item_id)
        .having(func.coalesce(out, came) < at - timedelta(days=DEAD_DAYS))
    )
    last = {row[0]: row[1] for row in session.execute(query)}
    items, prices = by_id(last), averages(last, site_ids)
    found = [Dead(items[id_], have[id_], have[id_] * prices.get(id_, items[id_].price), last[id_]) for id_ in last]
    return sorted(found, key=lambda one: (-one.value, one.item.code))


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
        over_moves(select(Item, quantity, func.count(Move.id), cost), site_ids)
        .join(Item, Item.id == Move.item_id)
        .where(crossing(USED), Entry.posted_at >= at - timedelta(days=USE_DAYS))
        .group_by(Item.id)
        .having(or_(quantity > 0, cost > 0))
        .order_by(cost.desc(), Item.code)
        .limit(limit)
    )
    return [Used(row[0], units(row[1]), row[2], yuan(row[3])) for row in session.execute(query)]
