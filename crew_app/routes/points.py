"""Performance (绩效): points by month, person and team; one's own; the formula; objections."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now, server_moment
from crew_app.people.models import Site
from crew_app.people.rules import Right, Trade
from crew_app.registers import sites
from crew_app.reports import point_actions as actions
from crew_app.reports import point_people, point_queries
from crew_app.reports.periods import span_of
from crew_app.reports.point_examples import EXAMPLES
from crew_app.reports.point_forms import parse_decision, parse_formula, parse_job_points
from crew_app.reports.point_people import people_of
from crew_app.reports.point_rows import PointRow, formula_of, job_points, month_at, month_of
from crew_app.reports.summary_models import Span
from crew_app.storeroom.level_forms import month_or, parse_month
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("points", __name__, url_prefix="/reports/points")


@blueprint.get("")
@needs(Right.SET_POINTS)
def index() -> str:
    """A month: people, teams, what waits for a decision."""
    site = _site(request.args)
    month = _month(site)
    found = month_of(site, month)
    period = span_of(Span.MONTH, month, site.zone)
    return render_template(
        "points/index.html",
        **_frame(site, month, Right.SET_POINTS),
        points=found,
        whole=point_people.stand(found.rows),
        people=point_people.by_person(found.rows),
        teams=point_people.by_team(found.rows),
        objections=point_queries.to_decide(site, period.start, period.end),
        over=month < month_at(site, now()),
    )


@blueprint.get("/month.xlsx")
@needs(Right.SET_POINTS)
def export() -> Response:
    """Every row of a month, with its parts, as a spreadsheet."""
    site = _site(request.args)
    month = _month(site)
    rows = month_of(site, month).rows
    people = people_of({row.person_id for row in rows})
    columns = [
        Column(gettext("Person"), 14),
        Column(gettext("Login"), 12),
        Column(gettext("Number"), 20),
        Column(gettext("Kind of job"), 18),
        Column(gettext("Team"), 14),
        Column(gettext("Part"), 18),
        Column(gettext("Verified"), 18, Format.TIME),
        Column(gettext("Late"), 8),
        Column(gettext("Times sent back"), 10, Format.QUANTITY),
        Column(gettext("Rating"), 8, Format.MONEY),
        Column(gettext("Reckoning"), 44),
        Column(gettext("Points"), 10, Format.QUANTITY),
    ]
    lines = [[named(people[row.person_id]), people[row.person_id].login, *_cells(row)] for row in rows]
    blank: list[Value] = [""] * 10
    total = [gettext("Total"), *blank, sum((row.points for row in rows), Decimal(0))]
    return sheet(f"{gettext('Points')} {named(site)} {month:%Y-%m}", columns, [*lines, total])


@blueprint.get("/people/<uuid:person_id>")
@needs(Right.SET_POINTS)
def show(person_id: UUID) -> str:
    """One person's rows in a month."""
    site = _site(request.args)
    whose = point_queries.member(site.id, person_id)
    month = _month(site)
    found = month_of(site, month)
    rows = [row for row in found.rows if row.person_id == person_id]
    return render_template(
        "points/person.html",
        **_frame(site, month, Right.SET_POINTS),
        whose=whose,
        points=found,
        rows=rows[::-1],
        stand=point_people.stand(rows),
        objections=point_queries.own(whose, site.id),
    )


@blueprint.get("/mine")
@needs(Right.WORK)
def mine() -> str:
    """One's own rows, and why each got what it got."""
    me = person()
    site = sites.chosen(person(), Right.WORK, request.args)
    month = _month(site)
    found = month_of(site, month)
    rows = [row for row in found.rows if row.person_id == me.id]
    return render_template(
        "points/mine.html",
        **_frame(site, month, Right.WORK),
        points=found,
        rows=rows[::-1],
        stand=point_people.stand(rows),
        objections=point_queries.own(me, site.id),
        examples=EXAMPLES,
    )


@blueprint.get("/formula")
@needs(Right.SET_POINTS)
def formula() -> str:
    """The formula in words, with examples; what kinds of jobs are worth."""
    site = _site(request.args)
    return render_template(
        "points/formula.html",
        site=site,
        sites=sites.sites(person(), Right.SET_POINTS),
        formula=formula_of(site.id),
        examples=EXAMPLES,
        kinds=tickets.job_kinds(),
        worth=job_points(site.id),
    )


@blueprint.post("/formula")
@needs(Right.SET_POINTS)
@command
def set_formula() -> Done:
    """Change the formula."""
    site = _site(request.form)
    actions.set_formula(site, parse_formula(request.form), by=person(), at=this_moment())
    return Done(url_for("points.formula", site_id=site.id), site.id)


@blueprint.post("/job-points")
@needs(Right.SET_POINTS)
@command
def set_job_points() -> Done:
    """Say what kinds of jobs are worth."""
    site = _site(request.form)
    kinds = {kind.code: kind for kind in tickets.job_kinds()}
    actions.set_job_points(site, parse_job_points(request.form, kinds), by=person(), at=this_moment())
    return Done(url_for("points.formula", site_id=site.id), site.id)


@blueprint.post("/months")
@needs(Right.SET_POINTS)
@command
def settle() -> Done:
    """Settle a month."""
    site, month = _site(request.form), parse_month(request.form)
    actions.settle(site, month, by=person(), at=this_moment())
    return _done(site, month)


@blueprint.post("/objections")
@needs(Right.WORK)
@command
def object_() -> Done:
    """Object to a row of one's own."""
    me = person()
    site = sites.chosen(person(), Right.WORK, request.form)
    actions.object_to(site, uuid(request.form, "ticket_id"), text(request.form, "note"), by=me, at=this_moment())
    return Done(url_for("points.mine", site_id=site.id, month=request.form.get("month", "")), site.id, 201)


@blueprint.post("/objections/<uuid:objection_id>/withdrawal")
@needs(Right.WORK)
@command
def withdraw(objection_id: UUID) -> Done:
    """Take one's own objection back."""
    found = point_queries.objection(person(), objection_id)
    actions.withdraw(found, by=person())
    return Done(url_for("points.mine", site_id=found.site_id, month=request.form.get("month", "")), found.site_id)


@blueprint.post("/objections/<uuid:objection_id>/decision")
@needs(Right.SET_POINTS)
@command
def decide(objection_id: UUID) -> Done:
    """Grant or decline an objection."""
    found = point_queries.objection(person(), objection_id)
    points, words = parse_decision(request.form), text(request.form, "note")
    actions.decide(found, points, words, by=person(), at=this_moment())
    return Done(url_for("points.index", site_id=found.site_id, month=request.form.get("month", "")), found.site_id)


def _cells(row: PointRow) -> list[Value]:
    reckoning = ", ".join(f"{label(part.why)} {part.points:+}" for part in row.parts)
    part = gettext("For %(month)s", month=row.month.strftime("%Y-%m")) if row.month else ""
    part = part or (gettext("Second pair of hands") if row.helper else gettext("Owner"))
    late, trade = gettext("Yes") if row.late else gettext("No"), label(Trade(row.trade))
    facts: list[Value] = [row.number, named(row), trade, part, row.verified_at, late, row.sent_back, row.stars]
    return [*facts, reckoning, row.points]


def _frame(site: Site, month: date, right: Right) -> dict[str, Any]:
    """What every page of a month needs."""
    return {
        "site": site,
        "sites": sites.sites(person(), right),
        "month": month,
        "months": actions.months(site, server_moment(now())),
    }


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.SET_POINTS, fields)


def _month(site: Site) -> date:
    today = now().astimezone(site.zone).date()
    return min(month_or(request.args, today), today.replace(day=1))


def _done(site: Site, month: date) -> Done:
    return Done(url_for("points.index", site_id=site.id, month=f"{month:%Y-%m}"), site.id)
