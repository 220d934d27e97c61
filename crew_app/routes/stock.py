"""Materials: my bag, the stores, an item and its moves."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.stock import queries
from crew_app.storeroom import levels, lists, usage
from crew_app.storeroom.availability import on_hand, reserved
from crew_app.storeroom.counts.queries import hidden_from
from crew_app.storeroom.rules import NOTHING
from crew_app.tickets.forms import optional_uuid
from crew_app.web.access import needs
from crew_app.web.people import person
from crew_app.web.qr import drawing

blueprint = Blueprint("stock", __name__, url_prefix="/stock")


@blueprint.get("")
@needs(Right.SEE_STOCK)
def index() -> str:
    """What is in my bag, and every item with what the stores hold."""
    me = person()
    text = request.args.get("q", "")[:60]
    items = queries.items(text, request.args.get("after", ""))
    ids = [item.id for item in items]
    hidden = hidden_from(me)
    stores = [store for store in queries.stores(me.sites_with(Right.SEE_STOCK)) if store.id not in hidden]
    bags = [bag for bag in queries.bags(me) if bag.id not in hidden]
    return render_template(
        "stock/index.html",
        items=items,
        in_stores=queries.on_hand(ids, [store.id for store in stores]),
        in_bag=queries.on_hand(ids, [bag.id for bag in bags]),
        bag_items=[held for bag in bags for held in queries.held(bag.id)],
        discrepancies=queries.open_discrepancies(me, limit=10) if me.can(Right.KEEP_STOCK) else [],
        text=text,
        hidden=hidden,
        more=items[-1].code if len(items) == queries.PAGE else None,
    )


@blueprint.get("/items/<uuid:item_id>")
@needs(Right.SEE_STOCK)
def item(item_id: UUID) -> str:
    """An item: where it lies, and its latest moves."""
    me, at = person(), now()
    found, sites, hidden = queries.item(item_id), me.sites_with(Right.SEE_STOCK), hidden_from(me)
    moves = queries.moves_of_item(me, item_id, optional_uuid(request.args, "before"))
    zone = me.memberships[0].site.zone
    return render_template(
        "stock/item.html",
        item=found,
        holdings=[balance for balance in queries.holdings(me, item_id) if balance.account_id not in hidden],
        hidden=hidden,
        bins=levels.bins_of_item(item_id),
        shelves=levels.shelves(queries.stores(me.sites_with(Right.KEEP_STOCK)), item_id),
        on_hand=on_hand([item_id], sites).get(item_id, NOTHING),
        reserved=reserved([item_id], sites).get(item_id, NOTHING),
        valuations=lists.valuations(item_id, sites),
        months=usage.by_month(item_id, sites, at.astimezone(zone).date(), zone),
        kinds=usage.job_kinds(item_id, sites, at),
        moves=moves,
        documents=lists.slip_numbers([move.posting.document_id for move in moves if move.posting.document_id]),
        more=moves[-1].id if len(moves) == queries.PAGE else None,
    )


@blueprint.get("/items/<uuid:item_id>/qr.svg")
@needs(Right.SEE_STOCK)
def label(item_id: UUID) -> Response:
    """The item's code as a QR code, for its shelf: scanned on a job it chooses the item."""
    return drawing(queries.item(item_id).code)
