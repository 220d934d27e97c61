"""Arithmetic of shifts: no day lost, none twice, whatever the clocks do."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.roster.rules import A_DAY, Trouble, Turn, conflicts, days_of, span_on

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]
FIRST = date(2026, 1, 1)
TWO_YEARS = 730
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
masks = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days)))


@given(st.sampled_from(ZONES), clocks, clocks, masks, st.integers(1, 31), st.integers(0, 40))
def test_two_years_of_a_pattern_lose_no_shift_and_double_none(zone, starts, ends, mask, every, late):
    turn = Turn(mask, FIRST + late * A_DAY, None, every)
    days = list(days_of(turn, FIRST, FIRST + TWO_YEARS * A_DAY, {}))
    wanted = [FIRST + n * A_DAY for n in range(late, TWO_YEARS + 1) if (n - late) % every == 0]
    assert days == [day for day in wanted if str(day.isoweekday()) in mask]
    halves = [
        *days_of(turn, FIRST, FIRST + 300 * A_DAY, {}),
        *days_of(turn, FIRST + 301 * A_DAY, days[-1] if days else FIRST, {}),
    ]
    assert halves == days, "made in two goes it is the same"
    spans = [span_on(day, starts, ends, ZoneInfo(zone)) for day in days]
    assert all(start < end <= start + timedelta(hours=26) for start, end in spans)
    assert all(one[0] < other[0] for one, other in itertools.pairwise(spans))


@given(st.sampled_from(ZONES), clocks)
def test_a_day_long_shift_leaves_no_gap_and_no_overlap_in_two_years(zone, starts):
    spans = [span_on(FIRST + n * A_DAY, starts, starts, ZoneInfo(zone)) for n in range(TWO_YEARS)]
    assert all(one[1] == other[0] for one, other in itertools.pairwise(spans))


@given(st.sampled_from(ZONES), clocks, clocks)
def test_day_and_night_shift_cover_every_moment_of_two_years(zone, change, back):
    if change == back:
        return
    days = [FIRST + n * A_DAY for n in range(TWO_YEARS)]
    early, late = sorted((change, back))
    there = sorted(span_on(day, *hours, ZoneInfo(zone)) for day in days for hours in ((early, late), (late, early)))
    until = there[0][1]
    for start, end in there:
        assert start <= until
        until = max(until, end)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 9), (date(2026, 10, 24), 11), (date(2026, 6, 1), 10)])
def test_a_night_is_an_hour_shorter_or_longer_when_the_clocks_change(day, hours):
    start, end = span_on(day, time(22), time(8), ZoneInfo("Europe/Berlin"))
    assert end - start == timedelta(hours=hours)


def test_a_shift_that_the_clock_jumps_over_is_not_lost():
    start, end = span_on(date(2026, 3, 29), time(2, 10), time(2, 50), ZoneInfo("Europe/Berlin"))
    assert end - start == timedelta(minutes=40)


def test_holidays_and_worked_weekends():
    off = {date(2026, 10, 1): False, date(2026, 10, 10): True}  # a Thursday off, a Saturday worked
    week = (date(2026, 10, 1), date(2026, 10, 11))
    office = Turn("12345", FIRST, None, 1, on_holidays=False)
    days = list(days_of(office, *week, off))
    assert date(2026, 10, 1) not in days
    assert date(2026, 10, 10) in days
    always = Turn("1234567", FIRST)
    assert len(list(days_of(always, *week, off))) == 11


@dataclass(frozen=True)
class Shift:
    person_id: UUID
    starts_at: datetime
    ends_at: datetime


hours = st.integers(0, 60)
shifts = st.lists(st.tuples(st.integers(1, 2), hours, st.integers(1, 20)), max_size=7)


@given(shifts, st.integers(0, 12))
def test_a_conflict_is_found_exactly_where_two_shifts_are_too_near(told, rest):
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    some = [
        Shift(UUID(int=who), begun + timedelta(hours=at), begun + timedelta(hours=at + long)) for who, at, long in told
    ]
    found = conflicts(some, timedelta(hours=rest))
    near = [
        (one, other)
        for number, one in enumerate(some)
        for other in some[number + 1 :]
        if one.person_id == other.person_id
        and one.starts_at < other.ends_at + timedelta(hours=rest)
        and other.starts_at < one.ends_at + timedelta(hours=rest)
    ]
    assert bool(found) == bool(near)
    for one in found:
        overlap = one.second.starts_at < one.first.ends_at
        assert one.trouble is (Trouble.DOUBLE if overlap else Trouble.REST)
        assert one.first.person_id == one.second.person_id
