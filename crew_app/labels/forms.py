"""What people choose about labels, turned into typed values."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.labels.choosing import Selection, Tagged
from crew_app.labels.stocks import FURTHEST, STOCKS, Setup, Stock

_DEFAULT = "a4-24"
MOST_CHOSEN = 150
"""Codes one by one: an address may not be longer."""


def parse_setup(fields: Mapping[str, str]) -> Setup:
    """Read on what is printed; nonsense counts as nothing, since a form shows what was understood."""
    stock = STOCKS.get(fields.get("stock", ""), STOCKS[_DEFAULT])
    return Setup(stock, _first(fields, stock), _moved(fields, "right"), _moved(fields, "lower"))


def _first(fields: Mapping[str, str], stock: Stock) -> int:
    typed = fields.get("first", "")
    return min(max(int(typed), 1), stock.per_page) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 1  # noqa: PLR2004


def _moved(fields: Mapping[str, str], name: str) -> float:
    if not re.fullmatch(r"-?\d{1,2}(\.\d{1,2})?", fields.get(name, "")):
        return 0.0
    return max(-FURTHEST, min(FURTHEST, float(fields[name])))


def parse_selection(fields: Mapping[str, str], site_id: UUID) -> Selection:
    """Read what is chosen at a site."""
    kind = fields.get("kind", "")[:60]
    return Selection(
        site_id,
        _id(fields, "place_id"),
        kind if kind.startswith(("place:", "asset:")) else "",
        _id(fields, "department_id"),
        Tagged(fields["tagged"]) if fields.get("tagged") in set(Tagged) else Tagged.ANY,
        parse_codes(fields.get("only", "")),
    )


def parse_codes(typed: str) -> tuple[str, ...]:
    """Codes of places, assets or tags, one a line or with commas between."""
    codes = [code.strip() for code in re.split(r"[\n,，;；]", typed) if code.strip()]
    return tuple(dict.fromkeys(_as_kept(code) for code in codes[:MOST_CHOSEN]))


def _as_kept(code: str) -> str:
    try:
        return normalise(code)
    except BadTagCode:
        return code[:40]


def address(chosen: Selection, setup: Setup | None = None) -> str:
    """A selection as addresses say it."""
    given = {
        "site_id": chosen.site_id,
        "place_id": chosen.place_id or "",
        "kind": chosen.kind,
        "department_id": chosen.department_id or "",
        "tagged": "" if chosen.tagged is Tagged.ANY else chosen.tagged.value,
        "only": ", ".join(chosen.only),
    }
    return urlencode({name: value for name, value in {**given, **_of(setup)}.items() if value})


def setup_address(setup: Setup) -> str:
    """A setup as addresses say it."""
    return urlencode({name: value for name, value in _of(setup).items() if value})


def _of(setup: Setup | None) -> dict[str, object]:
    if setup is None:
        return {}
    first = setup.first if setup.first > 1 else ""
    return {"stock": setup.stock.code, "first": first, "right": setup.right or "", "lower": setup.lower or ""}


def parse_count(fields: Mapping[str, str]) -> int:
    """How many blank tags."""
    typed = fields.get("count", "").strip()
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 6:  # noqa: PLR2004
        raise Refused("batch-size", N_("How many blank labels? Please enter a whole number."))
    return int(typed)


def _id(fields: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(fields.get(name, ""))
    except ValueError:
        return None
