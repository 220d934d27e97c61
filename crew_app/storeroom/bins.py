"""The way through a store: rows in the order of its bins."""

from collections.abc import Iterable
from typing import TypeVar

from crew_app.stock.models import Account, Item
from crew_app.storeroom.levels import bins

Row = TypeVar("Row")


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
