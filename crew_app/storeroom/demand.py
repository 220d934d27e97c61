"""Demand: what held jobs wait for, what is reserved for them, and how a receipt sets them free."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.stock import chain
from crew_app.stock.actions import LARGEST
from crew_app.stock.models import Account, AccountKind, Balance, Item, Move
from crew_app.storeroom.availability import available, open_demands
from crew_app.storeroom.demand_models import Demand
from crew_app.storeroom.models import Slip
from crew_app.storeroom.rules import shares
from crew_app.tickets import actions as tickets
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason, Priority, State


def ask(ticket: Ticket, item: Item, quantity: Decimal, *, by: Person, at: Moment) -> Demand:
    """Ask the storeroom for what a job waits for; what is free is reserved at once."""
    if not 0 < quantity <= LARGEST:
        raise Refused("quantity", N_("Please check the quantity: it must be above zero and plausible."))
    chain.lock(ticket.site_id)
    demand = Demand(
        id=new_id(),
        site_id=ticket.site_id,
        item_id=item.id,
        ticket_id=ticket.id,
        quantity=quantity,
        reserved=Decimal(0),
        handed=Decimal(0),
        urgent=ticket.priority <= Priority.URGENT,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(demand)
    session.flush()
    _reserve(ticket.site_id, {item.id}, at)
    return demand


def after_receipt(slip: Slip, by: Person, at: Moment) -> list[Ticket]:
    """Give what a receipt brought to the jobs that wait for it, and set them free; returns the jobs set free."""
    return allocate(slip.site_id, {line.item_id for line in slip.lines}, by=by, at=at)


def allocate(site_id: UUID, item_ids: Collection[UUID] | None = None, *, by: Person, at: Moment) -> list[Ticket]:
    """Reserve what is free for the jobs that wait, the most urgent first and then the one that waits longest.

    A held job that has everything now goes on, in the storekeeper's name. Without `item_ids` for every item.
    """
    chain.lock(site_id)
    waiting = _reserve(site_id, item_ids, at)
    freed = []
    for ticket in _held({demand.ticket_id for demand in waiting}):
        if all(demand.missing == 0 for demand in open_demands([site_id], ticket_ids=[ticket.id])):
            tickets.supply(ticket, by=by, at=at)
            freed.append(ticket)
    return freed


def used(ticket: Ticket, item_ids: Iterable[UUID], *, at: Moment) -> None:
    """The materials were used on the job: it waits for them no longer, and nothing is kept back for it."""
    for demand in open_demands([ticket.site_id], list(item_ids), ticket_ids=[ticket.id]):
        demand.closed_at = at.at
    session.flush()


def taken_back(ticket: Ticket, item_id: UUID, *, at: Moment) -> None:
    """An entry of the job was corrected: when nothing of the material is on it any more, the job waits for it again."""
    if _on(ticket, item_id) > 0:
        return
    chain.lock(ticket.site_id)
    query = select(Demand).where(Demand.ticket_id == ticket.id, Demand.item_id == item_id)
    for demand in session.scalars(query.where(Demand.closed_at.is_not(None))):
        demand.closed_at = demand.ready_at = None
        demand.reserved = Decimal(0)  # it may be somebody else's by now
    session.flush()
    _reserve(ticket.site_id, {item_id}, at)


def _on(ticket: Ticket, item_id: UUID) -> Decimal:
    query = select(Balance.quantity).join(Balance.account)
    return session.scalar(query.where(Account.ticket_id == ticket.id, Balance.item_id == item_id)) or Decimal(0)


def after_issue(slip: Slip, *, at: Moment) -> None:
    """What somebody took for their jobs is theirs now, and not kept back in the store any more.

    A job that got it waits for it no longer.
    """
    query = select(Move).where(Move.posting_id == slip.posting_id).options(joinedload(Move.to_account))
    for move in session.scalars(query):
        if move.to_account.ticket_id:
            used(session.get_one(Ticket, move.to_account.ticket_id), [move.item_id], at=at)
        if move.to_account.kind is AccountKind.BAG and move.to_account.person_id:
            _hand(move, move.to_account.person_id, at)
    session.flush()


def _hand(move: Move, person_id: UUID, at: Moment) -> None:
    mine = [one for one in open_demands([move.site_id], [move.item_id]) if one.ticket.owner_id == person_id]
    parts = shares(move.quantity, [demand.quantity - demand.handed for demand in mine])
    for demand, part in zip(mine, parts, strict=True):
        demand.handed += part
        demand.reserved = min(demand.reserved, demand.quantity - demand.handed)
        _mark(demand, at)


def _reserve(site_id: UUID, item_ids: Collection[UUID] | None, at: Moment) -> Sequence[Demand]:
    """Reserve what is free; returns everything that was asked for of these items. Needs the ledger's lock."""
    demands = open_demands([site_id], item_ids)
    free = available([demand.item_id for demand in demands], [site_id])
    by_item: dict[UUID, list[Demand]] = defaultdict(list)
    for demand in demands:
        by_item[demand.item_id].append(demand)
    for item_id, waiting in by_item.items():
        parts = shares(free.get(item_id, Decimal(0)), [demand.missing for demand in waiting])
        for demand, part in zip(waiting, parts, strict=True):
            demand.reserved += part
            _mark(demand, at)
    session.flush()
    return demands


def _mark(demand: Demand, at: Moment) -> None:
    if demand.missing == 0 and demand.ready_at is None:
        demand.ready_at = at.at


def _held(ids: Iterable[UUID]) -> Sequence[Ticket]:
    """Those of these jobs that wait for material and that nobody is changing at this moment.

    Whoever changes one waits for the ledger's lock, which is ours: waiting for them would never end.
    """
    query = (
        select(Ticket)
        .where(Ticket.id.in_(ids), Ticket.state == State.ON_HOLD, Ticket.hold_reason == HoldReason.MATERIAL)
        .order_by(Ticket.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()
