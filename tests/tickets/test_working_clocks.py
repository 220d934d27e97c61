"""The clock under pauses, calendars, holidays, changes of the time of day, wrong device clocks, any order of events."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.clock import Moment, moment
from crew_app.core.db import session
from crew_app.core.errors import CrewError, Refused
from crew_app.roster.days import DayOff
from crew_app.tickets import actions, target_rules
from crew_app.tickets.clocks import Calendar, Hours, parse_periods, paused, pauses, periods_text, runs_out
from crew_app.tickets.deadlines import calendar_of
from crew_app.tickets.models import TicketEvent
from crew_app.tickets.rules import HoldReason, Kind, Priority, State
from crew_app.tickets.targets import Scope, Target
from tests.support.tickets import bring_to

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
USUAL = parse_periods("08:00-12:00, 14:00-17:30")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC")
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=3))
EXCEPTIONS = st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 1, 31)), st.booleans(), max_size=30)


@st.composite
def periods(draw):
    """Any working hours, the hours around the change of clocks included."""
    marks = sorted(draw(st.sets(st.integers(0, 47), min_size=4, max_size=6)))
    times = [time(mark // 2, mark % 2 * 30) for mark in marks]
    return tuple(zip(times[::2], times[1::2], strict=False))


CALENDARS = st.builds(
    Calendar, st.sampled_from(Hours), st.sampled_from(ZONES).map(ZoneInfo), periods(), EXCEPTIONS
) | st.builds(Calendar, st.just(Hours.WORKING), st.just(SHANGHAI), st.just(USUAL), EXCEPTIONS)


def local(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-11-23 09:00", 2 * HOUR, "2026-11-23 11:00"),
        ("2026-11-23 11:30", HOUR, "2026-11-23 14:30"),  # over lunch
        ("2026-11-27 17:00", 2 * HOUR, "2026-11-30 09:30"),  # over the weekend
        ("2026-11-28 10:00", HOUR, "2026-11-30 09:00"),  # begun on a Saturday
        ("2026-09-30 17:30", HOUR, "2026-10-08 09:00"),  # over the national holiday
        ("2026-10-10 08:00", HOUR, "2026-10-10 09:00"),  # a Saturday that is worked
    ],
)
def test_working_hours_by_hand(start, length, end):
    holiday = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
    calendar = Calendar(Hours.WORKING, SHANGHAI, USUAL, holiday)
    assert calendar.add(local(start), length) == local(end)


@given(CALENDARS, MOMENTS, LENGTHS)
@settings(max_examples=25)
def test_what_is_added_has_run(calendar, start, length):
    end = calendar.add(start, length)
    assert end >= start
    assert calendar.between(start, end) == length


@given(CALENDARS, MOMENTS, LENGTHS.filter(bool), LENGTHS)
@settings(max_examples=25)
def test_a_deadline_moved_by_a_pause_is_the_deadline_with_the_pause_counted_in(calendar, start, length, more):
    assert calendar.add(calendar.add(start, length), more) == calendar.add(start, length + more)


@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
@settings(max_examples=25)
def test_time_that_runs_adds_up_and_is_never_more_than_there_is(calendar, moments):
    first, second, third = moments
    parts = calendar.between(first, second) + calendar.between(second, third)
    assert calendar.between(first, third) == parts
    assert timedelta(0) <= parts <= third - first
    assert calendar.between(third, first) == timedelta(0)


@given(st.sampled_from(ZONES).map(ZoneInfo), EXCEPTIONS, MOMENTS, st.integers(0, 60 * 24 * 4))
@settings(max_examples=15)
def test_it_is_what_counting_minute_by_minute_gives(zone, exceptions, start, minutes):
    calendar, start = Calendar(Hours.WORKING, zone, USUAL, exceptions), start.replace(second=0, microsecond=0)

    def runs(at):
        here = at.astimezone(zone)
        worked = exceptions.get(here.date(), here.weekday() < 5)
        return worked and any(opens <= here.time() < closes for opens, closes in USUAL)

    counted = sum(runs(start + MINUTE * n) for n in range(minutes))
    assert calendar.between(start, start + MINUTE * minutes) == MINUTE * counted


def test_the_night_of_the_change_of_clocks_is_an_hour_shorter_and_an_hour_longer():
    berlin, whole = ZoneInfo("Europe/Berlin"), ((time(0), time(12)),)
    worked = {date(2026, 3, 29): True, date(2026, 10, 25): True}
    calendar = Calendar(Hours.WORKING, berlin, whole, worked)
    for day, hours in ((date(2026, 3, 29), 11), (date(2026, 10, 25), 13)):
        begin = datetime.combine(day, time(0), berlin)
        assert calendar.between(begin, begin + DAY) == hours * HOUR


def test_where_nobody_ever_works_there_is_a_deadline_all_the_same():
    never = Calendar(Hours.WORKING, SHANGHAI, (), {})
    assert never.add(local("2026-11-23 09:00"), HOUR) == local("2026-11-23 10:00")
    assert never.between(local("2026-11-23 09:00"), local("2026-11-24 09:00")) == timedelta(0)


@dataclass
class Told:
    """An event as the clocks see it."""

    at: datetime
    from_state: State
    to_state: State
    hold_reason: HoldReason | None = None


@given(CALENDARS, MOMENTS, LENGTHS.filter(bool), st.lists(st.tuples(LENGTHS, LENGTHS), max_size=4))
@settings(max_examples=25)
def test_pauses_from_the_story_move_the_deadline_by_what_they_stopped(calendar, opened, allowed, gaps):
    story, at, due = [], opened, calendar.add(opened, allowed)
    for before, pause in gaps:
        since, until = at + before, at + before + pause
        story += [
            Told(since, State.ACCEPTED, State.ON_HOLD, HoldReason.ACCESS),
            Told(since, State.ON_HOLD, State.ON_HOLD),  # a note
            Told(until, State.ON_HOLD, State.ACCEPTED),
        ]
        due, at = calendar.add(due, calendar.between(since, until)), until
    stops = pauses(story)
    assert [stop.reason for stop in stops] == [HoldReason.ACCESS] * len(gaps)
    assert runs_out(calendar, opened, allowed, stops) == due
    assert paused(calendar, stops) == due_later(calendar, opened, allowed, due)


def due_later(calendar, opened, allowed, due):
    """By how much of its own time a deadline is later than without pauses."""
    return calendar.between(calendar.add(opened, allowed), due)


def test_a_pause_that_goes_on_and_one_whose_end_came_before_its_beginning():
    at = local("2026-11-23 09:00")
    going = pauses([Told(at, State.ACCEPTED, State.ON_HOLD, HoldReason.PATIENT)])
    assert (going[0].until, paused(Calendar(), going)) == (None, timedelta(0))
    back = pauses([Told(at, State.ACCEPTED, State.ON_HOLD), Told(at - HOUR, State.ON_HOLD, State.ACCEPTED)])
    assert paused(Calendar(), back) == timedelta(0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hold", "resume", "finish", "send_back", "release", "accept", "note"]),
        st.timedeltas(timedelta(0), timedelta(days=3)),  # after the one before, in truth
        st.timedeltas(timedelta(days=-2), timedelta(days=2)),  # by how much the phone's clock is wrong
        st.timedeltas(timedelta(0), timedelta(hours=9)),  # until it was sent
    ),
    min_size=3,
    max_size=7,
)


@given(STEPS, st.sampled_from(Hours))
@settings(max_examples=8)
def test_the_deadline_is_the_opening_plus_target_plus_pauses_whatever_happens(app, world, steps, hours):
    """Phones with wrong clocks, entries that arrive late: the true time counts, and nothing is ever taken away."""
    with app.app_context():
        boss, site = world.person("manager"), world.sites["north"]
        now = datetime(2026, 9, 28, 0, 0, tzinfo=UTC)
        allowed = 10 * HOUR
        target = Target(Scope(kind=Kind.REPAIR, priority=Priority.NORMAL), HOUR, allowed, hours)
        target_rules.put(site, target, by=boss, at=Moment(now, now))
        session.add_all([DayOff(site_id=site, day=date(2026, 10, day)) for day in range(1, 8)])
        ticket = bring_to(world, State.ACCEPTED, at=now)
        for name, wait, wrong, late in steps:
            now += wait
            made = now + wrong  # what the phone's clock said
            _do(world, ticket, name, moment(now + late, made, made + late))
            assert ticket.paused_seconds >= 0
        calendar, story = calendar_of(ticket.site, hours), _story(ticket)
        stops = pauses(story)
        assert ticket.hours is hours
        assert ticket.resolution_due_at == runs_out(calendar, ticket.opened_at, allowed, stops)
        assert ticket.response_due_at == calendar.add(ticket.opened_at, HOUR)
        truth = sum((stop.until - stop.since for stop in stops if stop.until), timedelta(0))
        assert abs(truth - ticket.paused_seconds * timedelta(seconds=1)) <= timedelta(seconds=1) * len(steps)
        session.rollback()


def _do(world, ticket, name, at):
    worker, boss = world.person("technician"), world.person("supervisor")
    ways = {
        "hold": lambda: actions.hold(ticket, HoldReason.PATIENT, "", by=worker, at=at),
        "resume": lambda: actions.resume(ticket, by=worker, at=at),
        "finish": lambda: actions.finish(ticket, by=worker, at=at),
        "send_back": lambda: actions.send_back(ticket, "还漏", by=boss, at=at),
        "release": lambda: actions.release(ticket, "换班", by=worker, at=at),
        "accept": lambda: actions.accept(ticket, by=worker, at=at),
        "note": lambda: actions.add_note(ticket, "看过", by=worker, at=at),
    }
    with suppress(CrewError), session.begin_nested():  # what is not possible now leaves nothing behind
        ways[name]()


def _story(ticket):
    return session.query(TicketEvent).filter_by(ticket_id=ticket.id).order_by(TicketEvent.position).all()


@pytest.mark.parametrize("typed", ["08:00-12:00,14:00-17:30", "8：00 - 12：00， 14:00至17:30", "0800-1200;1400-1730"])
def test_working_hours_as_people_write_them(typed):
    assert parse_periods(typed) == USUAL
    assert parse_periods(periods_text(USUAL)) == USUAL


@pytest.mark.parametrize("typed", ["", "8", "12:00-08:00", "08:00-12:00, 11:00-13:00", "08:00-25:00", "晚上", "8-12"])
def test_working_hours_that_are_none(typed):
    with pytest.raises(Refused) as refusal:
        parse_periods(typed)
    assert refusal.value.code == "hours"
