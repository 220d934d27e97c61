"""Areas of responsibility (网格): who answers for which place."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.places.models import Place
from crew_app.roster.models import Responsibility

MOST = 500


def areas(site_id: UUID) -> Sequence[tuple[Responsibility, Place]]:
    """Who answers for what at a site, by place."""
    query = select(Responsibility, Place).join(Place, Place.id == Responsibility.place_id)
    query = query.where(Responsibility.site_id == site_id).options(joinedload(Responsibility.person))
    return [(row[0], row[1]) for row in session.execute(query.order_by(Place.path, Responsibility.id).limit(MOST))]


def areas_of(person: Person) -> Sequence[Place]:
    """The places somebody answers for."""
    query = select(Place).join(Responsibility, Responsibility.place_id == Place.id)
    return session.scalars(query.where(Responsibility.person_id == person.id).order_by(Place.path).limit(MOST)).all()


def answering_for(place: Place) -> Sequence[tuple[Responsibility, Place]]:
    """Who answers for a place, itself or as part of one around it, the nearest first."""
    way = [place]
    while way[-1].parent:
        way.append(way[-1].parent)
    steps = {one.id: number for number, one in enumerate(way)}
    query = select(Responsibility).where(Responsibility.place_id.in_(steps)).options(joinedload(Responsibility.person))
    found = sorted(session.scalars(query), key=lambda one: (steps[one.place_id], one.person_id is None))
    return [(one, way[steps[one.place_id]]) for one in found if one.person is None or one.person.active]


def area(person: Person, area_id: UUID) -> Responsibility:
    """An entry of a site where the person dispatches."""
    found = session.get(Responsibility, area_id)
    if found is None or found.site_id not in person.sites_with(Right.DISPATCH):
        raise Unseen("unknown-area", N_("This entry is not known here."))
    return found


def make_responsible(area_id: UUID, place: Place, person: Person | None, trade: Trade | None) -> Responsibility:
    """Say who answers for a place and all within it."""
    if person is None and trade is None:
        raise Refused("person", N_("Please choose a person or a trade."))
    if person and (not person.active or not person.can(Right.SEE_SITE, place.site_id)):
        raise Refused("person", N_("Please choose somebody who works at this site."))
    same = select(Responsibility).where(
        Responsibility.place_id == place.id,
        Responsibility.person_id.is_not_distinct_from(person.id if person else None),
        Responsibility.trade.is_not_distinct_from(trade),
    )
    found = session.scalar(same.limit(1))
    if found:
        return found
    found = Responsibility(
        id=area_id, site_id=place.site_id, place_id=place.id, person_id=person.id if person else None, trade=trade
    )
    session.add(found)
    session.flush()
    return found


def end(found: Responsibility) -> None:
    """They do not answer for it any more."""
    session.delete(found)
    session.flush()
