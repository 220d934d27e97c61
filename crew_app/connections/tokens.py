"""Tokens: made, changed, revoked, recognised. What is kept of one recognises it and cannot be used."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from crew_app.connections.models import ApiToken
from crew_app.connections.scopes import Scope, in_order, scopes_of
from crew_app.core.changes import NEW, Trace, note, put
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.ids import secret_hash
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Membership, Person, Site
from crew_app.people.rules import Right

PREFIX = "crew_"
HINT = 4
SELDOM = timedelta(minutes=1)
"""So often at most it is written down that a token was used."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A token as somebody wants it."""

    name: str
    site: Site
    person: Person
    """In whose name it acts."""
    scopes: frozenset[Scope]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks with a token: its person as they stand at its site alone, and what it is for."""

    token_id: UUID
    site_id: UUID
    person: Person
    scopes: frozenset[Scope]
    used_at: datetime | None = None


def new_token() -> str:
    """256 random bits, marked so that scanners for forgotten secrets find them."""
    return PREFIX + secrets.token_urlsafe(32)


def make(token_id: UUID, draft: Draft, secret: str, *, by: Person, trace: Trace) -> ApiToken:
    """Make a token. Nobody gives one in the name of somebody who may do more at the site than they do themselves."""
    _check(draft, by)
    if session.get(ApiToken, token_id):
        raise Refused("token-known", N_("This token was made already."))
    token = ApiToken(
        id=token_id,
        site_id=draft.site.id,
        person_id=draft.person.id,
        name=draft.name,
        hint=secret[-HINT:],
        token_hash=secret_hash(secret),
        scopes=in_order(draft.scopes),
        made_by_id=by.id,
        made_at=trace.at,
        expires_at=draft.expires_at,
    )
    session.add(token)
    session.flush()
    note(token, NEW, "", f"{draft.person.login}: {token.scopes}", trace)
    return token


def change(token: ApiToken, name: str, scopes: frozenset[Scope], expires_at: datetime | None, trace: Trace) -> None:
    """Change what a token is called, is for, and how long it holds."""
    _need_live(token)
    _need_words(name, scopes)
    put(token, {"name": name, "scopes": in_order(scopes), "expires_at": expires_at}, trace)
    session.flush()


def revoke(token: ApiToken, *, by: Person, trace: Trace) -> None:
    """End a token: from the next request on it opens nothing."""
    if token.revoked_at is None:
        put(token, {"revoked_at": trace.at}, trace)
        token.revoked_by_id = by.id
        session.flush()


def listed(site_ids: Collection[UUID]) -> Sequence[ApiToken]:
    """The tokens of these sites: those that hold first, the newest first."""
    query = select(ApiToken).where(ApiToken.site_id.in_(site_ids))
    options = (joinedload(ApiToken.person).options(*NAMED), joinedload(ApiToken.made_by).options(*NAMED))
    order = (ApiToken.revoked_at.is_not(None), ApiToken.made_at.desc(), ApiToken.id)
    return session.scalars(query.options(*options, joinedload(ApiToken.site)).order_by(*order)).all()


def one(person: Person, token_id: UUID) -> ApiToken:
    """A token of a site whose connections the person keeps."""
    found = session.get(ApiToken, token_id)
    if found is None or found.site_id not in person.sites_with(Right.CONNECT):
        raise Unseen("unknown-token", N_("This token is not known here."))
    return found


def possible_people(by: Person, site_id: UUID) -> list[Person]:
    """In whose names somebody may make tokens at a site: their own, and of those who may do nothing they may not."""
    here = select(Membership.person_id).where(Membership.site_id == site_id)
    query = select(Person).where(Person.active, Person.id.in_(here)).order_by(Person.name, Person.id)
    return [one for one in session.scalars(query) if _within(one, by, site_id)]


def recognise(secret: str, at: datetime) -> Bearer | None:
    """Who asks with this token, if it holds; the person is a snapshot with the roles of that site alone."""
    valid = (ApiToken.revoked_at.is_(None), or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > at))
    query = select(ApiToken).where(ApiToken.token_hash == secret_hash(secret), *valid)
    token = session.scalar(query)
    if token is None or not token.person.active:
        return None
    person = token.person
    here = [one for one in person.memberships if one.site_id == token.site_id]
    person.trades  # noqa: B018 - loaded before it is cut off
    session.expunge(person)
    set_committed_value(person, "memberships", here)
    return Bearer(token.id, token.site_id, person, scopes_of(token.scopes), token.used_at)


def is_to_be_noted(found: Bearer, at: datetime) -> bool:
    """Whether it is time again to write down that a token was used."""
    return found.used_at is None or at - found.used_at >= SELDOM


def note_use(token_id: UUID, at: datetime) -> None:
    """Write down that a token was used."""
    session.get_one(ApiToken, token_id).used_at = at


def _check(draft: Draft, by: Person) -> None:
    _need_words(draft.name, draft.scopes)
    if not by.can(Right.CONNECT, draft.site.id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    if draft.site.id not in draft.person.site_ids or not draft.person.active:
        raise Unseen("unknown-person", N_("This person is not known here."))
    if not _within(draft.person, by, draft.site.id):
        words = N_("This person may do more here than you. Only they themselves can make a token in their name.")
        raise Forbidden("more-than-you", words)


def _within(person: Person, by: Person, site_id: UUID) -> bool:
    """Whether a token in this name opens nothing that people management has not put into `by`'s hands anyway."""
    if person.id == by.id or by.can(Right.MANAGE_PEOPLE, site_id):
        return True
    return all(by.can(right, site_id) for right in Right if person.can(right, site_id))


def _need_words(name: str, scopes: frozenset[Scope]) -> None:
    if not name.strip():
        raise Refused("name-missing", N_("Please say which system it is for."))
    if not scopes:
        raise Refused("scopes-missing", N_("Please choose at least one thing that it is for."))


def _need_live(token: ApiToken) -> None:
    if token.revoked_at:
        raise Refused("revoked", N_("This token was revoked. Please make a new one."))
