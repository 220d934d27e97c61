"""Fixed assets that are to be scrapped: proposed by one, decided by another."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.fixed_assets import queries, scrapping
from crew_app.fixed_assets.models import AssetScrap
from crew_app.fixed_assets.rules import limit_of
from crew_app.people.rules import Right
from crew_app.routes.assets import done
from crew_app.tickets.forms import text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("asset_scraps", __name__, url_prefix="/assets")


@blueprint.get("/scrap-proposals/<uuid:asset_scrap_id>")
@needs(Right.REPORT)
def show(asset_scrap_id: UUID) -> str:
    """A proposal with its reason, photos and value, and the decision."""
    me = person()
    scrap = queries.scrap(me, asset_scrap_id)
    card = queries.card(scrap.asset_id)
    return render_template(
        "assets/scrap.html",
        scrap=scrap,
        asset=scrap.asset,
        photos=queries.photos_about([scrap.id]).get(scrap.id, []),
        limit=limit_of(queries.site(scrap.site_id)),
        may_decide=card is not None and scrapping.may_decide(scrap, card, me),
    )


@blueprint.post("/<uuid:asset_id>/scrap-proposals")
@needs(Right.REPORT)
@prepared_command(arrive_with_form)
def create(asset_id: UUID) -> Done:
    """Propose to scrap an asset."""
    me, form = person(), request.form
    card = queries.own_card(me, asset_id)
    photos, at = arrived_photos(prepared()), this_moment()
    scrap = scrapping.propose(card, uuid(form, "scrap_id"), text(form, "reason"), photos, by=me, at=at)
    bind_arrivals(prepared(), at=at)
    return _done(scrap, 201)


@blueprint.post("/scrap-proposals/<uuid:asset_scrap_id>/approval")
@needs(Right.APPROVE_STOCK)
@command
def approve(asset_scrap_id: UUID) -> Done:
    """Scrap the asset."""
    scrap = queries.scrap(person(), asset_scrap_id, lock=True)
    scrapping.approve(scrap, text(request.form, "note"), by=person(), at=this_moment())
    return _done(scrap)


@blueprint.post("/scrap-proposals/<uuid:asset_scrap_id>/rejection")
@needs(Right.APPROVE_STOCK)
@command
def decline(asset_scrap_id: UUID) -> Done:
    """Leave the asset in use."""
    scrap = queries.scrap(person(), asset_scrap_id, lock=True)
    scrapping.decline(scrap, text(request.form, "note"), by=person(), at=this_moment())
    return _done(scrap)


@blueprint.post("/scrap-proposals/<uuid:asset_scrap_id>/withdrawal")
@needs(Right.REPORT)
@command
def withdraw(asset_scrap_id: UUID) -> Done:
    """Take one's own proposal back."""
    scrap = queries.scrap(person(), asset_scrap_id, lock=True)
    scrapping.withdraw(scrap, by=person(), at=this_moment())
    return done(scrap.asset)


def _done(scrap: AssetScrap, status: int = 200) -> Done:
    return Done(url_for("asset_scraps.show", asset_scrap_id=scrap.id), scrap.site_id, status)
