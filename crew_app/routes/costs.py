"""Costs (成本核算) per department and month: the table, the rows behind it, closing, files for finance."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from crew_app.core.clock import now, server_moment
from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.registers import sites
from crew_app.reports import cost_actions as actions
from crew_app.reports.cost_forms import parse_cell
from crew_app.reports.cost_models import CostKind
from crew_app.reports.cost_months import Table, costs_of, last_closed, open_month, table
from crew_app.reports.cost_rows import CostRow, came_later, rows
from crew_app.reports.cost_rules import MEDIA
from crew_app.storeroom.level_forms import month_or, parse_month
from crew_app.tickets.forms import text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, sheet
from crew_app.web.tables_csv import csv_file

blueprint = Blueprint("costs", __name__, url_prefix="/reports/costs")
SHOWN = 300
"""Rows on a page at most; the Excel sheet has all."""
CSV_COLUMNS = ("site", "month", "department_code", "department", "kind", "detail", "amount", "belongs_to", "closed")


@blueprint.get("")
@needs(Right.SEE_COSTS)
def index() -> str:
    """Departments by kind in a month, against the month before and the year before."""
    site = _site(request.args)
    month = _month(site)
    found = table(site, month)
    return render_template(
        "costs/index.html",
        **_frame(site, month),
        table=found,
        open_month=open_month(site),
        last_closed=last_closed(site.id),
        over=month < _today(site).replace(day=1),
        late=[line for line in found.costs.lines if line.belongs],
        no_rate=_without_rate(found, site, month),
    )


@blueprint.get("/rows")
@needs(Right.SEE_COSTS)
def show() -> str:
    """What stands behind a cell, a row, a column or the whole."""
    site = _site(request.args)
    month = _month(site)
    kind, whose = parse_cell(request.args, site)
    costs, found = costs_of(site, month), rows(site, month, kind=kind, department_id=whose)
    late = [
        one for one in costs.lines if one.belongs and kind in (None, one.kind) and whose in ("any", one.department_id)
    ]
    found.sort(key=lambda row: (list(CostKind).index(row.kind), row.day, row.number))
    return render_template(
        "costs/rows.html",
        **_frame(site, month),
        kind=kind,
        department=session.get(Department, whose) if isinstance(whose, UUID) else None,
        everywhere=whose == "any",
        total=costs.of(kind=kind, department_id=whose),
        rows=found[:SHOWN],
        left_out=max(len(found) - SHOWN, 0),
        late=late,
        later=came_later(costs, found, kind, whose),
        closed=costs.closed,
        departments=departments_of(site),
    )


@blueprint.get("/rows.xlsx")
@needs(Right.SEE_COSTS)
def export_rows() -> Response:
    """The same rows, all of them, as a spreadsheet."""
    site = _site(request.args)
    month = _month(site)
    kind, whose = parse_cell(request.args, site)
    departments, media = departments_of(site), media_words()
    columns = [
        Column(gettext("Day"), 12, Format.DAY),
        Column(gettext("Department"), 20),
        Column(gettext("Kind"), 14),
        Column(gettext("What"), 28),
        Column(gettext("Job"), 20),
        Column(gettext("Quantity"), 12, Format.QUANTITY),
        Column(gettext("Unit"), 8),
        Column(gettext("Price"), 12, Format.PRICE),
        Column(gettext("Amount in yuan"), 14, Format.PRICE),
        Column(gettext("Note"), 30),
    ]
    found = rows(site, month, kind=kind, department_id=whose)
    lines = [_row_cells(row, departments, media) for row in found]
    return sheet(f"{gettext('Cost rows')} {named(site)} {month:%Y-%m}", columns, lines)


@blueprint.get("/month.xlsx")
@needs(Right.SEE_COSTS)
def export() -> Response:
    """The lines of a month for finance, as a spreadsheet."""
    site = _site(request.args)
    month = _month(site)
    columns = [
        Column(gettext("Month"), 10),
        Column(gettext("Department code"), 14),
        Column(gettext("Department"), 24),
        Column(gettext("Kind"), 16),
        Column(gettext("What of"), 28),
        Column(gettext("Amount in yuan"), 16, Format.MONEY),
        Column(gettext("Belongs to"), 12),
        Column(gettext("State"), 14),
    ]
    media = media_words()
    lines: list[list[Value]] = []
    for _, when, code, name, kind, detail, amount, belongs, closed in _lines(site, month):
        state = gettext("Closed") if closed == "yes" else gettext("Open")
        words = media.get(str(detail), detail)
        lines.append([when, code, name, label(CostKind(str(kind))), words, amount, belongs, state])
    total: list[Value] = [gettext("Total"), "", "", "", "", costs_of(site, month).total, "", ""]
    return sheet(f"{gettext('Costs')} {named(site)} {month:%Y-%m}", columns, [*lines, total])


@blueprint.get("/month.csv")
@needs(Right.SEE_COSTS)
def export_csv() -> Response:
    """The same with fixed columns, for other programs."""
    site = _site(request.args)
    month = _month(site)
    return csv_file(f"costs-{site.code}-{month:%Y-%m}", CSV_COLUMNS, _lines(site, month))


@blueprint.post("/closings")
@needs(Right.SEE_COSTS)
@command
def close() -> Done:
    """Close a month."""
    site, month = _site(request.form), parse_month(request.form)
    actions.close(site, month, by=person(), at=this_moment())
    return _done(site, month)


@blueprint.post("/reopenings")
@needs(Right.SEE_COSTS)
@command
def reopen() -> Done:
    """Open the month that was closed last again."""
    site, month = _site(request.form), parse_month(request.form)
    actions.reopen(site, month, text(request.form, "note"), by=person(), at=this_moment())
    return _done(site, month)


def departments_of(site: Site) -> dict[UUID | None, Department]:
    """The departments of a site by id."""
    query = select(Department).where(Department.site_id == site.id).order_by(Department.code)
    return {one.id: one for one in session.scalars(query)}


def media_words() -> dict[str, str]:
    """What media are called."""
    return {medium: gettext(words) for medium, words in MEDIA.items()}


def _lines(site: Site, month: date) -> Iterator[list[Value]]:
    costs, departments = costs_of(site, month), departments_of(site)
    order = list(CostKind)
    for line in sorted(
        costs.lines,
        key=lambda one: (
            departments[one.department_id].code if one.department_id else "\uffff",
            order.index(one.kind),
            one.stored_detail,
        ),
    ):
        whose = departments.get(line.department_id)
        belongs = f"{line.belongs:%Y-%m}" if line.belongs else ""
        facts: list[Value] = [line.kind.value, line.detail, line.amount, belongs, "yes" if costs.closed else "no"]
        code, name = (whose.code, named(whose)) if whose else ("", "")
        yield [site.code, f"{month:%Y-%m}", code, name, *facts]


def _row_cells(row: CostRow, departments: dict[UUID | None, Department], media: dict[str, str]) -> list[Value]:
    whose = departments.get(row.department_id)
    what = named(row.what) if row.what else media.get(row.detail, row.detail)
    facts: list[Value] = [row.day, named(whose) if whose else gettext("The site itself"), label(row.kind), what]
    return [*facts, row.number, row.quantity, row.unit, row.price, row.amount, row.note]


def _without_rate(found: Table, site: Site, month: date) -> bool:
    """Whether work of this month costs nothing because nobody has said what an hour costs."""
    labour = found.totals[CostKind.LABOUR].amount
    return not found.costs.closed and not labour and not any(one.since <= month for one in actions.rates_of(site.id))


def _frame(site: Site, month: date) -> dict[str, Any]:
    """What every page of a month needs."""
    return {
        "site": site,
        "sites": sites.sites(person(), Right.SEE_COSTS),
        "month": month,
        "months": actions.months(site, server_moment(now())),
        "kinds": [(kind, label(kind)) for kind in CostKind],
        "media": media_words(),
    }


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.SEE_COSTS, fields)


def _today(site: Site) -> date:
    return sites.day_at(site, now())


def _month(site: Site) -> date:
    today = _today(site)
    return min(month_or(request.args, today), today.replace(day=1))


def _done(site: Site, month: date) -> Done:
    return Done(url_for("costs.index", site_id=site.id, month=f"{month:%Y-%m}"), site.id)
