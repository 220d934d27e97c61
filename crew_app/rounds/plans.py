"""Verbs of plans: made, changed, paused, resumed, ended; and the days off of a site."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right, Role, Trade
from crew_app.roster.days import DayOff
from crew_app.rounds.calendar import check_rule, parse_times, times_text
from crew_app.rounds.meters import multiple, readings
from crew_app.rounds.models import RoundPlan, RoundTemplate, Run
from crew_app.rounds.rules import RunState
from crew_app.rounds.wanted import PlanKind, kind_of, timetable

LONGEST = 14 * 24 * 60
"""Minutes that a window may be open at most: two weeks."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a plan says, as somebody filled it in; the fields mean what those of `RoundPlan` mean."""

    name: str
    rule: str
    times: str
    starts_on: date
    minutes: int = 120
    grace_minutes: int = 15
    days: str = "all"
    shift_to: str = "skip"
    floating: bool = False
    ends_on: date | None = None
    area_id: UUID | None = None
    person_id: UUID | None = None
    role: Role | None = None
    trade: Trade | None = None
    meter_asset_id: UUID | None = None
    meter_check: str = ""
    every: Decimal | None = None
    remind: str = ""


def create(plan_id: UUID, template: RoundTemplate, draft: Draft, *, by: Person, at: Moment) -> RoundPlan:
    """Make a plan; its first runs are made at once. `Refused` when the rule, the times or the window cannot be."""
    _may(by, template.site_id)
    if session.get(RoundPlan, plan_id):
        raise Refused("plan-known", N_("This plan was already made."))
    plan = RoundPlan(id=plan_id, site_id=template.site_id, template_id=template.id, made_by_id=by.id, made_at=at.at)
    _write(plan, draft)
    _count_from(plan, at)
    session.add(plan)
    session.flush()
    return plan


def change(plan: RoundPlan, draft: Draft, *, by: Person, at: Moment) -> None:
    """Change a plan. Runs that were made for later and do not fit it any more are called off; new ones are made."""
    _may(by, plan.site_id)
    _write(plan, draft)
    withdraw(plan, N_("The plan was changed."), by=by, at=at)
    _count_from(plan, at)
    session.flush()


def pause(plan: RoundPlan, *, by: Person, at: Moment) -> None:
    """No more runs until somebody resumes it; those made for later are called off."""
    _may(by, plan.site_id)
    plan.active = False
    withdraw(plan, N_("The plan was paused."), by=by, at=at)


def resume(plan: RoundPlan, *, by: Person, at: Moment) -> None:
    """Runs again, from now on: what would have been in between is not made up."""
    _may(by, plan.site_id)
    plan.active = True
    _count_from(plan, at)
    session.flush()


def end(plan: RoundPlan, *, by: Person, at: Moment) -> None:
    """The plan is over; its runs stay as they are, those made for later are called off."""
    _may(by, plan.site_id)
    plan.active = False
    plan.ends_on = at.received_at.astimezone(plan.site.zone).date() - timedelta(days=1)
    withdraw(plan, N_("The plan was ended."), by=by, at=at)


def ended(plan: RoundPlan, at: datetime) -> bool:
    """Whether nothing comes of this plan any more."""
    return plan.ends_on is not None and plan.ends_on < at.astimezone(plan.site.zone).date()


def withdraw(plan: RoundPlan, reason: str, *, by: Person | None, at: Moment) -> int:
    """Call off runs that nobody could have begun yet. Their slots are free again; what is walked anyway is kept."""
    query = select(Run).where(Run.plan_id == plan.id, Run.state == RunState.DUE, Run.begun_at.is_(None))
    coming = session.scalars(query.where(Run.opens_at > at.received_at, Run.slot.is_not(None))).all()
    for run in coming:
        run.state, run.slot, run.end_reason = RunState.CANCELLED, None, reason
        run.ended_by_id, run.ended_at, run.changed_at = by.id if by else None, at.at, at.at
    session.flush()
    return len(coming)


def set_day(site_id: UUID, day: date, name: str, *, working: bool, by: Person, at: Moment) -> None:
    """Say that a day is off, or worked although its weekday is not."""
    _may(by, site_id)
    found = session.get(DayOff, (site_id, day)) or DayOff(site_id=site_id, day=day)
    found.working, found.name = working, name[:60]
    session.add(found)
    _calendar_changed(site_id, by, at)


def clear_day(site_id: UUID, day: date, *, by: Person, at: Moment) -> None:
    """Say that a day is what its weekday says."""
    _may(by, site_id)
    found = session.get(DayOff, (site_id, day))
    if found:
        session.delete(found)
    _calendar_changed(site_id, by, at)


def load_days(site_id: UUID, days: dict[date, tuple[bool, str]], *, by: Person, at: Moment) -> None:
    """Take over published days; what somebody entered for one of them before stays as it is."""
    _may(by, site_id)
    known = set(session.scalars(select(DayOff.day).where(DayOff.site_id == site_id)))
    for day, (working, name) in days.items():
        if day not in known:
            session.add(DayOff(site_id=site_id, day=day, working=working, name=name))
    _calendar_changed(site_id, by, at)


def _calendar_changed(site_id: UUID, by: Person, at: Moment) -> None:
    """Runs made for later that are on other days now are called off, and the right ones are made."""
    session.flush()
    query = select(RoundPlan).where(RoundPlan.site_id == site_id, RoundPlan.active, RoundPlan.days != "all")
    for plan in session.scalars(query.with_for_update()):
        if kind_of(plan) is not PlanKind.CALENDAR or not plan.planned_until or plan.planned_until <= at.received_at:
            continue
        begun = max(at.received_at, plan.counted_from or plan.made_at)
        if _planned(plan, at.received_at) != set(timetable(plan).slots(begun, plan.planned_until)):
            withdraw(plan, N_("The days off were changed."), by=by, at=at)
            _count_from(plan, at)
    session.flush()


def _planned(plan: RoundPlan, at: datetime) -> set[datetime]:
    query = select(Run.slot).where(Run.plan_id == plan.id, Run.slot > at)
    return {slot for slot in session.scalars(query) if slot}


def _write(plan: RoundPlan, draft: Draft) -> None:
    times = parse_times(draft.times)
    if draft.rule:
        check_rule(draft.rule, draft.starts_on)
    if not (0 < draft.minutes <= LONGEST and 0 <= draft.grace_minutes <= LONGEST):
        raise Refused("window", N_("Please check how long there is time to walk it: from 1 minute to 14 days."))
    if draft.ends_on and draft.ends_on < draft.starts_on:
        raise Refused("ends", N_("The last day is before the first."))
    new_meter = (plan.meter_asset_id, plan.meter_check, plan.every)
    for name in _FIELDS:
        setattr(plan, name, getattr(draft, name))
    plan.times, plan.trouble = times_text(times), ""
    if new_meter != (draft.meter_asset_id, draft.meter_check, draft.every):
        plan.meter_base = _first_base(plan)


def _first_base(plan: RoundPlan) -> Decimal | None:
    if plan.meter_asset_id is None or plan.every is None:
        return None
    found = readings(plan.meter_asset_id, plan.meter_check, limit=1)
    return multiple(found[0].number, plan.every) if found else None


def _count_from(plan: RoundPlan, at: Moment) -> None:
    plan.counted_from = at.received_at
    plan.planned_until = None


def _may(by: Person, site_id: UUID) -> None:
    if not by.can(Right.PLAN_ROUNDS, site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))


_FIELDS = tuple(one.name for one in fields(Draft))
