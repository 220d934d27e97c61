"""Making the roster: patterns, people in them, shifts by hand, copying a week. Each change by hand leaves a trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right, Trade
from crew_app.roster.models import (
    Duty,
    DutyShift,
    RosterChange,
    RosterRules,
    RosterVerb,
    Rota,
    ShiftPattern,
    ShiftSwap,
)
from crew_app.roster.queries import shifts_between
from crew_app.roster.rules import A_DAY, AHEAD, LONGEST, Rules, Turn, days_of, span_on

A_WEEK = timedelta(weeks=1)
DaysOff = Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class PatternForm:
    """A pattern as it was filled in."""

    name: str
    name_en: str
    starts: time
    ends: time
    weekdays: str
    on_holidays: bool = True
    duty: Duty = Duty.PRESENT
    trade: Trade | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a pattern as it was filled in."""

    from_on: date
    until_on: date | None = None
    every: int = 1


def add_pattern(pattern_id: UUID, site: Site, form: PatternForm) -> ShiftPattern:
    """Add a pattern."""
    if session.get(ShiftPattern, pattern_id):
        raise Refused("pattern-known", N_("This shift pattern is already there."))
    found = ShiftPattern(id=pattern_id, site_id=site.id)
    session.add(found)
    _fill(found, form)
    return found


def change_pattern(found: ShiftPattern, form: PatternForm, *, off: DaysOff, at: Moment) -> None:
    """Change a pattern: shifts to come are made anew, except those that somebody changed by hand."""
    _fill(found, form)
    for rota in found.rotas:
        _unmake(rota, at.at)
        if found.active:
            extend(rota, off=off, at=at.at)


def put_in(rota_id: UUID, found: ShiftPattern, person: Person, place: Place, *, off: DaysOff, at: Moment) -> Rota:
    """Put somebody into a pattern, and make the shifts of the next weeks."""
    need_crew(person, found.site_id)
    if session.get(Rota, rota_id):
        raise Refused("pattern-known", N_("This shift pattern is already there."))
    if place.until_on and place.until_on < place.from_on:
        raise Refused("days", N_("The last day lies before the first."))
    rota = Rota(
        id=rota_id,
        site_id=found.site_id,
        pattern=found,
        person_id=person.id,
        from_on=place.from_on,
        until_on=place.until_on,
        every=place.every,
    )
    session.add(rota)
    session.flush()
    extend(rota, off=off, at=at.at)
    return rota


def take_out(rota: Rota, *, at: Moment) -> None:
    """Take somebody out of a pattern from now on; the shift that runs goes on."""
    today = at.at.astimezone(rota.pattern.site.zone).date()
    rota.until_on = min(today, rota.until_on or today)
    _unmake(rota, at.at)


def extend(rota: Rota, *, off: DaysOff, at: datetime) -> int:
    """Make the shifts of a rota up to some weeks ahead; each day once, whatever was taken out since."""
    pattern = rota.pattern
    zone = pattern.site.zone
    last = (at + AHEAD).astimezone(zone).date()
    first = rota.made_until + A_DAY if rota.made_until else at.astimezone(zone).date() - A_DAY
    turn = Turn(pattern.weekdays, rota.from_on, rota.until_on, rota.every, pattern.on_holidays)
    made = [_of_pattern(rota, day) for day in days_of(turn, first, last, off)]
    made = [one for one in made if one.ends_at > at]
    session.add_all(made)
    rota.made_until = max(last, rota.made_until or last)
    session.flush()
    return len(made)


def add_shift(shift: DutyShift, *, by: Person, at: Moment) -> DutyShift:
    """Put somebody on the roster by hand."""
    need_crew(session.get_one(Person, shift.person_id), shift.site_id)
    if session.get(DutyShift, shift.id):
        raise Refused("shift-known", N_("This shift is already on the roster."))
    if shift.ends_at - shift.starts_at > LONGEST:
        raise Refused("shift-long", N_("A shift is no longer than 36 hours."))
    session.add(shift)
    trace(RosterVerb.ADD, shift, by=by, at=at)
    return shift


def remove_shift(shift: DutyShift, *, by: Person, at: Moment) -> None:
    """Take a shift off the roster."""
    trace(RosterVerb.REMOVE, shift, by=by, at=at)
    _forget_swaps([shift.id])
    session.delete(shift)
    session.flush()


def copy_week(site: Site, monday: date, *, by: Person, at: Moment) -> int:
    """Give everybody the shifts they had the week before, by the clock on the wall; whoever works then gets none."""
    start, end = (span_on(day, time(0), time(0), site.zone)[0] for day in (monday - A_WEEK, monday))
    there = list(shifts_between(site.id, end, end + A_WEEK + LONGEST))
    copied = 0
    for old in shifts_between(site.id, start, end):
        begins, ends = (moment.astimezone(site.zone) for moment in (old.starts_at, old.ends_at))
        if begins.date() < monday - A_WEEK or not old.person.active:
            continue  # begun in the week before that one, or gone since
        shift = _again(old, begins, ends)
        taken = (one for one in there if one.person_id == old.person_id)
        if shift.starts_at < shift.ends_at and not any(_overlap(one, shift) for one in taken):
            session.add(shift)
            trace(RosterVerb.ADD, shift, by=by, at=at)
            there.append(shift)
            copied += 1
    return copied


def set_rules(site_id: UUID, rules: Rules) -> None:
    """Say what holds at a site."""
    row = session.get(RosterRules, site_id) or RosterRules(site_id=site_id)
    row.swap_approval, row.rest_hours, row.dispatching = rules.swap_approval, rules.rest_hours, rules.dispatching
    session.add(row)
    session.flush()


def trace(verb: RosterVerb, shift: DutyShift, *, by: Person, at: Moment, before: UUID | None = None) -> None:
    """Write down what was done to a shift by hand."""
    change = RosterChange(
        site_id=shift.site_id,
        verb=verb,
        person_id=shift.person_id,
        before_id=before,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        name=shift.name,
        by_id=by.id,
        at=at.at,
    )
    session.add(change)
    session.flush()


def need_crew(person: Person, site_id: UUID) -> None:
    """`Refused` for somebody who is not of the crew of a site."""
    if not person.active or not person.can(Right.SEE_SITE, site_id):
        raise Refused("person", N_("Please choose somebody who works at this site."))


def _fill(found: ShiftPattern, form: PatternForm) -> None:
    if not form.name:
        raise Refused("name", N_("Please give the shift a name."))
    if not form.weekdays:
        raise Refused("days", N_("Please choose at least one day of the week."))
    found.name, found.name_en = form.name, form.name_en
    found.starts, found.ends, found.weekdays = form.starts, form.ends, form.weekdays
    found.on_holidays, found.duty, found.trade, found.active = form.on_holidays, form.duty, form.trade, form.active
    session.flush()


def _of_pattern(rota: Rota, day: date) -> DutyShift:
    pattern = rota.pattern
    starts_at, ends_at = span_on(day, pattern.starts, pattern.ends, pattern.site.zone)
    return DutyShift(
        site_id=rota.site_id,
        person_id=rota.person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        duty=pattern.duty,
        trade=pattern.trade,
        name=pattern.name,
        rota_id=rota.id,
    )


def _unmake(rota: Rota, at: datetime) -> None:
    """Take away the shifts that have not begun yet; nobody was told of any that is further away than this."""
    coming = (DutyShift.rota_id == rota.id) & (DutyShift.starts_at > at)
    _forget_swaps(session.scalars(select(DutyShift.id).where(coming)).all())
    session.execute(delete(DutyShift).where(coming))
    zone = rota.pattern.site.zone
    begun = session.scalar(select(func.max(DutyShift.starts_at)).where(DutyShift.rota_id == rota.id))
    yesterday = at.astimezone(zone).date() - A_DAY
    rota.made_until = max(begun.astimezone(zone).date(), yesterday) if begun else yesterday
    session.flush()


def _forget_swaps(shift_ids: Sequence[UUID]) -> None:
    for column in (ShiftSwap.shift_id, ShiftSwap.other_id):
        session.execute(update(ShiftSwap).where(column.in_(shift_ids)).values({column: None}))


def _again(old: DutyShift, begins: datetime, ends: datetime) -> DutyShift:
    zone = begins.tzinfo
    starts_at, ends_at = (datetime.combine(m.date() + A_WEEK, m.time(), zone) for m in (begins, ends))
    return DutyShift(
        site_id=old.site_id,
        person_id=old.person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        duty=old.duty,
        trade=old.trade,
        name=old.name,
    )


def _overlap(one: DutyShift, other: DutyShift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
