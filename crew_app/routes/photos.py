"""Photos: their bytes arrive here, and are shown from here."""

import io
from uuid import UUID

from flask import Blueprint, Response, request, send_file

from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.evidence.actions import store_original
from crew_app.evidence.models import Photo
from crew_app.registers import photos as registers
from crew_app.rounds import queries as rounds
from crew_app.tickets import queries
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_announced, kept, kept_small

blueprint = Blueprint("photos", __name__, url_prefix="/photos/<uuid:photo_id>")


@blueprint.post("/original")
@signed_in
@prepared_command(arrive_announced)
def receive(photo_id: UUID) -> Done:
    """Take the bytes of an announced photo; only from the person who announced it."""
    photo = queries.photo(person(), photo_id, own=True)
    if prepared():
        store_original(photo, prepared(), at=this_moment())
    return Done(request.path, photo.site_id)


@blueprint.get("/original")
@signed_in
def original(photo_id: UUID) -> Response:
    """The picture bit for bit as it was taken, as a download."""
    photo = _arrived(photo_id)
    response = _file(photo, "original", photo.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{photo.sha256[:16]}"'
    return response


@blueprint.get("/large")
@signed_in
def large(photo_id: UUID) -> Response:
    """The picture for a screen, without metadata."""
    return _file(_arrived(photo_id), "large", "image/jpeg")


@blueprint.get("/thumb")
@signed_in
def thumb(photo_id: UUID) -> Response:
    """The picture for a list, without metadata."""
    return _file(_arrived(photo_id), "thumb", "image/jpeg")


@blueprint.get("/small")
@signed_in
def small(photo_id: UUID) -> Response:
    """The picture for a page of many, without metadata."""
    return _file(_arrived(photo_id), "small", "image/jpeg")


def _arrived(photo_id: UUID) -> Photo:
    photo = registers.photo(person(), photo_id) or rounds.photo(person(), photo_id)
    if not photo.stored:
        raise Unseen("photo-not-here", N_("This photo is still on the phone that took it."))
    return photo


def _file(photo: Photo, kind: str, media_type: str) -> Response:
    data = io.BytesIO(kept_small(photo.sha256) if kind == "small" else kept(f"{kind}/{photo.sha256}"))
    response = send_file(data, mimetype=media_type, etag=photo.sha256, conditional=True, max_age=31_536_000)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
