"""The ways to places in words, kept right when a place is renamed or moved."""

from collections.abc import Sequence

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.places.models import Place

LONGEST = 240
BETWEEN = " / "
DEEPEST = 12


def refresh(place: Place) -> None:
    """Write the ways to a place and to everything below it; `Refused` ("too-deep", "way-long") when they do not fit."""
    level: Sequence[Place] = [place]
    for _depth in range(DEEPEST):
        for one in level:
            _write(one)
        session.flush()
        query = select(Place).where(Place.parent_id.in_([one.id for one in level])).order_by(Place.code)
        level = session.scalars(query).all()
        if not level:
            return
    raise Refused("too-deep", N_("Places may be within each other %(most)s times, not more."), most=DEEPEST)


def above(place: Place | None) -> list[Place]:
    """A place and those around it, from the inside out."""
    found: list[Place] = []
    while place is not None and place not in found:
        found.append(place)
        place = session.get(Place, place.parent_id) if place.parent_id else None
    return found


def _write(place: Place) -> None:
    around = session.get_one(Place, place.parent_id) if place.parent_id else None
    path = f"{around.path}{BETWEEN}{place.name}" if around else place.name
    english = place.name_en or place.name
    path_en = f"{around.path_en or around.path}{BETWEEN}{english}" if around else english
    if max(len(path), len(path_en)) > LONGEST:
        raise Refused(
            "way-long",
            N_("The way to “%(name)s” would be longer than %(most)s characters."),
            name=place.name,
            most=LONGEST,
        )
    place.path, place.path_en = path, path_en
