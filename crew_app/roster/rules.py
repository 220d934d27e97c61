"""Arithmetic of shifts: when one begins and ends, on which days it falls, what is wrong with a week. No database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from crew_app.core.words import N_

AHEAD = timedelta(weeks=5)
"""So far ahead shifts are made from patterns."""
LONGEST = timedelta(hours=36)
A_DAY = timedelta(days=1)
WORKDAYS = frozenset("12345")
FRIDAY = 5
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds at a site that has said nothing else."""

    swap_approval: bool = True
    rest_hours: int = 11
    dispatching: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """How somebody takes turns in a pattern."""

    weekdays: str
    from_on: date
    until_on: date | None = None
    every: int = 1
    on_holidays: bool = True


class Shift(Protocol):
    """As much of a shift as arithmetic needs."""

    @property
    def person_id(self) -> UUID:
        """Whose it is."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it ends."""


class Trouble(StrEnum):
    """What a roster is warned of."""

    DOUBLE = "double"
    REST = "rest"


TROUBLE_LABELS = {
    Trouble.DOUBLE: N_("Two shifts at once"),
    Trouble.REST: N_("Too little rest"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two shifts of one person that do not go together."""

    trouble: Trouble
    first: Shift
    second: Shift


def span_on(day: date, starts: time, ends: time, zone: ZoneInfo) -> Span:
    """A shift of this day, in UTC, as the clock on the wall says; one that does not end later ends on the next day.

    Where the clock is put forward over the whole shift, it lasts as long as its times say.
    """
    last = day if ends > starts else day + A_DAY
    begins, ending = (datetime.combine(on, at, zone).astimezone(UTC) for on, at in ((day, starts), (last, ends)))
    if ending <= begins:
        ending = begins + (datetime.combine(last, ends) - datetime.combine(day, starts))
    return begins, ending


def days_of(turn: Turn, first: date, last: date, off: Mapping[date, bool]) -> Iterator[date]:
    """The days between these two (both included) on which a turn falls; `off` says what is not as its weekday says."""
    day = max(first, turn.from_on)
    end = min(last, turn.until_on) if turn.until_on else last
    while day <= end:
        if (day - turn.from_on).days % turn.every == 0 and _falls_on(day, turn, off):
            yield day
        day += A_DAY


def _falls_on(day: date, turn: Turn, off: Mapping[date, bool]) -> bool:
    usual = str(day.isoweekday()) in turn.weekdays
    if turn.on_holidays or day not in off:
        return usual
    worked_weekend = day.isoweekday() > FRIDAY and set(turn.weekdays) >= WORKDAYS
    return off[day] and (usual or worked_weekend)


def conflicts(shifts: Iterable[Shift], rest: timedelta) -> list[Conflict]:
    """Shifts of one person that overlap or leave too little rest; each is compared with the latest end before it."""
    found, latest = [], dict[UUID, Shift]()
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.ends_at)):
        before = latest.get(shift.person_id)
        if before and shift.starts_at < before.ends_at:
            found.append(Conflict(Trouble.DOUBLE, before, shift))
        elif before and shift.starts_at - before.ends_at < rest:
            found.append(Conflict(Trouble.REST, before, shift))
        if before is None or shift.ends_at >= before.ends_at:
            latest[shift.person_id] = shift
    return found


def monday_of(day: date) -> date:
    """The day on which its week begins."""
    return day - timedelta(days=day.isoweekday() - 1)
