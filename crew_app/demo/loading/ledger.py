"""Rows of the ledger: postings, moves, the balances they leave, and what the books cannot explain."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from crew_app.demo.items import items
from crew_app.demo.loading.ids import Row, known, timed
from crew_app.demo.loading.stock import account_id
from crew_app.demo.records import DemoMove, DemoPosting, Holder
from crew_app.stock.actions import OVERDRAWABLE
from crew_app.stock.chain import START, seal
from crew_app.stock.models import OWNED, Entry, Move, Posting, value_of

SEED = 7
WAY = timedelta(seconds=1)


def _dice() -> Random:
    return Random(SEED)  # noqa: S311 - the same every time


@dataclass
class Ledger:
    """The rows, written posting by posting in the order of time."""

    postings: list[Row] = field(default_factory=list)
    moves: list[Row] = field(default_factory=list)
    discrepancies: list[Row] = field(default_factory=list)
    left: dict[tuple[Holder, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    dice: Random = field(default_factory=_dice)

    entries: list[Row] = field(default_factory=list)
    last: dict[str, tuple[int, str]] = field(default_factory=lambda: defaultdict(lambda: (0, START)))
    worth: dict[tuple[str, str], list[Decimal]] = field(default_factory=lambda: defaultdict(lambda: [Decimal(0)] * 2))

    def write(self, posting: DemoPosting) -> None:
        """Add a posting with its moves."""
        posting_id = timed(posting.at, self.dice)
        self.postings.append(
            {
                "id": posting_id,
                "site_id": known("site", posting.site),
                "reason": posting.reason,
                "person_id": known("person", posting.person),
                "at": posting.at,
                "device_at": posting.at,
                "received_at": posting.at + WAY,
                "receipt_key": None,
                "note": posting.note,
                "document_id": None,
            }
        )
        rows = [self._move(move, posting) | {"posting_id": posting_id} for move in posting.moves]
        for move, row in zip(posting.moves, rows, strict=True):
            self.moves.append(row)
            self._keep(move, posting.at, row)
        self._seal(posting.site, self.postings[-1], rows)

    def balances(self) -> Iterator[Row]:
        """What every account holds of every item."""
        for (holder, code), quantity in self.left.items():
            yield {
                "account_id": account_id(holder),
                "item_id": known("item", code),
                "site_id": known("site", holder.site),
                "quantity": quantity,
            }

    def valuations(self) -> Iterator[Row]:
        """What each site's stock of an item is worth."""
        for (site, code), (quantity, value) in self.worth.items():
            place = {"site_id": known("site", site), "item_id": known("item", code)}
            yield place | {"quantity": quantity, "value": value, "last_price": items()[code].price}

    def _seal(self, site: str, posting: Row, moves: list[Row]) -> None:
        """The posting's place in the chain, as `chain.append` gives it."""
        position, before = self.last[site]
        row = {"site_id": posting["site_id"], "posting_id": posting["id"], "posted_at": posting["received_at"]}
        entry = Entry(position=position + 1, **row)
        entry.hash = seal(before, entry, Posting(**posting), [Move(**move) for move in moves])
        self.last[site] = (entry.position, entry.hash)
        self.entries.append(row | {"position": entry.position, "hash": entry.hash})

    def _move(self, move: DemoMove, posting: DemoPosting) -> Row:
        return {
            "id": timed(posting.at, self.dice),
            "site_id": known("site", posting.site),
            "item_id": known("item", move.item),
            "from_account_id": account_id(move.source),
            "to_account_id": account_id(move.target),
            "quantity": move.quantity,
            "unit_cost": items()[move.item].price,
            "reverses_id": None,
        }

    def _keep(self, move: DemoMove, at: datetime, row: Row) -> None:
        self.left[move.target, move.item] += move.quantity
        self.left[move.source, move.item] -= move.quantity
        worth = self.worth[move.source.site, move.item]
        entering = (move.target.kind in OWNED) - (move.source.kind in OWNED)
        worth[0] += entering * move.quantity
        worth[1] += entering * value_of(move.quantity, items()[move.item].price)
        left = self.left[move.source, move.item]
        if left < 0 and move.source.kind in OVERDRAWABLE:
            self.discrepancies.append(self._discrepancy(row, min(move.quantity, -left), at))

    def _discrepancy(self, row: Row, missing: Decimal, at: datetime) -> Row:
        return {
            "id": timed(at, self.dice),
            "site_id": row["site_id"],
            "move_id": row["id"],
            "account_id": row["from_account_id"],
            "item_id": row["item_id"],
            "missing": missing,
            "opened_at": at + WAY,
            "settled_at": None,
        }
