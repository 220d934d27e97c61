"""What phones are waited for, what is worth a look, and which PINs are too easy. Pure functions, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from crew_app.core.errors import Refused
from crew_app.core.words import N_

SILENT = timedelta(hours=12)
"""Not heard from for longer: somebody should ask what became of this phone."""
GIVEN_UP = timedelta(days=8)
"""A week in the basement, and a day: from a phone that was silent for longer no news is expected."""
CLOCK_WRONG = timedelta(minutes=1)
OFFERED = timedelta(hours=16)
"""How long after the password a person is offered on a shared phone: one long shift."""
PIN_LIFETIME = timedelta(hours=12)
TRIES = 5
SHORTEST_PIN, LONGEST_PIN = 4, 6


@dataclass(frozen=True, slots=True)
class Contact:
    """The last contact with a phone in one person's hands, and what it held of theirs."""

    seen_at: datetime
    unsent: int = 0
    refused: int = 0
    signed_out: bool = False

    @property
    def holds_something(self) -> bool:
        """Whether work of the person is on this phone and nowhere else."""
        return self.unsent + self.refused > 0


def awaited(deadline: datetime, at: datetime, grace: timedelta, contacts: Iterable[Contact]) -> Contact | None:
    """The phone that may still bring news of work that missed its deadline; None when it is on time, or simply late.

    A phone may bring news when it told of unsent entries, or when nothing was heard since before the deadline. Of
    several silent ones only the one heard last counts: whoever carries a new phone does not answer with the old one.
    """
    if not deadline <= at < deadline + grace:
        return None
    lately = (contact for contact in contacts if at - contact.seen_at <= GIVEN_UP)
    newest = sorted(lately, key=lambda contact: contact.seen_at, reverse=True)
    return next((contact for contact in newest if contact.unsent), _silent(newest[:1], deadline))


def _silent(newest: list[Contact], deadline: datetime) -> Contact | None:
    return next((found for found in newest if not found.signed_out and found.seen_at < deadline), None)


class Worry(StrEnum):
    """Why a phone is worth a look, the most pressing first."""

    SILENT = "silent"
    HOLDING = "holding"
    NONE = "none"


def worry(contact: Contact, at: datetime) -> Worry:
    """How a phone in one person's hands stands: whoever signed out with nothing left there may be silent."""
    silent = at - contact.seen_at > SILENT
    if silent and (contact.holds_something or not contact.signed_out):
        return Worry.SILENT
    return Worry.HOLDING if contact.holds_something else Worry.NONE


def clock_error(offset_ms: int | None) -> timedelta | None:
    """By how much a phone's clock is fast (negative: slow); None when it is right or unknown."""
    error = timedelta(milliseconds=-offset_ms) if offset_ms is not None else timedelta(0)
    return error if abs(error) > CLOCK_WRONG else None


def check_pin(pin: str, login: str) -> None:
    """`Refused` ("bad-pin", "weak-pin") when a PIN is not 4 to 6 digits, or among those that are tried first."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise Refused("bad-pin", N_("A PIN has 4 to 6 digits."))
    if _is_row(pin) or _repeats(pin) or _is_year(pin) or pin in login:
        raise Refused("weak-pin", N_("This PIN is too easy to guess. Take one without order: no rows, no repeats."))


def _is_row(pin: str) -> bool:
    """0000, 1234, 9876, 2468, also over the end (8901)."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1


def _repeats(pin: str) -> bool:
    """1212, 123123, 0011: half of it again, or only two kinds of digits."""
    half = len(pin) // 2
    return len(set(pin)) < 3 or pin == pin[:half] * 2  # noqa: PLR2004 - two kinds are too few


def _is_year(pin: str) -> bool:
    return len(pin) == SHORTEST_PIN and pin.startswith(("19", "20"))
