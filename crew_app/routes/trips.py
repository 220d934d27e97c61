"""Trips: asked for, dispatched within ten minutes, left and back with mileage; the list of a month."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.deliveries import queries as carrying
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.registers import sites
from crew_app.routes.tickets import done
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.trips import actions, forms, queries
from crew_app.trips.models import Trip
from crew_app.trips.rules import AFTER, BEFORE
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, sheet

blueprint = Blueprint("trips", __name__, url_prefix="/trips")


@blueprint.get("")
@signed_in
def index() -> str:
    """What is to be dispatched, what goes on, what is over."""
    me, at = person(), now()
    first = queries.to_dispatch(me)
    known = {one.ticket_id for one in first}
    return render_template(
        "trips/index.html",
        first=first,
        live=[one for one in queries.live(me) if one.ticket_id not in known],
        done=queries.done(me),
        at=at,
    )


@blueprint.get("/new")
@needs(Right.REPORT)
def new() -> str:
    """Ask for a vehicle."""
    me = person()
    here = me.sites_with(Right.REPORT)
    given = optional_uuid(request.args, "from")
    return render_template(
        "trips/new.html",
        place=places.place(me, given) if given else None,
        own=carrying.own_places(me, here) if not given else [],
        places=carrying.broad_places(here) if not given else [],
        today=_today(),
    )


@blueprint.post("")
@needs(Right.REPORT)
@command
def create() -> Done:
    """Ask for it; ten minutes count from now."""
    me, form = person(), forms.parse_ask(request.form)
    place = places.place(me, form.place_id)
    leave_at = forms.parse_leaving(form.leave_at, place.site.zone, this_moment().at)
    wish = actions.Wish(
        form.ticket_id, place, form.goal, leave_at, form.passengers, form.goods, form.note, urgent=form.urgent
    )
    return done(actions.ask(wish, by=me, at=this_moment()).ticket, 201)


@blueprint.get("/month.xlsx")
@needs(Right.SEE_SITE)
def export() -> Response:
    """The trips of a month as a spreadsheet."""
    me = person()
    month = forms.parse_month(request.args.get("month", ""), _today())
    zone = me.memberships[0].site.zone
    start = datetime(month.year, month.month, 1, tzinfo=zone)
    end = (start + timedelta(days=32)).replace(day=1)
    found = queries.between(me.sites_with(Right.SEE_SITE), start, end)
    return sheet(f"{gettext('Trips')} {month:%Y-%m}", _columns(), _rows(found))


@blueprint.post("/<uuid:ticket_id>/dispatch")
@needs(Right.WORK)
@command
def dispatch(ticket_id: UUID) -> Done:
    """Name vehicle and driver."""
    me, form = person(), request.form
    trip = queries.trip(me, ticket_id, lock=True)
    if not form.get("asset_id"):
        raise Refused("vehicle", N_("Please choose a vehicle."))
    vehicle = queries.vehicle(me, uuid(form, "asset_id"), Right.SEE_SITE)
    driver = sites.member(trip.site_id, optional_uuid(form, "driver_id") or me.id, Right.WORK)
    actions.dispatch(trip, vehicle, driver, by=me, at=this_moment())
    return done(trip.ticket)


@blueprint.post("/<uuid:ticket_id>/departure")
@needs(Right.WORK)
@command
def leave(ticket_id: UUID) -> Done:
    """Set off: mileage and check."""
    trip = queries.trip(person(), ticket_id, lock=True)
    reading = forms.parse_reading(request.form, request.form.getlist("good"), BEFORE)
    actions.leave(trip, reading, by=person(), at=this_moment())
    return done(trip.ticket)


@blueprint.post("/<uuid:ticket_id>/arrival")
@needs(Right.WORK)
@command
def come_back(ticket_id: UUID) -> Done:
    """Come back: mileage, check, fuel."""
    trip = queries.trip(person(), ticket_id, lock=True)
    reading = forms.parse_reading(request.form, request.form.getlist("good"), AFTER)
    fuel = forms.parse_fuel(request.form, reading.km)
    actions.come_back(trip, reading, fuel, by=person(), at=this_moment())
    return done(trip.ticket)


def _today() -> date:
    memberships = person().memberships
    return sites.day_at(memberships[0].site, now()) if memberships else now().date()


def _columns() -> list[Column]:
    return [
        Column(gettext("Number"), 18),
        Column(gettext("Asked for"), 18, Format.TIME),
        Column(gettext("Minutes until dispatched"), 12, Format.QUANTITY),
        Column(gettext("Needed at"), 18, Format.TIME),
        Column(gettext("Asked by"), 14),
        Column(gettext("From"), 30),
        Column(gettext("Where to"), 24),
        Column(gettext("Passengers"), 10, Format.QUANTITY),
        Column(gettext("Goods"), 18),
        Column(gettext("Vehicle"), 14),
        Column(gettext("Driver"), 14),
        Column(gettext("Departed"), 18, Format.TIME),
        Column(gettext("Is back"), 18, Format.TIME),
        Column(gettext("Mileage out"), 12, Format.QUANTITY),
        Column(gettext("Mileage in"), 12, Format.QUANTITY),
        Column(gettext("Kilometres"), 10, Format.QUANTITY),
        Column(gettext("Not in order"), 24),
    ]


def _rows(found: Iterable[Trip]) -> Iterator[list[Value]]:
    for one in found:
        ticket = one.ticket
        waited = round((one.dispatched_at - ticket.opened_at).total_seconds() / 60) if one.dispatched_at else None
        asked: list[Value] = [ticket.number, ticket.opened_at, waited, one.leave_at]
        asked += [named(ticket.reporter) or ticket.reporter_name, named(ticket.place, "path")]
        vehicle = (one.vehicle.plate or named(one.vehicle.asset)) if one.vehicle else ""
        driven: list[Value] = [one.goal, one.passengers, one.goods, vehicle, named(one.driver) if one.driver else ""]
        way: list[Value] = [one.left_at, one.back_at, one.km_out, one.km_in, one.km]
        yield [*asked, *driven, *way, ", ".join(label(check) for check in one.failed)]
