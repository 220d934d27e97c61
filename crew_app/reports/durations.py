"""Durations in classes, so that the median of a year is read from a few hundred counts. Pure.

Each class is five percent longer than the one before, so a median or a 90th percentile is right to five percent.
"""

from collections.abc import Mapping
from math import floor, log

WIDTH = 1.05
SHORTEST = 60
"""Seconds; everything below is one class."""
_LAST = 999


def class_of(seconds: int) -> int:
    """The class of a duration: 0 below a minute, then 1 and up."""
    if seconds < SHORTEST:
        return 0
    return min(floor(log(seconds / SHORTEST) / log(WIDTH) + 1e-9) + 1, _LAST)


def bounds(number: int) -> tuple[float, float]:
    """From how many seconds to how many a class reaches."""
    return (0.0, float(SHORTEST)) if number <= 0 else (SHORTEST * WIDTH ** (number - 1), SHORTEST * WIDTH**number)


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The seconds below which this share of all durations lies; nothing when there are none."""
    wanted = sum(counts.values()) * share
    seen = 0.0
    for number in sorted(counts):
        if counts[number] > 0 and seen + counts[number] >= wanted:
            low, high = bounds(number)
            return low + (high - low) * (wanted - seen) / counts[number]
        seen += counts[number]
    return None
