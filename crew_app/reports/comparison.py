"""This month so far against the same days of last month and of the same month last year."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crew_app.reports.figure_queries import Reader
from crew_app.reports.periods import Period, months_later
from crew_app.reports.trends import TOPICS, Topic, Value, value
from crew_app.reports.windows import Span

COMPARED = ("reported", "found", "done", "on_time", "sent_back", "repeat", "cost")
FEW, LONGEST = 5, 31
WANTED = frozenset(name for key in COMPARED for name in TOPICS[key].wanted)


@dataclass(frozen=True, slots=True)
class Compared:
    """A topic in the same days of three months: this one, the one before, that of last year."""

    topic: Topic
    values: tuple[Value, Value, Value]


def same_days(today: Period) -> tuple[Period, Period, Period]:
    """The month of a day up to it, and the same days of the month before and of that of last year.

    In the first days of a month, the whole month before: two days are no month.
    """
    first, day = today.last.replace(day=1), today.last.day
    if day < FEW:
        first, day = months_later(first, -1), LONGEST
    earlier = (first, months_later(first, -1), months_later(first, -12))
    now, last, then = (Period(start, _up_to(start, day), today.zone) for start in earlier)
    return now, last, then


def compared(reader: Reader) -> tuple[Sequence[Compared], tuple[Period, Period, Period]]:
    """All topics that a manager compares, with the periods."""
    periods = same_days(Period(reader.day, reader.day, reader.site.zone))
    found = [(Span(one.first, one.last), reader.amounts(WANTED, "", one)) for one in periods]
    rows = []
    for key in COMPARED:
        now, last, then = (value(TOPICS[key], amounts, span) if amounts else Value(None) for span, amounts in found)
        rows.append(Compared(TOPICS[key], (now, last, then)))
    return rows, periods


def _up_to(first: date, day: int) -> date:
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))
