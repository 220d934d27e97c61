"""Materials of a ticket: taken from a bag or a store into the ticket's own account in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock import actions as stock
from crew_app.stock.accounts import common, personal
from crew_app.stock.models import Account, AccountKind, Item, Move, Reason
from crew_app.stock.queries import moves_of_account
from crew_app.tickets.events import record
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Verb


@dataclass(frozen=True, slots=True)
class Used:
    """How much of what, and the id of its move in the books."""

    item: Item
    quantity: Decimal
    move_id: UUID


def log_material(
    ticket: Ticket, item: Item, quantity: Decimal, source: Account, move_id: UUID, *, by: Person, at: Moment
) -> Move:
    """Record that material was used on a job.

    Possible in every state: what was used was used. Only somebody who may work here can log it, from their own bag
    or a store of the same site.
    """
    return log_materials(ticket, [Used(item, quantity, move_id)], source, by=by, at=at)[0]


def log_materials(ticket: Ticket, used: Sequence[Used], source: Account, *, by: Person, at: Moment) -> list[Move]:
    """Record several at once: one posting and one line of the job's story."""
    _check(ticket, source, by)
    if session.scalar(select(Move.id).where(Move.id.in_([one.move_id for one in used])).limit(1)):
        raise Refused("move-known", N_("This entry was already made."))
    target = account_of(ticket)
    lines = [stock.Line(one.item, one.quantity, source, target, move_id=one.move_id) for one in used]
    moves = stock.post(Reason.USE, [*lines, *(old for line in lines for old in old_part(line, by))], by=by, at=at)
    note = "\n".join(words_for(one.item, one.quantity) for one in used)
    record(ticket, Verb.MATERIAL, by=by, at=at, note=note)
    return moves


def take_back(ticket: Ticket, move_id: UUID, *, by: Person, at: Moment) -> Move:
    """Correct a wrong entry by a counter-move, by whoever made it or a storekeeper."""
    move = session.get(Move, move_id)
    if move is None or move.to_account.ticket_id != ticket.id:
        raise Unseen("unknown-move", N_("This entry is not known."))
    if move.posting.person_id != by.id and not by.can(Right.KEEP_STOCK, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    counter = stock.reverse(move, by=by, at=at)
    record(ticket, Verb.REVERSE, by=by, at=at, note=words_for(move.item, move.quantity))
    return counter


def account_of(ticket: Ticket) -> Account:
    """The ledger account of a ticket, made when it is first needed."""
    account = session.scalar(select(Account).filter_by(ticket_id=ticket.id))
    if account is None:
        account = Account(site_id=ticket.site_id, kind=AccountKind.TICKET, name=ticket.number, ticket_id=ticket.id)
        session.add(account)
        session.flush()
    return account


def moves_of(ticket: Ticket) -> Sequence[Move]:
    """All moves into and out of a ticket's account, corrections included, oldest first."""
    account = session.scalar(select(Account).filter_by(ticket_id=ticket.id))
    return moves_of_account(account.id) if account else ()


def cost_of(moves: Sequence[Move], ticket: Ticket) -> Decimal:
    """What the materials of a ticket cost in yuan, without what was taken back."""
    signed = (move.cost if move.to_account.ticket_id == ticket.id else -move.cost for move in moves)
    return sum(signed, Decimal(0))


def old_part(line: stock.Line, by: Person) -> list[stock.Line]:
    """Whoever puts a new part in owes the old one (交旧领新)."""
    if not line.item.old_for_new:
        return []
    site_id = line.source.site_id
    removed, owed = common(site_id, AccountKind.REMOVED), personal(by, site_id, AccountKind.OWED)
    return [stock.Line(line.item, line.quantity, removed, owed)]


def words_for(item: Item, quantity: Decimal) -> str:
    """`LED 灯管 T8 18W × 2 支`, for the story of the ticket."""
    return f"{item.name} {item.spec} × {quantity.normalize():f} {item.unit}".replace("  ", " ")


def _check(ticket: Ticket, source: Account, by: Person) -> None:
    if not by.can(Right.WORK, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    if source.site_id != ticket.site_id or source.kind not in (AccountKind.BAG, AccountKind.STORE):
        raise Refused("wrong-source", N_("Material can only come from your own bag or a store of this site."))
    if source.kind is AccountKind.BAG and source.person_id != by.id:
        raise Refused("other-bag", N_("This is somebody else's bag."))
