"""What a plan wants: which runs there should be up to a moment, for each kind of plan. Reads, changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zlib import crc32

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.places.models import Place
from crew_app.roster.days import days_off
from crew_app.rounds.calendar import Days, Shift, Timetable, next_date, parse_times
from crew_app.rounds.due import DueDate, due_dates
from crew_app.rounds.meters import base_after, readings
from crew_app.rounds.models import RoundPlan, Run
from crew_app.rounds.rules import LIVE, OVER

CATCH_UP = timedelta(days=31)
"""What was due longer ago while the scheduler was down is not made any more: nobody reads a year of missed rounds."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
BATCH = 50
"""Runs that are made in one transaction, so that others can write in between."""


class PlanKind(StrEnum):
    """What a plan counts by."""

    CALENDAR = "calendar"
    FLOATING = "floating"
    METER = "meter"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that there should be. `slot` says which one of the plan it is, `opens_at` when it may be walked."""

    slot: datetime
    opens_at: datetime
    occasion: str = ""
    area: Place | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan wants, and how it stands once that is made: planned up to `until`, the meter counted to `base`."""

    runs: tuple[Wanted, ...]
    until: datetime
    base: Decimal | None = None


def kind_of(plan: RoundPlan) -> PlanKind:
    """What a plan counts by."""
    if plan.remind:
        return PlanKind.DUE
    if plan.every is not None:
        return PlanKind.METER
    return PlanKind.FLOATING if plan.floating else PlanKind.CALENDAR


def timetable(plan: RoundPlan, exceptions: Mapping[date, bool] | None = None) -> Timetable:
    """The plan's rule with the calendar of its site."""
    return Timetable(
        rule=plan.rule or "FREQ=DAILY",
        times=parse_times(plan.times),
        starts_on=plan.starts_on,
        zone=plan.site.zone,
        ends_on=plan.ends_on,
        days=Days(plan.days),
        shift=Shift(plan.shift_to),
        exceptions=days_off(plan.site_id) if exceptions is None else exceptions,
    )


def wish(plan: RoundPlan, at: datetime, horizon: timedelta) -> Wish:
    """What the plan wants now; runs that are there already are among it."""
    return _KINDS[kind_of(plan)](plan, at, at + horizon)


def since(planned_until: datetime | None, counted_from: datetime, at: datetime, until: datetime) -> datetime:
    """From when on runs are wanted.

    Planned beyond the horizon means that the clock was ahead: all of the last weeks is looked at again. Unique slots
    keep that from doubling anything.
    """
    begun = planned_until or counted_from
    if begun > until:
        begun = at - CATCH_UP
    return max(begun, counted_from, at - CATCH_UP)


def _calendar(plan: RoundPlan, at: datetime, until: datetime) -> Wish:
    begun = since(plan.planned_until, counted_from(plan), at, until)
    slots = timetable(plan).slots(begun, until)
    if len(slots) > BATCH:
        slots, until = slots[:BATCH], slots[BATCH - 1]
    return Wish(tuple(Wanted(slot, slot) for slot in slots), until)


def _floating(plan: RoundPlan, at: datetime, until: datetime) -> Wish:
    last = last_run(plan)
    if last is not None and last.state in LIVE:
        return Wish((), until)
    slot = next_floating(plan, last, at)
    ended = plan.ends_on is not None and slot.astimezone(plan.site.zone).date() > plan.ends_on
    return Wish((Wanted(slot, slot),) if slot <= until and not ended else (), until)


def next_floating(plan: RoundPlan, last: Run | None, at: datetime) -> datetime:
    """When the next one opens: so long after the last was walked or called off; a missed one is due again at once."""
    table, zone = timetable(plan), plan.site.zone
    if last is None:
        return table.next_open(plan.starts_on, counted_from(plan))
    if last.state in OVER:
        return table.next_open(last.closes_at.astimezone(zone).date(), max(last.closes_at, at))
    done = last.ended_at or last.closes_at
    return table.next_open(next_date(plan.rule, done.astimezone(zone).date()), done)


def _meter(plan: RoundPlan, at: datetime, until: datetime) -> Wish:
    if plan.meter_asset_id is None or plan.every is None or not _within(plan, at):
        return Wish((), until, plan.meter_base)
    found = readings(plan.meter_asset_id, plan.meter_check, limit=1)
    if not found:
        return Wish((), until, plan.meter_base)
    base = base_after(plan.meter_base, found[0].number, plan.every)
    if plan.meter_base is None or base <= plan.meter_base:
        return Wish((), until, base)
    opens = timetable(plan).next_open(at.astimezone(plan.site.zone).date(), at)
    return Wish((Wanted(found[0].at, opens, f"{found[0].number.normalize():f} ≥ {base.normalize():f}"),), until, base)


def _due(plan: RoundPlan, at: datetime, until: datetime) -> Wish:
    """Of each due date only the reminder that counts now: three at once would say nothing more."""
    table = timetable(plan)
    known = due_dates(plan.site_id, at) if _within(plan, at) else []
    mine = [one for one in known if plan.meter_asset_id in (None, one.asset.id)]
    found = (_reminder(one, reminders(plan), table, at, until) for one in mine)
    return Wish(tuple(one for one in found if one), until)


def _reminder(one: DueDate, days: list[int], table: Timetable, at: datetime, until: datetime) -> Wanted | None:
    opens = [table.next_open(one.due_on - timedelta(days=before), LONG_AGO) for before in days]
    slot = max((moment for moment in opens if moment <= until), default=None)
    if slot is None:
        return None
    opens_at = slot if slot >= at else table.next_open(at.astimezone(table.zone).date(), at)
    # Several assets may be due on one day, and a plan has one run for one slot: they differ by microseconds.
    own = timedelta(microseconds=crc32(f"{one.asset.id} {one.what}".encode()) % 1_000_000)
    return Wanted(slot + own, opens_at, f"{one.asset.name} {one.what} {one.due_on}"[:200], one.asset.place)


def reminders(plan: RoundPlan) -> list[int]:
    """The days before a due date."""
    return [int(days) for days in plan.remind.split(",") if days]


def counted_from(plan: RoundPlan) -> datetime:
    """What would have been before is not made up."""
    return plan.counted_from or plan.made_at


def last_run(plan: RoundPlan) -> Run | None:
    """The newest run of a plan that still stands for one of its moments."""
    query = select(Run).where(Run.plan_id == plan.id, Run.slot.is_not(None))
    return session.scalar(query.order_by(Run.slot.desc()).limit(1))


def _within(plan: RoundPlan, at: datetime) -> bool:
    today = at.astimezone(plan.site.zone).date()
    return plan.starts_on <= today and (plan.ends_on is None or today <= plan.ends_on)


_KINDS: dict[PlanKind, Callable[[RoundPlan, datetime, datetime], Wish]] = {
    PlanKind.CALENDAR: _calendar,
    PlanKind.FLOATING: _floating,
    PlanKind.METER: _meter,
    PlanKind.DUE: _due,
}
