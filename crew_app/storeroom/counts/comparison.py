"""What was counted against what the books had at that moment, although goods went in and out meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.stock.costs import Costs
from crew_app.stock.models import Balance, Item, Move, Posting, Reason, value_of
from crew_app.storeroom.counts.models import CountEntry, CountItem, CountResult, StockCount

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Found:
    """How much lies in one bin, by the latest entry; `disputed` while two people found different quantities."""

    bin: str
    quantity: Decimal
    at: datetime
    entry: CountEntry
    disputed: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """An item that was counted: its bins added up, and the books of the moment it was counted last.

    `moved`: goods went in or out between the first bin and the last, so that the sum may be of no moment at all.
    `superseded`: a later count was approved already, so that this one changes nothing.
    """

    item: Item
    found: Sequence[Found]
    book: Decimal
    unit_cost: Decimal
    moved: bool
    superseded: bool

    @property
    def counted(self) -> Decimal:
        """All bins together."""
        return sum((one.quantity for one in self.found), ZERO)

    @property
    def at(self) -> datetime:
        """When it was counted: the last of its bins."""
        return max(one.at for one in self.found)

    @property
    def difference(self) -> Decimal:
        """Surplus above zero, shortage below."""
        return ZERO if self.superseded else self.counted - self.book

    @property
    def value(self) -> Decimal:
        """The difference at the moving average, in yuan."""
        return value_of(self.difference, self.unit_cost)

    @property
    def disputed(self) -> bool:
        """Whether it was counted twice, differently."""
        return any(one.disputed for one in self.found)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole count against the books: what was counted, and what is on the list and was not."""

    lines: Sequence[Compared]
    uncounted: Sequence[Item]

    @property
    def differing(self) -> list[Compared]:
        """Items with a surplus or a shortage."""
        return [line for line in self.lines if line.difference]

    @property
    def disputed(self) -> list[Compared]:
        """Items counted twice, differently."""
        return [line for line in self.lines if line.disputed]

    @property
    def fingerprint(self) -> str:
        """Changes when anything of it does: 32 hex digits."""
        said = [
            (line.item.id, line.at.isoformat(), *map(_plain, (line.counted, line.book, line.difference)), line.disputed)
            for line in self.lines
        ]
        return sha256(repr((said, [item.id for item in self.uncounted])).encode()).hexdigest()[:32]


class Books:
    """What an account had of some items at any moment since `since`, by all the server knows now."""

    def __init__(self, account_id: UUID, items: Iterable[UUID], since: datetime) -> None:
        ids = list(items)
        balances = select(Balance).where(Balance.account_id == account_id, Balance.item_id.in_(ids))
        results = select(CountResult).where(
            CountResult.account_id == account_id, CountResult.item_id.in_(ids), CountResult.counted_at >= since
        )
        self.now = {one.item_id: one.quantity for one in session.scalars(balances)}
        self.changes = _changes(account_id, ids, since)
        self.results: dict[UUID, list[CountResult]] = defaultdict(list)
        for result in session.scalars(results):
            self.results[result.item_id].append(result)

    def at(self, item_id: UUID, moment: datetime) -> Decimal:
        """The quantity at that moment. What a count corrected counts from when it was counted, not when approved."""
        later = sum((one.difference for one in self.results[item_id] if one.counted_at > moment), ZERO)
        return self.now.get(item_id, ZERO) - self.between(item_id, moment, None) - later

    def between(self, item_id: UUID, after: datetime, until: datetime | None) -> Decimal:
        """What came in (or, below zero, went out) after a moment, up to and with another."""
        return sum((delta for at, delta in self.changes[item_id] if at > after and (not until or at <= until)), ZERO)

    def moved(self, item_id: UUID, after: datetime, until: datetime) -> bool:
        """Whether anything came or went after a moment, up to and with another."""
        return any(after < at <= until for at, _ in self.changes[item_id])

    def counted_since(self, item_id: UUID, moment: datetime) -> bool:
        """Whether an approved count found out how much there was then or later."""
        return any(result.counted_at >= moment for result in self.results[item_id])


def compare(count: StockCount) -> Comparison:
    """Compare a count with the books as the server knows them now."""
    entries = entries_of(count.id)
    by_item = {item: list(of_item) for item, of_item in groupby(entries, key=lambda entry: entry.item)}
    counted = {item.id for item in by_item}
    books = Books(count.account_id, counted, min((entry.at for entry in entries), default=count.opened_at))
    costs = Costs(count.site_id, counted)
    lines = [_compared(item, found, books, costs) for item, found in by_item.items()]
    return Comparison(
        sorted(lines, key=lambda line: item_order(line.item)),
        [item for item in expected(count.id) if item.id not in counted],
    )


def worth(lines: Iterable[Compared | CountResult]) -> tuple[Decimal, Decimal]:
    """The value of all surpluses and of all shortages, both above zero, in yuan."""
    values = [line.value for line in lines]
    surplus = sum((value for value in values if value > 0), ZERO)
    return surplus, -sum((value for value in values if value < 0), ZERO)


def expected(count_id: UUID) -> list[Item]:
    """The items on the list of a count, by category and name."""
    query = select(Item).join(CountItem, CountItem.item_id == Item.id).where(CountItem.count_id == count_id)
    return sorted(session.scalars(query), key=item_order)


def entries_of(count_id: UUID) -> Sequence[CountEntry]:
    """All entries of a count by item, each item's in the order in which they were made."""
    query = select(CountEntry).where(CountEntry.count_id == count_id)
    order = (CountEntry.item_id, CountEntry.at, CountEntry.received_at, CountEntry.id)
    return session.scalars(
        query.options(joinedload(CountEntry.item), joinedload(CountEntry.person)).order_by(*order)
    ).all()


def item_order(item: Item) -> tuple[str, ...]:
    """Items as they stand in lists."""
    return item.category, item.name, item.spec, item.code


def _compared(item: Item, entries: Sequence[CountEntry], books: Books, costs: Costs) -> Compared:
    found = _by_bin(entries, books)
    first, last = min(one.at for one in found), max(one.at for one in found)
    return Compared(
        item=item,
        found=found,
        book=books.at(item.id, last),
        unit_cost=costs.average(item),
        moved=books.moved(item.id, first, last),
        superseded=books.counted_since(item.id, last),
    )


def _by_bin(entries: Sequence[CountEntry], books: Books) -> list[Found]:
    found: dict[str, Found] = {}
    for entry in entries:
        before = found.get(entry.bin)
        found[entry.bin] = Found(entry.bin, entry.quantity, entry.at, entry, _disputes(entry, before, books))
    return [found[name] for name in sorted(found)]


def _disputes(entry: CountEntry, before: Found | None, books: Books) -> bool:
    """Whether somebody else found another quantity before, and nobody has counted again since.

    What came or went between the two is no difference of opinion.
    """
    if before is None or before.disputed or before.entry.person_id == entry.person_id:
        return False
    change = books.between(entry.item_id, before.at, entry.at)
    return entry.quantity not in (before.quantity, before.quantity + change)


def _changes(account_id: UUID, ids: list[UUID], since: datetime) -> dict[UUID, list[tuple[datetime, Decimal]]]:
    query = (
        select(Move.item_id, Move.to_account_id, Move.quantity, Posting.at)
        .join(Posting, Posting.id == Move.posting_id)
        .where(or_(Move.to_account_id == account_id, Move.from_account_id == account_id))
        .where(Move.item_id.in_(ids), Posting.at > since, Posting.reason != Reason.COUNT)
    )
    found: dict[UUID, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for item_id, target_id, quantity, at in session.execute(query):
        found[item_id].append((at, quantity if target_id == account_id else -quantity))
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
