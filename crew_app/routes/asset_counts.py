"""Counts of fixed assets: what is due, what was seen room after room, what is missing."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.fixed_assets import counts, forms, queries, results
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Department, Place
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done, from_outbox
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("asset_counts", __name__, url_prefix="/assets")


@blueprint.get("/counts")
@needs(Right.SEE_SITE)
def index() -> str:
    """Counts that go on, departments whose count is due, counts that are over."""
    me = person()
    return render_template(
        "assets/counts.html",
        going_on=results.open_counts(me),
        due=results.due(me, now()),
        over=results.closed_counts(me),
        today=now().date(),
    )


@blueprint.get("/counts/<uuid:asset_count_id>")
@needs(Right.SEE_SITE)
def show(asset_count_id: UUID) -> str:
    """A count: scan room after room, and how it stands."""
    me = person()
    count = results.count(me, asset_count_id)
    room_id = optional_uuid(request.args, "room")
    found = results.results(count)
    return render_template(
        "assets/count.html",
        count=count,
        results=found,
        rooms=found.rooms,
        room=queries.place_of(count.site_id, room_id),
        counted=me.id in results.counters(count.id),
        may_close=counts.may_close(count, me),
    )


@blueprint.post("/counts")
@needs(Right.KEEP_ASSETS)
@command
def create() -> Done:
    """Open a count of a department or of a place."""
    me = person()
    count = counts.start(uuid(request.form, "count_id"), _scope(me), by=me, at=this_moment())
    return Done(url_for("asset_counts.show", asset_count_id=count.id), count.site_id, 201)


@blueprint.post("/counts/<uuid:asset_count_id>/sightings")
@needs(Right.SEE_SITE)
@command
def see(asset_count_id: UUID) -> Done:
    """Keep that something was seen; the tag of a room leads to that room."""
    me = person()
    count = results.count(me, asset_count_id)
    seen = forms.parse_seen(request.form)
    kept = counts.see(count, seen, by=me, at=this_moment())
    room = kept.id if isinstance(kept, Place) else kept.place_id
    if from_outbox():
        return _done(count.id, count.site_id)  # a phone knows its room
    return Done(url_for("asset_counts.show", asset_count_id=count.id, room=room), count.site_id)


@blueprint.post("/counts/<uuid:asset_count_id>/closure")
@needs(Right.SEE_SITE)
@command
def close(asset_count_id: UUID) -> Done:
    """Close a count and confirm what is missing."""
    count = results.count(person(), asset_count_id, lock=True)
    counts.close(count, text(request.form, "note"), by=person(), at=this_moment())
    return _done(count.id, count.site_id)


@blueprint.post("/sightings/<uuid:sighting_id>/place")
@needs(Right.KEEP_ASSETS)
@command
def move(sighting_id: UUID) -> Done:
    """Let the books follow to where an asset was seen."""
    sighting = results.sighting(person(), sighting_id)
    counts.move_here(sighting, by=person(), at=this_moment())
    return _done(sighting.count_id, sighting.site_id)


@blueprint.post("/sightings/<uuid:sighting_id>/claim")
@needs(Right.KEEP_ASSETS)
@command
def claim(sighting_id: UUID) -> Done:
    """Say which asset an unknown code is on."""
    sighting = results.sighting(person(), sighting_id)
    claim_id, code = uuid(request.form, "claim_id"), text(request.form, "code")
    counts.claim(sighting, claim_id, code, by=person(), at=this_moment())
    return _done(sighting.count_id, sighting.site_id)


def _scope(me: Person) -> Department | Place:
    """A department by its id, or a place by its code or tag."""
    department_id, code = optional_uuid(request.form, "department_id"), text(request.form, "place")
    sites = me.sites_with(Right.KEEP_ASSETS)
    if department_id:
        return queries.department(sites, department_id)
    found = [place for site in sorted(sites) if (place := queries.find_place(site, code))]
    if not found:
        raise Refused("scope-missing", N_("Please choose the department or the place to be counted."))
    return places.place(me, found[0].id, Right.KEEP_ASSETS)


def _done(count_id: UUID, site_id: UUID) -> Done:
    return Done(url_for("asset_counts.show", asset_count_id=count_id), site_id)
