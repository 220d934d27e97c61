"""Photos: their bytes arrive here, and are shown from here."""

import io
from uuid import UUID

from flask import Blueprint, Response, request, send_file

from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.core.errors import Forbidden
from crew_app.core.words import N_
from crew_app.evidence import originals
from crew_app.evidence.models import Photo
from crew_app.evidence.showing import Showing
from crew_app.tickets import queries
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.photos import seen_photo
from crew_app.web.pictures import arrive_announced, bind, kept
from crew_app.web.showing import answer, not_here

blueprint = Blueprint("photos", __name__, url_prefix="/photos/<uuid:photo_id>")


@blueprint.post("/original")
@signed_in
@prepared_command(arrive_announced)
def receive(photo_id: UUID) -> Done:
    """Take the bytes of an announced photo; only from the person who announced it."""
    photo = queries.photo(person(), photo_id, own=True)
    if prepared():
        bind(photo, prepared(), at=this_moment())
    return Done(request.path, photo.site_id)


@blueprint.get("/original")
@signed_in
def original(photo_id: UUID) -> Response:
    """The picture bit for bit as it was taken, as a download; written down before it goes out."""
    photo, me = _arrived(photo_id), person()
    if not originals.may_fetch(me, photo):
        raise Forbidden("may-not", N_("Only supervisors and whoever took it may fetch the original."))
    data = io.BytesIO(kept(f"original/{photo.sha256}"))
    response = send_file(data, mimetype=photo.media_type, etag=photo.sha256, conditional=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{photo.sha256[:16]}"'
    response.headers["Cache-Control"] = "private, no-store"  # each time is to be seen
    with write_transaction():
        originals.log(photo, by=me, at=now())
    return response


@blueprint.get("/large")
@signed_in
def large(photo_id: UUID) -> Response:
    """The picture for a screen, with its stamp, without metadata."""
    return answer(seen_photo(photo_id), Showing.LARGE)


@blueprint.get("/plain")
@signed_in
def plain(photo_id: UUID) -> Response:
    """The picture for a screen without its stamp: what a camera lays over its own."""
    return answer(seen_photo(photo_id), Showing.PLAIN)


@blueprint.get("/thumb")
@signed_in
def thumb(photo_id: UUID) -> Response:
    """The picture for a list, without metadata."""
    return answer(seen_photo(photo_id), Showing.THUMB)


@blueprint.get("/small")
@signed_in
def small(photo_id: UUID) -> Response:
    """The picture for a page of many, without metadata."""
    return answer(seen_photo(photo_id), Showing.SMALL)


def _arrived(photo_id: UUID) -> Photo:
    photo = seen_photo(photo_id)
    if not photo.stored:
        raise not_here(photo)
    return photo
