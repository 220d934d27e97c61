"""Value and cost: what the stock was worth on any day, and what materials cost whom."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people import queries as people
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.storeroom import values
from crew_app.storeroom.level_forms import day_or, month_or
from crew_app.storeroom.values import Worth
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("stock_values", __name__, url_prefix="/stock")
PAGE = 200


@blueprint.get("/value")
@needs(Right.SEE_STOCK)
def value() -> str:
    """What a site's stock was worth at the end of a day, and of each month before."""
    site = _site()
    today = now().astimezone(site.zone).date()
    day = day_or(request.args, today)
    return render_template(
        "stock/value.html",
        site=site,
        sites=people.sites_where(person(), Right.SEE_STOCK),
        day=day,
        today=today,
        total=values.value_on(site, day),
        months=values.month_ends(site, day),
    )


@blueprint.get("/value.xlsx")
@needs(Right.SEE_STOCK)
def export_value() -> Response:
    """The same item by item, as a spreadsheet."""
    site = _site()
    day = day_or(request.args, now().astimezone(site.zone).date())
    columns = [
        Column(gettext("Code"), 12),
        Column(gettext("Material"), 24),
        Column(gettext("Specification"), 24),
        Column(gettext("Unit"), 8),
        Column(gettext("Quantity"), 12, Format.QUANTITY),
        Column(gettext("Value"), 14, Format.MONEY),
    ]
    found = in_pages(lambda after: values.worth_on(site, day, after or "", PAGE), lambda one: one.item.code)
    return sheet(f"{gettext('Stock value')} {day}", columns, map(_row, found))


@blueprint.get("/costs")
@needs(Right.SEE_STOCK)
def costs() -> str:
    """What materials cost in a month, by department and by kind of job, and in the months before."""
    site = _site()
    today = now().astimezone(site.zone).date()
    month = min(month_or(request.args, today), today.replace(day=1))
    return render_template(
        "stock/costs.html",
        site=site,
        sites=people.sites_where(person(), Right.SEE_STOCK),
        month=month,
        today=today,
        months=values.cost_by_month(site, month),
        departments=values.cost_by_department(site, month),
        kinds=values.cost_by_job_kind(site, month),
    )


@blueprint.get("/costs.xlsx")
@needs(Right.SEE_STOCK)
def export_costs() -> Response:
    """The cost of a month by department and by kind of job, as a spreadsheet."""
    site = _site()
    month = month_or(request.args, now().astimezone(site.zone).date())
    columns = [
        Column(gettext("By"), 14),
        Column(gettext("Name"), 30),
        Column(gettext("Cost"), 14, Format.MONEY),
    ]
    found = [(gettext("Department"), one) for one in values.cost_by_department(site, month)]
    found += [(gettext("Kind of job"), one) for one in values.cost_by_job_kind(site, month)]
    rows: list[list[Value]] = [[by, named(one.of) or gettext("Not said"), one.amount] for by, one in found]
    return sheet(f"{gettext('Cost of materials')} {month:%Y-%m}", columns, rows)


def _row(one: Worth) -> list[Value]:
    return [one.item.code, named(one.item), one.item.spec, one.item.unit, one.quantity, one.value]


def _site() -> Site:
    """The site of the address, else the first whose stock the person sees."""
    wanted: UUID | None = optional_uuid(request.args, "site_id")
    if wanted:
        return people.site_where(person(), Right.SEE_STOCK, wanted)
    return people.sites_where(person(), Right.SEE_STOCK)[0]
