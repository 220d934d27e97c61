"""One photo on a page of its own: what is known of it, blurring, who fetched the original, removing it."""

import re
from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.evidence import covers, originals, removing
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.forms import text
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.people import person
from crew_app.web.photos import seen_photo

blueprint = Blueprint("photo_pages", __name__)
_AREA = re.compile(r"(\d{1,4}) (\d{1,4}) (\d{1,4}) (\d{1,4})")
NOT_IN_A_BASEMENT = "the picture is shown anew at once, and nobody waits for it in a basement"


@blueprint.get("/photos/<uuid:photo_id>")
@signed_in
def show(photo_id: UUID) -> str:
    """What is known of a photo."""
    me, photo = person(), seen_photo(photo_id)
    watching = me.can(Right.VERIFY, photo.site_id) or me.can(Right.KEEP_EVIDENCE, photo.site_id)
    return render_template(
        "photos/show.html",
        photo=photo,
        taker=session.get(Person, photo.person_id) if photo.person_id else None,
        covers=covers.active(photo_id),
        may_cover=photo.stored and covers.may_cover(me, photo),
        may_lift=lambda cover: covers.may_lift(me, cover),
        may_fetch=photo.stored and originals.may_fetch(me, photo),
        may_remove=photo.stored and me.can(Right.KEEP_EVIDENCE, photo.site_id) and photo.person_id != me.id,
        views=originals.views_of(photo_id) if watching else None,
        at=now(),
    )


@blueprint.post("/photos/<uuid:photo_id>/covers")
@signed_in
@online_only(NOT_IN_A_BASEMENT)
@command
def cover(photo_id: UUID) -> Done:
    """Blur areas."""
    photo = seen_photo(photo_id)
    covers.cover(photo, parse_areas(request.form.getlist("area")), by=person(), at=this_moment())
    return _done(photo)


@blueprint.post("/photos/<uuid:photo_id>/covers/<uuid:cover_id>/lifting")
@signed_in
@online_only(NOT_IN_A_BASEMENT)
@command
def lift(photo_id: UUID, cover_id: UUID) -> Done:
    """Show an area again."""
    photo = seen_photo(photo_id)
    covers.lift(photo, cover_id, by=person(), at=this_moment())
    return _done(photo)


@blueprint.post("/photos/<uuid:photo_id>/removal")
@needs(Right.KEEP_EVIDENCE)
@online_only("what cannot be undone is not left to a phone that comes back some day")
@command
def remove(photo_id: UUID) -> Done:
    """Remove the picture for good; the record of it stays."""
    photo = seen_photo(photo_id)
    removing.remove(photo, text(request.form, "reason"), by=person(), at=this_moment())
    return _done(photo)


@blueprint.get("/original-views")
@needs(Right.KEEP_EVIDENCE)
def views() -> str:
    """Who fetched originals, the newest first."""
    found = originals.views(person().sites_with(Right.KEEP_EVIDENCE), cursor(request.args.get("before", "")))
    page = found[: originals.PAGE]
    last = page[-1][0] if page else None
    more = cursor_of(last.at, last.id) if last and len(found) > originals.PAGE else None
    return render_template("photos/views.html", views=page, more=more)


def parse_areas(values: list[str]) -> list[covers.Area]:
    """Areas as the brush writes them: x, y, width, height in thousandths."""
    found = [_AREA.fullmatch(value) for value in values[: covers.MOST + 1]]
    if not all(found):
        raise Refused("areas", N_("Please draw over what is to be blurred first."))
    return [covers.Area(*map(int, one.groups())) for one in found if one]


def _done(photo: Photo) -> Done:
    return Done(f"/photos/{photo.id}", photo.site_id)
