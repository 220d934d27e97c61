"""Contractors: month by month their score, findings and answers, deductions and rewards, the statement to print."""

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.rounds import contractor_queries as queries
from crew_app.rounds import contractors, scores
from crew_app.rounds.contractor_models import (
    AnswerKind,
    Contractor,
    ContractorEntry,
    ContractorFinding,
    EntryKind,
    RunContractor,
)
from crew_app.rounds.contractors import Amount, Card, Draft
from crew_app.storeroom.forms import price
from crew_app.storeroom.level_forms import month_or
from crew_app.storeroom.sums import end_of, first_of_month, start_of
from crew_app.tickets.forms import quantity, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("contractors", __name__, url_prefix="/rounds/contractors")


@blueprint.get("")
@needs(Right.WATCH_ROUNDS)
def index() -> str:
    """All contractors with this month's score and what is not settled."""
    me, at = person(), now()
    found = queries.contractors(me)
    return render_template(
        "contractors/index.html",
        contractors=found,
        scores={one.id: scores.month_score(one, _today(one).replace(day=1)) for one in found if one.active},
        counts=queries.counts(found, at),
        sites=[m.site for m in me.memberships if m.site_id in me.sites_with(Right.PLAN_ROUNDS)],
    )


@blueprint.post("")
@needs(Right.PLAN_ROUNDS)
@command
def create() -> Done:
    """Enter a contractor."""
    me, site_id = person(), uuid(request.form, "site_id")
    if site_id not in me.sites_with(Right.PLAN_ROUNDS):
        raise Unseen("unknown-site", N_("This site is not known here."))
    contractor_id = uuid(request.form, "contractor_id")
    return _done(contractors.create(site_id, contractor_id, _card(active=True), by=me, at=this_moment()), 201)


@blueprint.get("/mine")
@needs(Right.ANSWER_FINDINGS)
def mine() -> str:
    """For a contractor's people: what they have to put right, and how their firm stands."""
    firms = queries.own(person())
    ids = [one.id for one in firms]
    before = cursor(request.args.get("before", ""))
    settled = queries.settled(ids, before)
    return render_template(
        "contractors/mine.html",
        firms=firms,
        scores={one.id: scores.month_score(one, _today(one).replace(day=1)) for one in firms},
        unsettled=[] if before else queries.unsettled(ids),
        settled=settled,
        more=cursor_of(settled[-1].at, settled[-1].id) if len(settled) == queries.PAGE else None,
        at=now(),
    )


@blueprint.get("/<uuid:contractor_id>")
@needs(Right.WATCH_ROUNDS)
def show(contractor_id: UUID) -> str:
    """One contractor in one month."""
    contractor = queries.contractor(person(), contractor_id)
    month = _month(contractor)
    months = scores.by_month(contractor, month)
    entries = queries.entries(contractor, month)
    return render_template(
        "contractors/show.html",
        contractor=contractor,
        month=month,
        months=months,
        choices=[one.month for one in scores.by_month(contractor, _today(contractor).replace(day=1))],
        runs=scores.runs_of(contractor, month),
        findings=_findings(contractor, month),
        entries=entries,
        taken_back={one.reverses_id for one in entries},
        bill=queries.bill(entries),
        people=queries.people_for(contractor.site_id),
        templates=queries.templates_for(contractor.site_id),
        weights={link.template_id: link.weight for link in contractor.templates},
        percent=scores.percent,
        today=_today(contractor),
        at=now(),
    )


@blueprint.get("/<uuid:contractor_id>/statement")
@needs(Right.WATCH_ROUNDS)
def statement(contractor_id: UUID) -> str:
    """The month on paper: scores, findings, deductions, rewards, lines to sign."""
    contractor = queries.contractor(person(), contractor_id)
    month = _month(contractor)
    entries = queries.entries(contractor, month)
    return render_template(
        "contractors/statement.html",
        contractor=contractor,
        month=month,
        score=scores.month_score(contractor, month),
        runs=scores.runs_of(contractor, month),
        findings=_findings(contractor, month)[::-1],
        entries=entries,
        bill=queries.bill(entries),
        percent=scores.percent,
        at=now(),
    )


@blueprint.get("/<uuid:contractor_id>/statement.xlsx")
@needs(Right.WATCH_ROUNDS)
def export(contractor_id: UUID) -> Response:
    """The same as a spreadsheet."""
    contractor = queries.contractor(person(), contractor_id)
    month = _month(contractor)
    columns = [
        Column(gettext("Part"), 14),
        Column(gettext("Date"), 18, Format.TIME),
        Column(gettext("What"), 40),
        Column(gettext("Score in percent"), 12, Format.MONEY),
        Column(gettext("Amount in yuan"), 14, Format.MONEY),
        Column(gettext("State"), 16),
        Column(gettext("Entered by"), 14),
    ]
    title = f"{gettext('Statement')} {named(contractor)} {month:%Y-%m}"
    return sheet(title, columns, _rows(contractor, month))


@blueprint.post("/<uuid:contractor_id>/details")
@needs(Right.PLAN_ROUNDS)
@command
def set_details(contractor_id: UUID) -> Done:
    """Change name, service and people."""
    me = person()
    contractor = queries.contractor(me, contractor_id, Right.PLAN_ROUNDS)
    chosen = {uuid({"id": value}, "id") for value in request.form.getlist("people")}
    known = {one.id: one for one in queries.people_for(contractor.site_id)}
    if chosen - known.keys():
        raise Refused("not-contractor", N_("One of these people is not of a contractor. Give them the role first."))
    people = [known[id_] for id_ in sorted(chosen)]
    contractors.describe(contractor, _card(active=request.form.get("active") == "1"), people, by=me)
    return _done(contractor)


@blueprint.post("/<uuid:contractor_id>/templates")
@needs(Right.PLAN_ROUNDS)
@command
def set_templates(contractor_id: UUID) -> Done:
    """Say which scored rounds are about the contractor, with their weights."""
    me, form = person(), request.form
    contractor = queries.contractor(me, contractor_id, Right.PLAN_ROUNDS)
    pairs = zip(form.getlist("score_template"), form.getlist("weight"), strict=False)
    fields = [{"id": id_, "weight": weight} for id_, weight in pairs if weight.strip() not in ("", "0")]
    weights = {uuid(one, "id"): round(quantity(one, "weight"), 2) for one in fields}
    contractors.link_templates(contractor, weights, by=me, at=this_moment())
    return _done(contractor)


@blueprint.post("/<uuid:contractor_id>/findings")
@needs(Right.WATCH_ROUNDS)
@prepared_command(arrive_with_form)
def find(contractor_id: UUID) -> Done:
    """Write down what is to be put right, until when."""
    me, at = person(), this_moment()
    contractor = queries.contractor(me, contractor_id)
    due = end_of(_day("due"), contractor.site.zone)
    draft = Draft(uuid(request.form, "finding_id"), text(request.form, "note"), due)
    contractors.find(contractor, draft, arrived_photos(prepared()), by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return _done(contractor, 201)


@blueprint.post("/findings/<uuid:finding_id>/answers")
@needs(Right.ANSWER_FINDINGS)
@prepared_command(arrive_with_form)
def answer(finding_id: UUID) -> Done:
    """Say what was done, with a photo."""
    me, at = person(), this_moment()
    finding = queries.finding(me, finding_id, Right.ANSWER_FINDINGS, lock=True)
    words, photos = text(request.form, "note"), arrived_photos(prepared())
    contractors.answer(finding, uuid(request.form, "answer_id"), words, photos, by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return Done(url_for("contractors.mine"), finding.site_id, 201)


@blueprint.post("/findings/<uuid:finding_id>/decisions")
@needs(Right.WATCH_ROUNDS)
@command
def decide(finding_id: UUID) -> Done:
    """Say that it is settled, or what is still missing."""
    me, form = person(), request.form
    finding = queries.finding(me, finding_id, lock=True)
    kind = AnswerKind.ACCEPTED if form.get("decision") == "accepted" else AnswerKind.RETURNED
    contractors.decide(finding, uuid(form, "answer_id"), kind, text(form, "note"), by=me, at=this_moment())
    return Done(url_for("contractors.show", contractor_id=finding.contractor_id), finding.site_id)


@blueprint.post("/<uuid:contractor_id>/entries")
@needs(Right.PLAN_ROUNDS)
@prepared_command(arrive_with_form)
def book(contractor_id: UUID) -> Done:
    """Enter a deduction or a reward."""
    me, form, at = person(), request.form, this_moment()
    contractor = queries.contractor(me, contractor_id, Right.PLAN_ROUNDS)
    if form.get("kind") not in set(EntryKind):
        raise Refused("choice-missing", N_("Please say whether it is a deduction or a reward."))
    amount = Amount(
        uuid(form, "amount_id"), EntryKind(form["kind"]), price(form, "amount"), _day("day"), text(form, "note")
    )
    contractors.book(contractor, amount, arrived_photos(prepared()), by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return _done(contractor, 201)


@blueprint.post("/entries/<uuid:amount_id>/reversal")
@needs(Right.PLAN_ROUNDS)
@command
def take_back(amount_id: UUID) -> Done:
    """Take a wrong deduction or reward back."""
    me, form = person(), request.form
    entry = queries.entry(me, amount_id)
    contractors.take_back(entry, uuid(form, "reversal_id"), text(form, "note"), by=me, at=this_moment())
    return _done(entry.contractor)


def _rows(contractor: Contractor, month: date) -> list[list[Value]]:
    entries = queries.entries(contractor, month)
    total, score = queries.bill(entries).total, scores.month_score(contractor, month)
    return [
        *map(_run_row, scores.runs_of(contractor, month)),
        *map(_finding_row, _findings(contractor, month)[::-1]),
        *map(_entry_row, entries),
        [gettext("Total"), None, "", score, total, "", ""],
    ]


def _run_row(run: RunContractor) -> list[Value]:
    words = f"{named(run.run.template)} {run.run.number}"
    score, state = scores.percent(run.points, run.most), label(run.run.state)
    return [gettext("Score"), run.opens_at, words, score, None, state, named(run.run.begun_by)]


def _finding_row(finding: ContractorFinding) -> list[Value]:
    return [gettext("Finding"), finding.at, finding.words, None, None, _state(finding), named(finding.person)]


def _entry_row(entry: ContractorEntry) -> list[Value]:
    day = start_of(entry.day, entry.contractor.site.zone)
    taken = gettext("Taken back") if entry.reverses_id else ""
    return [label(entry.kind), day, entry.reason, None, entry.effect, taken, named(entry.person)]


def _state(finding: ContractorFinding) -> str:
    if finding.overdue(now()):
        return gettext("Overdue")
    return label(finding.last.kind) if finding.last else gettext("Open")


def _findings(contractor: Contractor, month: date) -> list[ContractorFinding]:
    """Those of the month, and what is still open from before."""
    found = list(queries.findings([contractor.id], *scores.month_bounds(contractor, month)))
    if month == _today(contractor).replace(day=1):
        known = {one.id for one in found}
        found += [one for one in queries.unsettled([contractor.id]) if one.id not in known]
    return found


def _card(*, active: bool) -> Card:
    form = request.form
    return Card(text(form, "name"), text(form, "name_en"), text(form, "service"), active)


def _day(name: str) -> date:
    try:
        found = date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        found = date.min
    if not date(2020, 1, 1) <= found <= date(2099, 12, 31):
        raise Refused("day", N_("Please check the date."))
    return found


def _month(contractor: Contractor) -> date:
    today = _today(contractor)
    return min(month_or(request.args, today), first_of_month(today))


def _today(contractor: Contractor) -> date:
    return now().astimezone(contractor.site.zone).date()


def _done(contractor: Contractor, status: int = 200) -> Done:
    return Done(url_for("contractors.show", contractor_id=contractor.id), contractor.site_id, status)
