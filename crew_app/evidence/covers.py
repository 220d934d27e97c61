"""Areas of a photo that are blurred in whatever is shown of it; the original stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import Cover
from crew_app.people.models import Person
from crew_app.people.rules import Right

WHOLE = 1000
SMALLEST = 5
"""Thousandths: less is a slip of the finger."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the upright picture, in thousandths of its width and height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def sensible(self) -> bool:
        """Whether it lies within the picture and can be seen."""
        corners = self.x >= 0 and self.x + self.width <= WHOLE and self.y >= 0 and self.y + self.height <= WHOLE
        return corners and min(self.width, self.height) >= SMALLEST


def may_cover(person: Person, photo: Photo) -> bool:
    """Who may blur: whoever verifies at the site, or took it."""
    return person.can(Right.VERIFY, photo.site_id) or photo.person_id == person.id


def may_lift(person: Person, cover: Cover) -> bool:
    """Who may show an area again: whoever verifies at the site, or blurred it."""
    return person.can(Right.VERIFY, cover.site_id) or cover.made_by_id == person.id


def active(photo_id: UUID) -> Sequence[Cover]:
    """The areas that are blurred now, in the order in which they were."""
    query = select(Cover).where(Cover.photo_id == photo_id, Cover.lifted_at.is_(None))
    return session.scalars(query.order_by(Cover.made_at, Cover.id)).all()


def areas(photo_id: UUID) -> list[tuple[int, int, int, int]]:
    """The same as `pixels.blurred()` takes them."""
    return [(one.x, one.y, one.width, one.height) for one in active(photo_id)]


def cover(photo: Photo, found: Iterable[Area], *, by: Person, at: Moment) -> None:
    """Blur areas of a photo."""
    if not may_cover(by, photo):
        raise Forbidden("may-not", N_("You may see this photo, but not blur it."))
    wanted = list(found)
    if not wanted or not all(area.sensible for area in wanted):
        raise Refused("areas", N_("Please draw over what is to be blurred first."))
    if _count(photo) + len(wanted) > MOST:
        raise Refused("too-many-areas", N_("A photo has %(most)s blurred areas at most."), most=MOST)
    put(photo, wanted, by_id=by.id, at=at.at)


def put(photo: Photo, found: Iterable[Area], *, by_id: UUID | None, at: datetime) -> None:
    """Write areas down; nobody as person: found by the machine."""
    for area in found:
        place = {"x": area.x, "y": area.y, "width": area.width, "height": area.height}
        session.add(Cover(site_id=photo.site_id, photo_id=photo.id, made_by_id=by_id, made_at=at, **place))
    photo.version += 1
    session.flush()


def lift(photo: Photo, cover_id: UUID, *, by: Person, at: Moment) -> None:
    """Show an area again; doing it twice changes nothing."""
    found = session.get(Cover, cover_id)
    if found is None or found.photo_id != photo.id:
        raise Unseen("unknown-area", N_("This area is not known."))
    if not may_lift(by, found):
        raise Forbidden("may-not", N_("Somebody else blurred this. A supervisor can show it again."))
    if found.lifted_at is None:
        found.lifted_by_id, found.lifted_at = by.id, at.at
        photo.version += 1
    session.flush()


def _count(photo: Photo) -> int:
    query = select(func.count()).select_from(Cover).where(Cover.photo_id == photo.id, Cover.lifted_at.is_(None))
    return session.scalar(query) or 0
