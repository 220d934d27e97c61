"""Verbs of the ledger. Every one is a posting of moves; balances follow in the same transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from crew_app.core.clock import Moment
from crew_app.core.db import Base, session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.stock import queries
from crew_app.stock.models import Account, AccountKind, Balance, Discrepancy, Item, Move, Posting, Reason

LARGEST = Decimal(100_000)
OVERDRAWABLE = frozenset({AccountKind.STORE, AccountKind.BAG})
"""Accounts that hold goods one can touch; less than nothing in one of them is a discrepancy to settle."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a posting: how much of what goes from where to where."""

    item: Item
    quantity: Decimal
    source: Account
    target: Account
    move_id: UUID | None = None
    reverses: Move | None = None


def post(reason: Reason, lines: Iterable[Line], *, by: Person, at: Moment, note: str = "") -> list[Move]:
    """Write the lines as one posting and keep the balances.

    What has physically happened is never refused: a balance may fall below zero, which opens a discrepancy.
    """
    lines = list(lines)
    _check(lines)
    posting = _posting(reason, lines[0].source.site_id, by, at, note)
    moves = [_move(posting, line) for line in lines]
    session.add_all([posting, *moves])
    session.flush()
    for move, left in _keep_balances(lines, moves):
        _note_overdraft(move, left, at)
    session.flush()
    return moves


def issue(item: Item, quantity: Decimal, source: Account, target: Account, *, by: Person, at: Moment) -> Move:
    """Hand goods from a store into a bag."""
    return post(Reason.ISSUE, [Line(item, quantity, source, target)], by=by, at=at)[0]


def receive(item: Item, quantity: Decimal, supplier: Account, store: Account, *, by: Person, at: Moment) -> Move:
    """Take goods from a supplier into a store."""
    return post(Reason.RECEIPT, [Line(item, quantity, supplier, store)], by=by, at=at)[0]


def reverse(move: Move, *, by: Person, at: Moment, note: str = "") -> Move:
    """Undo a move by a counter-move that names it; `Refused` ("already-reversed") when that was done before."""
    if move.reverses_id or session.query(Move).filter_by(reverses_id=move.id).first():
        raise Refused("already-reversed", N_("This entry was already corrected."))
    line = Line(move.item, move.quantity, move.to_account, move.from_account, reverses=move)
    return post(Reason.REVERSAL, [line], by=by, at=at, note=note)[0]


def _check(lines: list[Line]) -> None:
    for line in lines:
        if not 0 < line.quantity <= LARGEST:
            raise Refused("quantity", N_("Please check the quantity: it must be above zero and plausible."))
        if line.source.site_id != line.target.site_id:
            raise Refused("other-site", N_("These belong to different sites."))


def _posting(reason: Reason, site_id: UUID, by: Person, at: Moment, note: str) -> Posting:
    return Posting(
        id=new_id(),
        site_id=site_id,
        reason=reason,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
        note=note,
    )


def _move(posting: Posting, line: Line) -> Move:
    return Move(
        id=line.move_id or new_id(),
        site_id=posting.site_id,
        posting_id=posting.id,
        item_id=line.item.id,
        from_account_id=line.source.id,
        to_account_id=line.target.id,
        quantity=line.quantity,
        unit_cost=line.reverses.unit_cost if line.reverses else line.item.price,
        reverses_id=line.reverses.id if line.reverses else None,
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
    site_id = moves[0].site_id
    results = [(watched, _add(account, item, site_id, delta)) for account, item, delta, watched in changes]
    return [(watched, left) for watched, left in results if watched]


def _add(account_id: UUID, item_id: UUID, site_id: UUID, delta: Decimal) -> Decimal:
    """Add to a balance, making it when there is none; returns the new quantity."""
    row = _insert()(Balance).values(account_id=account_id, item_id=item_id, site_id=site_id, quantity=delta)
    upsert = row.on_conflict_do_update(
        index_elements=["account_id", "item_id"], set_={"quantity": Balance.quantity + row.excluded.quantity}
    ).returning(Balance.quantity)
    left: Decimal = session.execute(upsert).scalar_one()
    return left


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


def own_bag(person: Person, site_id: UUID) -> Account:
    """A person's bag at a site, made when it is first needed."""
    bag = queries.bag(person, site_id)
    if bag is None:
        row = _insert()(Account).values(
            id=new_id(),
            site_id=site_id,
            kind=AccountKind.BAG,
            name=person.name,
            name_en=person.name_en,
            person_id=person.id,
        )
        session.execute(row.on_conflict_do_nothing())  # two first uses at once make one bag
        bag = queries.bag(person, site_id)
    if bag is None:
        raise LookupError("the bag that was just made")
    return bag


def _insert() -> Callable[[type[Base]], Any]:
    """The INSERT of this database that knows what to do on a conflict."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
