"""Vehicles: trips, kilometres, consumption, upkeep."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.registers import sites
from crew_app.trips import actions, forms, queries
from crew_app.trips.models import Vehicle
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("vehicles", __name__, url_prefix="/vehicles")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """All vehicles with their mileage, whether they are out, and what is due."""
    me, at = person(), now()
    here = me.sites_with(Right.SEE_SITE)
    return render_template(
        "vehicles/index.html",
        vehicles=queries.vehicles(me),
        out=queries.busy(here),
        unlisted=queries.unlisted(me) if me.can(Right.VERIFY) else [],
        today=sites.day_at(me.memberships[0].site, at),
    )


@blueprint.get("/<uuid:asset_id>")
@needs(Right.SEE_SITE)
def show(asset_id: UUID) -> str:
    """One vehicle: what it came to, its trips and fillings, what is due."""
    me, at = person(), now()
    asset = places.asset(me, asset_id, Right.SEE_SITE)
    vehicle = _known(asset_id)
    return render_template(
        "vehicles/show.html",
        asset=asset,
        vehicle=vehicle,
        use=queries.use(vehicle, at) if vehicle else None,
        trips=queries.trips_of(vehicle, 20) if vehicle else [],
        fillings=queries.fillings_of(vehicle)[:20] if vehicle else [],
        today=sites.day_at(me.memberships[0].site, at),
    )


@blueprint.post("/<uuid:asset_id>/details")
@needs(Right.VERIFY)
@command
def set_details(asset_id: UUID) -> Done:
    """Write down plate, seats and the next upkeep."""
    asset = places.asset(person(), asset_id, Right.VERIFY)
    actions.set_details(asset, forms.parse_details(request.form))
    return Done(url_for("vehicles.show", asset_id=asset_id), asset.site_id)


@blueprint.post("/<uuid:asset_id>/fillings")
@needs(Right.WORK)
@command
def fill(asset_id: UUID) -> Done:
    """Write down what was filled in."""
    vehicle = queries.vehicle(person(), asset_id, Right.WORK, lock=True)
    fuel = forms.parse_fuel(request.form)
    if fuel is None:
        raise Refused("quantity", N_("Please check the quantity: it must be a number."))
    actions.fill(vehicle, fuel, by=person(), at=this_moment())
    return Done(url_for("vehicles.show", asset_id=asset_id), vehicle.site_id)


def _known(asset_id: UUID) -> Vehicle | None:
    return next((one for one in queries.vehicles(person()) if one.asset_id == asset_id), None)
