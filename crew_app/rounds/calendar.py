"""When the runs of a plan are: dates of a rule, the working days of the site, times of day in its zone.

Pure functions, no database. A rule is an RRULE of RFC 5545 over days; the times of day are beside it.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from crew_app.core.errors import Refused
from crew_app.core.words import N_

LONGEST_SHIFT = 31
"""Days a date is moved at most to reach one that counts."""
MOST_TIMES = 48
_SATURDAY = 5
_DAY = timedelta(days=1)
_FIRST_WITHIN = timedelta(days=5 * 366)
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "BYDAY": r"([+-]?[1-5])?[A-Z]{2}(,([+-]?[1-5])?[A-Z]{2})*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "BYMONTH": r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYSETPOS": r"-?1",
    "WKST": r"MO|SU",
}


class Days(StrEnum):
    """Which days count."""

    ALL = "all"
    WORKING = "working"
    OFF = "off"


class Shift(StrEnum):
    """What becomes of a date on a day that does not count."""

    SKIP = "skip"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `later` days after the date it belongs to (00:30 of the night that began at 22:00: one)."""

    at: time
    later: int = 0


@dataclass(frozen=True, slots=True)
class Timetable:
    """A plan's rule with the calendar it is read in. `exceptions`: days that are not what their weekday says."""

    rule: str
    times: tuple[Clock, ...]
    starts_on: date
    zone: ZoneInfo
    ends_on: date | None = None
    days: Days = Days.ALL
    shift: Shift = Shift.SKIP
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether people work on this day: what the calendar of the site says, else Monday to Friday."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def counts(self, day: date) -> bool:
        """Whether runs are held on this day."""
        return self.days is Days.ALL or self.works(day) is (self.days is Days.WORKING)

    def dates(self, first: date, last: date) -> list[date]:
        """The days with runs, from `first` to `last`; two dates moved to the same day are one."""
        reach = timedelta(days=0 if self.shift is Shift.SKIP else LONGEST_SHIFT)
        moved = {self.settle(day) for day in self._nominal(first - reach, last + reach)}
        return sorted(day for day in moved if day and first <= day <= last)

    def settle(self, day: date) -> date | None:
        """The day that is held for this date: itself, the nearest before or after that counts, or none."""
        step = {Shift.SKIP: 0, Shift.BEFORE: -1, Shift.AFTER: 1}[self.shift]
        reach = LONGEST_SHIFT if step else 0
        nearest = (day + _DAY * step * far for far in range(reach + 1))
        return next((found for found in nearest if self.counts(found)), None)

    def slots(self, after: datetime, until: datetime) -> list[datetime]:
        """The moments at which runs open, later than `after` and not later than `until`, in UTC."""
        first = after.astimezone(self.zone).date() - 2 * _DAY
        last = until.astimezone(self.zone).date() + _DAY
        found = {moment(day, clock, self.zone) for day in self.dates(first, last) for clock in self.times}
        return sorted(slot for slot in found if after < slot <= until)

    def coming(self, after: datetime, count: int, horizon: timedelta = timedelta(days=800)) -> list[datetime]:
        """The next moments after `after`, at most `count`; fewer when there are none within the horizon."""
        found: list[datetime] = []
        since, width = after, timedelta(days=16)
        while len(found) < count and since < after + horizon:
            found += self.slots(since, since + width)
            since, width = since + width, width * 2
        return found[:count]

    def next_open(self, day: date, not_before: datetime) -> datetime:
        """The first time of day on or after this day, and not before that moment, on a day that counts."""
        reach = range(2 * LONGEST_SHIFT)
        days = (day + _DAY * far for far in reach if self.counts(day + _DAY * far))
        slots = (moment(one, clock, self.zone) for one in days for clock in self.times)
        return next((slot for slot in slots if slot >= not_before), not_before)

    def _nominal(self, first: date, last: date) -> Iterator[date]:
        first, last = max(first, self.starts_on), min(last, self.ends_on or last)
        for year in range(first.year, last.year + 1):
            for day in _in_year(self.rule, self.starts_on, year):
                if first <= day <= last:
                    yield day


def moment(day: date, clock: Clock, zone: ZoneInfo) -> datetime:
    """A time of day as a moment in UTC, and only one.

    A time that exists twice (clocks go back) is the first of the two. One that does not exist (clocks go forward) is
    as long after midnight as it would have been (RFC 5545, 3.3.5): 02:30 is then 03:30.
    """
    local = datetime.combine(day + _DAY * clock.later, clock.at, zone)
    return local.astimezone(UTC)


def next_date(rule: str, day: date) -> date:
    """The next date of a rule that counts from this day (a month after completion)."""
    return next(found.date() for found in _parsed(rule, day).xafter(_midnight(day)))


def parse_times(typed: str) -> tuple[Clock, ...]:
    """Times of day in the order of the shift: one that is earlier than the one before it is on the next day.

    `Refused` ("times") when there is none, one is no time, or midnight is crossed twice.
    """
    words = [word for word in re.split(r"[\s,，、;；]+", typed.replace("：", ":")) if word]
    found = [_time(word) for word in words]
    clocks, later = [], 0
    for before, at in zip([None, *found], found, strict=False):
        later += before is not None and at < before
        clocks.append(Clock(at, later))
    if not 0 < len(clocks) <= MOST_TIMES or later > 1 or len(set(clocks)) != len(clocks) or _too_long(clocks):
        raise Refused("times", N_("Please check the times of day: 22:00, 00:30, 03:00, in the order of the shift."))
    return tuple(clocks)


def times_text(times: tuple[Clock, ...]) -> str:
    """The same as words that `parse_times` reads."""
    return ",".join(clock.at.strftime("%H:%M") for clock in times)


def check_rule(rule: str, starts_on: date) -> None:
    """`Refused` ("rule") when this is no rule over days that the calendar knows, or one that no day ever meets."""
    if not (_well_formed(rule) and _ever_met(rule, starts_on)):
        raise Refused("rule", N_("No day meets this rule. Please check the days and months."))


def _ever_met(rule: str, starts_on: date) -> bool:
    """Within five years, or the search would go on to the end of time."""
    try:
        bounded = f"{rule};UNTIL={starts_on + _FIRST_WITHIN:%Y%m%d}"
        return next(iter(rrulestr(bounded, dtstart=_midnight(starts_on))), None) is not None
    except (ValueError, OverflowError):
        return False


def _well_formed(rule: str) -> bool:
    parts = [part.partition("=") for part in rule.split(";")]
    known = all(name in _PARTS and re.fullmatch(_PARTS[name], value) for name, _, value in parts)
    by = {name: value for name, _, value in parts}
    return known and len(by) == len(parts) and "FREQ" in by and not _hopeless(by)


def _hopeless(by: Mapping[str, str]) -> bool:
    """What no day may ever meet; the library would look for one until the year 9999, which takes minutes."""
    rare = by["FREQ"] in ("DAILY", "WEEKLY")
    days, months = by.get("BYMONTHDAY", ""), by.get("BYMONTH", "")
    if (rare and days) or (by["FREQ"] == "DAILY" and "BYDAY" in by) or (days and "BYDAY" in by):
        return True
    if rare and re.search(r"\d", by.get("BYDAY", "")):
        return True
    longest = max((monthrange(2028, int(month))[1] for month in months.split(",") if month), default=31)
    return bool(days) and min(abs(int(day)) for day in days.split(",")) > longest


def _time(word: str) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):?([0-5]\d)", word)
    if not match:
        raise Refused("times", N_("Please check the times of day: 22:00, 00:30, 03:00, in the order of the shift."))
    return time(int(match[1]), int(match[2]))


def _too_long(clocks: list[Clock]) -> bool:
    """Whether the last of a night is on its next evening: then two dates would claim the same moment."""
    return clocks[-1].later > 0 and clocks[-1].at >= clocks[0].at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@lru_cache(maxsize=2000)
def _in_year(rule: str, starts_on: date, year: int) -> tuple[date, ...]:
    """Kept: a rule is asked again each minute, and finds its dates from the beginning each time."""
    begin, end = datetime(year, 1, 1), datetime(year, 12, 31)  # noqa: DTZ001 - days have no zone
    return tuple(found.date() for found in _parsed(rule, starts_on).between(begin, end, inc=True))


@lru_cache(maxsize=1000)
def _parsed(rule: str, starts_on: date) -> rrule:
    found = rrulestr(rule, dtstart=_midnight(starts_on), cache=True)
    if not isinstance(found, rrule):
        raise TypeError(rule)
    return found
