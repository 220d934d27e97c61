"""What people send about slips, turned into typed values. Lines come as repeated fields, one value per line in each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.stock.models import FOUR_PLACES, Item
from crew_app.storeroom.slips import Asked
from crew_app.tickets.forms import quantity, text, uuid

MOST_LINES = 200
DEAREST = Decimal(10_000_000)
_PRICE = re.compile(r"\d{1,9}([.,，。]\d{1,4})?")


class Fields(Protocol):
    """A form whose fields may come several times."""

    def getlist(self, key: str) -> list[str]:
        """All values of a field, in the order of the page."""


@dataclass(frozen=True, slots=True)
class LineForm:
    """One line as it was typed; `quantity` and `granted` in packs when `packs`."""

    item_id: UUID
    quantity: Decimal
    packs: bool
    granted: Decimal | None
    unit_cost: Decimal | None
    reason: str

    def asked(self, item: Item) -> Asked:
        """The line in the item's own unit, to three places; a price per pack becomes one per unit, to four."""
        size = item.pack_size if self.packs else Decimal(1)
        entered = f"{self.quantity.normalize():f} {item.pack_unit}" if self.packs and item.pack_unit else ""
        return Asked(
            item=item,
            quantity=round(self.quantity * size, 3),
            granted=None if self.granted is None else round(self.granted * size, 3),
            unit_cost=None if self.unit_cost is None else (self.unit_cost / size).quantize(FOUR_PLACES, ROUND_HALF_UP),
            entered=entered,
            reason=self.reason,
        )


def parse_lines(form: Fields) -> list[LineForm]:
    """Read `line_item`, `line_quantity` and, where they are there, `line_unit` ("pack" or ""), `line_granted`,
    `line_cost` (yuan per unit or pack) and `line_reason`."""
    items = form.getlist("line_item")
    if not items:
        raise Refused("nothing", N_("There is nothing in this list yet."))
    if len(items) > MOST_LINES:
        raise Refused("too-many-lines", N_("This list is too long (%(most)s lines at most)."), most=MOST_LINES)
    return [_line(form, place) for place in range(len(items))]


def price(form: Mapping[str, str], name: str) -> Decimal:
    """Yuan, at most four decimal places, not below zero."""
    typed = form.get(name, "").strip()
    if not _PRICE.fullmatch(typed):
        raise Refused("price", N_("Please check the price: it must be a number."))
    found = Decimal(re.sub("[,，。]", ".", typed))
    if found > DEAREST:
        raise Refused("price", N_("Please check the price: it must be plausible."))
    return found


def _line(form: Fields, place: int) -> LineForm:
    line = {
        name: _at(form, f"line_{name}", place) for name in ("item", "quantity", "unit", "granted", "cost", "reason")
    }
    return LineForm(
        item_id=uuid(line, "item"),
        quantity=quantity(line, "quantity"),
        packs=line["unit"] == "pack",
        granted=_optional(_amount, line, "granted"),
        unit_cost=_optional(price, line, "cost"),
        reason=text(line, "reason")[:500],
    )


def _at(form: Fields, name: str, place: int) -> str:
    values = form.getlist(name)
    return values[place] if place < len(values) else ""


def _amount(line: Mapping[str, str], name: str) -> Decimal:
    """A quantity that may be nothing."""
    return Decimal(0) if line[name].strip() in ("0", "0.0", "0.00", "0.000") else quantity(line, name)


def _optional(read: Callable[[Mapping[str, str], str], Decimal], line: Mapping[str, str], name: str) -> Decimal | None:
    return read(line, name) if line[name].strip() else None
