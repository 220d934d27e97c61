"""Pictures that come with a request: checked and stored before the transaction, bound inside it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

from flask import current_app, request

from crew_app.core.clock import Moment, now
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unavailable
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement, Arrival, arrive, check_announced, store_original
from crew_app.evidence.challenges import answered
from crew_app.evidence.darkroom import develop
from crew_app.evidence.forms import announced, sent_along
from crew_app.evidence.images import shrink
from crew_app.evidence.models import Photo
from crew_app.evidence.store import Store
from crew_app.tickets import queries
from crew_app.web.gate import stepped_out
from crew_app.web.people import person, person_or_none

Given = ParamSpec("Given")
Made = TypeVar("Made")
MISSING = "photo-not-kept"


def store() -> Store:
    """Where photos are kept."""
    found: Store = current_app.extensions["crew_store"]
    return found


def develop_outside(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Image work for a request, which leaves its working place to others until the picture is done."""
    with stepped_out(request.environ):
        return develop(work, *args, **kwargs)


def kept(key: str) -> bytes:
    """The bytes under a key, wherever they lie now; `Unavailable` when they cannot be had."""
    try:
        if store().near(key):
            return store().get(key)
        with stepped_out(request.environ):
            return store().get(key)
    except FileNotFoundError as error:
        words = N_("This photo is not in the picture store right now. Please tell the administrator if it stays away.")
        raise Unavailable(MISSING, words) from error


def kept_small(sha256: str) -> bytes:
    """The smallest copy of a photo; made now when the photo is older than that kind of copy."""
    key = f"small/{sha256}"
    try:
        return kept(key)
    except Unavailable as missing:
        if missing.code != MISSING:
            raise
    store().put(key, develop_outside(shrink, kept(f"large/{sha256}")))
    return store().get(key)


def _arrive(data: bytes) -> Arrival:
    with stepped_out(request.environ):
        return arrive(data, store())


def arrive_with_form() -> list[tuple[Announcement, Arrival | None]]:
    """The photos of a form: announced ones as they are, and those a plain form sent along checked and stored."""
    files = [file.stream.read() for file in request.files.getlist("photo") if file.filename]
    pairs: list[tuple[Announcement, Arrival | None]] = [(photo, None) for photo in announced_photos()]
    for photo in sent_along(files):
        arrival = _arrive(photo.data or b"")
        pairs.append((replace(photo, media_type=arrival.picture.media_type), arrival))
    return pairs


def announced_photos() -> list[Announcement]:
    """The photos a form announces, with the capture challenges they answer."""
    found, me, at = announced(request.form), person_or_none(), now()
    if me is None:
        return found
    key = str(current_app.config["SECRET_KEY"])
    return [
        replace(photo, challenge=answered(photo.token, me.id, key, at)) if photo.token else photo for photo in found
    ]


def arrive_from_strangers(most: int) -> list[tuple[Announcement, Arrival | None]]:
    """The photos that a plain form sent along; a promise of photos to come is worth nothing from a stranger."""
    if len([file for file in request.files.getlist("photo") if file.filename]) > most or "photo_id" in request.form:
        raise Refused("too-many-photos", N_("Please send %(most)s photos at most at once."), most=most)
    return arrive_with_form()


def arrive_announced() -> Arrival | None:
    """The photo that is the whole body of a request; nothing when it arrived before.

    Looked at only when the person announced just these bytes: nobody fills the disk with pictures of nothing.
    """
    photo = queries.photo(person(), (request.view_args or {})["photo_id"], own=True)
    data = request.get_data(cache=True)
    check_announced(photo, data)
    return None if photo.stored or photo.removed_at else _arrive(data)


def arrived_photos(pairs: Any) -> list[Announcement]:
    """Just the announcements."""
    return [announcement for announcement, _ in pairs]


def bind_arrivals(pairs: Any, *, at: Moment) -> None:
    """Bind the bytes that came along to their photos."""
    for announcement, arrival in pairs:
        if arrival:
            bind(session.get_one(Photo, announcement.photo_id), arrival, at=at)


def bind(photo: Photo, arrival: Arrival, *, at: Moment) -> None:
    """Bind bytes that arrived, unless the same picture was removed elsewhere and deleted at this very moment."""
    if not store().has(f"original/{arrival.sha256}"):
        raise Unavailable("photo-went", N_("The photo could not be kept at this moment. Please send it again."))
    store_original(photo, arrival, at=at)
