"""How a paper stands on a day: pure questions about dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BANDS = (7, 30, 60)
"""So many days ahead a paper that runs out is told of again (002: statutory tests)."""


class Standing(StrEnum):
    """How a paper stands; the worst first."""

    MISSING = "missing"
    EXPIRED = "expired"
    SOON = "soon"
    VALID = "valid"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stands, how many days are left (below zero: gone by; None: without end), and within which band."""

    state: Standing
    days: int | None = None
    band: int | None = None


def stand(expires_on: date | None, advance_days: int, today: date) -> Stand:
    """How a paper that counts up to and including `expires_on` stands today."""
    if expires_on is None:
        return Stand(Standing.VALID)
    days = (expires_on - today).days
    if days < 0:
        return Stand(Standing.EXPIRED, days)
    if days > advance_days:
        return Stand(Standing.VALID, days)
    return Stand(Standing.SOON, days, next((band for band in BANDS if days <= band), advance_days))


def runs_out(issued_on: date, months: int | None) -> date | None:
    """The last day of a paper that is valid for so many months: the day before the same day of that month."""
    if months is None:
        return None
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    same_day = min(issued_on.day, monthrange(year, month + 1)[1])
    found = date(year, month + 1, same_day)
    return date.fromordinal(found.toordinal() - 1)
