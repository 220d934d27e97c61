"""Second factors: who has one, who needs one, and where an administrator says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, func, select, tuple_

from crew_app.core.changes import Trace, note
from crew_app.core.db import session
from crew_app.people import actions, limits
from crew_app.people.identity_models import Passkey, RecoveryCode, SecondFactorRule, TimeCode
from crew_app.people.models import Membership, Person
from crew_app.people.rules import Role
from crew_app.people.tracing import About, say


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody could show beside a password."""

    code: bool
    passkeys: int

    def __bool__(self) -> bool:
        return self.code or self.passkeys > 0


def factors_of(person: Person) -> Factors:
    """What this person has."""
    code = select(exists().where(TimeCode.person_id == person.id, TimeCode.confirmed_at.is_not(None)))
    keys = select(func.count(Passkey.id)).where(Passkey.person_id == person.id)
    return Factors(bool(session.scalar(code)), session.scalar(keys) or 0)


def is_wanted(person: Person) -> bool:
    """Whether a role that this person has somewhere needs a second factor there."""
    if limits.profile().factor_roles & {m.role.value for m in person.memberships}:
        return True
    held = [(m.site_id, m.role) for m in person.memberships]
    pair = tuple_(SecondFactorRule.site_id, SecondFactorRule.role)
    return bool(held) and session.scalar(select(SecondFactorRule.role).where(pair.in_(held)).limit(1)) is not None


def wanted_at(site_ids: Iterable[UUID]) -> Mapping[UUID, set[Role]]:
    """The roles that need one, by site."""
    ids = list(site_ids)
    found: dict[UUID, set[Role]] = {site_id: set() for site_id in ids}
    for rule in session.scalars(select(SecondFactorRule).where(SecondFactorRule.site_id.in_(ids))):
        found[rule.site_id].add(rule.role)
    return found


def want(site_id: UUID, roles: Iterable[Role], trace: Trace, name: str) -> int:
    """Say which roles of a site need one; ends the sign-ins of those who need one from now on. How many people."""
    before, after = wanted_at([site_id])[site_id], set(roles)
    if before == after:
        return 0
    session.execute(delete(SecondFactorRule).where(SecondFactorRule.site_id == site_id))
    session.add_all(SecondFactorRule(site_id=site_id, role=role) for role in after)
    note(About(site_id, site_id, name, "second_factor_rules"), "roles", before, after, trace)
    concerned = select(Membership.person_id).where(Membership.site_id == site_id, Membership.role.in_(after - before))
    people = session.scalars(select(Person).where(Person.id.in_(concerned), Person.active)).all()
    for person in people:
        actions.end_sessions(person)
    return len(people)


def reset(person: Person, trace: Trace, site_id: UUID | None = None) -> None:
    """Take codes and passkeys of somebody whose phone is gone; their sign-ins end."""
    for table in (TimeCode, RecoveryCode, Passkey):
        session.execute(delete(table).where(table.person_id == person.id))
    say(person, "second_factor", "yes", "no", trace, site_id)
    actions.end_sessions(person)
