"""Plans for opening stock: what lay in a store on the first day. Each material once per store, whatever is repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.imports import cells
from crew_app.imports.lookups import by_code
from crew_app.imports.models import Subject
from crew_app.imports.planning import Call, Page, Planner, Row
from crew_app.stock.actions import LARGEST
from crew_app.stock.models import Account, AccountKind, Item, Move

AT_ONCE = 200
"""Lines of one posting."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One line to be booked; its move has an id that this store and this material always give."""

    item_id: UUID
    store_id: UUID
    quantity: Decimal
    price: Decimal | None

    @property
    def move_id(self) -> UUID:
        """The database refuses a second move with it."""
        return move_id(self.store_id, self.item_id)


def move_id(store_id: UUID, item_id: UUID) -> UUID:
    """The id of the move that opens the stock of a material in a store."""
    return uuid5(store_id, f"opening stock {item_id.hex}")


class Store(NamedTuple):
    """A store of the site."""

    id: UUID
    name: str
    name_en: str


class StockPlanner(Planner):
    """Opening stock of the stores of one site."""

    subject = Subject.STOCK

    def __init__(self, site_id: UUID, options: Mapping[str, Any]) -> None:
        super().__init__(site_id, options)
        query = select(Account.id, Account.name, Account.name_en)
        query = query.where(Account.site_id == site_id, Account.kind == AccountKind.STORE)
        self.stores = [Store(*found) for found in session.execute(query)]

    def page(self, rows: Sequence[Row]) -> Page:
        """Some lines."""
        page = Page()
        texts = {row.number: self.texts(row, page) for row in rows}
        items = by_code(Item, ("code", "unit"), {found["code"] for found in texts.values() if found})
        lines = []
        for row in rows:
            found = texts[row.number]
            line = self._line(row, page, found, items) if found else None
            if line and line.quantity:
                lines.append((row, line))
            elif line:
                page.same += 1  # nothing lies there: nothing to book
        self._settle(page, lines)
        return page

    def _line(self, row: Row, page: Page, texts: Mapping[str, str], items: Mapping[str, Any]) -> Opening | None:
        before = len(page.faults)
        quantity = self.parsed(row, page, "quantity", lambda value: cells.number(value, 3))
        price = self.parsed(row, page, "price", lambda value: cells.number(value, 4))
        item = items.get(texts["code"])
        if item is None:
            page.wrong(row, "code", N_("This material is not in the catalogue. Bring in the materials first."))
        if quantity is not None and quantity > LARGEST:
            page.wrong(row, "quantity", N_("Please check the quantity: it must be above zero and plausible."))
        store = self._store(row, page, texts["store"])
        if len(page.faults) > before or item is None or quantity is None or store is None:
            return None
        if not self.once(row, page, f"{store.id}:{texts['code']}"):
            return None
        return Opening(item["id"], store.id, quantity, price)

    def _store(self, row: Row, page: Page, words: str) -> Store | None:
        found = [one for one in self.stores if cells.key(words) in (cells.key(one.name), cells.key(one.name_en))]
        if not words and len(self.stores) == 1:
            return self.stores[0]
        if len(found) != 1:
            names = ", ".join(one.name for one in self.stores) or "-"
            page.wrong(row, "store", N_("Say which store of this site: %(names)s."), names=names[:120])
            return None
        return found[0]

    def _settle(self, page: Page, lines: list[tuple[Row, Opening]]) -> None:
        booked = _booked([line.move_id for _, line in lines])
        moved = _moved(lines)
        calls = []
        for row, line in lines:
            there = booked.get(line.move_id)
            if there is None and (line.store_id, line.item_id) in moved:
                words = N_("This store has entries for it already. Correct the quantity by a stock count.")
                page.wrong(row, "quantity", words)
            elif there is None:
                page.made += 1
                calls.append(line)
            elif there != line.quantity:
                words = N_("%(there)s were booked as opening stock already. Correct it by a stock count.")
                page.wrong(row, "quantity", words, there=f"{there.normalize():f}")
            else:
                page.same += 1
        page.steps += [Call("opening", calls[at : at + AT_ONCE]) for at in range(0, len(calls), AT_ONCE)]


def _booked(ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    query = select(Move.id, Move.quantity).where(Move.id.in_(ids))
    return {found: quantity for found, quantity in session.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def _moved(lines: Sequence[tuple[Row, Opening]]) -> set[tuple[UUID, UUID]]:
    """Store and material of whatever was ever moved there."""
    items, stores = {line.item_id for _, line in lines}, {line.store_id for _, line in lines}
    query = select(Move.from_account_id, Move.to_account_id, Move.item_id).where(
        Move.item_id.in_(items), or_(Move.from_account_id.in_(stores), Move.to_account_id.in_(stores))
    )
    found: set[tuple[UUID, UUID]] = set()
    for source, target, item_id in session.execute(query.distinct()):
        found |= {(source, item_id), (target, item_id)}
    return found
