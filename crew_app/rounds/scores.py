"""Scores of contractors: points of a run, score of a month. Kept up to date by every visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid5

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.rounds.content import Check, CheckKind
from crew_app.rounds.contractor_models import Contractor, ContractorFinding, ContractorTemplate, RunContractor
from crew_app.rounds.models import Answer, Finding, Run, RunStop, Visit
from crew_app.rounds.rules import Outcome
from crew_app.rounds.visits import AFTER_VISIT
from crew_app.storeroom.sums import first_of_month, last_months, start_of

MONTHS = 12
DAYS = 3
"""So long a contractor has for a fault whose check names no time."""
PERCENT = Decimal("0.01")
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Scored:
    """Points of a run about a contractor; `most` is what could have been given for what was looked at."""

    points: Decimal
    most: Decimal
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The score of a month in percent; none without a scored run. `month` is its first day."""

    month: date
    runs: int
    score: Decimal | None


def percent(points: Decimal, most: Decimal) -> Decimal | None:
    """Points as a share of the most, in percent to two places; nothing when nothing was scored."""
    return (points / most * 100).quantize(PERCENT, ROUND_HALF_UP) if most > 0 else None


def mean(runs: Iterable[Scored]) -> Decimal | None:
    """The weighted mean of the runs' shares, in percent to two places; runs without points do not count."""
    counted = [run for run in runs if run.most > 0 and run.weight > 0]
    weight = sum((run.weight for run in counted), Decimal(0))
    if not weight:
        return None
    summed = sum((run.weight * run.points / run.most for run in counted), Decimal(0))
    return (summed / weight * 100).quantize(PERCENT, ROUND_HALF_UP)


def month_bounds(contractor: Contractor, month: date) -> tuple[datetime, datetime]:
    """When a month begins and is over at the contractor's site."""
    zone = contractor.site.zone
    return start_of(month, zone), start_of(first_of_month(month, 1), zone)


def by_month(contractor: Contractor, month: date) -> list[MonthScore]:
    """The score of each of the twelve months up to this one."""
    months = last_months(month, MONTHS)
    runs = _runs(contractor, months[0], month)
    found = []
    for one in months:
        start, end = month_bounds(contractor, one)
        scored = [_scored(run) for run in runs if start <= run.opens_at < end and run.most > 0]
        found.append(MonthScore(one, len(scored), mean(scored)))
    return found


def runs_of(contractor: Contractor, month: date) -> list[RunContractor]:
    """The scored runs of a month in the order of time."""
    return [run for run in _runs(contractor, month, month, whole=True) if run.most > 0]


def month_score(contractor: Contractor, month: date) -> Decimal | None:
    """The score of one month."""
    return mean(_scored(run) for run in _runs(contractor, month, month))


def keep(visit: Visit) -> None:
    """Bring the points of a visit's run up to date, and make findings of its faults; called after every visit."""
    link = session.get(RunContractor, visit.run_id) or _new_link(visit.run)
    if link is None:
        return
    link.points, link.most = points_of(visit.run)
    _find(visit, link)
    session.flush()


if keep not in AFTER_VISIT:
    AFTER_VISIT.append(keep)


def take_in(link: ContractorTemplate, since: datetime) -> None:
    """Count runs of a template that were begun before it was said whom they are about."""
    query = select(Run).where(Run.template_id == link.template_id, Run.opens_at >= since, Run.begun_at.is_not(None))
    for run in session.scalars(query):
        if session.get(RunContractor, run.id) is None:
            about = _about(run, link)
            about.points, about.most = points_of(run)
    session.flush()


def points_of(run: Run) -> tuple[Decimal, Decimal]:
    """The points of a run and the most there could have been, each stop by its newest visit."""
    query = (
        select(RunStop.key, RunStop.id, Visit.at, Answer.check_key, Answer.number)
        .join(Visit, Visit.stop_id == RunStop.id)
        .join(Answer, Answer.visit_id == Visit.id)
        .where(RunStop.run_id == run.id, Answer.kind == CheckKind.SCORE)
        .order_by(Visit.at, Visit.id)
    )
    newest = {
        (stop_id, check_key): (stop_key, number) for stop_key, stop_id, _, check_key, number in session.execute(query)
    }
    points = most = Decimal(0)
    for (_, check_key), (stop_key, number) in newest.items():
        check = run.version.content.stop(stop_key).check(check_key)
        if check and number is not None:
            points, most = points + number, most + check.most
    return points, most


def _runs(contractor: Contractor, first: date, last: date, *, whole: bool = False) -> list[RunContractor]:
    start, end = month_bounds(contractor, first)[0], month_bounds(contractor, last)[1]
    query = select(RunContractor).where(
        RunContractor.contractor_id == contractor.id, RunContractor.opens_at >= start, RunContractor.opens_at < end
    )
    if whole:
        query = query.options(joinedload(RunContractor.run).options(joinedload(Run.template), joinedload(Run.begun_by)))
    return list(session.scalars(query.order_by(RunContractor.opens_at, RunContractor.run_id)))


def _scored(run: RunContractor) -> Scored:
    return Scored(run.points, run.most, run.weight)


def _new_link(run: Run) -> RunContractor | None:
    link = session.get(ContractorTemplate, run.template_id)
    return _about(run, link) if link else None


def _about(run: Run, link: ContractorTemplate) -> RunContractor:
    """From now on the run is about the contractor whom its template is linked to today."""
    about = RunContractor(
        run_id=run.id,
        contractor_id=link.contractor_id,
        site_id=run.site_id,
        opens_at=run.opens_at,
        weight=link.weight,
        points=Decimal(0),
        most=Decimal(0),
    )
    session.add(about)
    session.flush()
    return about


def _find(visit: Visit, link: RunContractor) -> None:
    query = select(Answer).where(Answer.visit_id == visit.id, Answer.outcome == Outcome.FAIL)
    for answer in session.scalars(query).all():
        check = visit.stop.plan.check(answer.check_key)
        if check:
            session.add(_finding(visit, link, check, answer))


def _finding(visit: Visit, link: RunContractor, check: Check, answer: Answer) -> ContractorFinding:
    job = session.scalar(select(Finding.ticket_id).filter_by(visit_id=visit.id, check_key=check.key))
    return ContractorFinding(
        id=uuid5(visit.id, f"contractor/{check.key}"),
        site_id=visit.site_id,
        contractor_id=link.contractor_id,
        visit_id=visit.id,
        check_key=check.key,
        run_id=visit.run_id,
        ticket_id=job,
        place_id=visit.stop.place_id,
        words=_words(check, answer),
        due_at=visit.at + timedelta(days=DAYS if check.days is None else check.days),
        person_id=visit.person_id,
        at=visit.at,
        received_at=visit.received_at,
    )


def _words(check: Check, answer: Answer) -> str:
    label = check.label.zh or check.label.en
    score = f"{answer.number.normalize():f}/{check.most.normalize():f}" if answer.number is not None else ""
    if check.kind is not CheckKind.SCORE:
        score = f"{answer.number.normalize():f} {check.unit}".strip() if answer.number is not None else ""
    return "\n".join(filter(None, (f"{label}：{score}".rstrip("："), answer.note)))[:LONGEST]
