"""What jobs wait for, what is kept back for them, and what is still free."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.stock.models import Account, AccountKind, Balance, Item
from crew_app.storeroom.demand_models import Demand, StockLevel
from crew_app.storeroom.models import Slip, SlipKind, SlipLine, SlipState
from crew_app.storeroom.rules import NOTHING, Position
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.queries import by_ids
from crew_app.tickets.rules import UNDER_WORK, State

ENDED = (State.FINISHED, State.VERIFIED, State.CANCELLED)
TOLD = timedelta(days=3)
"""So long the first page says that material is here."""
PAGE = 50


def counts() -> ColumnElement[bool]:
    """Whether a demand still counts: not used, and the job neither ended now nor at any time since it was asked for."""
    ended = select(TicketEvent.id).where(
        TicketEvent.ticket_id == Demand.ticket_id,
        TicketEvent.to_state.in_(ENDED),
        TicketEvent.received_at > Demand.received_at,
    )
    return and_(Demand.closed_at.is_(None), Ticket.state.not_in(ENDED), ~ended.exists())


def open_demands(
    site_ids: Collection[UUID],
    item_ids: Collection[UUID] | None = None,
    *,
    ticket_ids: Collection[UUID] | None = None,
) -> Sequence[Demand]:
    """What counts now, in the order in which it is served: the most urgent job first, then who asked first."""
    query = select(Demand).join(Demand.ticket).where(counts(), Demand.site_id.in_(site_ids))
    if item_ids is not None:
        query = query.where(Demand.item_id.in_(item_ids))
    if ticket_ids is not None:
        query = query.where(Demand.ticket_id.in_(ticket_ids))
    query = query.options(
        joinedload(Demand.item),
        joinedload(Demand.person),
        contains_eager(Demand.ticket).options(
            joinedload(Ticket.job_kind), joinedload(Ticket.place), joinedload(Ticket.asset), joinedload(Ticket.owner)
        ),
    )
    return session.scalars(query.order_by(Ticket.priority, Demand.at, Demand.id)).all()


def wanted_items(site_ids: Collection[UUID], after: str = "") -> Sequence[Item]:
    """The items that somebody waits for, by code, a page at a time; `after` is the last code seen."""
    asked = select(Demand.item_id).join(Demand.ticket).where(counts(), Demand.site_id.in_(site_ids))
    query = select(Item).where(Item.id.in_(asked), Item.code > after).order_by(Item.code)
    return session.scalars(query.limit(PAGE)).all()


def arrived(person: Person, at: datetime) -> list[Ticket]:
    """The person's jobs for which all that was asked for is here, since at most three days, and not used yet."""
    query = (
        select(Demand.ticket_id)
        .join(Demand.ticket)
        .where(counts(), Ticket.owner_id == person.id, Ticket.state.in_(UNDER_WORK))
        .group_by(Demand.ticket_id)
        .having(func.count(Demand.ready_at) == func.count(Demand.id), func.max(Demand.ready_at) >= at - TOLD)
    )
    return list(by_ids(set(session.scalars(query))).values())


def on_hand(item_ids: Collection[UUID] | None, site_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What lies in the stores of these sites, per item; of every item without `item_ids`."""
    query = select(Balance.item_id, func.sum(Balance.quantity)).join(Balance.account)
    query = query.where(Account.kind == AccountKind.STORE, Account.site_id.in_(site_ids))
    return _per_item(query, Balance.item_id, item_ids)


def reserved(item_ids: Collection[UUID] | None, site_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What is kept back for jobs at these sites, per item."""
    query = select(Demand.item_id, func.sum(Demand.reserved)).join(Demand.ticket)
    return _per_item(query.where(counts(), Demand.site_id.in_(site_ids)), Demand.item_id, item_ids)


def available(item_ids: Collection[UUID] | None, site_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What is on hand less what is reserved; below zero when reserved goods were taken for something else."""
    kept = reserved(item_ids, site_ids)
    found = on_hand(item_ids, site_ids)
    return {item_id: found.get(item_id, NOTHING) - kept.get(item_id, NOTHING) for item_id in found.keys() | kept.keys()}


def positions(site_id: UUID, item_ids: Collection[UUID] | None = None) -> dict[UUID, Position]:
    """How a site stands with each item that it has, keeps or waits for."""
    sites = [site_id]
    have, kept, wanted = on_hand(item_ids, sites), reserved(item_ids, sites), _wanted(site_id, item_ids)
    levels, ordered = _levels(site_id, item_ids), on_order(site_id, item_ids)
    ids = have.keys() | kept.keys() | wanted.keys() | levels.keys() | ordered.keys()
    return {
        item_id: Position(
            have.get(item_id, NOTHING),
            kept.get(item_id, NOTHING),
            wanted.get(item_id, (NOTHING, False))[0],
            ordered.get(item_id, NOTHING),
            *levels.get(item_id, (NOTHING, NOTHING, NOTHING)),
            urgent=wanted.get(item_id, (NOTHING, False))[1],
        )
        for item_id in ids
    }


def on_order(site_id: UUID, item_ids: Collection[UUID] | None = None) -> dict[UUID, Decimal]:
    """What the purchase lists of a site ask for and no receipt has brought yet, per item."""
    lists = select(Slip.id).where(
        Slip.site_id == site_id,
        Slip.kind == SlipKind.PURCHASE,
        Slip.state.in_((SlipState.PROPOSED, SlipState.APPROVED)),
    )
    open_lines: dict[UUID, Decimal] = defaultdict(Decimal)
    came = received(lists)
    for (slip_id, item_id), quantity in ordered(lists).items():
        if item_ids is None or item_id in item_ids:
            open_lines[item_id] += max(quantity - came.get((slip_id, item_id), NOTHING), NOTHING)
    return dict(open_lines)


SlipIds = Collection[UUID] | Select[UUID]


def ordered(slip_ids: SlipIds) -> dict[tuple[UUID, UUID], Decimal]:
    """What these purchase lists ask for, by slip and item."""
    query = select(SlipLine.slip_id, SlipLine.item_id, func.sum(func.coalesce(SlipLine.granted, SlipLine.quantity)))
    query = query.where(SlipLine.slip_id.in_(slip_ids)).group_by(SlipLine.slip_id, SlipLine.item_id)
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def received(slip_ids: SlipIds) -> dict[tuple[UUID, UUID], Decimal]:
    """What the receipts against these purchase lists brought and was accepted, by slip and item."""
    query = (
        select(Slip.based_on_id, SlipLine.item_id, func.sum(func.coalesce(SlipLine.granted, SlipLine.quantity)))
        .join(Slip, Slip.id == SlipLine.slip_id)
        .where(Slip.based_on_id.in_(slip_ids), Slip.kind == SlipKind.RECEIPT, Slip.state == SlipState.DONE)
        .group_by(Slip.based_on_id, SlipLine.item_id)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query) if row[0]}


def _levels(site_id: UUID, item_ids: Collection[UUID] | None) -> dict[UUID, tuple[Decimal, Decimal, Decimal]]:
    query = (
        select(
            StockLevel.item_id,
            func.sum(StockLevel.minimum),
            func.sum(StockLevel.reorder_point),
            func.sum(StockLevel.maximum),
        )
        .where(StockLevel.site_id == site_id)
        .group_by(StockLevel.item_id)
    )
    if item_ids is not None:
        query = query.where(StockLevel.item_id.in_(item_ids))
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query)}


def _wanted(site_id: UUID, item_ids: Collection[UUID] | None) -> dict[UUID, tuple[Decimal, bool]]:
    """What is missing of each item, and whether a job that misses it is urgent."""
    found: dict[UUID, tuple[Decimal, bool]] = {}
    for demand in open_demands([site_id], item_ids):
        if demand.missing > 0:
            missing, urgent = found.get(demand.item_id, (NOTHING, False))
            found[demand.item_id] = (missing + demand.missing, urgent or demand.urgent)
    return found


def _per_item(
    query: Select[UUID, Decimal], column: InstrumentedAttribute[UUID], item_ids: Iterable[UUID] | None
) -> dict[UUID, Decimal]:
    if item_ids is not None:
        query = query.where(column.in_(item_ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(column))}
