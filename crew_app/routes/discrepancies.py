"""Discrepancies: more was taken than the books had, or it had been counted already; a storekeeper settles them."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.db import session
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Discrepancy
from crew_app.storeroom.counts import settlements
from crew_app.storeroom.counts.models import StockCount
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("discrepancies", __name__, url_prefix="/stock/discrepancies")


@blueprint.get("")
@needs(Right.KEEP_STOCK)
def index() -> str:
    """What has to be settled, or what was."""
    settled = "settled" in request.args
    found = settlements.discrepancies(person(), settled=settled, before=optional_uuid(request.args, "before"))
    more = found[-1].id if len(found) == settlements.PAGE else None
    return render_template("stock/discrepancies/index.html", discrepancies=found, settled=settled, more=more)


@blueprint.get("/<uuid:discrepancy_id>")
@needs(Right.KEEP_STOCK)
def show(discrepancy_id: UUID) -> str:
    """Who took what on which job, how much was missing, and the ways to settle it."""
    gap = settlements.discrepancy(person(), discrepancy_id)
    since = settlements.counted_since(gap)
    return render_template(
        "stock/discrepancies/show.html",
        gap=gap,
        count=session.get(StockCount, gap.count_id) if gap.count_id else None,
        since=since.count if since else None,
        own=gap.move.posting.person_id == person().id,
    )


@blueprint.post("/<uuid:discrepancy_id>/finding")
@needs(Right.KEEP_STOCK)
@command
def settle_found(discrepancy_id: UUID) -> Done:
    """There was more than the books had."""
    gap = settlements.discrepancy(person(), discrepancy_id, lock=True)
    settlements.settle_found(gap, text(request.form, "note"), by=person(), at=this_moment())
    return _done(gap)


@blueprint.post("/<uuid:discrepancy_id>/exchange")
@needs(Right.KEEP_STOCK)
@command
def settle_wrong_item(discrepancy_id: UUID) -> Done:
    """It was another material."""
    gap = settlements.discrepancy(person(), discrepancy_id, lock=True)
    item = stock.item(uuid(request.form, "item_id"))
    settlements.settle_wrong_item(gap, item, text(request.form, "note"), by=person(), at=this_moment())
    return _done(gap)


@blueprint.post("/<uuid:discrepancy_id>/recount")
@needs(Right.KEEP_STOCK)
@command
def settle_counted(discrepancy_id: UUID) -> Done:
    """A count since then has put it right."""
    gap = settlements.discrepancy(person(), discrepancy_id, lock=True)
    settlements.settle_counted(gap, text(request.form, "note"), by=person(), at=this_moment())
    return _done(gap)


def _done(gap: Discrepancy) -> Done:
    return Done(url_for("discrepancies.show", discrepancy_id=gap.id), gap.site_id)
