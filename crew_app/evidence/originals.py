"""Originals hold everything the camera wrote into them: few may fetch them, and each time is written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import OriginalView
from crew_app.people.models import Person
from crew_app.people.rules import Right

PAGE = 50
LOOK = "look"
Cursor = tuple[datetime, UUID]


def may_fetch(person: Person, photo: Photo) -> bool:
    """Whoever verifies at the site, or took it."""
    return person.can(Right.VERIFY, photo.site_id) or photo.person_id == person.id


def log(photo: Photo, *, by: Person, at: datetime, why: str = LOOK) -> None:
    """Write down that somebody gets an original."""
    session.add(OriginalView(site_id=photo.site_id, photo_id=photo.id, person_id=by.id, at=at, why=why))
    session.flush()


def views_of(photo_id: UUID) -> Sequence[OriginalView]:
    """Who fetched this original, the newest first; so many as fit on a page."""
    query = select(OriginalView).where(OriginalView.photo_id == photo_id).options(joinedload(OriginalView.person))
    return session.scalars(query.order_by(OriginalView.at.desc(), OriginalView.id.desc()).limit(PAGE)).all()


def views(site_ids: Iterable[UUID], after: Cursor | None = None) -> Sequence[tuple[OriginalView, Photo]]:
    """Who fetched originals at these sites, the newest first; one more than a page."""
    query = select(OriginalView, Photo).join(Photo, Photo.id == OriginalView.photo_id)
    query = query.where(OriginalView.site_id.in_(list(site_ids))).options(joinedload(OriginalView.person))
    if after:
        query = query.where(tuple_(OriginalView.at, OriginalView.id) < after)
    rows = session.execute(query.order_by(OriginalView.at.desc(), OriginalView.id.desc()).limit(PAGE + 1))
    return [(view, photo) for view, photo in rows]
