"""Levels: where an item lies in a store, and when it is ordered again."""

from uuid import UUID

from flask import Blueprint, request, url_for

from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.storeroom import levels
from crew_app.storeroom.level_forms import parse_levels
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command
from crew_app.web.people import person

blueprint = Blueprint("levels", __name__, url_prefix="/stock/items/<uuid:item_id>/levels")


@blueprint.post("")
@needs(Right.KEEP_STOCK)
@command
def set_(item_id: UUID) -> Done:
    """Set bin, minimum, reorder point, maximum and delivery time."""
    store_id, wanted = parse_levels(request.form)
    store = levels.store(person(), store_id)
    levels.set_levels(store, stock.item(item_id), wanted, by=person())
    return Done(url_for("stock.item", item_id=item_id), store.site_id)
