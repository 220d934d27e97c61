"""Accounts elsewhere (the hospital's own, WeCom): whose they are, linking them, taking the link back.

An account is known by its issuer and by what the issuer calls it for ever; never by an e-mail address or a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from crew_app.core.changes import How, Trace
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people import account_rules, actions
from crew_app.people.identity_models import Identity, Provider
from crew_app.people.models import NAMED, Membership, Person, Site
from crew_app.people.passwords import temporary_password
from crew_app.people.rules import Right
from crew_app.people.tracing import say

LONGEST = 200
PAGE = 50


@dataclass(frozen=True, slots=True)
class Account:
    """What a provider says of whoever signed in there."""

    provider: Provider
    issuer: str
    subject: str
    label: str = ""
    name: str = ""
    staff_number: str = ""
    claims: Mapping[str, frozenset[str]] = field(default_factory=dict)
    strong: bool = False
    """Whether a second factor was asked for there."""


def find(account: Account) -> Identity | None:
    """The link of an account, if it has one."""
    return session.scalar(select(Identity).where(*_same(account)))


def come_in(account: Account, *, at: datetime, create: bool) -> Person:
    """Whose account this is, with the roles that its claims give now; the person may be shut out by then.

    `Refused` ("unknown-account") when it is nobody's, and no rule may make somebody.
    """
    identity = find(account)
    person = identity.person if identity else _first_time(account, at, create=create)
    if person.active:
        account_rules.apply(person, account.provider, account.claims, at)
    identity = identity or _add(account, person, at)
    identity.used_at = at
    identity.label = account.label[:120] or identity.label
    session.flush()
    return person


def _first_time(account: Account, at: datetime, *, create: bool) -> Person:
    number = account.staff_number
    person = session.scalar(select(Person).where(Person.staff_number == number)) if number else None
    if person and not _has_other(person, account):
        say(person, "account", "", _words(account), Trace(None, at, How.SIGN_IN))
        return person
    roles = account_rules.roles_of(account.provider, account.claims)
    if person or not create or not roles:
        raise Refused("unknown-account", N_("This account belongs to nobody here yet."))
    return _make(account, roles, at)


def _has_other(person: Person, account: Account) -> bool:
    """Somebody with another account of this issuer is not taken over by a staff number."""
    here = Identity.provider == account.provider, Identity.issuer == account.issuer
    return session.scalar(select(Identity.id).where(Identity.person_id == person.id, *here).limit(1)) is not None


def _make(account: Account, roles: account_rules.Roles, at: datetime) -> Person:
    """Somebody new, as a rule allows; their password is nobody's."""
    trace = Trace(None, at, How.SIGN_IN)
    first = min(site_id for site_id, _ in roles)
    here = [role for site_id, role in roles if site_id == first]
    login = account.label or account.staff_number or account.subject
    site = session.get_one(Site, first)
    person = actions.add_person(login[:60], account.name, temporary_password(), site, here, at=at, trace=trace)
    person.staff_number = account.staff_number or None
    say(person, "account", "", _words(account), trace, first)
    session.flush()
    return person


def link(account: Account, person: Person, trace: Trace, site_id: UUID | None = None) -> Identity:
    """Give an account to a person; `Refused` ("account-taken") when it is somebody's already."""
    if not account.subject.strip() or len(account.subject) > LONGEST:
        raise Refused("bad-account", N_("Please give what the provider calls this account."))
    found = find(account)
    if found and found.person_id == person.id:
        return found
    if found:
        raise Refused("account-taken", N_("This account is linked to somebody else. Take that link back first."))
    number = account.staff_number
    if number and session.scalar(select(Person.id).where(Person.staff_number == number)) not in (None, person.id):
        raise Refused("account-of-another", N_("The staff number of this account is somebody else's."))
    identity = _add(account, person, trace.at)
    say(person, "account", "", _words(account), trace, site_id)
    return identity


def _add(account: Account, person: Person, at: datetime) -> Identity:
    identity = Identity(
        person_id=person.id,
        provider=account.provider,
        issuer=account.issuer,
        subject=account.subject,
        label=account.label[:120],
        made_at=at,
    )
    session.add(identity)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            "account-taken", N_("This account is linked to somebody else. Take that link back first.")
        ) from error
    return identity


def unlink(identity: Identity, trace: Trace, site_id: UUID | None = None) -> None:
    """Take a link back, and end the sign-ins of its person."""
    words = f"{identity.provider.value} {identity.label or identity.subject}"
    say(identity.person, "account", words, "", trace, site_id)
    session.delete(identity)
    actions.end_sessions(identity.person)


def of(person: Person) -> Sequence[Identity]:
    """All accounts of a person."""
    return session.scalars(
        select(Identity).where(Identity.person_id == person.id).order_by(Identity.made_at, Identity.id)
    ).all()


def one_of(person: Person, identity_id: UUID) -> Identity:
    """One of them."""
    found = session.get(Identity, identity_id)
    if found is None or found.person_id != person.id:
        raise Unseen("unknown-account-link", N_("This account is not linked any more."))
    return found


def linked(by: Person, after: UUID | None = None, limit: int = PAGE) -> Sequence[Identity]:
    """Accounts of everybody at the sites that `by` administers, by id; `after` is the last one that was shown."""
    here = select(Membership.person_id).where(Membership.site_id.in_(by.sites_with(Right.MANAGE_PEOPLE)))
    query = select(Identity).where(Identity.person_id.in_(here)).options(joinedload(Identity.person).options(*NAMED))
    if after:
        query = query.where(Identity.id > after)
    return session.scalars(query.order_by(Identity.id).limit(limit)).all()


def _same(account: Account) -> tuple[ColumnElement[bool], ...]:
    return (
        Identity.provider == account.provider,
        Identity.issuer == account.issuer,
        Identity.subject == account.subject,
    )


def _words(account: Account) -> str:
    return f"{account.provider.value} {account.label or account.subject}"
