"""What people fill in about the roster, turned into typed values."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Protocol

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.rules import Trade
from crew_app.roster.actions import PatternForm, Place
from crew_app.roster.models import Duty
from crew_app.roster.rules import Rules, monday_of

_WEEK = re.compile(r"\d{4}-W\d{2}")
LONGEST_TURN, LONGEST_REST = 31, 72
YEARS = range(2000, 2100)


class Fields(Protocol):
    """A form: one value of a name, or all of them."""

    def get(self, key: str, default: str, /) -> str:
        """The first value."""

    def getlist(self, key: str, /) -> list[str]:
        """All values."""


@dataclass(frozen=True, slots=True)
class ShiftForm:
    """A shift by hand: of a pattern, or with times of its own."""

    day: date
    pattern: bool
    starts: time
    ends: time
    duty: Duty
    trade: Trade | None
    name: str


def parse_pattern(form: Fields) -> PatternForm:
    """Read a pattern."""
    return PatternForm(
        name=_short(form, "name"),
        name_en=_short(form, "name_en"),
        starts=clock(form, "starts"),
        ends=clock(form, "ends"),
        weekdays="".join(day for day in "1234567" if day in form.getlist("weekdays")),
        on_holidays=form.get("on_holidays", "") == "1",
        duty=_duty(form),
        trade=trade(form),
        active=form.get("inactive", "") != "1",
    )


def parse_place(form: Fields) -> Place:
    """Read from when until when somebody is in a pattern, and how often their turn comes."""
    until = day(form, "until_on") if form.get("until_on", "") else None
    return Place(day(form, "from_on"), until, _number(form, "every", 1, LONGEST_TURN))


def parse_shift(form: Fields) -> ShiftForm:
    """Read a shift by hand."""
    pattern = bool(form.get("pattern_id", ""))
    times = (time(0), time(0)) if pattern else (clock(form, "starts"), clock(form, "ends"))
    return ShiftForm(day(form, "day"), pattern, *times, _duty(form), trade(form), _short(form, "name"))


def parse_rules(form: Fields) -> Rules:
    """Read what holds at a site."""
    return Rules(
        swap_approval=form.get("swap_approval", "") == "1",
        rest_hours=_number(form, "rest_hours", 0, LONGEST_REST),
        dispatching=form.get("dispatching", "") == "1",
    )


def parse_week(text: str, today: date) -> date:
    """The Monday of a week like 2026-W49; of this week for anything else."""
    if not _WEEK.fullmatch(text) or int(text[:4]) not in YEARS:
        return monday_of(today)
    try:
        return date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
    except ValueError:
        return monday_of(today)


def week_of(monday: date) -> str:
    """The same, as part of an address."""
    year, week, _ = monday.isocalendar()
    return f"{year:04d}-W{week:02d}"


def days_from(monday: date) -> list[date]:
    """The days of a week."""
    return [monday + timedelta(days=number) for number in range(7)]


def day(form: Fields, name: str) -> date:
    """A day of this century."""
    try:
        found = date.fromisoformat(form.get(name, "").strip())
    except ValueError as error:
        raise Refused("day", N_("Please choose a day.")) from error
    if found.year not in YEARS:
        raise Refused("day", N_("Please choose a day."))
    return found


def clock(form: Fields, name: str) -> time:
    """A time of day; the colon of a Chinese keyboard is understood."""
    try:
        found = time.fromisoformat(form.get(name, "").strip().replace("：", ":"))
    except ValueError as error:
        raise Refused("time", N_("Please enter the times like 08:00.")) from error
    return found.replace(second=0, microsecond=0, tzinfo=None)


def trade(form: Fields) -> Trade | None:
    """A trade, or all of them."""
    found = form.get("trade", "")
    return Trade(found) if found in set(Trade) else None


def _duty(form: Fields) -> Duty:
    return Duty.ON_CALL if form.get("duty", "") == Duty.ON_CALL else Duty.PRESENT


def _short(form: Fields, name: str) -> str:
    return "".join(char for char in form.get(name, "") if char.isprintable()).strip()[:40]


def _number(form: Fields, name: str, least: int, most: int) -> int:
    found = form.get(name, "").strip()
    if not (found.isascii() and found.isdecimal() and least <= int(found[:4]) <= most):
        raise Refused("number", N_("Please enter a number from %(least)s to %(most)s."), least=least, most=most)
    return int(found)
