"""What a phone takes along: page shells for places and jobs it has never seen, and the directory behind them."""

import json
from hashlib import sha256

from flask import Blueprint, Response, jsonify, render_template, request

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.stock import queries as stock
from crew_app.sync import directory
from crew_app.sync.shells import blank_ticket
from crew_app.tickets import queries
from crew_app.web.access import public, signed_in
from crew_app.web.dispatch import no_hands
from crew_app.web.languages import in_chinese
from crew_app.web.people import person

blueprint = Blueprint("offline", __name__)


@blueprint.get("/offline")
@public
def page() -> str:
    """What is shown for a page that is not on the phone."""
    return render_template("errors/offline.html")


@blueprint.get("/offline/tag")
@signed_in
def tag() -> str:
    """The page of any tag, filled in by the phone from its directory."""
    kinds = queries.job_kinds()
    return render_template("offline/tag.html", kinds=kinds[:9], more_kinds=kinds[9:], at=now())


@blueprint.get("/offline/ticket")
@signed_in
def ticket() -> str:
    """The page of a job that only this phone knows yet."""
    me = person()
    bags = stock.bags(me)
    return render_template(
        "offline/ticket.html",
        ticket=blank_ticket(now()),
        moves=[],
        unsettled=frozenset(),
        cost=0,
        demands=[],
        bag=bags[0] if bags else None,
        bag_items=[held for bag in bags for held in stock.held(bag.id)],
        stores=stock.stores(me.sites_with(Right.WORK)),
        usual=[],
        own_work=False,
        shots=[],
        flags={},
        **no_hands(),
        delivery=None,
        emergency=None,
        trip=None,
        dispatching=None,
        effort=None,
        at=now(),
    )


@blueprint.get("/sync/directory")
@signed_in
def take_along() -> Response:
    """Tags, items, job kinds and one's bag, for looking up without a network; 304 when nothing changed."""
    found = directory.directory(person(), chinese=in_chinese())
    response = jsonify(found | {"as_of": now().isoformat()})
    response.set_etag(sha256(json.dumps(found).encode()).hexdigest(), weak=True)
    response.headers["Cache-Control"] = "no-cache, private"
    response.headers["Crew-Person"] = str(person().id)
    response.make_conditional(request)
    return response
