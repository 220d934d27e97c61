"""Flags of photos, for who verifies the work of a site."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.newest import newest_ids
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import Oddity, PhotoFlag
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right

PAGE = 20
_SHOWN = (
    joinedload(PhotoFlag.photo).joinedload(Photo.person).options(*NAMED),
    joinedload(PhotoFlag.other).joinedload(Photo.person).options(*NAMED),
    joinedload(PhotoFlag.judged_by).options(*NAMED),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which flags to list."""

    kind: Oddity | None = None
    open: bool = False
    """Only what nobody has judged yet."""


def flags_of(person: Person, photo_ids: Collection[UUID]) -> dict[UUID, list[PhotoFlag]]:
    """The flags of photos at sites whose work the person verifies, in the order in which they were made: one query."""
    found: dict[UUID, list[PhotoFlag]] = {photo_id: [] for photo_id in photo_ids}
    query = _seen_by(person).where(PhotoFlag.photo_id.in_(photo_ids)).options(*_SHOWN)
    for flag in session.scalars(query.order_by(PhotoFlag.made_at, PhotoFlag.id)):
        found[flag.photo_id].append(flag)
    return found


def flags(person: Person, chosen: Filter, before: tuple[datetime, UUID] | None = None) -> Sequence[PhotoFlag]:
    """Flags from the newest on, a page at a time."""
    query = select(PhotoFlag)
    if chosen.kind:
        query = query.where(PhotoFlag.kind == chosen.kind)
    if chosen.open:
        query = query.where(PhotoFlag.judged_at.is_(None))
    if before:
        query = query.where(tuple_(PhotoFlag.made_at, PhotoFlag.id) < before)
    heaps = [PhotoFlag.site_id == site_id for site_id in person.sites_with(Right.VERIFY)]
    order = (PhotoFlag.made_at, PhotoFlag.id)
    found = select(PhotoFlag).where(newest_ids(query, PhotoFlag.id, heaps, order, PAGE)).options(*_SHOWN)
    return session.scalars(found.order_by(*(column.desc() for column in order)).limit(PAGE)).all()


def flag(person: Person, photo_id: UUID, flag_id: UUID) -> PhotoFlag:
    """A flag the person may see, locked for who judges it."""
    query = _seen_by(person).where(PhotoFlag.id == flag_id, PhotoFlag.photo_id == photo_id)
    found = session.scalar(query.with_for_update(of=PhotoFlag).options(joinedload(PhotoFlag.photo)))
    if found is None:
        raise Unseen("unknown-flag", N_("This flag is not known."))
    return found


def _seen_by(person: Person) -> Select[PhotoFlag]:
    return select(PhotoFlag).where(PhotoFlag.site_id.in_(person.sites_with(Right.VERIFY)))
