"""Who is who, within what the asking person may see."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Unseen
from crew_app.core.revisions import apart, kept
from crew_app.core.words import N_
from crew_app.people.models import NAMED, FormerRole, LoginSession, Membership, Person, Site
from crew_app.people.rules import RIGHTS, Right, Role


def by_login(login: str) -> Person | None:
    """The person with this log-in name, however it was capitalised."""
    return session.scalar(select(Person).where(Person.login == login.strip().lower()))


def whose_login(login: str) -> Person | None:
    """The same without roles and trades: it costs as much for a name that nobody has."""
    return session.scalar(select(Person).options(*NAMED).where(Person.login == login))


def person_then(person_id: UUID, at: datetime) -> Person:
    """The person with the roles held at a moment, as a snapshot that belongs to no transaction."""
    found = session.get_one(Person, person_id, populate_existing=True)
    former = session.scalars(select(FormerRole).where(FormerRole.person_id == person_id, FormerRole.until > at)).all()
    held = {(m.site_id, m.role): m.site for m in found.memberships} if found.active else {}
    held |= {(f.site_id, f.role): f.site for f in former}
    return _snapshot(found, held)


def _snapshot(found: Person, held: dict[tuple[UUID, Role], Site]) -> Person:
    found.trades  # noqa: B018 - loaded before it is cut off
    session.expunge(found)
    roles = [Membership(person_id=found.id, site_id=site_id, role=role) for site_id, role in held]
    set_committed_value(found, "memberships", roles)
    return found


def known(person_id: UUID) -> Person | None:
    """The person with roles and trades, without asking the database as long as nobody was changed."""
    found = kept(("people",), ("person", person_id), lambda: apart(lambda own: own.get(Person, person_id)))
    return session.merge(found, load=False) if found else None


def anybody() -> bool:
    """Whether there is any person yet."""
    return session.scalar(select(Person.id).limit(1)) is not None


def sites(ids: frozenset[UUID]) -> Sequence[Site]:
    """These sites, by code."""
    return session.scalars(select(Site).where(Site.id.in_(ids)).order_by(Site.code)).all()


def sites_where(person: Person, right: Right) -> list[Site]:
    """The sites where a person has a right, the one of the first role first."""
    order = dict.fromkeys(one.site_id for one in person.memberships)
    found = {site.id: site for site in sites(person.sites_with(right))}
    return [found[site_id] for site_id in order if site_id in found]


def site_where(person: Person, right: Right, site_id: UUID) -> Site:
    """A site where a person has a right; `Unseen` for any other."""
    for site in sites_where(person, right):
        if site.id == site_id:
            return site
    raise Unseen("unknown-site", N_("This site is not known here."))


def everywhere(person: Person, right: Right) -> bool:
    """Whether somebody has a right at every site there is; what all sites share is in their hands only."""
    return set(session.scalars(select(Site.id))) <= person.sites_with(right)


def administrators() -> Sequence[Person]:
    """Everybody who looks after people anywhere."""
    roles = [role for role, rights in RIGHTS.items() if Right.MANAGE_PEOPLE in rights]
    held = select(Membership.person_id).where(Membership.role.in_(roles))
    return session.scalars(select(Person).where(Person.id.in_(held), Person.active).order_by(Person.login)).all()


def managed_people(by: Person) -> Sequence[Person]:
    """Everybody with a role at a site that `by` administers."""
    here = select(Membership.person_id).where(Membership.site_id.in_(by.sites_with(Right.MANAGE_PEOPLE)))
    return session.scalars(select(Person).where(Person.id.in_(here)).order_by(Person.login)).all()


def managed_person(by: Person, person_id: UUID) -> Person:
    """One of the people that `by` administers."""
    person = session.get(Person, person_id)
    if person is None or not person.site_ids & by.sites_with(Right.MANAGE_PEOPLE):
        raise Unseen("unknown-person", N_("This person is not known here."))
    return person


def subordinate_person(by: Person, person_id: UUID) -> Person:
    """One of the people whose whole account is in the hands of `by`: no role at a site that somebody else runs."""
    person = managed_person(by, person_id)
    if not person.site_ids <= by.sites_with(Right.MANAGE_PEOPLE):
        raise Forbidden("may-not", N_("This person also works at a site that you do not administer."))
    return person


def sign_ins(person: Person) -> Sequence[LoginSession]:
    """Where somebody is signed in, the last sign-in first."""
    query = select(LoginSession).where(LoginSession.person_id == person.id, LoginSession.expires_at > now())
    return session.scalars(query.order_by(LoginSession.created_at.desc())).all()
