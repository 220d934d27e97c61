"""Periods of a site's own calendar: a first and a last day, the moments between them, the same period a year before."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crew_app.reports.summary_models import Span

MONTHS = {Span.MONTH: 1, Span.HALF_YEAR: 6, Span.YEAR: 12}
"""How many months a span has; each begins with a month of the same number from January on."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, in the zone of a site."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The moment at which it begins; belongs to it."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def end(self) -> datetime:
        """The moment at which it is over; does not belong to it any more."""
        return datetime.combine(self.last + _DAY, time.min, self.zone)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it."""
        return self.first <= at.astimezone(self.zone).date() <= self.last

    def over(self, at: datetime) -> bool:
        """Whether it is over at a moment."""
        return at >= self.end

    def year_before(self) -> "Period":
        """The same period a year earlier (同期); what ends with its month does so there, too (28 and 29 February)."""
        last = _year_before(self.last)
        if self.last.day == _month_length(self.last):
            last = last.replace(day=_month_length(last))
        return replace(self, first=_year_before(self.first), last=last)


def span_of(span: Span, day: date, zone: ZoneInfo) -> Period:
    """The month, half-year or year in which a day lies."""
    first = date(day.year, day.month - (day.month - 1) % MONTHS[span], 1)
    return Period(first, months_later(first, MONTHS[span]) - _DAY, zone)


def before(span: Span, period: Period) -> Period:
    """The span before one."""
    return span_of(span, period.first - _DAY, period.zone)


def after(span: Span, period: Period) -> Period:
    """The span after one."""
    return span_of(span, period.last + _DAY, period.zone)


def so_far(period: Period, at: datetime) -> Period:
    """The days of a period up to a moment; all of them when it is over, the first one before it begins."""
    today = at.astimezone(period.zone).date()
    return replace(period, last=max(period.first, min(period.last, today)))


def months_later(first: date, months: int) -> date:
    """The first day of the month so many months after (or, below zero, before) that of a day."""
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def months_of(period: Period) -> list[date]:
    """The first days of the months in which a period has days."""
    found = [period.first.replace(day=1)]
    while (following := months_later(found[-1], 1)) <= period.last:
        found.append(following)
    return found


def _year_before(day: date) -> date:
    year = day.year - 1
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
