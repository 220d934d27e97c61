"""Years of a site's books: its postings again and again, in the order of time, sealed, with what they leave.

Each copy receives and uses what the demo's year does, so sums over all copies are multiples of it, and the check of
the ledger proves them like any other.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from crew_app.demo.growth.bases import Raw, Rows
from crew_app.demo.growth.copies import Shift, copied
from crew_app.demo.growth.hospitals import table
from crew_app.stock.chain import START
from crew_app.stock.models import OWNED

_UNESCAPED = {"\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}
Anew = dict[str, Callable[[str], Any]]


def _places(name: str) -> dict[str, int]:
    return {column.name: place for place, column in enumerate(table(name).columns)}


_P, _M = _places("postings"), _places("moves")


class Copy(NamedTuple):
    """A copy of the books: its own numbers, and those of the jobs it is booked on."""

    own: Shift
    jobs: Shift


class Books:
    """The postings of one of the demo's sites; `left` are those on jobs that are not copied."""

    def __init__(self, rows: Rows, site: str, copied_accounts: set[str]) -> None:
        mine = f"site_id = '{site}' AND {rows.originals}"
        self.site = site
        self.kinds = {row[0]: row[2] for row in rows.read(table("accounts"), mine)}
        self.postings = rows.read(table("postings"), f"{mine} ORDER BY received_at, id")
        self.moves = rows.read(table("moves"), mine)
        by_posting: dict[str, list[Raw]] = defaultdict(list)
        for move in self.moves:
            by_posting[move[_M["posting_id"]]].append(move)
        self.by_posting = by_posting
        self._accounts = copied_accounts
        self.repeated = [row for row in self.postings if all(self._repeats(move) for move in by_posting[row[0]])]

    def _repeats(self, move: Raw) -> bool:
        ends = (move[_M["from_account_id"]], move[_M["to_account_id"]])
        return all(self.kinds[one] != "ticket" or one in self._accounts for one in ends)

    def exists(self, rows: Rows, copy: Copy) -> bool:
        """Whether these copies were made before."""
        return rows.has(table("postings"), "id", copy.own.own(self.repeated[0][0]))

    def make(self, rows: Rows, copies: list[Copy], *, with_own: bool) -> int:
        """Write the copies, and the demo's own behind them when it is its own site; how many rows."""
        site = copies[0].own.names.get(self.site, self.site)
        postings, moves, sums = self._fresh(copies, rows.null)
        made = rows.write(table("postings"), postings) + rows.write(table("moves"), moves)
        if with_own:
            postings, moves = postings + self.postings, moves + self.moves
        entries = list(_sealed(site, postings, moves, rows.null))
        if with_own:
            with rows.unguarded("ledger_entries"):
                rows.run(f"DELETE FROM ledger_entries WHERE site_id = '{site}'")  # noqa: S608 - an id of our own
        made += rows.write(table("ledger_entries"), entries)
        _keep(rows, site, sums)
        return made

    def _fresh(self, copies: list[Copy], null: Any) -> tuple[list[Raw], list[Raw], "Sums"]:
        sums = Sums()
        postings: list[Raw] = []
        moves: list[Raw] = []
        lines = [move for row in self.repeated for move in self.by_posting[row[0]]]
        for own, jobs in copies:
            anew: Anew = {"id": own.own, "receipt_key": lambda _: null, "document_id": lambda _: null}
            postings += copied(table("postings"), self.repeated, own, anew, null)
            known: dict[str, str] = {}

            def account(id_: str, own: Shift = own, jobs: Shift = jobs, known: dict[str, str] = known) -> str:
                if id_ not in known:
                    known[id_] = jobs.fixed(id_) if self.kinds[id_] == "ticket" else own.names.get(id_, id_)
                return known[id_]

            ids: Anew = dict.fromkeys(("id", "posting_id", "reverses_id"), own.own)
            ends: Anew = dict.fromkeys(("from_account_id", "to_account_id"), account)
            for old, move in zip(lines, copied(table("moves"), lines, own, ids | ends, null), strict=True):
                moves.append(move)
                sums.add(move, *(self.kinds[old[_M[end]]] for end in ends))
        return postings, moves, sums


class Sums:
    """What moves leave: quantities by account and item, quantity and value by item."""

    def __init__(self) -> None:
        self.left: Counter[tuple[str, str]] = Counter()
        self.worth: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, move: Raw, source: str, target: str) -> None:
        """Count a move in; the kinds of its two accounts say whether it changes what the stock is worth."""
        item, quantity = move[_M["item_id"]], int(move[_M["quantity"]])
        self.left[move[_M["from_account_id"]], item] -= quantity
        self.left[move[_M["to_account_id"]], item] += quantity
        sign = (target in OWNED) - (source in OWNED)
        if sign:
            worth = self.worth[item]
            worth[0] += sign * quantity
            worth[1] += sign * ((quantity * int(move[_M["unit_cost"]]) + 500) // 1000)


def _keep(rows: Rows, site: str, sums: Sums) -> None:
    """Add the sums to the balances and values there are."""
    kept = {(row[0], row[1]): row for row in rows.read(table("balances"), f"site_id = '{site}'")}
    changed = [(key, many) for key, many in sums.left.items() if key in kept]
    rows.write(table("balances"), ([*key, site, many] for key, many in sums.left.items() if key not in kept))
    for (account, item), many in changed:
        where = f"account_id = '{account}' AND item_id = '{item}'"
        rows.run(f"UPDATE balances SET quantity = quantity + {many} WHERE {where}")  # noqa: S608
    valued = {row[1] for row in rows.read(table("valuations"), f"site_id = '{site}'")}
    for item, (many, value) in sums.worth.items():
        if item in valued:
            where = f"site_id = '{site}' AND item_id = '{item}'"
            rows.run(f"UPDATE valuations SET quantity = quantity + {many}, value = value + {value} WHERE {where}")  # noqa: S608
    fresh = ([site, item, many, value, rows.null] for item, (many, value) in sums.worth.items() if item not in valued)
    rows.write(table("valuations"), fresh)


def _sealed(site: str, postings: list[Raw], moves: list[Raw], null: Any) -> Iterator[Raw]:
    """The entries, as `stock.chain.append` would have made them one after the other."""
    lines: dict[str, list[Raw]] = defaultdict(list)
    for move in moves:
        lines[move[_M["posting_id"]]].append(move)
    before = START
    at = _P["received_at"]
    for position, row in enumerate(sorted(postings, key=lambda row: (row[at], row[0])), 1):
        said = [before, *_content(position, row, lines[row[0]], null)]
        before = sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
        yield [site, position, row[0], row[at], before]


def _content(position: int, row: Raw, moves: list[Raw], null: Any) -> list[object]:
    """As `stock.chain.content` says it."""
    ids = [_or_none(row[_P[name]], null) for name in ("id", "site_id", "person_id", "receipt_key", "document_id")]
    times = [_time(row[_P[name]], null) for name in ("at", "device_at", "received_at")]
    head = [
        position,
        _time(row[_P["received_at"]], null),
        *ids,
        *times,
        row[_P["reason"]],
        _note(row[_P["note"]], null),
    ]
    return [*head, [_move(move, null) for move in sorted(moves)]]


def _move(move: Raw, null: Any) -> list[object]:
    ids = ("id", "item_id", "from_account_id", "to_account_id", "reverses_id")
    said: list[object] = [_or_none(move[_M[name]], null) for name in ids]
    return [*said, int(move[_M["quantity"]]), int(move[_M["unit_cost"]])]


def _or_none(value: Any, null: Any) -> Any:
    return None if value == null else value


def _time(text: Any, null: Any) -> str | None:
    """Text of the database as Python says the moment, to the microsecond."""
    if text == null:
        return None
    day, clock = text.removesuffix("+00").split(" ")
    seconds, _, rest = clock.partition(".")
    return f"{day}T{seconds}.{rest:0<6}+00:00"


def _note(text: str, null: Any) -> str:
    if null is not None:
        for written, meant in _UNESCAPED.items():
            text = text.replace(written, meant)
    return text
