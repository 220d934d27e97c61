"""The bins (库位) of a store: what lies in each, and the way through the store in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.stock import queries as stock
from crew_app.stock.models import Account, AccountKind, Item
from crew_app.storeroom.demand_models import StockLevel
from crew_app.storeroom.levels import bins

PAGE = 48
"""Labels on one page: four sheets of paper."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin with how many materials have their place in it."""

    name: str
    items: int


def store(person: Person, store_id: UUID) -> Account:
    """A store where the person sees stock."""
    found = stock.account(person, store_id)
    if found.kind is not AccountKind.STORE:
        raise Unseen("unknown-account", N_("This store is not known."))
    return found


def named(store_id: UUID, beginning: str = "", after: str = "") -> list[Bin]:
    """The bins of a store whose names begin so, by name, a page at a time; `after` is the last name seen."""
    query = (
        select(StockLevel.bin, func.count())
        .where(StockLevel.store_id == store_id, StockLevel.bin != "", StockLevel.bin > after)
        .where(StockLevel.bin.istartswith(beginning, autoescape=True))
        .group_by(StockLevel.bin)
    )
    return [Bin(*row) for row in session.execute(query.order_by(StockLevel.bin).limit(PAGE))]


def numbers(store_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many bins each of these stores has."""
    query = select(StockLevel.store_id, func.count(StockLevel.bin.distinct()))
    query = query.where(StockLevel.store_id.in_(list(store_ids)), StockLevel.bin != "")
    return {row[0]: row[1] for row in session.execute(query.group_by(StockLevel.store_id))}


def items_in(store_id: UUID, name: str) -> Sequence[Item]:
    """The materials that have their place in a bin, whether any of them is there or not."""
    query = select(Item).join(StockLevel, StockLevel.item_id == Item.id)
    query = query.where(StockLevel.store_id == store_id, StockLevel.bin == name)
    return session.scalars(query.order_by(Item.category, Item.name, Item.spec, Item.code)).all()


def grouped(rows: Iterable[tuple[Item, Row]], store: Account | None) -> dict[str, list[tuple[Item, Row]]]:
    """Rows in picking order under the words for where to go: the bin (库位), or else the category."""
    lies = bins(store.id) if store else {}

    def way(pair: tuple[Item, Row]) -> tuple[str, str, str, str]:
        item = pair[0]
        return lies.get(item.id, ""), item.category, item.name, item.spec

    groups: dict[str, list[tuple[Item, Row]]] = {}
    for item, row in sorted(rows, key=way):
        groups.setdefault(lies.get(item.id) or item.category, []).append((item, row))
    return groups
