"""When plans have their runs, against a calendar that is walked day by day without any rule library."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.errors import Refused
from crew_app.rounds.calendar import Clock, Days, Shift, Timetable, check_rule, parse_times
from crew_app.rounds.wanted import BATCH, CATCH_UP, since

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Shanghai"]
START, END = date(2026, 1, 1), date(2028, 1, 1)
HORIZON = timedelta(hours=36)
NIGHTS = ["08:00", "22:00,00:30,02:30,04:00", "02:30", "01:30,02:00,03:00", "06:00,14:00,22:00"]
NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
RULES = {
    "FREQ=DAILY": lambda _day: True,
    "FREQ=DAILY;INTERVAL=3": lambda day: (day - START).days % 3 == 0,
    "FREQ=WEEKLY;BYDAY=SA,WE": lambda day: day.weekday() in (2, 5),
    "FREQ=MONTHLY;BYMONTHDAY=1,25": lambda day: day.day in (1, 25),
    "FREQ=MONTHLY;BYMONTHDAY=-1": lambda day: day.day == monthrange(day.year, day.month)[1],
    "FREQ=DAILY;BYMONTH=11,12,1,2,3": lambda day: day.month in (11, 12, 1, 2, 3),
}
EVERY_DAY = [START + timedelta(days=n) for n in range(-40, (END - START).days + 40)]


def expected(rule, times, zone, days, shift, holidays):
    """Every moment of two years, from each day in turn."""
    works = {day: holidays.get(day, day.weekday() < 5) for day in EVERY_DAY}
    counts = {day: days == "all" or works[day] == (days == "working") for day in EVERY_DAY}
    found = set()
    for day in EVERY_DAY:
        if day < START or not RULES[rule](day):
            continue
        step = {"skip": 0, "before": -1, "after": 1}[shift]
        while step and not counts.get(day, True):
            day += timedelta(days=step)  # noqa: PLW2901 - walking to the day that is held
        if counts.get(day):
            found |= {_utc(day, word, later, zone) for word, later in _night(times)}
    return {slot for slot in found if slot.date() <= END}


def _night(times):
    later, before = 0, ""
    for word in times.split(","):
        later += word < before
        before = word
        yield word, later


def _utc(day, word, later, zone):
    """The only moment with this local time; the first of two; as long after midnight when there is none."""
    naive = datetime.combine(day + timedelta(days=later), time.fromisoformat(word))
    for offset in (8, 2, 1, -4, -5):
        there = naive.replace(tzinfo=UTC) - timedelta(hours=offset)
        if there.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == naive:
            return there
    return _utc(day, f"{int(word[:2]) + 1:02d}{word[2:]}", later, zone)


holidays = st.dictionaries(st.dates(START, END), st.booleans(), max_size=25)
cases = st.tuples(
    st.sampled_from(list(RULES)),
    st.sampled_from(NIGHTS),
    st.sampled_from(ZONES),
    st.sampled_from(list(Days)),
    st.sampled_from(list(Shift)),
    holidays,
)


def table(rule, times, zone, days, shift, exceptions):
    return Timetable(rule, parse_times(times), START, ZoneInfo(zone), None, days, shift, exceptions)


def run_the_server(found, chance, begun):
    """Two years of a scheduler that is restarted, down for weeks, asked twice, and whose clock jumps."""
    made: list[Any] = []
    planned: Any = None
    at, wrong = begun, 0
    while at < datetime(2028, 3, 1, tzinfo=UTC):
        wrong = 0 if wrong else chance.choice([0, 0, 0, 0, 70, -70, 24 * 45, -24 * 45])  # put right within the hour
        shown = at + timedelta(hours=wrong)
        before = planned
        for known in (before, planned)[: chance.choice([1, 1, 2])]:  # two schedulers that read the same
            wanted, planned = tick(found, known, begun, shown)
            made += sorted(wanted - set(made))  # the unique key
        at += timedelta(hours=1 if wrong else chance.choice([1, 30, 60, 24 * 7, 24 * 29]))
    return made


def tick(found, planned, begun, at):
    """One after the other, as many batches as it takes."""
    until, wanted = at + HORIZON, set()
    while True:
        slots = found.slots(since(planned, begun, at, until), until)
        wanted |= set(slots[:BATCH])
        if len(slots) <= BATCH:
            return wanted, until
        planned = slots[BATCH - 1]


@settings(max_examples=40)
@given(case=cases, seed=st.integers(0, 10**6))
def test_no_run_is_lost_or_doubled_in_two_years(case, seed):
    begun = datetime(2026, 1, 1, 5, tzinfo=UTC)
    made = run_the_server(table(*case), Random(seed), begun)
    assert len(made) == len(set(made))
    end = datetime(2027, 12, 31, tzinfo=UTC)
    wanted = {slot for slot in expected(*case) if begun < slot < end}
    assert sorted({slot for slot in made if slot < end} ^ wanted)[:3] == []


@settings(max_examples=20)
@given(case=cases)
def test_asked_at_once_or_piece_by_piece_the_dates_are_the_same(case):
    found, begun = table(*case), datetime(2026, 9, 1, tzinfo=UTC)
    end = begun + timedelta(days=90)
    pieces = [
        slot for day in range(90) for slot in found.slots(begun + timedelta(days=day), begun + timedelta(days=day + 1))
    ]
    assert pieces == found.slots(begun, end) == sorted(set(pieces))


def local(found, day):
    slots = found.slots(
        datetime(2026, day[0], day[1], tzinfo=UTC) - timedelta(hours=12),
        datetime(2026, day[0], day[1], tzinfo=UTC) + timedelta(hours=36),
    )
    return [f"{slot.astimezone(found.zone):%d %H:%M%z}" for slot in slots]


def test_when_clocks_change_every_time_of_day_is_one_run():
    found = table("FREQ=DAILY", "02:30", "Europe/Berlin", Days.ALL, Shift.SKIP, {})
    assert "29 03:30+0200" in local(found, (3, 29))  # 02:30 does not exist
    assert [word for word in local(found, (10, 25)) if word.startswith("25")] == ["25 02:30+0200"]  # twice: the first


def test_a_night_belongs_to_the_evening_it_begins():
    found = table("FREQ=DAILY", "22:00,00:30", "Asia/Shanghai", Days.WORKING, Shift.SKIP, {})
    friday = found.slots(datetime(2026, 6, 5, tzinfo=UTC), datetime(2026, 6, 8, tzinfo=UTC))
    assert [f"{slot.astimezone(found.zone):%a %H:%M}" for slot in friday] == ["Fri 22:00", "Sat 00:30"]


def test_a_worked_saturday_counts_and_a_holiday_does_not():
    found = table(
        "FREQ=WEEKLY;BYDAY=SA,MO",
        "08:00",
        "Asia/Shanghai",
        Days.WORKING,
        Shift.SKIP,
        {date(2026, 5, 9): True, date(2026, 5, 4): False},
    )
    assert found.dates(date(2026, 5, 1), date(2026, 5, 12)) == [date(2026, 5, 9), date(2026, 5, 11)]


@pytest.mark.parametrize(
    ("typed", "clocks"),
    [
        ("8:00", [("08:00", 0)]),
        ("22：00、00:30， 3:00", [("22:00", 0), ("00:30", 1), ("03:00", 1)]),
    ],
)
def test_times_as_people_type_them(typed, clocks):
    assert parse_times(typed) == tuple(Clock(time.fromisoformat(at), later) for at, later in clocks)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "25:00",
        "8",
        "x",
        "08:00,08:00",
        "22:00,01:00,00:30",
        "22:00,01:00,22:30",
        ",".join(f"{n // 60:02d}:{n % 60:02d}" for n in range(60)),
    ],
)
def test_times_that_cannot_be_are_refused(typed):
    with pytest.raises(Refused):
        parse_times(typed)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "X",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY\nEXDATE:20260101",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=99999",
    ],
)
def test_rules_that_no_day_meets_are_refused(rule):
    with pytest.raises(Refused):
        check_rule(rule, START)


def test_what_was_due_too_long_ago_is_not_made_up():
    at = datetime(2026, 6, 1, tzinfo=UTC)
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    assert since(begun, begun, at, at + HORIZON) == at - CATCH_UP
