"""Bins (库位): their labels to print, and what scanning one opens."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.stock.models import Account
from crew_app.storeroom import bins
from crew_app.storeroom.counts import queries as counts
from crew_app.tickets.forms import text
from crew_app.web.access import needs
from crew_app.web.people import person
from crew_app.web.qr import drawing, public_address

blueprint = Blueprint("bins", __name__, url_prefix="/stock")
LONGEST = 40


@blueprint.get("/stores")
@needs(Right.SEE_STOCK)
def index() -> str:
    """The stores, each with its bins."""
    stores = stock.stores(person().sites_with(Right.SEE_STOCK))
    return render_template("bins/index.html", stores=stores, numbers=bins.numbers(store.id for store in stores))


@blueprint.get("/stores/<uuid:store_id>/bins")
@needs(Right.SEE_STOCK)
def labels(store_id: UUID) -> str:
    """A label for each bin of a store, to print from the browser."""
    store, words = bins.store(person(), store_id), text(request.args, "q")[:LONGEST]
    found = bins.named(store_id, words, text(request.args, "after")[:LONGEST])
    more = found[-1].name if len(found) == bins.PAGE else None
    return render_template("bins/labels.html", store=store, bins=found, text=words, more=more)


@blueprint.get("/stores/<uuid:store_id>/bin")
@needs(Right.SEE_STOCK)
def show(store_id: UUID) -> str:
    """What a scan of a bin's label opens: what lies there, and the count of it."""
    me = person()
    store, name = bins.store(me, store_id), _name()
    items, hidden = bins.items_in(store_id, name), store_id in counts.hidden_from(me)
    return render_template(
        "bins/show.html",
        store=store,
        name=name,
        items=items,
        on_hand={} if hidden else stock.on_hand([item.id for item in items], [store.id]),
        hidden=hidden,
        counts=[count for count in counts.live(me) if count.account_id == store.id],
    )


@blueprint.get("/stores/<uuid:store_id>/bin/qr.svg")
@needs(Right.SEE_STOCK)
def picture(store_id: UUID) -> Response:
    """The QR code of a bin's label: the address of its page."""
    return drawing(bin_address(bins.store(person(), store_id), _name()))


def bin_address(store: Account, name: str) -> str:
    """What a bin's label says. Labels hang for years, and scanner/bins.js reads them: it stays as it is."""
    return public_address(url_for("bins.show", store_id=store.id, name=name))


def _name() -> str:
    name = text(request.args, "name")[:LONGEST]
    if not name:
        raise Unseen("unknown-bin", N_("This bin is not known."))
    return name
