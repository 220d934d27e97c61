"""Quiet hours and pauses between tries, as pure facts."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crew_app.notifications.rules import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, Quiet, pause

ZONE = ZoneInfo("Asia/Shanghai")
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, tzinfo=None))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=ZONE))  # noqa: DTZ001


@given(clocks, clocks, moments)
def test_quiet_hours_end_at_their_end_and_are_over_then(start, end, at):
    quiet = Quiet(start, end)
    until = quiet.end_after(at)
    if until is None:
        return
    assert at < until <= at + timedelta(days=1)
    assert until.time() == end
    assert quiet.end_after(until) is None
    assert quiet.end_after(until - timedelta(microseconds=1)) == until


@given(clocks, clocks, moments)
def test_the_hours_and_the_rest_of_the_day_make_a_whole_day(start, end, at):
    within = Quiet(start, end).end_after(at) is not None
    without = Quiet(end, start).end_after(at) is not None
    assert (within ^ without) if start != end else not within


def test_over_midnight():
    quiet = Quiet(time(22), time(6, 30))
    for day, clock, ends in ((1, time(21, 59), None), (1, time(22), 2), (2, time(6, 29), 2), (2, time(6, 30), None)):
        until = quiet.end_after(datetime.combine(datetime(2026, 5, day), clock, ZONE))  # noqa: DTZ001
        assert until == (datetime(2026, 5, ends, 6, 30, tzinfo=ZONE) if ends else None)


@given(st.integers(1, 10_000))
def test_pauses_grow_and_have_an_end(tries):
    assert FIRST_PAUSE <= pause(tries) <= pause(tries + 1) <= LONGEST_PAUSE


def test_all_tries_take_about_half_a_day():
    whole = sum((pause(tries) for tries in range(1, MOST_TRIES)), timedelta())
    assert timedelta(hours=10) < whole < timedelta(hours=24)
