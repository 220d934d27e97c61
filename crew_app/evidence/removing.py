"""Removing a picture: its bytes go, its row, fingerprint and code stay, and a sealed record says who and why."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.removals import Removal, Removed, removing
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.evidence.rule_models import EvidenceKind
from crew_app.evidence.store import Store
from crew_app.people.models import Person
from crew_app.people.rules import Right

SIZES = ("original", "large", "small", "thumb")
SHORTEST, LONGEST = 2, 160
AGAIN = timedelta(days=14)
"""So long the worker tries to delete bytes that the store would not let go."""
FORGET: list[Callable[[str], None]] = []
"""Told of each fingerprint whose bytes go: whoever keeps renderings of it elsewhere forgets them."""
_RULE = "rule: "


def remove(photo: Photo, reason: str, *, by: Person, at: Moment) -> None:
    """Take a picture away for good, as somebody wishes whom it shows; drawings on it go with it."""
    if not by.can(Right.KEEP_EVIDENCE, photo.site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
    if photo.person_id == by.id:
        raise Forbidden("own-photo", N_("You took this photo yourself: somebody else has to remove it."))
    words = " ".join(reason.split())
    if len(words) < SHORTEST:
        raise Refused("reason-missing", N_("Please say why."))
    if photo.stored_at is None and photo.removed_at is None:
        raise Refused("photo-not-here", N_("This photo is still on the phone that took it."))
    for one in [photo, *_drawn_on(photo)]:
        take_away(one, words[:LONGEST], at=at.at, person_id=by.id)


def _drawn_on(photo: Photo) -> Sequence[Photo]:
    return session.scalars(select(Photo).where(Photo.copy_of_id == photo.id)).all()


def rule_words(kind: EvidenceKind, days: int) -> str:
    """How a removal by the rule is written down."""
    return f"{_RULE}{kind} {days}"


def rule_behind(removal: Removal) -> tuple[EvidenceKind, int] | None:
    """The rule by which something was removed, if nobody did it."""
    if removal.person_id is not None or not removal.reason.startswith(_RULE):
        return None
    kind, _, days = removal.reason.removeprefix(_RULE).partition(" ")
    return EvidenceKind(kind), int(days)


def take_away(photo: Photo, reason: str, *, at: datetime, person_id: UUID | None = None) -> None:
    """Say that the bytes are gone; from now on nothing of it is shown, and the worker deletes them."""
    if photo.removed_at is not None:
        return
    with removing(photo, Removed.BYTES, reason=reason, person_id=person_id, at=at):
        photo.removed_at = at
        photo.latitude = photo.longitude = None
        photo.version += 1


def removals_of(photo_ids: Iterable[UUID]) -> dict[UUID, tuple[Removal, Person | None]]:
    """Who removed these photos, when and why."""
    query = select(Removal, Person).outerjoin(Person, Person.id == Removal.person_id)
    query = query.where(Removal.subject.in_(list(photo_ids)), Removal.what == Removed.BYTES).order_by(Removal.id)
    return {removal.subject: (removal, person) for removal, person in session.execute(query)}


def to_delete(at: datetime, most: int) -> Sequence[Photo]:
    """Photos that were removed and whose bytes were not deleted yet: `stored_at` says that there are some."""
    since = removals_since(at - AGAIN)
    query = select(Photo).join(Removal, Removal.subject == Photo.id).where(Removal.id > since)
    query = query.where(Removal.what == Removed.BYTES, Photo.removed_at.is_not(None), Photo.stored_at.is_not(None))
    return session.scalars(query.limit(most)).all()


def removed_after(last: UUID, most: int) -> Sequence[tuple[UUID, Photo]]:
    """Photos removed after that removal, with the removals: other machines may hold bytes of them, too."""
    query = select(Removal.id, Photo).join(Photo, Removal.subject == Photo.id)
    query = query.where(Removal.id > last, Removal.what == Removed.BYTES).order_by(Removal.id).limit(most)
    return [(last_id, photo) for last_id, photo in session.execute(query)]


def removals_since(at: datetime) -> UUID:
    """What is before the ids of all removals since then: ids tell the time."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def still_needed(photo: Photo) -> bool:
    """Whether another photo that is kept, or was announced and is on its way, is the same picture."""
    other = aliased(Photo)
    kept = other.sha256 == photo.sha256, other.removed_at.is_(None)
    return bool(session.scalar(select(exists().where(*kept))))


def delete_bytes(sha256: str, store: Store) -> None:
    """Delete a picture and all copies of it."""
    for size in SIZES:
        store.delete(f"{size}/{sha256}")
    for forget in FORGET:
        forget(sha256)


def unexplained() -> Sequence[Photo]:
    """Photos that are said to be removed without any record of it."""
    record = exists().where(Removal.subject == Photo.id, Removal.what == Removed.BYTES)
    return session.scalars(select(Photo).where(Photo.removed_at.is_not(None), ~record)).all()
