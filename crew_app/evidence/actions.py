"""Verbs of evidence: a photo is announced by its fingerprint, then its bytes arrive and must match."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment, moment
from crew_app.core.codes import make_code
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.evidence.challenges import Challenge
from crew_app.evidence.darkroom import develop
from crew_app.evidence.images import Picture, examine
from crew_app.evidence.models import Photo, PhotoSource
from crew_app.evidence.site_rules import positions_since
from crew_app.evidence.store import Store
from crew_app.people.models import Person


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a phone says of a photo ahead of its bytes; `data` is there when the bytes came along."""

    photo_id: UUID
    sha256: str
    byte_size: int
    media_type: str
    source: PhotoSource
    taken_at: datetime | None
    data: bytes | None = None
    token: str = ""
    """The capture challenge as the phone sent it back."""
    challenge: Challenge | None = None
    """The same once it was checked."""
    copy_of_id: UUID | None = None
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that were checked and written to the store, before any transaction."""

    sha256: str
    byte_size: int
    picture: Picture


def arrive(data: bytes, store: Store) -> Arrival:
    """Check a picture and put original and copies on the disk; idempotent, so it may precede any decision."""
    picture = develop(examine, data)
    sha256 = hashlib.sha256(data).hexdigest()
    store.put(f"original/{sha256}", data)
    store.put(f"large/{sha256}", picture.large)
    store.put(f"thumb/{sha256}", picture.thumb)
    store.put(f"small/{sha256}", picture.small)
    return Arrival(sha256, len(data), picture)


def announce(
    announcement: Announcement, site_id: UUID, place_id: UUID | None = None, *, by: Person | None, at: Moment
) -> Photo:
    """Write down a photo's fingerprint; `Refused` ("photo-known") when its id is taken by another picture or person.

    What the same person announced before, while its command was held for a decision, is taken up again.
    """
    known = session.get(Photo, announcement.photo_id)
    if known and by and (known.person_id, known.sha256) == (by.id, announcement.sha256):
        known.looked_at = None  # what it belongs to is known only now
        return known
    if known:
        raise known_photo()
    challenge = announcement.challenge if _unused(announcement.challenge) else None
    photo = Photo(
        id=announcement.photo_id,
        site_id=site_id,
        person_id=by.id if by else None,
        sha256=announcement.sha256,
        byte_size=announcement.byte_size,
        media_type=announcement.media_type,
        source=announcement.source,
        taken_at=announcement.taken_at,
        at=_taken(announcement, at),
        received_at=at.received_at,
        code=make_code(),
        place_id=place_id,
        copy_of_id=_drawn_on(announcement, site_id),
        challenge_id=challenge.id if challenge else None,
        challenged_at=challenge.given_at if challenge else None,
        shape=announcement.shape,
    )
    session.add(photo)
    session.flush()
    return photo


def _unused(challenge: Challenge | None) -> bool:
    """Whether this is the first picture that answers it; evidence is never refused for a bad one, only flagged."""
    query = select(Photo.id).where(Photo.challenge_id == challenge.id) if challenge else None
    return query is not None and session.scalar(query) is None


def _drawn_on(announcement: Announcement, site_id: UUID) -> UUID | None:
    original = session.get(Photo, announcement.copy_of_id) if announcement.copy_of_id else None
    return original.id if original and original.site_id == site_id else None


def known_photo() -> Refused:
    """The refusal of a photo that is here already."""
    return Refused("photo-known", N_("This photo was already sent."))


def _taken(announcement: Announcement, at: Moment) -> datetime:
    """When the shutter was pressed, in corrected time; when that cannot be known, when it was announced."""
    if announcement.taken_at is None or at.offset is None:
        return at.at
    return moment(at.received_at, announcement.taken_at, at.received_at - at.offset).at


def check_announced(photo: Photo, data: bytes) -> None:
    """`Refused` ("photo-differs") when these are not the bytes that were announced."""
    if len(data) != photo.byte_size or hashlib.sha256(data).hexdigest() != photo.sha256:
        raise Refused(
            "photo-differs",
            N_("The photo that arrived is not the one that was announced. It stays on the phone."),
        )


def store_original(photo: Photo, arrival: Arrival, *, at: Moment) -> None:
    """Bind bytes that arrived, and were checked, to their announcement."""
    picture = arrival.picture
    photo.stored_at = at.received_at
    photo.media_type = picture.media_type
    photo.width, photo.height = picture.width, picture.height
    photo.exif_at, photo.camera = picture.exif_at, picture.camera
    if photo.at > positions_since(photo.site_id, at.received_at):
        photo.latitude, photo.longitude = picture.latitude, picture.longitude
    session.flush()
