"""The clocks of a ticket: which hours they count in, what stops them, when they run out. Pure functions, no database.

Everything is counted in moments (UTC); a calendar turns the working hours of a site's days into such moments.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.tickets.rules import HoldReason, State

USUAL_HOURS = "08:00-12:00,14:00-17:30"
NOTHING = timedelta(0)
_DAY = timedelta(days=1)
_SATURDAY = 5
_FAR = 4000
"""Days looked ahead at most: a calendar without any working day must not be searched for ever."""
_PERIOD = re.compile(r"([01]?\d|2[0-3]):?([0-5]\d)[-~–—至]([01]?\d|2[0-3]):?([0-5]\d)")


class Hours(StrEnum):
    """In which hours a clock runs."""

    ALWAYS = "always"
    WORKING = "working"


HOURS_LABELS = {Hours.ALWAYS: N_("Round the clock"), Hours.WORKING: N_("Working hours")}

Period = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a clock runs: always, or in the periods of working days.

    `exceptions` are the days that are not what their weekday says; true for those that are worked.
    """

    hours: Hours = Hours.ALWAYS
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    periods: tuple[Period, ...] = ()
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first moment at which the clock, begun at `start`, has run for `length`."""
        if length <= NOTHING or self.hours is Hours.ALWAYS:
            return start + max(length, NOTHING)
        left = length
        for begin, end in self._spans(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return start + length  # nobody ever works: better a deadline than none

    def between(self, start: datetime, end: datetime) -> timedelta:
        """For how long the clock runs between two moments; nothing when they are the wrong way round."""
        if end <= start or self.hours is Hours.ALWAYS:
            return max(end - start, NOTHING)
        total = NOTHING
        for begin, until in self._spans(start):
            if begin >= end:
                break
            total += min(until, end) - begin
        return total

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches in which the clock runs, from `start` on, in order and never overlapping."""
        first, latest = start.astimezone(self.zone).date() - _DAY, start
        for far in range(_FAR):
            day = first + _DAY * far
            if not self.exceptions.get(day, day.weekday() < _SATURDAY):
                continue
            for opens, closes in self.periods:
                # Where the clocks are changed, one period may reach into the next.
                begin, end = max(_moment(day, opens, self.zone), latest), _moment(day, closes, self.zone)
                if begin < end:
                    yield begin, end
                    latest = end


class Change(Protocol):
    """What an event says about the state of a ticket."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def from_state(self) -> State | None:
        """Before."""

    @property
    def to_state(self) -> State:
        """After."""

    @property
    def hold_reason(self) -> HoldReason | None:
        """Why it is on hold since then."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still, and why; without an end while it still does."""

    since: datetime
    until: datetime | None = None
    reason: HoldReason | None = None


def pauses(story: Iterable[Change]) -> list[Pause]:
    """The pauses of a ticket, from what happened to it in the order in which it was received."""
    found: list[Pause] = []
    for change in story:
        if change.from_state is State.ON_HOLD and found and found[-1].until is None:
            if change.to_state is State.ON_HOLD and change.hold_reason is None:
                continue  # a note, a photo: nothing changed
            found[-1] = Pause(found[-1].since, max(change.at, found[-1].since), found[-1].reason)
        elif change.from_state is change.to_state:
            continue
        if change.to_state is State.ON_HOLD:
            found.append(Pause(change.at, None, change.hold_reason))
    return found


def paused(calendar: Calendar, stops: Iterable[Pause]) -> timedelta:
    """How long a clock stood still, in the hours in which it would have run; a pause that goes on is not counted."""
    return sum((calendar.between(stop.since, stop.until) for stop in stops if stop.until), NOTHING)


def runs_out(calendar: Calendar, opened_at: datetime, allowed: timedelta, stops: Iterable[Pause] = ()) -> datetime:
    """When a clock begun at `opened_at` runs out, with the pauses that are over."""
    return calendar.add(opened_at, allowed + paused(calendar, stops))


def parse_periods(typed: str) -> tuple[Period, ...]:
    """Working hours as they are written ("08:00-12:00, 14:00-17:30"), in order.

    `Refused` ("hours") when there are none, or one ends before it begins or before the next one begins.
    """
    words = [
        word
        for word in re.split(r"[\s,，、;；]+", re.sub(r"\s*([-~–—至])\s*", r"\1", typed.replace("：", ":")))
        if word
    ]
    found = [_period(word) for word in words]
    flat = [at for period in found for at in period]
    if not found or any(before >= after for before, after in pairwise(flat)):
        raise _bad_hours()
    return tuple(found)


def periods_text(periods: Iterable[Period]) -> str:
    """The same as words that `parse_periods` reads."""
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in periods)


def _period(word: str) -> Period:
    match = _PERIOD.fullmatch(word)
    if not match:
        raise _bad_hours()
    hours = [int(number) for number in match.groups()]
    return time(hours[0], hours[1]), time(hours[2], hours[3])


def _bad_hours() -> Refused:
    return Refused("hours", N_("Please check the working hours: 08:00-12:00, 14:00-17:30, one after the other."))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
