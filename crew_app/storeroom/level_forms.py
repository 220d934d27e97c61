"""What people send about levels and purchase lists, turned into typed values."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.storeroom.levels import LONGEST_LEAD, Levels
from crew_app.tickets.forms import quantity, text, uuid

LONGEST_BIN = 30
_ZERO = re.compile(r"0{1,12}([.,，。]0{1,3})?")
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def parse_levels(form: Mapping[str, str]) -> tuple[UUID, Levels]:
    """Read the store and its levels for an item; an empty quantity is zero."""
    found = Levels(
        bin=text(form, "bin")[:LONGEST_BIN],
        minimum=amount(form, "minimum"),
        reorder_point=amount(form, "reorder_point"),
        maximum=amount(form, "maximum"),
        lead_time_days=_days(form.get("lead_time_days", "")),
    )
    return uuid(form, "store_id"), found


def amount(form: Mapping[str, str], name: str) -> Decimal:
    """A quantity that may be zero, or left out."""
    typed = form.get(name, "").strip()
    return Decimal(0) if not typed or _ZERO.fullmatch(typed) else quantity(form, name)


def parse_month(form: Mapping[str, str]) -> date:
    """The first day of a month that came as 2026-11."""
    if not _MONTH.fullmatch(form.get("month", "")):
        raise Refused("month", N_("Please check the month: it must be near."))
    return date.fromisoformat(f"{form['month']}-01")


def month_or(form: Mapping[str, str], otherwise: date) -> date:
    """The month of an address; another when it says none that one can read."""
    return parse_month(form) if _MONTH.fullmatch(form.get("month", "")) else otherwise.replace(day=1)


def day_or(form: Mapping[str, str], today: date) -> date:
    """The day of an address, not after today and of this century; today when it says none that one can read."""
    try:
        found = date.fromisoformat(form.get("day", ""))
    except ValueError:
        return today
    return found if date(2000, 1, 1) <= found <= today else today


def _days(typed: str) -> int:
    typed = typed.strip() or "0"
    if not re.fullmatch(r"[0-9]{1,3}", typed) or int(typed) > LONGEST_LEAD:
        raise Refused("lead-time", N_("Please check the delivery time: from 0 to 365 days."))
    return int(typed)
