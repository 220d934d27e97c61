"""Which readings differ oddly from the ones before them. Plain arithmetic, no database.

A value is compared with the last 30 of the same time of day (night, morning, afternoon, evening); with the last 30
of any time while there are fewer than 12 of those; and not at all while there are fewer than 12. It is odd when it
lies further from their median than 4 times their usual distance from it (median absolute deviation, scaled to a
standard deviation): the modified z-score of Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993), whose
3.5 would call one in a hundred ordinary readings odd with so few before them; 4 does so with one in three hundred.
A few wild values among the 30 do not move a median, so one bad reading does not hide the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

LAST = 30
FEWEST = 12
FARTHEST = 4.0
TO_DEVIATION = 1.4826
"""Median absolute deviation of a normal distribution to its standard deviation."""
LEAST_SHARE = 0.02
"""So much of the median a reading may always differ: gauges are read by eye."""
HOURS = (0, *[0] * 5, *[1] * 6, *[2] * 6, *[3] * 4, 0, 0)
"""The class of each hour: night from 22, morning from 6, afternoon from 12, evening from 18."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number and when it was read."""

    at: datetime
    number: Decimal


def odd(values: Sequence[Value], zone: ZoneInfo) -> list[bool]:
    """For each of these values, in the order of time, whether it is an anomaly."""
    by_hour: dict[int, list[float]] = {}
    all_of_them: list[float] = []
    found = []
    for value in values:
        number, same = float(value.number), by_hour.setdefault(hour_class(value.at, zone), [])
        before = same if len(same) >= FEWEST else all_of_them
        found.append(is_odd(number, before[-LAST:]))
        same.append(number)
        all_of_them.append(number)
    return found


def is_odd(number: float, before: Sequence[float]) -> bool:
    """Whether a number lies too far from the ones before it; never while these are too few."""
    if len(before) < FEWEST:
        return False
    middle = median(before)
    usual = TO_DEVIATION * median(abs(one - middle) for one in before)
    return abs(number - middle) > FARTHEST * max(usual, LEAST_SHARE * abs(middle))


def hour_class(at: datetime, zone: ZoneInfo) -> int:
    """Night, morning, afternoon or evening, by the site's clock."""
    return HOURS[at.astimezone(zone).hour]


def rates(values: Iterable[Value]) -> list[Value]:
    """What a meter moved on per day since the reading before, at each of its readings; nothing at the first one.

    Backwards, or twice at one moment, there is no rate, and the reading is left out.
    """
    found: list[Value] = []
    before: Value | None = None
    for value in values:
        if before and value.at > before.at and value.number >= before.number:
            days = Decimal((value.at - before.at).total_seconds()) / 86_400
            found.append(Value(value.at, (value.number - before.number) / days))
        before = value
    return found
