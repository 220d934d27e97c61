"""The week of a roster as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from crew_app.people.models import Person, Site
from crew_app.people.rules import Role
from crew_app.roster import queries
from crew_app.roster.days import days_off
from crew_app.roster.forms import days_from
from crew_app.roster.models import DutyShift
from crew_app.roster.rules import A_DAY, Conflict, span_on


@dataclass(frozen=True, slots=True)
class Day:
    """A column of the grid, and a part of the list on a phone."""

    day: date
    shifts: Sequence[DutyShift]
    off: bool | None
    """True for a holiday, false for a worked weekend, nothing for a day like any other."""
    today: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week."""

    person: Person
    cells: list[list[DutyShift]]


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a site."""

    days: list[Day]
    lines: list[Line]
    conflicts: list[Conflict]


def week(site: Site, monday: date, today: date, *, only: Person | None = None) -> Week:
    """The week that begins on this day."""
    start = span_on(monday, time(0), time(0), site.zone)[0]
    end = span_on(monday + 7 * A_DAY, time(0), time(0), site.zone)[0]
    shifts = [one for one in queries.shifts_between(site.id, start, end) if only is None or one.person_id == only.id]
    off, begun = days_off(site.id), {one.id: one.starts_at.astimezone(site.zone).date() for one in shifts}
    columns = [
        Day(
            day,
            [one for one in shifts if begun[one.id] == day],
            None if day not in off else not off[day],
            day == today,
        )
        for day in days_from(monday)
    ]
    return Week(columns, _lines(columns), queries.warnings(site.id, start, end))


def _lines(columns: list[Day]) -> list[Line]:
    people = {one.person_id: one.person for column in columns for one in column.shifts}
    return [
        Line(person, [[one for one in column.shifts if one.person_id == person.id] for column in columns])
        for person in sorted(people.values(), key=_place_of)
    ]


_ORDER = {Role.SUPERVISOR: 0, Role.TECHNICIAN: 1, Role.GUARD: 2}


def _place_of(person: Person) -> tuple[int, str, str]:
    """Supervisors, then technicians by trade, then guards, then the rest."""
    role = min((_ORDER.get(one.role, len(_ORDER)) for one in person.memberships), default=len(_ORDER))
    return role, min((one.value for one in person.trade_set), default=""), person.name
