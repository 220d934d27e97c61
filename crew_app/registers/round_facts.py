"""What registers and rounds tell each other: missed stops and last readings for a hand-over, tests that fall due."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.places.models import Asset
from crew_app.registers import credential_queries, facts
from crew_app.registers.facts import Fact
from crew_app.registers.shift_models import LineSource, ShiftPost
from crew_app.rounds import due
from crew_app.rounds.due import DueDate
from crew_app.rounds.models import Answer, Run, Visit
from crew_app.rounds.rules import OVER, Outcome

A_SHIFT = timedelta(hours=12)
MOST = 10


def start() -> None:
    """Tell plans which tests of assets fall due, and hand-overs what the rounds found."""
    if certificates_due in due.SOURCES:
        return
    due.SOURCES.append(certificates_due)
    facts.SOURCES.extend((missed_stops, readings_out_of_limits))


def certificates_due(site_id: UUID, at: datetime) -> Iterator[DueDate]:
    """Papers of assets with a last day (检测校验)."""
    for held in credential_queries.certificates({site_id}, at):
        asset = session.get(Asset, held.paper.asset_id) if held.paper else None
        if held.paper and asset and held.paper.expires_on:
            yield DueDate(asset, held.paper.expires_on, held.kind.name)


def missed_stops(post: ShiftPost, at: datetime) -> Iterator[Fact]:
    """Rounds of the trade in this shift of which stops were missed."""
    if not post.tells_jobs:
        return
    query = select(Run).where(Run.site_id == post.site_id, Run.state.in_(OVER), Run.closes_at >= at - A_SHIFT)
    if post.trade:
        query = query.where(Run.trade == post.trade)
    for run in session.scalars(query.options(joinedload(Run.template)).order_by(Run.closes_at).limit(MOST)):
        params = {"count": run.missed_count}
        yield Fact(LineSource.ROUND, (run.template,), N_("%(count)s stops missed"), params, f"/rounds/runs/{run.id}")


def readings_out_of_limits(post: ShiftPost, at: datetime) -> Iterator[Fact]:
    """What was read outside its limits in this shift."""
    if not post.tells_jobs:
        return
    query = select(Answer).join(Visit).join(Run).where(Answer.site_id == post.site_id, Answer.at >= at - A_SHIFT)
    query = query.where(Answer.outcome == Outcome.FAIL, Answer.number.is_not(None))
    if post.trade:
        query = query.where(Run.trade == post.trade)
    for answer in session.scalars(query.order_by(Answer.at.desc()).limit(MOST)):
        stop = answer.visit.stop
        check = stop.plan.check(answer.check_key)
        label = check.label.zh if check else answer.check_key
        value = f"{answer.number.normalize():f} {check.unit if check else ''}".strip() if answer.number else "0"
        params = {"check": label, "value": value}
        yield Fact(
            LineSource.READING,
            (stop.subject,),
            N_("%(check)s: %(value)s"),
            params,
            f"/rounds/runs/{answer.visit.run_id}",
        )
