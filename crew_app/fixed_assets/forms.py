"""What people send about fixed assets, turned into typed values."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.fixed_assets.cards import CardForm
from crew_app.fixed_assets.counts import Seen
from crew_app.fixed_assets.rules import CheckResult
from crew_app.tickets.forms import optional_uuid, text, uuid

DEAREST = Decimal(100_000_000)
LONGEST_LIFE = 100
_YUAN = re.compile(r"\d{1,9}([.．。]\d{1,2})?")


def parse_card(form: Mapping[str, str]) -> CardForm:
    """Read the form of a card."""
    return CardForm(
        number=text(form, "number")[:40],
        value=yuan(form, "value"),
        department_id=optional_uuid(form, "department_id"),
        keeper_id=optional_uuid(form, "keeper_id"),
        bought_on=day(form, "bought_on"),
        years=_years(form.get("years", "").strip()),
        supplier=text(form, "supplier")[:120],
        funded_by=text(form, "funded_by")[:80],
    )


def parse_seen(form: Mapping[str, str]) -> Seen:
    """Read what was seen."""
    return Seen(
        sighting_id=uuid(form, "sighting_id"),
        code=text(form, "code"),
        asset_id=optional_uuid(form, "asset_id"),
        place_id=optional_uuid(form, "place_id"),
    )


def parse_result(form: Mapping[str, str]) -> tuple[UUID, CheckResult]:
    """Read which line of a spot check was looked at, and what was found."""
    result = form.get("result", "")
    if result not in set(CheckResult):
        raise Refused("choice-missing", N_("Please say whether it was found."))
    return uuid(form, "line_id"), CheckResult(result)


def yuan(form: Mapping[str, str], name: str) -> Decimal:
    """An amount in yuan with at most two decimal places, not below zero; commas between thousands are understood."""
    typed = re.sub(r"(?<=\d)[,，](?=\d{3}(\D|$))", "", form.get(name, "").strip())
    found = Decimal(re.sub("[．。]", ".", typed)) if typed.isascii() and _YUAN.fullmatch(typed) else None
    if found is None or found > DEAREST:
        raise Refused("value", N_("Please check the value: it must be an amount in yuan."))
    return found


def number(form: Mapping[str, str], name: str) -> int:
    """A small whole number."""
    typed = form.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0  # noqa: PLR2004


def day(form: Mapping[str, str], name: str) -> date | None:
    """A day, or nothing."""
    typed = form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise Refused("day", N_("Please check the day.")) from error


def _years(typed: str) -> int | None:
    if not typed:
        return None
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0  # noqa: PLR2004
    if not 0 < found <= LONGEST_LIFE:
        raise Refused("years", N_("Please check the years: a whole number, 1 to %(most)s."), most=LONGEST_LIFE)
    return found
