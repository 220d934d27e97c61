"""Where somebody may keep registers, and who is there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Membership, Person, Site
from crew_app.people.queries import sites_where
from crew_app.people.rules import RIGHTS, Right
from crew_app.tickets.forms import optional_uuid


def sites(person: Person, right: Right) -> Sequence[Site]:
    """The sites at which somebody has a right, the one of their first role first."""
    return sites_where(person, right)


def site(person: Person, right: Right, site_id: UUID | None) -> Site:
    """The site that was chosen, or the only one there is; `Refused` ("unknown-site") where it must be chosen."""
    here = sites(person, right)
    found = next((one for one in here if one.id == site_id), here[0] if len(here) == 1 and site_id is None else None)
    if found is None:
        raise Refused("unknown-site", N_("Please choose a site."))
    return found


def chosen(person: Person, right: Right, fields: Mapping[str, str]) -> Site:
    """The site that a form or an address names as `site_id`, or else the first at which the person has the right."""
    return site(person, right, optional_uuid(fields, "site_id") or sites(person, right)[0].id)


def members(site_ids: Iterable[UUID], right: Right = Right.REPORT) -> Sequence[Person]:
    """Everybody active who has this right at one of these sites, by name."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    here = select(Membership.person_id).where(Membership.site_id.in_(list(site_ids)), Membership.role.in_(roles))
    query = select(Person).where(Person.id.in_(here), Person.active.is_(True)).order_by(Person.name, Person.login)
    return session.scalars(query).all()


def member(site_id: UUID, person_id: UUID | None, right: Right = Right.REPORT) -> Person:
    """Somebody who has this right at a site; `Refused` ("person") for anybody else."""
    found = session.get(Person, person_id) if person_id else None
    if found is None or not found.active or not found.can(right, site_id):
        raise Refused("person", N_("Please choose somebody who works at this site."))
    return found


def day_at(of: Site, at: datetime) -> date:
    """The day at a site in its own calendar."""
    return at.astimezone(of.zone).date()
