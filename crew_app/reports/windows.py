"""The times a trend is looked at: 30 days by day, a quarter by week, a year by month; and the same a year before."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crew_app.core.words import N_
from crew_app.reports.periods import Period, months_later

MONTHS = 12
"""Whole ones, before the one that runs."""
WEEKS = 13


class Window(StrEnum):
    """How far back one looks."""

    DAYS = "30-days"
    QUARTER = "quarter"
    YEAR = "year"


WINDOW_LABELS = {Window.DAYS: N_("30 days"), Window.QUARTER: N_("Quarter"), Window.YEAR: N_("12 months")}


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a trend: a day, a week or a month, cut off at the end of the window."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Its days."""
        return [self.first + timedelta(days=number) for number in range(self.length)]

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def period(window: Window, today: date, zone: ZoneInfo) -> Period:
    """The time from the first day of a window to today."""
    first = {
        Window.DAYS: today - timedelta(days=29),
        Window.QUARTER: _monday(today) - timedelta(weeks=WEEKS - 1),
        Window.YEAR: months_later(today.replace(day=1), -MONTHS),
    }[window]
    return Period(first, today, zone)


def steps(window: Window, found: Period) -> list[Span]:
    """The steps of a window, in order, without a gap."""
    spans: list[Span] = []
    first = found.first
    while first <= found.last:
        following = {
            Window.DAYS: first + timedelta(days=1),
            Window.QUARTER: first + timedelta(days=7),
            Window.YEAR: months_later(first, 1),
        }[window]
        spans.append(Span(first, min(following - timedelta(days=1), found.last)))
        first = following
    return spans


def before(window: Window, span: Span) -> Span:
    """The step a year earlier: the same month, or the same weekdays of 52 weeks before."""
    if window is not Window.YEAR:
        return Span(span.first - timedelta(weeks=52), span.last - timedelta(weeks=52))
    first = months_later(span.first, -12)
    last = min(first + (span.last - span.first), months_later(first, 1) - timedelta(days=1))
    if span.last == months_later(span.first, 1) - timedelta(days=1):
        last = months_later(first, 1) - timedelta(days=1)
    return Span(first, last)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
