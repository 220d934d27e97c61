"""What an announcement can be about and for: buildings with their floors, departments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Department, Place


@dataclass(frozen=True, slots=True)
class Building:
    """A building or an area outside, with its floors."""

    place: Place
    floors: Sequence[Place]


def buildings(site_ids: Collection[UUID]) -> list[Building]:
    """The places of these sites down to the floors, site by site, by code."""
    query = select(Place).where(Place.site_id.in_(site_ids), Place.retired_at.is_(None)).options(joinedload(Place.site))
    query = query.order_by(Place.site_id, Place.code)
    tops = session.scalars(query.where(Place.parent_id.is_(None))).all()
    inside: dict[UUID | None, list[Place]] = {}
    for place in session.scalars(query.where(Place.parent_id.in_([top.id for top in tops]))):
        inside.setdefault(place.parent_id, []).append(place)
    return [Building(top, inside.get(top.id, [])) for top in tops]


def chosen(person: Person, place_id: UUID | None) -> Place | None:
    """The place from whose page somebody came."""
    return places.place(person, place_id, Right.ANNOUNCE) if place_id else None


def departments(site_ids: Collection[UUID]) -> Sequence[Department]:
    """The departments of these sites, by code."""
    query = select(Department).where(Department.site_id.in_(site_ids), Department.retired_at.is_(None))
    query = query.order_by(Department.site_id, Department.code)
    return session.scalars(query).all()
