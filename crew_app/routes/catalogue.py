"""The list of materials and the stores: what a storekeeper enters before anything can be booked."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.errors import Forbidden
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.stock import catalogue, queries
from crew_app.storeroom.card_forms import parse_card
from crew_app.tickets.forms import text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command
from crew_app.web.people import person

blueprint = Blueprint("catalogue", __name__, url_prefix="/stock")


@blueprint.get("/catalogue/new")
@needs(Right.KEEP_STOCK)
def new() -> str:
    """The card of a material that is not on the list yet, and a store that is not there yet."""
    me = person()
    return render_template("catalogue/new.html", stores=queries.stores(me.sites_with(Right.KEEP_STOCK)), sites=_sites())


@blueprint.post("/catalogue")
@needs(Right.KEEP_STOCK)
@command
def create() -> Done:
    """Put a material on the list."""
    item = catalogue.add_item(uuid(request.form, "item_id"), parse_card(request.form))
    return Done(url_for("stock.item", item_id=item.id), status=201)


@blueprint.post("/catalogue/<uuid:item_id>")
@needs(Right.KEEP_STOCK)
@command
def correct(item_id: UUID) -> Done:
    """Correct the card of a material."""
    catalogue.correct_item(queries.item(item_id), parse_card(request.form))
    return Done(url_for("stock.item", item_id=item_id))


@blueprint.post("/stores")
@needs(Right.KEEP_STOCK)
@command
def open_store() -> Done:
    """Open a store."""
    site_id = uuid(request.form, "site_id")
    if not person().can(Right.KEEP_STOCK, site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    name, name_en = text(request.form, "name"), text(request.form, "name_en")
    catalogue.add_store(uuid(request.form, "store_id"), site_id, name, name_en)
    return Done(url_for("catalogue.new"), site_id, status=201)


def _sites() -> list[tuple[UUID, str]]:
    kept = {one.site.id: one.site.name for one in person().memberships if person().can(Right.KEEP_STOCK, one.site_id)}
    return sorted(kept.items(), key=lambda pair: pair[1])
