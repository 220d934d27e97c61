"""What costs are counted with: rates of labour, prices of media, bills charged by hand."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from crew_app.core.clock import now, server_moment
from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right, Trade
from crew_app.registers import sites
from crew_app.reports import cost_actions as actions
from crew_app.reports import energy
from crew_app.reports.cost_forms import parse_bill, parse_price, parse_rate
from crew_app.reports.cost_models import LabourRate, MeterPrice
from crew_app.reports.cost_months import bookings_of, open_month
from crew_app.rounds.contractor_models import Contractor
from crew_app.routes.costs import departments_of, media_words
from crew_app.storeroom.level_forms import month_or
from crew_app.tickets.forms import text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.people import person

blueprint = Blueprint("cost_prices", __name__, url_prefix="/reports/costs")


@blueprint.get("/prices")
@needs(Right.SEE_COSTS)
def index() -> str:
    """Rates and prices, since when each counts."""
    site = _site(request.args)
    media, sorts = media_words(), energy.sorts_of(site)
    prices = actions.prices_of(site.id)
    return render_template(
        "costs/prices.html",
        site=site,
        sites=sites.sites(person(), Right.SEE_COSTS),
        rates=actions.rates_of(site.id),
        prices=prices,
        trades=[(trade.value, label(trade)) for trade in Trade],
        sorts=[(f"{medium}|{unit}", f"{media.get(medium, medium)} ({unit})") for medium, unit in sorts],
        media=media,
        without=[one for one in sorts if one[0] in media and one not in {(row.medium, row.unit) for row in prices}],
        first_open=open_month(site),
        today=sites.day_at(site, now()),
    )


@blueprint.post("/rates")
@needs(Right.SEE_COSTS)
@command
def set_rate() -> Done:
    """Say what an hour costs from a day on."""
    site = _site(request.form)
    actions.set_rate(site, *parse_rate(request.form), by=person(), at=this_moment())
    return _done(site)


@blueprint.post("/prices")
@needs(Right.SEE_COSTS)
@command
def set_price() -> Done:
    """Say what a unit costs from a day on."""
    site = _site(request.form)
    actions.set_price(site, *parse_price(request.form, energy.sorts_of(site)), by=person(), at=this_moment())
    return _done(site)


@blueprint.post("/price-removals")
@needs(Right.SEE_COSTS)
@command
def remove() -> Done:
    """Take a rate or a price back that counts for no closed month."""
    site, id_ = _site(request.form), uuid(request.form, "price_id")
    found = session.get(LabourRate, id_) or session.get(MeterPrice, id_)
    if found is None or found.site_id != site.id:
        raise Unseen("unknown-price", N_("This price is not known here."))
    actions.remove_price(found, by=person(), at=this_moment())
    return _done(site)


@blueprint.get("/bookings")
@needs(Right.SEE_COSTS)
def bookings() -> str:
    """What was charged by hand to a month, and one more."""
    site = _site(request.args)
    month = month_or(request.args, sites.day_at(site, now()))
    found = bookings_of(site, month)
    query = select(Contractor).where(Contractor.site_id == site.id, Contractor.active).order_by(Contractor.name)
    first = open_month(site)
    return render_template(
        "costs/bookings.html",
        site=site,
        sites=sites.sites(person(), Right.SEE_COSTS),
        month=month,
        months=actions.months(site, server_moment(now())),
        bookings=found,
        taken_back={one.reverses_id for one in found if one.reverses_id},
        contractors=session.scalars(query).all(),
        departments=departments_of(site).values(),
        is_open=first is None or month >= first,
    )


@blueprint.post("/bookings")
@needs(Right.SEE_COSTS)
@command
def book() -> Done:
    """Charge a bill."""
    site = _site(request.form)
    row = actions.book(site, parse_bill(request.form, site), by=person(), at=this_moment())
    return Done(url_for("cost_prices.bookings", site_id=site.id, month=f"{row.month:%Y-%m}"), site.id, 201)


@blueprint.post("/bookings/<uuid:booking_id>/reversal")
@needs(Right.SEE_COSTS)
@command
def take_back(booking_id: UUID) -> Done:
    """Take a wrong bill back."""
    found, form = actions.booking(person(), booking_id), request.form
    actions.take_back(found, uuid(form, "reversal_id"), text(form, "note"), by=person(), at=this_moment())
    return Done(url_for("cost_prices.bookings", site_id=found.site_id, month=f"{found.month:%Y-%m}"), found.site_id)


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.SEE_COSTS, fields)


def _done(site: Site) -> Done:
    return Done(url_for("cost_prices.index", site_id=site.id), site.id)
