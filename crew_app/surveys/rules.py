"""Arithmetic of satisfaction. Pure functions, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

BEST = 5
FEWEST = 3
"""A ward with fewer answers in a month is counted in the whole, and not shown by itself: one could tell who it was."""
TENTH = Decimal("0.1")


@dataclass(slots=True)
class Tally:
    """How often which mark was given."""

    marks: dict[int, int] = field(default_factory=dict)

    def add(self, mark: int, times: int = 1) -> None:
        """Count a mark."""
        self.marks[mark] = self.marks.get(mark, 0) + times

    def take_in(self, other: "Tally") -> None:
        """Count all of another one."""
        for mark, times in other.marks.items():
            self.add(mark, times)

    @property
    def number(self) -> int:
        """How many marks."""
        return sum(self.marks.values())

    @property
    def mean(self) -> Decimal | None:
        """The average mark, to one place."""
        total = sum(mark * times for mark, times in self.marks.items())
        return (Decimal(total) / self.number).quantize(TENTH, ROUND_HALF_UP) if self.number else None

    @property
    def rate(self) -> Decimal | None:
        """Satisfaction in percent (满意度): the share of marks of 4 and 5, to one place."""
        good = sum(times for mark, times in self.marks.items() if mark >= BEST - 1)
        return (Decimal(100 * good) / self.number).quantize(TENTH, ROUND_HALF_UP) if self.number else None


def summed(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    whole = Tally()
    for tally in tallies:
        whole.take_in(tally)
    return whole


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def months_back(month: date, count: int) -> list[date]:
    """So many months up to this one, the oldest first."""
    number = month.year * 12 + month.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(count - 1, -1, -1)]
