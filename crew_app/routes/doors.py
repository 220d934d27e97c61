"""What to know before a door: precautions, quiet hours, access, whom to call."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.db import session
from crew_app.desk import doors
from crew_app.people.rules import Right
from crew_app.places.models import Care, PlaceContext
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("doors", __name__)


@blueprint.get("/places/<uuid:place_id>/door")
@needs(Right.REPORT)
def show(place_id: UUID) -> str:
    """What holds here and what is written here, with what was changed of late."""
    me = person()
    place = doors.place(me, place_id)
    return render_template(
        "doors/show.html",
        place=place,
        written=session.get(PlaceContext, place.id),
        keeper=doors.may_keep(me, place),
        crew=me.can(Right.SEE_SITE, place.site_id),
        changes=doors.changes(place),
        cares=list(Care),
    )


@blueprint.post("/places/<uuid:place_id>/door")
@needs(Right.REPORT)
@command
def keep(place_id: UUID) -> Done:
    """Write what to know before this door."""
    me = person()
    place = doors.place(me, place_id)
    doors.keep(place, doors.parse(request.form), by=me, at=this_moment())
    return Done(url_for("doors.show", place_id=place.id), place.site_id)
