"""What people send about counts and discrepancies, turned into typed values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.storeroom.counts.models import Scope
from crew_app.storeroom.forms import Fields
from crew_app.tickets.forms import optional_uuid, quantity, text, uuid

LONGEST_BIN = 40
MOST_ITEMS = 500
_NOTHING = re.compile(r"0{1,6}([.,，。]0{1,3})?")


@dataclass(frozen=True, slots=True)
class CountForm:
    """A count as it was asked for."""

    count_id: UUID
    account_id: UUID
    scope: Scope
    part: str
    item_id: UUID | None
    blind: bool
    due: date | None
    note: str


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What somebody found."""

    entry_id: UUID
    item_id: UUID
    quantity: Decimal
    bin: str


def parse_count(form: Mapping[str, str]) -> CountForm:
    """Read the form that begins a count; `item_id` is the first of single materials."""
    scope = form.get("scope", "")
    if scope not in list(Scope):
        raise Refused("choice-missing", N_("Please choose what is to be counted."))
    part = text(form, scope)[:LONGEST_BIN] if scope in (Scope.BIN, Scope.CATEGORY) else ""
    if scope in (Scope.BIN, Scope.CATEGORY) and not part:
        raise Refused("choice-missing", N_("Please choose which bin or category."))
    return CountForm(
        count_id=uuid(form, "count_id"),
        account_id=uuid(form, "account_id"),
        scope=Scope(scope),
        part=part,
        item_id=optional_uuid(form, "item_id"),
        blind=form.get("blind") == "1",
        due=_day(form.get("due", "")),
        note=text(form, "note"),
    )


def parse_entry(form: Mapping[str, str]) -> EntryForm:
    """Read one entry; none at all is a quantity, too."""
    if not form.get("item_id"):
        raise Refused("item-missing", N_("Please choose the material first."))
    return EntryForm(
        uuid(form, "entry_id"),
        uuid(form, "item_id"),
        counted(form, "quantity"),
        text(form, "bin")[:LONGEST_BIN].upper(),
    )


def counted(form: Mapping[str, str], name: str) -> Decimal:
    """A quantity that was counted: zero or more, at most three decimal places."""
    return Decimal(0) if _NOTHING.fullmatch(form.get(name, "").strip()) else quantity(form, name)


def parse_items(form: Fields) -> list[UUID]:
    """Read repeated `item_id`."""
    ids = form.getlist("item_id")
    if not ids or len(ids) > MOST_ITEMS:
        raise Refused("nothing", N_("There is nothing in this list yet."))
    return [uuid({"item_id": one}, "item_id") for one in ids]


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise Refused("day", N_("Please check the date.")) from error
