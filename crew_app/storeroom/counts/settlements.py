"""Settling discrepancies: what was missing is found, was another material, or was counted since."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.accounts import common, personal
from crew_app.stock.actions import Line, Why, post, reverse
from crew_app.stock.models import AccountKind, Discrepancy, Item, Move, Outcome, Posting, Reason
from crew_app.storeroom import demand
from crew_app.storeroom.counts.models import CountResult
from crew_app.tickets.events import record
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Verb

PAGE = 50
_WHOLE = (
    joinedload(Discrepancy.item),
    joinedload(Discrepancy.account),
    joinedload(Discrepancy.move).joinedload(Move.posting).joinedload(Posting.person),
    joinedload(Discrepancy.move).joinedload(Move.to_account),
    joinedload(Discrepancy.move).joinedload(Move.from_account),
)


def discrepancy(person: Person, discrepancy_id: UUID, *, lock: bool = False) -> Discrepancy:
    """A discrepancy of a site whose stock the person keeps."""
    if lock:
        session.execute(select(Discrepancy.id).where(Discrepancy.id == discrepancy_id).with_for_update())
    sites = person.sites_with(Right.KEEP_STOCK)
    query = select(Discrepancy).where(Discrepancy.id == discrepancy_id, Discrepancy.site_id.in_(sites))
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise Unseen("unknown-discrepancy", N_("This discrepancy is not known."))
    return found


def discrepancies(person: Person, *, settled: bool = False, before: UUID | None = None) -> Sequence[Discrepancy]:
    """Those to be settled, or those that are, newest first; `before` is the id of the last one seen."""
    query = select(Discrepancy).where(Discrepancy.site_id.in_(person.sites_with(Right.KEEP_STOCK)))
    query = query.where(Discrepancy.settled_at.is_not(None) if settled else Discrepancy.settled_at.is_(None))
    if before:
        query = query.where(Discrepancy.id < before)
    return session.scalars(query.options(*_WHOLE).order_by(Discrepancy.id.desc()).limit(PAGE)).all()


def counted_since(gap: Discrepancy) -> CountResult | None:
    """The latest approved count that knew of the move: counted after it, approved after it arrived."""
    query = select(CountResult).where(
        CountResult.account_id == gap.account_id,
        CountResult.item_id == gap.item_id,
        CountResult.counted_at >= gap.move.posting.at,
        CountResult.received_at > gap.opened_at,
    )
    return session.scalar(query.order_by(CountResult.counted_at.desc()).limit(1))


def settle_found(gap: Discrepancy, note: str, *, by: Person, at: Moment) -> None:
    """There was more than the books had: book what was missing.

    It was there before the move, so that is the time it counts from.
    """
    _check(gap, by)
    if counted_since(gap):
        words = N_("It was counted since then, and the books are right already. Choose “Counted”.")
        raise Refused("counted-since", words)
    difference = common(gap.site_id, AccountKind.DIFFERENCE)
    incoming = gap.move.to_account_id == gap.account_id
    source, target = (gap.account, difference) if incoming else (difference, gap.account)
    why = Why(Reason.SETTLEMENT, note, gap.id)
    post(why, [Line(gap.item, gap.missing, source, target)], by=by, at=_then(gap, at))
    _settle(gap, Outcome.FOUND, note, by, at)


def settle_wrong_item(gap: Discrepancy, item: Item, note: str, *, by: Person, at: Moment) -> None:
    """It was another material: undo the entry, and book the right one from the same source to the same target."""
    _check(gap, by)
    move = gap.move
    if item.id == move.item_id:
        raise Refused("same-item", N_("That is the material in the books. Choose the one that was really taken."))
    reverse(move, by=by, at=_then(gap, at), note=note)
    why = Why(move.posting.reason, note or move.posting.note, move.posting.document_id)
    post(why, _right_lines(move, item), by=by, at=_then(gap, at))
    _tell(move, item, by, at)
    _settle(gap, Outcome.WRONG_ITEM, note, by, at)


def settle_counted(gap: Discrepancy, note: str, *, by: Person, at: Moment) -> None:
    """A count since then has put the books right; `Refused` when there was none."""
    _check(gap, by)
    if counted_since(gap) is None:
        words = N_("No approved count has included this material since then. Count it first.")
        raise Refused("not-counted", words)
    _settle(gap, Outcome.COUNTED, note, by, at)


def _check(gap: Discrepancy, by: Person) -> None:
    if gap.settled_at:
        raise Refused("settled", N_("This was settled in the meantime."))
    if gap.move.posting.person_id == by.id:
        raise Forbidden("own-move", N_("You made this entry yourself, so somebody else has to settle it."))


def _settle(gap: Discrepancy, outcome: Outcome, note: str, by: Person, at: Moment) -> None:
    gap.settled_at, gap.settled_by_id, gap.outcome, gap.note = at.at, by.id, outcome, note.strip()[:500]
    session.flush()


def _then(gap: Discrepancy, at: Moment) -> Moment:
    """Said now, about the time of the move."""
    return replace(at, at=gap.move.posting.at)


def _right_lines(move: Move, item: Item) -> list[Line]:
    lines = [Line(item, move.quantity, move.from_account, move.to_account)]
    if item.old_for_new and move.to_account.kind is AccountKind.TICKET:
        owed = personal(move.posting.person, move.site_id, AccountKind.OWED)
        lines.append(Line(item, move.quantity, common(move.site_id, AccountKind.REMOVED), owed))
    return lines


def _tell(move: Move, item: Item, by: Person, at: Moment) -> None:
    """Let the story of the job say what was exchanged."""
    ticket = session.get(Ticket, move.to_account.ticket_id) if move.to_account.ticket_id else None
    if ticket:
        record(ticket, Verb.REVERSE, by=by, at=at, note=_words(move.item, move))
        record(ticket, Verb.MATERIAL, by=by, at=at, note=_words(item, move))
        demand.taken_back(ticket, move.item_id, at=at)
        demand.used(ticket, [item.id], at=at)


def _words(item: Item, move: Move) -> str:
    return " ".join(filter(None, (item.name, item.spec, "×", f"{move.quantity.normalize():f}", item.unit)))
