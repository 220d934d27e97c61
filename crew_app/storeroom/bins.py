"""Where an item lies in a store."""

from collections.abc import Iterable
from typing import TypeVar

from crew_app.stock.models import Account, Item

Row = TypeVar("Row")


def bin_of(_item: Item, _store: Account | None) -> str:
    """The bin (库位) of an item in a store; "" where none is written down."""
    return ""


def way(item: Item, store: Account | None) -> tuple[str, str, str, str]:
    """What to sort by so that a list is picked in one walk: bin, category, name, specification."""
    return bin_of(item, store), item.category, item.name, item.spec


def grouped(rows: Iterable[tuple[Item, Row]], store: Account | None) -> dict[str, list[tuple[Item, Row]]]:
    """Rows in picking order under the words for where to go: the bin, or else the category."""
    groups: dict[str, list[tuple[Item, Row]]] = {}
    for item, row in sorted(rows, key=lambda pair: way(pair[0], store)):
        groups.setdefault(bin_of(item, store) or item.category, []).append((item, row))
    return groups
