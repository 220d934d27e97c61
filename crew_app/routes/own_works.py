"""Own works (自制) with quote and saving; how long work on a job took."""

from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.reports import works
from crew_app.reports.cost_forms import parse_quote
from crew_app.reports.periods import Period
from crew_app.reports.works import OwnWork
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import text, uuid
from crew_app.tickets.target_forms import parse_length
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("own_works", __name__)
YEARS = 5


@blueprint.get("/reports/costs/own-works")
@needs(Right.SEE_COSTS)
def index() -> str:
    """Own works of a year: quote against actual, and what was saved."""
    site = sites.chosen(person(), Right.SEE_COSTS, request.args)
    this_year = sites.day_at(site, now()).year
    year = _year(this_year)
    found = works.own_works(site, _period(site.timezone, year))
    return render_template(
        "costs/own_works.html",
        site=site,
        sites=sites.sites(person(), Right.SEE_COSTS),
        year=year,
        years=range(this_year, this_year - YEARS, -1),
        works=found,
        quoted=sum((one.quote.amount for one in found if one.done), Decimal(0)),
        actual=sum((one.actual for one in found if one.done), Decimal(0)),
        saved=sum((one.saving for one in found if one.done), Decimal(0)),
    )


@blueprint.get("/reports/costs/own-works.xlsx")
@needs(Right.SEE_COSTS)
def export() -> Response:
    """The same as a spreadsheet."""
    site = sites.chosen(person(), Right.SEE_COSTS, request.args)
    year = _year(sites.day_at(site, now()).year)
    columns = [
        Column(gettext("Job"), 20),
        Column(gettext("What"), 40),
        Column(gettext("Place"), 30),
        Column(gettext("Firm"), 20),
        Column(gettext("Quote"), 14, Format.MONEY),
        Column(gettext("Materials"), 14, Format.MONEY),
        Column(gettext("Labour"), 14, Format.MONEY),
        Column(gettext("Saving"), 14, Format.MONEY),
    ]
    lines = [_cells(one) for one in works.own_works(site, _period(site.timezone, year))]
    return sheet(f"{gettext('Own works')} {named(site)} {year}", columns, lines)


@blueprint.post("/tickets/<uuid:ticket_id>/quote")
@needs(Right.VERIFY)
@command
def set_quote(ticket_id: UUID) -> Done:
    """Write down what a firm asked."""
    ticket = tickets.ticket(person(), ticket_id, lock=True)
    works.set_quote(ticket, parse_quote(request.form), by=person(), at=this_moment())
    return Done(url_for("tickets.show", ticket_id=ticket.id), ticket.site_id)


@blueprint.post("/tickets/<uuid:ticket_id>/work-times")
@needs(Right.WORK)
@command
def record_time(ticket_id: UUID) -> Done:
    """Say how long one worked on a job."""
    ticket, form = tickets.ticket(person(), ticket_id), request.form
    length = parse_length(form.get("length", ""))
    works.record_time(ticket, uuid(form, "time_id"), length, text(form, "note"), by=person(), at=this_moment())
    return Done(url_for("tickets.show", ticket_id=ticket.id), ticket.site_id, 201)


@blueprint.post("/tickets/<uuid:ticket_id>/work-time-withdrawals")
@needs(Right.WORK)
@command
def withdraw_time(ticket_id: UUID) -> Done:
    """Take one's own entry back."""
    ticket = tickets.ticket(person(), ticket_id)
    works.withdraw_time(ticket, uuid(request.form, "time_id"), by=person(), at=this_moment())
    return Done(url_for("tickets.show", ticket_id=ticket.id), ticket.site_id)


def _cells(one: OwnWork) -> list[Value]:
    ticket = one.quote.ticket
    saving = one.saving if one.done else None
    facts: list[Value] = [ticket.number, ticket.description, named(ticket.place, "path"), one.quote.firm]
    return [*facts, one.quote.amount, one.materials, one.labour, saving]


def _period(zone: str, year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), ZoneInfo(zone))


def _year(this_year: int) -> int:
    typed = request.args.get("year", "")
    return int(typed) if typed.isdecimal() and this_year - YEARS < int(typed) <= this_year else this_year
