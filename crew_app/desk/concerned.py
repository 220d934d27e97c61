"""Whom an announcement concerns."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from crew_app.core.db import session
from crew_app.desk.announcement_models import Announcement
from crew_app.people.models import Membership, Person, PersonTrade
from crew_app.people.rules import Right
from crew_app.places.models import Department, Place
from crew_app.roster.queries import with_right
from crew_app.storeroom.ward_models import DepartmentPerson


def concerned(found: Announcement) -> list[Person]:
    """Everybody active who has to know, once each."""
    people = _of_outage(found) if found.outage else _of_notice(found)
    return list({person.id: person for person in people if person.active}.values())


def departments_within(place_ids: Collection[UUID]) -> list[Department]:
    """The departments that use any of these places or what is inside them."""
    tree = select(Place.id).where(Place.id.in_(place_ids)).cte("inside", recursive=True)
    tree = tree.union(select(Place.id).join(tree, Place.parent_id == tree.c.id))
    used = select(Place.department_id).where(Place.id.in_(select(tree.c.id)))
    return list(session.scalars(select(Department).where(Department.id.in_(used)).order_by(Department.code)))


def _of_outage(found: Announcement) -> Iterable[Person]:
    """The people of the wards where it is off, those who repair, and the desk, which is asked about it."""
    wards = [one.id for one in _departments(found)]
    yield from _people(_asking(wards))
    for right in (Right.WORK, Right.KEEP_DESK):
        yield from with_right(found.site_id, right)


def _departments(found: Announcement) -> list[Department]:
    if found.places:
        return departments_within([one.place_id for one in found.places])
    return list(session.scalars(select(Department).filter_by(site_id=found.site_id)))


def _of_notice(found: Announcement) -> Iterable[Person]:
    if not found.audience:
        yield from with_right(found.site_id, Right.REPORT)
        return
    here = select(Membership.person_id).where(Membership.site_id == found.site_id)
    roles = [one.role for one in found.audience if one.role]
    trades = [one.trade for one in found.audience if one.trade]
    yield from _people(here.where(Membership.role.in_(roles)))
    yield from _people(
        here.join(PersonTrade, PersonTrade.person_id == Membership.person_id).where(PersonTrade.trade.in_(trades))
    )
    yield from _people(_asking([one.department_id for one in found.audience if one.department_id]))


def _asking(department_ids: Collection[UUID]) -> Select[Any]:
    return select(DepartmentPerson.person_id).where(DepartmentPerson.department_id.in_(department_ids))


def _people(ids: Select[Any]) -> Iterable[Person]:
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id))
