"""The rows behind figures that are not of jobs: as many, or with the same sum, as the figure says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.places.models import Department
from crew_app.registers.credential_models import Credential
from crew_app.registers.training_models import Training, TrainingKind, TrainingRecord
from crew_app.reports import summary_money, summary_rounds, summary_voices
from crew_app.reports.figures import Figure, Form, Scope, count, money
from crew_app.reports.summary_money import BOUGHT
from crew_app.reports.works import savings
from crew_app.rounds.content import Category
from crew_app.rounds.contractor_models import ContractorEntry, ContractorFinding, EntryKind, RunContractor
from crew_app.rounds.models import RoundTemplate, Run
from crew_app.rounds.rules import RUN_STATE_LABELS
from crew_app.rounds.scores import percent
from crew_app.stock.models import AccountKind
from crew_app.storeroom.sums import USED
from crew_app.surveys.models import SurveyAnswer
from crew_app.tickets.follower_models import TicketRating
from crew_app.tickets.models import Ticket

PAGE = 100
HEADINGS = {
    "runs": N_("Rounds"),
    "runs-walked": N_("Rounds that were walked"),
    "runs-missed": N_("Rounds that were missed"),
    "trainings": N_("Training and drills"),
    "papers": N_("Tests and licences"),
    "used": N_("Materials used"),
    "bought": N_("Materials bought"),
    "meters": N_("Meters"),
    "meter-costs": N_("Cost of water and energy"),
    "scored": N_("Scored inspections"),
    "findings": N_("Findings"),
    "deductions": N_("Deductions"),
    "rewards": N_("Rewards"),
    "ratings": N_("Ratings of jobs"),
    "surveys": N_("Surveys"),
    "works": N_("Own works"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what, when, more words (marked for translation), a figure of its own, where it is."""

    name: str
    name_en: str = ""
    when: str = ""
    words: str = ""
    figure: Figure | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, how many there are in all, and what their figures add up to, if that means something."""

    lines: Sequence[Line]
    number: int
    total: Figure | None = None


def rows(scope: Scope, figure: str, of: str, page: int) -> Rows | None:
    """A page (from 0 on) of the rows behind a figure; nothing for a figure that is not known."""
    source = SOURCES.get(figure)
    try:
        return source(scope, of, page * PAGE) if source else None
    except ValueError:  # `of` is an id or a word that somebody typed into the address
        return None


def _runs(*states: Any) -> Callable[[Scope, str, int], Rows]:
    def found(scope: Scope, of: str, start: int) -> Rows:
        query = (
            select(Run)
            .join(RoundTemplate, RoundTemplate.id == Run.template_id)
            .where(summary_rounds.runs_in(scope), RoundTemplate.category == Category(of))
            .options(joinedload(Run.template))
        )
        query = query.where(Run.state.in_(states)) if states else query
        return _paged(query.order_by(Run.opens_at, Run.id), start, lambda run: _run(scope, run))

    return found


def _run(scope: Scope, run: Run) -> Line:
    words = RUN_STATE_LABELS[run.state]
    return Line(
        run.template.name, run.template.name_en, _clock(scope, run.opens_at), words, href=f"/rounds/runs/{run.id}"
    )


def _trainings(scope: Scope, of: str, start: int) -> Rows:
    query = (
        select(TrainingRecord)
        .join(Training, Training.id == TrainingRecord.training_id)
        .where(summary_rounds.held(scope), Training.kind == TrainingKind(of))
        .options(joinedload(TrainingRecord.training))
        .order_by(Training.held_on, Training.id)
    )

    def line(record: TrainingRecord) -> Line:
        one = record.training
        return Line(one.topic, "", one.held_on.isoformat(), "", count(record.headcount), f"/trainings/{one.id}")

    return _paged(query, start, line)


def _papers(scope: Scope, of: str, start: int) -> Rows:
    query = summary_rounds.papers(scope).with_only_columns(Credential).where(Credential.kind_id == UUID(of))
    options = (joinedload(Credential.person), joinedload(Credential.asset))

    def line(one: Credential) -> Line:
        bearer = one.person or one.asset
        where = "licences" if one.person_id else "certificates"
        name, name_en = (bearer.name, bearer.name_en) if bearer else ("", "")
        return Line(name, name_en, one.issued_on.isoformat(), one.number, href=f"/{where}/{one.id}")

    return _paged(query.options(*options).order_by(Credential.issued_on, Credential.id), start, line)


def _items(kinds: frozenset[AccountKind]) -> Callable[[Scope, str, int], Rows]:
    def found(scope: Scope, _of: str, start: int) -> Rows:
        items = summary_money.items(scope, kinds, None)
        return _in_memory([Line(one.name, one.name_en, figure=one.cells[1], href=one.link) for one in items], start)

    return found


def _meters(scope: Scope, of: str, start: int) -> Rows:
    medium, _, unit = of.partition("/")
    lines = []
    for series, amount, _ in summary_money.counting_meters(scope).get((medium, unit), []):
        subject = series.subject
        figure = Figure(amount, Form.AMOUNT, unit=unit)
        lines.append(Line(subject.name, subject.name_en, "", series.label, figure, f"/rounds/readings/{series.id}"))
    return _in_memory(lines, start, Form.AMOUNT, unit)


def _meter_costs(scope: Scope, of: str, start: int) -> Rows:
    """By month, department and price."""
    known = {one.id: one for one in session.scalars(select(Department).filter_by(site_id=scope.site.id))}
    lines = []
    for month, one in summary_money.media_costs(scope):
        if f"{one.medium}/{one.unit}" == of:
            whose = known.get(one.department_id) if one.department_id else None
            names = (whose.name, whose.name_en) if whose else (scope.site.name, scope.site.name_en)
            words = f"{one.used.normalize():f} {one.unit} × {one.price.normalize():f}"
            lines.append(Line(*names, f"{month:%Y-%m}", words, Figure(one.amount, Form.MONEY), "/reports/costs"))
    return _in_memory(lines, start)


def _scored(scope: Scope, of: str, start: int) -> Rows:
    query = (
        select(RunContractor)
        .where(summary_money.scored_runs(scope), RunContractor.contractor_id == UUID(of))
        .options(joinedload(RunContractor.run).joinedload(Run.template))
        .order_by(RunContractor.opens_at, RunContractor.run_id)
    )

    def line(one: RunContractor) -> Line:
        template, score = one.run.template, Figure(percent(one.points, one.most), Form.SCORE)
        when = _clock(scope, one.opens_at)
        return Line(template.name, template.name_en, when, "", score, f"/rounds/runs/{one.run_id}")

    return _paged(query, start, line)


def _findings(scope: Scope, of: str, start: int) -> Rows:
    query = select(ContractorFinding).where(
        summary_money.findings_in(scope), ContractorFinding.contractor_id == UUID(of)
    )

    def line(one: ContractorFinding) -> Line:
        return Line(one.words.split("\n", 1)[0], "", _clock(scope, one.at), href=f"/rounds/contractors/{of}")

    return _paged(query.order_by(ContractorFinding.at, ContractorFinding.id), start, line)


def _booked(kind: EntryKind) -> Callable[[Scope, str, int], Rows]:
    def found(scope: Scope, of: str, start: int) -> Rows:
        query = (
            select(ContractorEntry)
            .where(summary_money.entries_in(scope), ContractorEntry.contractor_id == UUID(of))
            .where(ContractorEntry.kind == kind)
            .order_by(ContractorEntry.day, ContractorEntry.id)
        )
        lines = [
            Line(
                one.reason,
                "",
                one.day.isoformat(),
                "",
                money(-one.amount if one.reverses_id else one.amount),
                f"/rounds/contractors/{of}?month={one.day:%Y-%m}",
            )
            for one in session.scalars(query)
        ]
        return _in_memory(lines, start)

    return found


def _ratings(scope: Scope, _of: str, start: int) -> Rows:
    query = (
        select(TicketRating)
        .where(summary_voices.last_words(scope))
        .options(joinedload(TicketRating.ticket).joinedload(Ticket.job_kind))
        .order_by(TicketRating.made_at, TicketRating.id)
    )

    def line(one: TicketRating) -> Line:
        kind, marks = one.ticket.job_kind, f"{one.quality} · {one.service}"
        return Line(kind.name, kind.name_en, _clock(scope, one.made_at), marks, href=f"/tickets/{one.ticket_id}")

    return _paged(query, start, line)


def _surveys(scope: Scope, _of: str, start: int) -> Rows:
    """Month by month: who gave which answer is known to nobody."""
    query = select(SurveyAnswer.month, func.count()).where(*summary_voices.answers_in(scope))
    lines = [
        Line(f"{month:%Y-%m}", "", "", "", count(number), f"/surveys?site={scope.site.code}&month={month:%Y-%m}")
        for month, number in session.execute(query.group_by(SurveyAnswer.month).order_by(SurveyAnswer.month))
    ]
    return _in_memory(lines, start, Form.COUNT)


def _works(scope: Scope, of: str, start: int) -> Rows:
    lines = [
        Line(
            f"{one.quote.ticket.number} {one.quote.firm}",
            "",
            one.quote.quoted_on.isoformat(),
            "",
            money({"quoted": one.quote.amount, "spent": one.actual}.get(of, one.saving)),
            f"/tickets/{one.quote.ticket_id}",
        )
        for one in savings(scope.site.id, scope.period)
    ]
    return _in_memory(lines, start)


SOURCES: Mapping[str, Callable[[Scope, str, int], Rows]] = {
    "runs": _runs(),
    "runs-walked": _runs(*summary_rounds.WALKED),
    "runs-missed": _runs(*summary_rounds.MISSED),
    "trainings": _trainings,
    "papers": _papers,
    "used": _items(USED),
    "bought": _items(BOUGHT),
    "meters": _meters,
    "meter-costs": _meter_costs,
    "scored": _scored,
    "findings": _findings,
    "deductions": _booked(EntryKind.DEDUCTION),
    "rewards": _booked(EntryKind.REWARD),
    "ratings": _ratings,
    "surveys": _surveys,
    "works": _works,
}


def _paged(query: Select[Any], start: int, line: Callable[[Any], Line]) -> Rows:
    number = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return Rows([line(one) for one in session.scalars(query.offset(start).limit(PAGE))], number)


def _in_memory(lines: Sequence[Line], start: int, form: Form = Form.MONEY, unit: str = "") -> Rows:
    total = sum((one.figure.value or Decimal(0) for one in lines if one.figure), Decimal(0))
    return Rows(lines[start : start + PAGE], len(lines), Figure(total, form, unit=unit))


def _clock(scope: Scope, at: datetime) -> str:
    return f"{at.astimezone(scope.site.zone):%Y-%m-%d %H:%M}"
