"""Runs are made of plans, in time, never twice, also after the scheduler was down or its clock was wrong.

Each plan has a transaction of its own: a process that is killed leaves whole runs or none. Two schedulers at once make
nothing twice: the row of the plan is locked (PostgreSQL) or the writers stand in line (SQLite), and a plan has one run
for one slot, which the database watches over.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import CrewError
from crew_app.rounds.models import RoundPlan, Run
from crew_app.rounds.rules import OVER, StopState
from crew_app.rounds.runs import Order, close_overdue, make_run, settle
from crew_app.rounds.wanted import BATCH, Wanted, Wish, wish

HORIZON = timedelta(hours=36)
"""So long before they open runs are made, unless the settings say otherwise."""
NOTED_AFTER = timedelta(hours=6)
MOST_BATCHES = 40
_log = logging.getLogger(__name__)


def tick(at: datetime, horizon: timedelta, awaited: Callable[[Run], bool]) -> int:
    """What is to be done each minute: make runs, mark what was missed. How many runs were made."""
    made = plan_runs(at, horizon)
    with write_transaction():
        reopen_early(at)
        close_overdue(at, awaited)
    return made


def plan_runs(at: datetime, horizon: timedelta = HORIZON) -> int:
    """Make the runs of all active plans that open until `at` + horizon; how many were made.

    What was due while the scheduler was down is made as well, as far back as `CATCH_UP`, so that it shows as missed.
    A plan that fails does not keep the others from theirs.
    """
    plans = session.scalars(select(RoundPlan.id).where(RoundPlan.active).order_by(RoundPlan.id)).all()
    session.rollback()
    return sum(_all_of(plan_id, at, horizon) for plan_id in plans)


def _all_of(plan_id: UUID, at: datetime, horizon: timedelta) -> int:
    made = 0
    try:
        for _ in range(MOST_BATCHES):
            if not _has_work(plan_id, at, horizon):
                break
            with write_transaction():
                batch = make_wanted(plan_id, at, horizon)
            made += batch
            if not batch:
                break
    except Exception:  # noqa: BLE001 - whatever it is, the other plans want their runs
        session.rollback()
        _log.exception("The runs of plan %s could not be made; they are tried again in a minute", plan_id)
    return made


def _has_work(plan_id: UUID, at: datetime, horizon: timedelta) -> bool:
    """Whether it is worth standing in line for the write lock: most plans want nothing new most of the time."""
    plan = session.get(RoundPlan, plan_id)
    wanted = wish(plan, at, horizon) if plan and plan.active else None
    work = bool(plan and wanted and (_missing(plan, wanted) or _stands_elsewhere(plan, wanted)))
    session.rollback()
    return work


def _stands_elsewhere(plan: RoundPlan, wanted: Wish) -> bool:
    known = plan.planned_until
    behind = known is None or not timedelta(0) <= wanted.until - known < NOTED_AFTER
    return behind or len(wanted.runs) >= BATCH or wanted.base != plan.meter_base


def make_wanted(plan_id: UUID, at: datetime, horizon: timedelta) -> int:
    """The next batch of one plan, within a write transaction; how many runs were made."""
    query = select(RoundPlan).where(RoundPlan.id == plan_id).with_for_update()
    plan = session.scalars(query.execution_options(populate_existing=True)).one()
    if not plan.active or plan.template.retired_at:
        return 0
    wanted = wish(plan, at, horizon)
    refusals = [_make(plan, one, at) for one in _missing(plan, wanted)]
    refused = next((words for words in refusals if words), "")[:200]
    if refusals:
        plan.trouble = refused
    plan.planned_until = wanted.until
    if not refused:
        plan.meter_base = wanted.base if plan.every is not None else plan.meter_base
    session.flush()
    return sum(not words for words in refusals)


def _missing(plan: RoundPlan, wanted: Wish) -> list[Wanted]:
    slots = [one.slot for one in wanted.runs]
    if not slots:
        return []
    known = set(session.scalars(select(Run.slot).where(Run.plan_id == plan.id, Run.slot.in_(slots))))
    return [one for one in wanted.runs if one.slot not in known]


def _make(plan: RoundPlan, one: Wanted, at: datetime) -> str:
    """Make one; what a person would have to put right is told on the page of the plan."""
    order = Order(
        opens_at=one.opens_at,
        closes_at=one.opens_at + timedelta(minutes=plan.minutes),
        grace_minutes=plan.grace_minutes,
        plan=plan,
        slot=one.slot,
        area=one.area or plan.area,
        person=plan.person,
        role=plan.role,
        trade=plan.trade,
    )
    try:
        with session.begin_nested():
            make_run(plan.template, order, by=None, at=server_moment(at)).occasion = one.occasion
    except CrewError as error:
        if plan.trouble != error.message[:200]:
            _log.warning("Plan %s makes no run for %s: %s", plan.id, one.slot, error.code)
        return error.message
    return ""


def reopen_early(at: datetime) -> int:
    """Take back what was called missed before its time was over: the server's clock had been ahead. How many runs."""
    query = select(Run).where(Run.state.in_(OVER), Run.opens_at > at - timedelta(days=2), Run.closes_at > at)
    found = session.scalars(query.options(joinedload(Run.stops)).limit(500)).unique().all()
    return sum(_wait_again(run, at) for run in found)


def _wait_again(run: Run, at: datetime) -> bool:
    early = [stop for stop in run.stops if stop.state is StopState.MISSED and stop.closes_at > at]
    for stop in early:
        stop.state = StopState.WAITING
    if early:
        settle(run, at)
    return bool(early)
