"""The service desk: entering calls as fast as the caller speaks, and calling back."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.desk import announcement_queries as announcements
from crew_app.desk import call_queries, calls, finding
from crew_app.desk.forms import parse_call
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place
from crew_app.tickets import queries
from crew_app.tickets.forms import optional_uuid, text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("desk_calls", __name__)


@blueprint.get("/desk/calls")
@needs(Right.KEEP_DESK)
def index() -> str:
    """Who has to be called back, the last calls, and what is off now."""
    me, at = person(), now()
    return render_template(
        "desk/index.html",
        due=call_queries.due(me, at),
        recent=call_queries.recent(me),
        outages=announcements.outages(me.sites_with(Right.KEEP_DESK), at),
        at=at,
    )


@blueprint.get("/desk/calls/new")
@needs(Right.KEEP_DESK)
def new() -> str:
    """The form of a call. Scripts fetch it again with what was typed or chosen, and take the parts that change."""
    me, typed = person(), request.args.get("q", "")[:60]
    place, asset = _chosen(me)
    kinds = queries.job_kinds()
    return render_template(
        "desk/new.html",
        q=typed,
        found=finding.search(me.sites_with(Right.KEEP_DESK), typed),
        subject=finding.subject(place, asset) if place else None,
        place=place,
        open_here=queries.open_at(place.id, asset.id if asset else None) if place else [],
        job_kind=request.args.get("job_kind", "")[:30],
        kinds=kinds,
        sounds={kind.code: finding.sounds(kind.name) for kind in kinds},
        recent=call_queries.recent(me, 5),
    )


@blueprint.post("/desk/calls")
@needs(Right.KEEP_DESK)
@command
def create() -> Done:
    """Enter a call: a new job, or one more who calls about a known one."""
    ticket = calls.take(parse_call(request.form), by=person(), at=this_moment())
    return Done(url_for("desk_calls.new"), ticket.site_id, 201)


@blueprint.post("/tickets/<uuid:ticket_id>/call-backs")
@needs(Right.KEEP_DESK)
@command
def call_back(ticket_id: UUID) -> Done:
    """Write down that a caller was told, or not reached."""
    me, form = person(), request.form
    ticket = queries.ticket(me, ticket_id, lock=True)
    result = form.get("result", "")
    if result not in ("told", "not-reached"):
        raise Refused("choice-missing", N_("Please say whether they were told."))
    joined, note = optional_uuid(form, "joined_id"), text(form, "note")[:500]
    calls.call_back(ticket, joined, note, told=result == "told", by=me, at=this_moment())
    return Done(url_for("desk_calls.index"), ticket.site_id)


def _chosen(me: Person) -> tuple[Place | None, Asset | None]:
    """What was chosen, as far as the desk may see it."""
    place_id, asset_id = optional_uuid(request.args, "place_id"), optional_uuid(request.args, "asset_id")
    if not (place_id or asset_id):
        return None, None
    place, asset = queries.where(me, place_id, asset_id)
    if not me.can(Right.KEEP_DESK, place.site_id):
        raise Unseen("unknown-place", N_("This place is not known."))
    return place, asset
