"""Photos as answers: in which form, under which name, how long a browser may keep them."""

import io
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from flask import Response, current_app, request, send_file

from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.evidence.removing import FORGET
from crew_app.evidence.showing import Look, Renderings, Showing, areas_of, shown
from crew_app.web.pictures import develop_outside, kept, kept_small, store
from crew_app.web.stamps import words_of

STAMPED = (Showing.LARGE, Showing.PAPER)
KEPT = "private, max-age=31536000, immutable"
ASKED_AGAIN = "private, no-cache"


def renderings() -> Renderings:
    """Pictures that were made for showing before."""
    return Renderings(current_app.config["SETTINGS"].data / "cache" / "shown")


def start() -> None:
    """Whatever is removed is not shown from a kept rendering either; connected once."""
    if forget not in FORGET:
        FORGET.append(forget)


def forget(sha256: str) -> None:
    """Forget all renderings of a photo whose bytes go."""
    renderings().forget(sha256)


def looks(photos: Sequence[Photo], showing: Showing) -> list[Look]:
    """How these photos look now, in a fixed number of queries."""
    areas = areas_of(photos)
    words = words_of(photos) if showing in STAMPED else {}
    return [Look(showing, photo.sha256, areas.get(photo.id, ()), words.get(photo.id)) for photo in photos]


def picture(photo: Photo, showing: Showing) -> bytes:
    """The bytes of a photo as it is shown; `Unseen` while they are not here, or not any more."""
    if not photo.stored:
        raise not_here(photo)
    return _shown(looks([photo], showing)[0])


def pictures(photos: Sequence[Photo], showing: Showing) -> dict[UUID, bytes]:
    """The bytes of those photos that are here."""
    here = [photo for photo in photos if photo.stored]
    found = {}
    for photo, look in zip(here, looks(here, showing), strict=True):
        with suppress(FileNotFoundError):
            found[photo.id] = shown(look, store().get, renderings())
    return found


def answer(photo: Photo, showing: Showing) -> Response:
    """A photo as a browser gets it: named by everything that went into it.

    Small ones may be kept by their address, which says the version. What is stamped is asked for again: a place may
    have got another name.
    """
    if not photo.stored:
        raise not_here(photo)
    look = looks([photo], showing)[0]
    same = request.if_none_match.contains(look.fingerprint)
    data = io.BytesIO(b"" if same else _shown(look))
    response = send_file(data, mimetype="image/jpeg", etag=look.fingerprint, conditional=True)
    lasting = showing is not Showing.LARGE and request.args.get("v", "0") == str(photo.version)
    response.headers["Cache-Control"] = KEPT if lasting else ASKED_AGAIN
    return response


def _shown(look: Look) -> bytes:
    return shown(look, _get, renderings(), develop_outside)


def _get(key: str) -> bytes:
    kind, _, sha256 = key.partition("/")
    return kept_small(sha256) if kind == Showing.SMALL else kept(key)


def not_here(photo: Photo) -> Unseen:
    """Why nothing of a photo can be shown."""
    if photo.removed_at:
        return Unseen("photo-removed", N_("This photo was removed. Its fingerprint is still on record."))
    return Unseen("photo-not-here", N_("This photo is still on the phone that took it."))
