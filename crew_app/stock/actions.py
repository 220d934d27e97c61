"""Verbs of the ledger. Every one is a posting of moves; balances follow in the same transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.upserts import Insert, upsert
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.stock import chain
from crew_app.stock.costs import Costs
from crew_app.stock.models import OWNED, Account, AccountKind, Balance, Discrepancy, Item, Move, Posting, Reason

Key = tuple[UUID, UUID]
"""An account and an item."""
LARGEST = Decimal(100_000)
OVERDRAWABLE = OWNED
"""Accounts that hold goods one can touch; less than nothing in one of them is a discrepancy to settle."""
WITHOUT_VALUE = frozenset({AccountKind.REMOVED, AccountKind.OWED, AccountKind.OFF_BOOK})
AFTER_POST: list[Callable[[list[Move], Moment], None]] = []
"""Who looks at every posting, in its own transaction, once it is in the books."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting: how much of what goes from where to where.

    `unit_cost` in yuan is what was paid for goods that come in; without it, and for all that goes out, they are worth
    the moving average.
    """

    item: Item
    quantity: Decimal
    source: Account
    target: Account
    move_id: UUID | None = None
    reverses: Move | None = None
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What a posting is for: its reason, words to it, and the slip or count it belongs to."""

    reason: Reason
    note: str = ""
    document_id: UUID | None = None


def post(
    why: Why | Reason, lines: Iterable[Line], *, by: Person, at: Moment, note: str = "", strict: bool = False
) -> list[Move]:
    """Write the lines as one posting, keep balances and costs, and seal it in the site's chain.

    What has physically happened is never refused: a balance may fall below zero, which opens a discrepancy. Only with
    `strict`, for what is about to happen, `Refused` ("not-enough") when a source does not hold so much.
    """
    why = why if isinstance(why, Why) else Why(why, note)
    lines = list(lines)
    _check(lines)
    site_id = lines[0].source.site_id
    chain.lock(site_id)
    posting = _posting(why, site_id, by, at)
    moves = _moves(posting, lines, Costs(site_id, {line.item.id for line in lines}))
    session.add_all([posting, *moves])
    session.flush()
    for move, left in _keep_balances(lines, moves):
        if strict and left < 0:
            raise _not_enough(move, left)
        _note_overdraft(move, left, at)
    chain.append(posting, moves, at)
    session.flush()
    for look in AFTER_POST:
        look(moves, at)
    return moves


def issue(item: Item, quantity: Decimal, source: Account, target: Account, *, by: Person, at: Moment) -> Move:
    """Hand goods from a store into a bag."""
    return post(Reason.ISSUE, [Line(item, quantity, source, target)], by=by, at=at)[0]


def receive(item: Item, quantity: Decimal, supplier: Account, store: Account, *, by: Person, at: Moment) -> Move:
    """Take goods from a supplier into a store."""
    return post(Reason.RECEIPT, [Line(item, quantity, supplier, store)], by=by, at=at)[0]


def reverse(move: Move, *, by: Person, at: Moment, note: str = "") -> Move:
    """Undo a move by a counter-move that names it; `Refused` ("already-reversed") when that was done before.

    The old part that was owed for it is not owed any more.
    """
    if move.reverses_id or session.query(Move).filter_by(reverses_id=move.id).first():
        raise Refused("already-reversed", N_("This entry was already corrected."))
    return post(Reason.REVERSAL, map(_counter, [move, *_owed_for(move)]), by=by, at=at, note=note)[0]


def _counter(move: Move) -> Line:
    return Line(move.item, move.quantity, move.to_account, move.from_account, reverses=move)


def _owed_for(move: Move) -> list[Move]:
    """The old parts owed in the same posting for the same item, not reversed yet."""
    if move.to_account.kind in WITHOUT_VALUE:
        return []
    query = select(Move).where(
        Move.posting_id == move.posting_id,
        Move.item_id == move.item_id,
        Move.quantity == move.quantity,
        Move.to_account.has(Account.kind == AccountKind.OWED),
        Move.id.not_in(select(Move.reverses_id).where(Move.reverses_id.is_not(None))),
    )
    return list(session.scalars(query.limit(1)))


def _check(lines: list[Line]) -> None:
    if not lines:
        raise Refused("nothing", N_("There is nothing in this list yet."))
    for line in lines:
        if line.source.id == line.target.id:
            raise Refused("same-account", N_("It is there already: choose another place."))
        if not 0 < line.quantity <= LARGEST:
            raise Refused("quantity", N_("Please check the quantity: it must be above zero and plausible."))
        if line.source.site_id != line.target.site_id:
            raise Refused("other-site", N_("These belong to different sites."))


def _posting(why: Why, site_id: UUID, by: Person, at: Moment) -> Posting:
    return Posting(
        id=new_id(),
        site_id=site_id,
        reason=why.reason,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
        note=why.note,
        document_id=why.document_id,
    )


def _moves(posting: Posting, lines: list[Line], costs: Costs) -> list[Move]:
    made = []
    for line in lines:
        unit_cost = _unit_cost(line, costs)
        costs.keep(line.item, line.quantity, unit_cost, line.source, line.target)
        if line.source.kind is AccountKind.SUPPLIER and line.unit_cost is not None:
            costs.paid(line.item, line.unit_cost)
        made.append(_move(posting, line, unit_cost))
    return made


def _unit_cost(line: Line, costs: Costs) -> Decimal:
    if line.reverses:
        return line.reverses.unit_cost
    if line.source.kind in WITHOUT_VALUE:
        return Decimal(0)
    if line.unit_cost is not None and line.source.kind not in OWNED:
        return line.unit_cost
    return costs.average(line.item)


def _move(posting: Posting, line: Line, unit_cost: Decimal) -> Move:
    return Move(
        id=line.move_id or new_id(),
        site_id=posting.site_id,
        posting_id=posting.id,
        item_id=line.item.id,
        from_account_id=line.source.id,
        to_account_id=line.target.id,
        quantity=line.quantity,
        unit_cost=unit_cost,
        reverses_id=line.reverses.id if line.reverses else None,
    )


def _not_enough(move: Move, left: Decimal) -> Refused:
    return Refused(
        "not-enough",
        N_("There is not enough of %(item)s: %(left)s %(unit)s left. Nothing was booked."),
        item=move.item.name,
        left=f"{(max(left + move.quantity, Decimal(0))).normalize():f}",
        unit=move.item.unit,
    )


def _keep_balances(lines: list[Line], moves: list[Move]) -> list[tuple[Move, Decimal]]:
    """Apply the moves to the balances, in one order for everybody so that two postings cannot wait for each other.

    Returns each move that took goods one can touch, with what its source holds afterwards.
    """
    changes = []
    for line, move in zip(lines, moves, strict=True):
        watched = move if line.source.kind in OVERDRAWABLE and not move.reverses_id else None
        changes.append((line.source.id, move.item_id, -move.quantity, watched))
        changes.append((line.target.id, move.item_id, move.quantity, None))
    changes.sort(key=lambda change: (change[0].bytes, change[1].bytes))
    deltas: dict[Key, Decimal] = {}
    for account_id, item_id, delta, _watched in changes:
        deltas[account_id, item_id] = deltas.get((account_id, item_id), Decimal(0)) + delta
    after = _add(deltas, moves[0].site_id)
    standing, found = {key: after[key] - delta for key, delta in deltas.items()}, []
    for account_id, item_id, delta, watched in changes:
        standing[account_id, item_id] += delta
        if watched:
            found.append((watched, standing[account_id, item_id]))
    return found


def _add(deltas: dict[Key, Decimal], site_id: UUID) -> dict[Key, Decimal]:
    """Add to balances by account and item in this order, making those that are not there; the new quantities."""
    rows = [
        {"account_id": account_id, "item_id": item_id, "site_id": site_id, "quantity": delta}
        for (account_id, item_id), delta in deltas.items()
    ]
    return {(row.account_id, row.item_id): row.quantity for row in session.connection().execute(_adding(), rows)}


@upsert
def _adding(insert: Insert) -> Any:
    kept: Any = Balance.__table__
    row = insert(kept)
    more = {"quantity": kept.c.quantity + row.excluded.quantity}
    row = row.on_conflict_do_update(index_elements=["account_id", "item_id"], set_=more)
    return row.returning(kept.c.account_id, kept.c.item_id, kept.c.quantity)


def _note_overdraft(move: Move, left: Decimal, at: Moment) -> None:
    if left >= 0:
        return
    session.add(
        Discrepancy(
            site_id=move.site_id,
            move_id=move.id,
            account_id=move.from_account_id,
            item_id=move.item_id,
            missing=min(move.quantity, -left),
            opened_at=at.received_at,
        )
    )
