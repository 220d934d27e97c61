"""The figures of a summary about rounds, training and drills, tests and licences."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from crew_app.core.db import session
from crew_app.registers.credential_models import Credential, CredentialKind
from crew_app.registers.training_models import Training, TrainingKind, TrainingRecord
from crew_app.reports.figures import Figure, Row, Scope, count, share
from crew_app.rounds.content import CATEGORY_LABELS, Category
from crew_app.rounds.models import RoundTemplate, Run
from crew_app.rounds.rules import LIVE, OVER, RunState

WALKED = (RunState.DONE, RunState.ENDED)
MISSED = tuple(OVER)
_COUNTED = (*WALKED, *MISSED)
"""Runs whose time is over or that are done; what was called off, or still goes on, counts nowhere."""


def runs_in(scope: Scope) -> Any:
    """The runs of a period, by the index of site and opening."""
    return and_(
        Run.site_id == scope.site.id,
        Run.opens_at >= scope.period.start,
        Run.opens_at < scope.period.end,
        Run.state.in_(_COUNTED),
    )


def rounds(scope: Scope) -> dict[str, Row]:
    """By category: rounds that were due, walked as a whole, missed in whole or part; places visited; share walked."""
    walked = func.sum(case((Run.state.in_(WALKED), 1), else_=0))
    query = (
        select(RoundTemplate.category, func.count(), walked, func.sum(Run.visited_count))
        .join(RoundTemplate, RoundTemplate.id == Run.template_id)
        .where(runs_in(scope))
        .group_by(RoundTemplate.category)
    )
    found = {category: (due, done, visited) for category, due, done, visited in session.execute(query)}
    return {category.value: _round(scope, category, *found[category]) for category in Category if category in found}


def _round(scope: Scope, category: Category, due: int, done: int, visited: int) -> Row:
    cells = (
        count(due, scope.behind("runs", category.value)),
        count(done, scope.behind("runs-walked", category.value)),
        count(due - done, scope.behind("runs-missed", category.value)),
        share(done, due, scope.behind("runs-walked", category.value)),
        count(visited),
    )
    return Row(CATEGORY_LABELS[category], CATEGORY_LABELS[category], cells)


def most_missed(scope: Scope, limit: int = 3) -> list[Row]:
    """The templates whose rounds were missed most often."""
    query = (
        select(RoundTemplate, func.count())
        .join(Run, Run.template_id == RoundTemplate.id)
        .where(runs_in(scope), Run.state.in_(MISSED))
        .group_by(RoundTemplate.id)
        .order_by(func.count().desc(), RoundTemplate.code)
        .limit(limit)
    )
    return [
        Row(one.name, one.name_en, (count(number, scope.behind("runs-missed", one.category.value)),))
        for one, number in session.execute(query)
    ]


def trainings(scope: Scope) -> dict[str, Figure]:
    """Drills, trainings, examinations, briefings that were held: how many, and how many people took part."""
    query = (
        select(Training.kind, func.count(), func.sum(TrainingRecord.headcount))
        .select_from(Training)
        .join(TrainingRecord, TrainingRecord.training_id == Training.id)
        .where(held(scope))
        .group_by(Training.kind)
    )
    found: Mapping[TrainingKind, Any] = {kind: (times, heads) for kind, times, heads in session.execute(query)}
    figures = {}
    for kind in TrainingKind:
        times, heads = found.get(kind, (0, 0))
        figures[f"{kind.value}s"] = count(times, scope.behind("trainings", kind.value))
        figures[f"{kind.value}_people"] = count(heads, scope.behind("trainings", kind.value))
    return figures


def held(scope: Scope) -> Any:
    """Trainings of a period with what was recorded last of them; what was only planned does not count."""
    later = aliased(TrainingRecord)
    newer = select(1).where(later.training_id == TrainingRecord.training_id, later.id > TrainingRecord.id)
    return and_(
        Training.site_id == scope.site.id,
        Training.held_on >= scope.period.first,
        Training.held_on <= scope.period.last,
        ~newer.exists(),
    )


def papers(scope: Scope) -> Select[Credential, CredentialKind]:
    """Papers issued in a period, with their kinds; without those that were withdrawn."""
    return (
        select(Credential, CredentialKind)
        .join(CredentialKind, CredentialKind.id == Credential.kind_id)
        .where(Credential.site_id == scope.site.id, Credential.withdrawn_at.is_(None))
        .where(Credential.issued_on >= scope.period.first, Credential.issued_on <= scope.period.last)
    )


def tests(scope: Scope) -> list[Row]:
    """Statutory tests of assets (检测校验) and licences of people (持证), by kind: how many were issued."""
    query = papers(scope).with_only_columns(CredentialKind, func.count()).group_by(CredentialKind.id)
    rows = session.execute(query.order_by(CredentialKind.bearer, func.count().desc(), CredentialKind.name)).all()
    return [
        Row(kind.name, kind.name_en, (count(number, scope.behind("papers", kind.id)),), kind.bearer.value)
        for kind, number in rows
    ]


def run_out(scope: Scope, first: Any, last: Any) -> list[Row]:
    """By kind, how many of the papers that count run out between two days and have not been renewed."""
    query = (
        expiring(scope, first, last)
        .with_only_columns(CredentialKind, func.count(), func.min(Credential.expires_on, type_=Date))
        .group_by(CredentialKind.id)
        .order_by(func.min(Credential.expires_on))
    )
    return [
        Row(kind.name, kind.name_en, (count(number, "/certificates"),), str(day))
        for kind, number, day in session.execute(query)
    ]


def expiring(scope: Scope, first: Any, last: Any) -> Select[Credential]:
    """Papers that run out between two days, without a later one of the same kind and bearer."""
    later = aliased(Credential)
    same = or_(later.asset_id == Credential.asset_id, later.person_id == Credential.person_id)
    renewed = select(1).where(
        later.kind_id == Credential.kind_id,
        same,
        later.withdrawn_at.is_(None),
        or_(later.expires_on.is_(None), later.expires_on > Credential.expires_on),
    )
    return (
        select(Credential)
        .join(CredentialKind, CredentialKind.id == Credential.kind_id)
        .where(Credential.site_id == scope.site.id, Credential.withdrawn_at.is_(None), CredentialKind.active)
        .where(Credential.expires_on >= first, Credential.expires_on <= last, ~renewed.exists())
    )


def still_open(scope: Scope, at: datetime) -> bool:
    """Whether runs of the period still go on."""
    query = select(Run.id).where(Run.site_id == scope.site.id, Run.state.in_(LIVE), Run.opens_at < scope.period.end)
    return scope.period.end > at or session.scalar(query.where(Run.opens_at >= scope.period.start).limit(1)) is not None


def visits(rows: Mapping[str, Row], *categories: Category) -> Decimal:
    """How many places were visited on rounds of these categories."""
    return sum((rows[one.value].cells[4].value or Decimal(0) for one in categories if one.value in rows), Decimal(0))
