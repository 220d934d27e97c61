"""What people send about requests and issues: lists with rows left empty, what is granted, signatures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.storeroom.forms import Fields
from crew_app.storeroom.models import Signer
from crew_app.storeroom.requests import Grant
from crew_app.storeroom.slips import Drawn
from crew_app.tickets.forms import quantity, text, uuid

LINE_FIELDS = ("line_item", "line_quantity", "line_unit", "line_granted", "line_cost", "line_reason")
_NOTHING = re.compile(r"[0０]*([.,，。][0０]*)?")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a form that were filled in."""

    fields: Mapping[str, list[str]]

    def getlist(self, key: str) -> list[str]:
        """All values of a field, in the order of the page."""
        return self.fields.get(key, [])


def filled_in(form: Fields) -> Rows:
    """The rows of a list that offers everything, without those that were left at nothing."""
    quantities = form.getlist("line_quantity")
    places = [place for place, typed in enumerate(quantities) if not _NOTHING.fullmatch(typed.strip())]
    columns = {name: form.getlist(name) for name in LINE_FIELDS}
    return Rows({name: [column[at] for at in places if at < len(column)] for name, column in columns.items()})


def parse_grants(form: Fields) -> dict[UUID, Grant]:
    """Read what is granted of each item: `line_item`, `line_granted` and `line_reason` (where it is less)."""
    items, granted, reasons = (form.getlist(name) for name in ("line_item", "line_granted", "line_reason"))
    if len(granted) != len(items):
        raise Refused("quantity", N_("Please check the quantity: it must be a number."))
    return {
        uuid({"item": item}, "item"): Grant(_amount(granted[place]), _reason(reasons, place))
        for place, item in enumerate(items)
    }


def parse_signature(form: Mapping[str, str], signer: Signer, of: Person) -> Drawn | None:
    """Read a signature: drawn, or given on paper; nothing when there is neither."""
    name = text(form, f"{signer}_name")[:60] or of.name
    path = form.get(f"{signer}_path", "").strip()
    if path:
        return Drawn(signer, name, path, of.id)
    return Drawn(signer, name, "", of.id, on_paper=True) if form.get(f"{signer}_paper") else None


def parse_signatures(
    form: Mapping[str, str], receiver: Person, storekeeper: Person, *, required: bool = True
) -> Sequence[Drawn]:
    """Read both signatures; `Refused` ("signature") when one is missing that must be there."""
    wanted = ((Signer.RECEIVER, receiver), (Signer.STOREKEEPER, storekeeper))
    found = [parse_signature(form, signer, of) for signer, of in wanted]
    if required and not all(found):
        raise Refused("signature", N_("A signature is missing. Both sign here, or tick that it is signed on paper."))
    return [drawn for drawn in found if drawn]


def _amount(typed: str) -> Decimal:
    if typed.strip() and _NOTHING.fullmatch(typed.strip()):
        return Decimal(0)
    return quantity({"granted": typed}, "granted")


def _reason(reasons: list[str], place: int) -> str:
    return text({"reason": reasons[place]}, "reason") if place < len(reasons) else ""
