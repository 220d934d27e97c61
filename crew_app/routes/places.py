"""Places and assets: find them, see what is there, print their tags."""

from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.core.clock import now
from crew_app.fixed_assets import queries as fixed_assets
from crew_app.people.rules import Right
from crew_app.places import queries
from crew_app.roster import areas
from crew_app.tickets import queries as tickets
from crew_app.web.access import needs
from crew_app.web.people import person

blueprint = Blueprint("places", __name__)


@blueprint.get("/places")
@needs(Right.SEE_SITE)
def index() -> str:
    """The buildings, or the places found by a search."""
    me, text = person(), request.args.get("q", "")[:60]
    found = queries.search(me, text) if text else queries.children(me, None)
    return render_template("places/index.html", places=found, text=text)


@blueprint.get("/places/<uuid:place_id>")
@needs(Right.SEE_SITE)
def place(place_id: UUID) -> str:
    """A place: what is inside, what stands in it, what is open there, its tags."""
    me = person()
    found = queries.place(me, place_id, Right.SEE_SITE)
    after = request.args.get("after", "")
    inside = queries.children(me, place_id, after)
    return render_template(
        "places/place.html",
        place=found,
        inside=inside,
        more=inside[-1].code if len(inside) == queries.PAGE else None,
        assets=queries.assets_in(place_id),
        tickets=tickets.open_at(place_id),
        tags=queries.tags_of(found),
        answering=areas.answering_for(found),
        at=now(),
    )


@blueprint.get("/assets/<uuid:asset_id>")
@needs(Right.SEE_SITE)
def asset(asset_id: UUID) -> str:
    """An asset: what it is, where it stands, what is open and was done there, its tags."""
    found = queries.asset(person(), asset_id, Right.SEE_SITE)
    live, history = tickets.here(found.place_id, found.id)
    return render_template(
        "places/asset.html",
        asset=found,
        card=fixed_assets.card(found.id),
        tickets=live,
        history=history,
        tags=queries.tags_of(found),
        at=now(),
    )
