"""Verbs of runs: made, ended early, called off, closed when their time is over."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right, Role, Trade
from crew_app.places.models import Place
from crew_app.rounds.alerting import tell_of_missed
from crew_app.rounds.content import StopPlan, Suggestion
from crew_app.rounds.models import RoundPlan, RoundTemplate, Run, RunNumber, RunStop
from crew_app.rounds.places import Spot, spots
from crew_app.rounds.rules import LIVE, OVER, Challenge, RunState, StopState
from crew_app.rounds.templates import current

AFTER_MISSED: list[Callable[[Run, datetime], None]] = []
"""Told of every run of which stops were missed, in the transaction that notices it."""
ONE_IN = 3
"""One stop in so many asks a live challenge, where a template allows it."""


@dataclass(frozen=True, slots=True)
class Order:
    """A run that is wanted: when it may be walked, and by whom."""

    opens_at: datetime
    closes_at: datetime
    grace_minutes: int = 15
    plan: RoundPlan | None = None
    slot: datetime | None = None
    area: Place | None = None
    person: Person | None = None
    role: Role | None = None
    trade: Trade | None = None
    run_id: UUID | None = None


def make_run(template: RoundTemplate, order: Order, *, by: Person | None, at: Moment) -> Run:
    """Make a run of the newest version of a template; `Refused` ("no-stops") when none of its stops is there."""
    if order.run_id and session.get(Run, order.run_id):
        raise Refused("run-known", N_("This round was already made."))
    version = current(template)
    content = version.content
    found = spots(content.stops, template.site_id, order.area)
    if not found:
        raise Refused("no-stops", N_("None of the stops of this template is known here. Please give it places first."))
    run = Run(
        id=order.run_id or new_id(),
        site_id=template.site_id,
        number=next_number(template, at),
        template_id=template.id,
        version_id=version.id,
        plan_id=order.plan.id if order.plan else None,
        slot=order.slot,
        state=RunState.DUE,
        opens_at=order.opens_at,
        closes_at=order.closes_at,
        grace_minutes=order.grace_minutes,
        person_id=order.person.id if order.person else None,
        role=order.role or (None if order.person else content.roles[0]),
        trade=order.trade or (None if order.person else content.trade),
        stop_count=len(found),
        visited_count=0,
        missed_count=0,
        fault_count=0,
        flag_count=0,
        changed_at=at.at,
        made_by_id=by.id if by else None,
        made_at=at.received_at,
    )
    session.add(run)
    session.flush()
    session.add_all(_stop(run, place, stop, spot, live=content.live) for place, (stop, spot) in enumerate(found))
    session.flush()
    return run


def begin_now(template: RoundTemplate, run_id: UUID, *, by: Person, at: Moment) -> Run:
    """A round that no plan has made, for whoever needs it now: before a journey, after a storm, at a drill."""
    if not by.can(Right.WALK, template.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    if template.retired_at:
        raise Refused("retired", N_("This template is not used any more. Take it up again first."))
    usual = next(iter(current(template).content.suggested), Suggestion(""))
    closes = at.at + timedelta(minutes=usual.minutes)
    return make_run(template, Order(at.at, closes, usual.grace, person=by, run_id=run_id), by=by, at=at)


def end_run(run: Run, reason: str, *, by: Person, at: Moment) -> None:
    """End a round early, with the reason; what was not visited is left out."""
    _need_live(run)
    if not reason.strip():
        raise Refused("words-missing", N_("Please say why the round ends early."))
    run.ended_by_id, run.ended_at, run.end_reason = by.id, at.at, reason.strip()[:500]
    settle(run, at.at)


def call_off(run: Run, reason: str, *, by: Person, at: Moment) -> None:
    """Say that a run is not to be walked; only while nobody was anywhere."""
    _need_live(run)
    if not by.can(Right.PLAN_ROUNDS, run.site_id):
        raise Forbidden("may-not", N_("You may see this round, but not do this."))
    if not reason.strip():
        raise Refused("words-missing", N_("Please say why the round is called off."))
    if run.begun_at:
        raise Refused("wrong-state", N_("This round has begun. It can be ended early, but not called off."))
    run.state, run.ended_by_id, run.ended_at, run.end_reason = RunState.CANCELLED, by.id, at.at, reason.strip()[:500]
    run.changed_at = at.at
    session.flush()


def settle(run: Run, at: datetime) -> None:
    """Let a run stand as its stops do; what arrives late turns a missed one into a walked one."""
    session.flush()
    stops = session.scalars(select(RunStop).filter_by(run_id=run.id)).all()
    run.visited_count = sum(stop.state is StopState.VISITED for stop in stops)
    run.missed_count = sum(stop.state is StopState.MISSED for stop in stops)
    run.fault_count = sum(stop.fault_count for stop in stops)
    run.state = _state(run, stops)
    if run.state is RunState.DONE:
        run.ended_at = run.ended_at or max((stop.visited_at for stop in stops if stop.visited_at), default=at)
    run.changed_at = at
    session.flush()


def close_overdue(at: datetime, awaited: Callable[[Run], bool]) -> int:
    """Mark what is missed once the grace is over; how many stops that were.

    A single stop whose own window is over is missed while the rest goes on. A run whose phone is known to hold
    unsent entries is left alone: nobody can say yet that something was missed.
    """
    query = (
        select(RunStop)
        .join(Run)
        .where(Run.state.in_(LIVE), RunStop.state == StopState.WAITING, RunStop.closes_at < at)
        .order_by(RunStop.run_id, RunStop.position)
    )
    missed: dict[UUID, list[RunStop]] = {}
    for stop in session.scalars(query.limit(2_000)):
        if stop.closes_at + timedelta(minutes=stop.run.grace_minutes) <= at:
            missed.setdefault(stop.run_id, []).append(stop)
    return sum(_miss(session.get_one(Run, run_id), stops, at, awaited) for run_id, stops in missed.items())


def _miss(run: Run, stops: Sequence[RunStop], at: datetime, awaited: Callable[[Run], bool]) -> int:
    if awaited(run):
        return 0
    for stop in stops:
        stop.state = StopState.MISSED
    settle(run, at)
    tell_of_missed(run, stops, at)
    for told in AFTER_MISSED:
        told(run, at)
    return len(stops)


def _state(run: Run, stops: Sequence[RunStop]) -> RunState:
    if run.state is RunState.CANCELLED and not run.visited_count:
        return RunState.CANCELLED
    waiting = any(stop.state is StopState.WAITING for stop in stops)
    if run.missed_count and not waiting:
        touched = any(stop.state is not StopState.MISSED for stop in stops)
        return RunState.INCOMPLETE if touched else RunState.MISSED
    if waiting and run.end_reason:
        return RunState.ENDED
    if waiting:
        return RunState.WALKING if run.begun_at else RunState.DUE
    return RunState.DONE


def _need_live(run: Run) -> None:
    if run.state not in LIVE and run.state not in OVER:
        raise Refused("wrong-state", N_("This round is over already."))


def _stop(run: Run, position: int, plan: StopPlan, spot: Spot, *, live: bool) -> RunStop:
    place, asset = spot
    opens = run.opens_at + timedelta(minutes=plan.opens or 0)
    closes = run.opens_at + timedelta(minutes=plan.closes) if plan.closes is not None else run.closes_at
    return RunStop(
        site_id=run.site_id,
        run_id=run.id,
        position=position,
        key=plan.key,
        place_id=place.id if place else None,
        asset_id=asset.id if asset else None,
        state=StopState.WAITING,
        opens_at=opens,
        closes_at=max(closes, opens + timedelta(minutes=1)),
        challenge=_challenge(place) if live and place else None,
        fault_count=0,
    )


def _challenge(place: Place) -> Challenge | None:
    """Something at random that only who stands there can answer; nothing at most stops."""
    if secrets.randbelow(ONE_IN):
        return None
    numbered = any(char.isdigit() for char in place.name)
    return secrets.choice([Challenge.PHOTO, Challenge.NUMBER]) if numbered else Challenge.PHOTO


def next_number(template: RoundTemplate, at: Moment) -> str:
    """`XJ-20261122-0001`: per site and day of the site's own calendar."""
    day = at.received_at.astimezone(template.site.zone).date()
    row = insert()(RunNumber).values(site_id=template.site_id, day=day, last=1)
    upsert = row.on_conflict_do_update(index_elements=["site_id", "day"], set_={"last": RunNumber.last + 1})
    return f"XJ-{day:%Y%m%d}-{session.execute(upsert.returning(RunNumber.last)).scalar_one():04d}"
