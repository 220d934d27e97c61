"""Periods of a site's calendar: whatever the day and the zone, each moment is in exactly one of each span."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.reports.periods import Period, after, before, months_of, span_of
from crew_app.reports.summary_models import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Asia/Shanghai", "Asia/Urumqi", "UTC", "Europe/Berlin", "America/New_York")]
)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
MOMENTS = st.integers(946_800_000, 4_102_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
SPANS = st.sampled_from(list(Span))


@given(MOMENTS, SPANS, ZONES)
def test_a_moment_is_in_the_span_of_its_day_and_in_no_other(at, span, zone):
    period = span_of(span, at.astimezone(zone).date(), zone)
    assert period.start <= at < period.end
    assert period.holds(at)
    assert not before(span, period).holds(at)
    assert not after(span, period).holds(at)


@given(DAYS, SPANS, ZONES)
def test_spans_follow_each_other_without_a_gap(day, span, zone):
    period = span_of(span, day, zone)
    assert before(span, period).end == period.start
    assert after(span, period).start == period.end
    assert before(span, after(span, period)) == period


@given(DAYS, SPANS, ZONES)
def test_the_year_before_is_the_same_span_of_that_year(day, span, zone):
    period = span_of(span, day, zone)
    earlier = period.year_before()
    assert earlier == span_of(span, earlier.first, zone)
    assert (earlier.first.year, earlier.first.month) == (period.first.year - 1, period.first.month)
    assert [month.month for month in months_of(earlier)] == [month.month for month in months_of(period)]


@given(DAYS, SPANS, ZONES)
def test_days_add_up_to_the_moments_between(day, span, zone):
    period = span_of(span, day, zone)
    noons = {period.first + timedelta(days=n) for n in range(period.days)}
    assert {min(noons), max(noons)} == {period.first, period.last}
    assert day.replace(day=1) in months_of(period)


@pytest.mark.parametrize(
    ("first", "last", "year_first", "year_last"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), date(2023, 2, 1), date(2023, 2, 28)),
        (date(2025, 2, 1), date(2025, 2, 28), date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 3), date(2023, 2, 28), date(2023, 3, 3)),
        (date(2026, 3, 2), date(2026, 3, 8), date(2025, 3, 2), date(2025, 3, 8)),
    ],
)
def test_leap_years(first, last, year_first, year_last):
    earlier = Period(first, last, SHANGHAI).year_before()
    assert (earlier.first, earlier.last) == (year_first, year_last)


def test_midnight_is_that_of_the_site():
    period = span_of(Span.MONTH, date(2026, 5, 31), SHANGHAI)
    assert period.start == datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert not period.holds(datetime(2026, 5, 31, 16, tzinfo=UTC))
    assert period.holds(datetime(2026, 5, 31, 15, 59, 59, 999_999, tzinfo=UTC))


def test_halves_begin_in_january_and_july():
    assert span_of(Span.HALF_YEAR, date(2026, 6, 30), SHANGHAI).first == date(2026, 1, 1)
    assert span_of(Span.HALF_YEAR, date(2026, 7, 1), SHANGHAI).last == date(2026, 12, 31)
