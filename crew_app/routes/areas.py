"""Areas of responsibility: who answers for which place."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.people import queries as people
from crew_app.people.rules import Right, Trade
from crew_app.places import queries as places
from crew_app.registers import sites
from crew_app.roster import areas, forms
from crew_app.rounds import plan_queries
from crew_app.routes.roster import chosen_site
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command
from crew_app.web.people import person

blueprint = Blueprint("areas", __name__, url_prefix="/areas")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Who answers for what; what is entered for a building holds for all its floors and rooms."""
    me = person()
    site = chosen_site(me, Right.SEE_SITE)
    return render_template(
        "roster/areas.html",
        areas=areas.areas(site.id),
        site=site,
        sites=people.sites_where(me, Right.SEE_SITE),
        places=plan_queries.areas(site.id),
        crew=sites.members([site.id], Right.WORK),
        trades=list(Trade),
    )


@blueprint.post("")
@needs(Right.DISPATCH)
@command
def create() -> Done:
    """Say who answers for a place."""
    form = request.form
    place = places.place(person(), uuid(form, "place_id"), Right.DISPATCH)
    chosen = optional_uuid(form, "person_id")
    whose = sites.member(place.site_id, chosen, Right.SEE_SITE) if chosen else None
    areas.make_responsible(uuid(form, "area_id"), place, whose, forms.trade(form))
    return Done(url_for("areas.index", site=place.site_id), place.site_id, 201)


@blueprint.post("/<uuid:area_id>/end")
@needs(Right.DISPATCH)
@command
def end(area_id: UUID) -> Done:
    """They do not answer for it any more."""
    found = areas.area(person(), area_id)
    site_id = found.site_id
    areas.end(found)
    return Done(url_for("areas.index", site=site_id), site_id)
