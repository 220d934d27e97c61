"""Photos that have arrived are looked at once, against all that was at the site before: prints and flags are written.

What a photo belongs to is known further up: `SOURCES` tell it. Image work is done outside of any transaction. Doing it
twice does no harm; a picture that cannot be seen is passed over; a store that does not answer is asked again later.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session, write_transaction
from crew_app.evidence import searching
from crew_app.evidence.darkroom import develop_patiently
from crew_app.evidence.models import Photo
from crew_app.evidence.oddities import PAIRS, Belonging, Source, alone, together
from crew_app.evidence.proof_models import Oddity, PhotoFlag
from crew_app.evidence.sight import Sight, compare, see
from crew_app.evidence.store import Store
from crew_app.people.models import Site

SOURCES: list[Source] = []
"""What photos belong to: jobs, stops of rounds."""
AFTER_FLAG: list[Callable[[Photo, Sequence[PhotoFlag]], None]] = []
"""What else follows when a photo gets flags, in the transaction in which it gets them."""
AT_ONCE = 20
SAME = 0.82
"""From this closeness on two pictures count as one; `tests/bench/alike.py` measures it."""
MOST_PAIRS = 3
EQUAL = 5
"""So many photos with the very same bytes are looked at."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Found:
    """What was seen of a photo, before anything is written."""

    sight: Sight | None = None
    alike: dict[UUID, float] = field(default_factory=dict)
    """Photos that show the same picture, and how sure that is."""


def tick(store: Store, at: datetime) -> int:
    """Look at the photos that wait; how many were looked at.

    The newest first, and asked anew each time: somebody waits for a verdict on it, and nobody for those that were here
    before. Which of two equal pictures was the first does not depend on the order.
    """
    done = 0
    for _ in range(AT_ONCE):
        photo_id = next(iter(waiting(1)), None)
        if photo_id is None:
            break
        try:
            found = _find(photo_id, store)
        except OSError:  # the store does not answer; the order is kept
            _log.warning("The store does not answer; photos are looked at later", exc_info=True)
            break
        with write_transaction():
            done += _write(photo_id, found, at)
    return done


def waiting(limit: int = AT_ONCE) -> Sequence[UUID]:
    """Photos that are stored and were not looked at, the newest first."""
    query = select(Photo.id).where(Photo.looked_at.is_(None), Photo.stored_at.is_not(None))
    return session.scalars(query.order_by(Photo.received_at.desc(), Photo.id.desc()).limit(limit)).all()


def belongings(photo_ids: Collection[UUID]) -> dict[UUID, list[Belonging]]:
    """What these photos belong to."""
    found: dict[UUID, list[Belonging]] = {photo_id: [] for photo_id in photo_ids}
    for source in SOURCES:
        for one in source(photo_ids):
            found[one.photo_id].append(one)
    return found


def _find(photo_id: UUID, store: Store) -> Found:
    """See a photo and what is like it, without writing anything and without a transaction during image work."""
    photo = session.get_one(Photo, photo_id)
    known = (photo.site_id, photo.sha256, photo.shape, photo.camera, photo.copy_of_id, photo.removed_at)
    site_id, sha256, shape, camera, copy_of_id, removed_at = known
    belongs = belongings([photo_id])[photo_id]
    equal = dict.fromkeys(_equal(site_id, sha256, photo_id), 1.0)
    session.rollback()
    if removed_at or not belongs:
        return Found()
    data = _bytes(store, sha256, "large")
    sight = _seen(data, shape, camera, photo_id) if data else None
    if sight is None or data is None:
        return Found(None, equal)
    but = {photo_id, *equal, *_drawn(photo_id, copy_of_id)}
    return Found(sight, equal | _alike(data, sight, site_id, but, store))


def _equal(site_id: UUID, sha256: str, photo_id: UUID) -> Sequence[UUID]:
    query = select(Photo.id).where(Photo.sha256 == sha256, Photo.site_id == site_id, Photo.id != photo_id)
    return session.scalars(query.order_by(Photo.received_at, Photo.id).limit(EQUAL)).all()


def _drawn(photo_id: UUID, copy_of_id: UUID | None) -> set[UUID]:
    """The picture that marks were drawn on, and what was drawn on the same or on this one."""
    roots = [photo_id, copy_of_id] if copy_of_id else [photo_id]
    return {*roots, *session.scalars(select(Photo.id).where(Photo.copy_of_id.in_(roots)))}


def _bytes(store: Store, sha256: str, kind: str) -> bytes | None:
    """A copy of a picture, or else the original; None when nothing is left of it."""
    for name in (kind, "original"):
        try:
            return store.get(f"{name}/{sha256}")
        except FileNotFoundError:
            continue
    return None


def _seen(data: bytes, shape: str, camera: str, photo_id: UUID) -> Sight | None:
    try:
        return develop_patiently(see, data, shape, camera)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the photos behind it have their turn
        _log.exception("The photo %s could not be looked at", photo_id)
        return None


def _alike(data: bytes, sight: Sight, site_id: UUID, but: set[UUID], store: Store) -> dict[UUID, float]:
    """Photos that look the same, each looked at closely."""
    found = {}
    for candidate in searching.candidates(site_id, sight.looks, but):
        sha256 = session.scalar(select(Photo.sha256).where(Photo.id == candidate.photo_id, Photo.removed_at.is_(None)))
        session.rollback()
        other = _bytes(store, sha256, "thumb") if sha256 else None
        likeness = _compared(data, other, candidate) if other else 0.0
        if likeness >= SAME:
            found[candidate.photo_id] = likeness
    return found


def _compared(data: bytes, other: bytes, candidate: searching.Candidate) -> float:
    try:
        return develop_patiently(compare, data, other, candidate.starts, candidate.mirrored)
    except Exception:  # noqa: BLE001 - the same
        _log.exception("Two photos could not be compared")
        return 0.0


def _write(photo_id: UUID, found: Found, at: datetime) -> bool:
    """Write down what was found, unless somebody else has done it meanwhile."""
    photo = session.scalar(
        select(Photo).where(Photo.id == photo_id, Photo.looked_at.is_(None)).with_for_update(of=Photo)
    )
    if photo is None:
        return False
    photo.looked_at = at
    belongs = belongings([photo_id, *found.alike])
    flags = _alone(photo, found, belongs[photo_id], at)
    if found.sight:
        searching.write(photo, found.sight.kept)
    flags += _pairs(photo, found.alike, belongs, at)
    _tell(flags)
    return True


def _alone(photo: Photo, found: Found, belongs: Sequence[Belonging], at: datetime) -> list[PhotoFlag]:
    zone = session.get_one(Site, photo.site_id).zone
    signs = found.sight.signs if found.sight else None
    odd = alone(photo, belongs, signs, zone, challenged=_challenged(photo))
    return [_flag(photo, kind, score, at) for kind, score in odd]


def _challenged(photo: Photo) -> bool:
    """Whether a photo of the site had answered a challenge before this one came: before, no phone knew of them."""
    query = select(Photo.id).where(Photo.challenge_id.is_not(None), Photo.site_id == photo.site_id)
    return session.scalar(query.where(Photo.received_at < photo.received_at).limit(1)) is not None


def _pairs(
    photo: Photo, alike: dict[UUID, float], belongs: dict[UUID, list[Belonging]], at: datetime
) -> list[PhotoFlag]:
    """Flags for equal pictures: on the one that came later, which may be the other one when bytes came late."""
    flags = []
    others = session.scalars(select(Photo).where(Photo.id.in_(alike))).all()
    for other in sorted(others, key=lambda one: (one.received_at, one.at, one.id)):
        first, second = sorted((photo, other), key=lambda one: (one.received_at, one.at, one.id))
        meant = together(belongs[first.id], belongs[second.id])
        if meant is None or _same_drawing(first, second):
            continue
        kind, later = meant
        odd, origin = (second, first) if later else (first, second)
        flags.append(_flag(odd, kind, alike[other.id], at, origin))
        if len(flags) == MOST_PAIRS:
            break
    return flags


def _same_drawing(one: Photo, other: Photo) -> bool:
    return (one.copy_of_id or one.id) == (other.copy_of_id or other.id)


def _flag(photo: Photo, kind: Oddity, score: float, at: datetime, other: Photo | None = None) -> PhotoFlag:
    """A flag; the same one when it is there already."""
    query = select(PhotoFlag).where(PhotoFlag.photo_id == photo.id, PhotoFlag.kind == kind)
    if kind in PAIRS:
        query = query.where(PhotoFlag.other_id == (other.id if other else None))
    known = session.scalar(query.options(joinedload(PhotoFlag.photo)))
    return known or PhotoFlag(
        site_id=photo.site_id, photo=photo, photo_id=photo.id, kind=kind, other=other, score=score, made_at=at
    )


def _tell(flags: Sequence[PhotoFlag]) -> None:
    """Keep the new flags, and let others know of them, photo by photo."""
    new = [flag for flag in flags if flag not in session or flag in session.new]
    session.add_all(new)
    session.flush()
    for photo in {flag.photo.id: flag.photo for flag in new}.values():
        for follow in AFTER_FLAG:
            follow(photo, [flag for flag in new if flag.photo_id == photo.id])
