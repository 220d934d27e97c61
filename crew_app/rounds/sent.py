"""Readings that another system sends (a building control system, 楼宇自控): kept as rounds keep them.

What one system sends of a template on one day is one run, made when the first reading comes; each reading is a visit at
its stop, with the same limits, alarms, series and seals as one that somebody read off a gauge.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.clock import Moment, plausible
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds import visits
from crew_app.rounds.answers import LARGEST, Given, judge
from crew_app.rounds.content import Check, CheckKind, StopPlan
from crew_app.rounds.models import Answer, RoundTemplate, Run, RunStop
from crew_app.rounds.rules import RunState, StopState
from crew_app.rounds.runs import next_number
from crew_app.rounds.series_models import ReadingSeries
from crew_app.rounds.templates import current
from crew_app.rounds.visits import Seen

OCCASION = "楼宇自控 / building control"
"""What such a run was made for; the presence of people is not looked at there."""
OLDEST, AHEAD = timedelta(days=7), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as it was sent. `wanted`: outside its limits it is to become a job."""

    value: Decimal
    at: datetime
    note: str = ""
    wanted: bool = False


def record(series: ReadingSeries, reading: Reading, *, by: Person, at: Moment) -> Answer:
    """Keep a reading. `Refused` when the time or the value cannot be, or the template does not ask for it any more."""
    if not by.can(Right.WALK, series.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    _check(series, reading, at)
    stop_plan, check = _asked(series)
    then = Moment(reading.at, at.received_at, reading.at, None, receipt=at.receipt)
    stop = _stop(_run(series.template, by, then), series, stop_plan)
    given = Given(check, f"{reading.value:f}", judge(check, reading.value), reading.value, reading.note, reading.wanted)
    visit = visits.check_in(stop, Seen(new_id(), [given], note=reading.note), by=by, at=then)
    return session.scalars(select(Answer).filter_by(visit_id=visit.id)).one()


def is_sent(run: Run) -> bool:
    """Whether a run holds what another system sent."""
    return run.occasion == OCCASION


def _check(series: ReadingSeries, reading: Reading, at: Moment) -> None:
    if plausible(reading.at) is None or not at.received_at - OLDEST <= reading.at <= at.received_at + AHEAD:
        raise Refused("bad-time", N_("A reading must be of the last seven days, and not of the future."))
    if abs(reading.value) > LARGEST or (reading.value < 0 and series.kind in (CheckKind.COUNT, CheckKind.WEIGHT)):
        raise Refused("bad-value", N_("This number cannot be a reading."))


def _asked(series: ReadingSeries) -> tuple[StopPlan, Check]:
    for stop in current(series.template).content.stops:
        check = stop.check(series.check_key)
        if check and check.kind is series.kind and _is_of(series, stop):
            return stop, check
    raise Refused("not-asked", N_("The template of this reading does not ask for it any more."))


def _is_of(series: ReadingSeries, stop: StopPlan) -> bool:
    """Whether a stop of a template means the asset or place of a series: by code, or by the kind of asset."""
    if stop.where.asset or stop.where.kind:
        asset = series.asset
        return asset is not None and (stop.where.asset == asset.code or stop.where.kind == asset.kind.code)
    return series.place is not None and stop.where.place == series.place.code


def _run(template: RoundTemplate, by: Person, at: Moment) -> Run:
    zone = template.site.zone
    day = at.at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(Run).where(Run.template_id == template.id, Run.occasion == OCCASION, Run.person_id == by.id)
    version = current(template)
    found = session.scalar(query.where(Run.opens_at == day, Run.version_id == version.id).limit(1))
    if found:
        return found
    run = Run(
        id=new_id(),
        site_id=template.site_id,
        number=next_number(template, at),
        template_id=template.id,
        version_id=version.id,
        occasion=OCCASION,
        state=RunState.DUE,
        opens_at=day,
        closes_at=day + timedelta(days=1),
        person_id=by.id,
        stop_count=0,
        visited_count=0,
        missed_count=0,
        fault_count=0,
        flag_count=0,
        changed_at=at.at,
        made_by_id=by.id,
        made_at=at.received_at,
    )
    session.add(run)
    session.flush()
    return run


def _stop(run: Run, series: ReadingSeries, plan: StopPlan) -> RunStop:
    where = {"asset_id": series.asset_id} if series.asset_id else {"place_id": series.place_id}
    found = session.scalar(select(RunStop).filter_by(run_id=run.id, key=plan.key, **where).limit(1))
    if found:
        return found
    run.stop_count += 1
    place_id: UUID | None = series.asset.place_id if series.asset else series.place_id
    last = session.scalar(select(func.max(RunStop.position)).where(RunStop.run_id == run.id))
    stop = RunStop(
        site_id=run.site_id,
        run_id=run.id,
        position=0 if last is None else last + 1,
        key=plan.key,
        place_id=place_id,
        asset_id=series.asset_id,
        state=StopState.WAITING,
        opens_at=run.opens_at,
        closes_at=run.closes_at,
        fault_count=0,
    )
    session.add(stop)
    session.flush()
    return stop
