"""Verbs about people: adding, roles, passwords, signing in and out.

Whatever changes what a person may do ends that person's sign-ins at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import NEW, Trace
from crew_app.core.clock import OLDEST, now
from crew_app.core.db import session
from crew_app.core.errors import Refused, TooMany, Unseen
from crew_app.core.ids import new_secret, secret_hash
from crew_app.core.words import N_
from crew_app.people import queries
from crew_app.people.models import (
    EndedSession,
    FormerRole,
    LoginSession,
    Membership,
    Person,
    PersonTrade,
    SignInFailure,
    Site,
)
from crew_app.people.passwords import check_strength, hash_password, matches
from crew_app.people.rules import Role, Trade
from crew_app.people.tracing import by_command, change, say

LIFETIME = timedelta(days=30)
FAILURE_WINDOW = timedelta(minutes=10)
FAILURES_PER_LOGIN_AND_ADDRESS = 8


def add_site(code: str, name: str, name_en: str = "") -> Site:
    """Add a campus."""
    site = Site(code=code, name=name, name_en=name_en)
    session.add(site)
    session.flush()
    return site


def add_person(
    login: str,
    name: str,
    password: str,
    site: Site,
    roles: Iterable[Role],
    trades: Iterable[Trade] = (),
    *,
    at: datetime,
    trace: Trace | None = None,
) -> Person:
    """Add a person with roles at one site; `Refused` ("login-taken") when the log-in name is in use."""
    login = login.strip().lower()
    if not login or len(login) > 60:  # noqa: PLR2004 - width of the column
        raise Refused("bad-login", N_("Please give a log-in name."))
    check_strength(password, login)
    roles = _some(roles)
    person = Person(login=login, name=name.strip()[:60] or login, password_hash=hash_password(password), created_at=at)
    person.memberships = [Membership(site_id=site.id, role=role) for role in roles]
    person.trades = [PersonTrade(trade=trade) for trade in set(trades)]
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("login-taken", N_("This log-in name is already in use.")) from error
    if trace:
        say(person, NEW, None, person.login, trace, site.id)
        say(person, "roles", None, roles, trace, site.id)
    return person


def set_roles(person: Person, site_id: UUID, roles: Iterable[Role], trace: Trace | None = None) -> None:
    """Give a person exactly these roles at a site; ends the person's sign-ins when that changes anything."""
    wanted = set(roles)
    held = {m.role for m in person.memberships if m.site_id == site_id}
    if wanted == held:
        return
    if person.site_ids <= {site_id}:
        _some(wanted)
    _remember(person, [m for m in person.memberships if m.site_id == site_id and m.role not in wanted])
    person.memberships = [m for m in person.memberships if m.site_id != site_id or m.role in wanted]
    person.memberships += [Membership(site_id=site_id, role=role) for role in wanted - held]
    say(person, "roles", held, wanted, trace or by_command(), site_id)
    end_sessions(person)


def _some(roles: Iterable[Role]) -> set[Role]:
    """At least one role: somebody without any would belong to no site, and nobody could find them again."""
    wanted = set(roles)
    if not wanted:
        raise Refused("roles-missing", N_("Please choose at least one role."))
    return wanted


def set_active(person: Person, *, active: bool, trace: Trace | None = None, site_id: UUID | None = None) -> None:
    """Let a person in, or shut them out at once."""
    if person.active and not active:
        _remember(person, person.memberships)
        _keep_ended(person)
    change(person, {"active": active}, trace or by_command(), site_id)
    end_sessions(person)


def _remember(person: Person, memberships: Iterable[Membership]) -> None:
    """Write down which roles end now."""
    until = now()
    session.add_all(FormerRole(person_id=person.id, site_id=m.site_id, role=m.role, until=until) for m in memberships)


def _keep_ended(person: Person) -> None:
    """Know the phones of somebody who is shut out, so that they can still hand in what they hold."""
    ended = now()
    session.execute(delete(EndedSession).where(EndedSession.ended_at < ended - OLDEST))
    hashes = session.scalars(select(LoginSession.token_hash).where(LoginSession.person_id == person.id)).all()
    session.add_all(EndedSession(token_hash=h, person_id=person.id, ended_at=ended) for h in hashes)


def set_password(person: Person, password: str, *, temporary: bool = False, trace: Trace | None = None) -> None:
    """Set a password and end all sign-ins; a temporary one must be changed at the next sign-in."""
    if trace:
        say(person, "password", "", "", trace)
    check_strength(password, person.login)
    person.password_hash = hash_password(password)
    person.must_change_password = temporary
    end_sessions(person)


def change_password(person: Person, old: str, new: str) -> None:
    """Change one's own password; the old one must be known and the new one be another."""
    if not matches(old, person.password_hash):
        raise Refused("wrong-password", N_("The present password is not right."))
    if old == new:
        raise Refused("same-password", N_("Please choose a password that you have not used before."))
    set_password(person, new)


def set_locale(person: Person, locale: str) -> None:
    """Keep the language a person chose."""
    person.locale = locale
    session.flush()


def check_sign_in(login: str, password: str, *, address: str, at: datetime) -> Person:
    """The person these words belong to. Writes nothing, so that guessing holds up nobody's work.

    `Refused` ("sign-in") does not tell an unknown name from a wrong password. After several failures for one name
    from one address it is `TooMany` for a while; other people behind the same address are not held up.
    """
    login = login.strip().lower()[:60]
    slow_down(login, address, at)
    person = queries.by_login(login)
    right = matches(password, person.password_hash if person else None)
    if not right or person is None or not person.active:
        raise Refused("sign-in", N_("Log-in name or password is not right."))
    return person


def forget_failures(login: str, *, address: str) -> None:
    """Forget refused sign-ins of a name from an address, once it was the right person."""
    login = login.strip().lower()[:60]
    session.execute(delete(SignInFailure).where(SignInFailure.login == login, SignInFailure.address == address))


def note_failure(login: str, *, address: str, at: datetime) -> None:
    """Write down a refused sign-in, and forget those that no longer matter."""
    forget_old_failures(at)
    session.add(SignInFailure(login=login.strip().lower()[:60], address=address, at=at))
    session.flush()


def forget_old_failures(at: datetime) -> int:
    """Forget refused sign-ins that no longer matter; how many."""
    old = select(SignInFailure.id).where(SignInFailure.at < at - FAILURE_WINDOW)
    ids = session.scalars(old).all()
    session.execute(delete(SignInFailure).where(SignInFailure.id.in_(ids)))
    return len(ids)


def slow_down(login: str, address: str, at: datetime) -> None:
    """`TooMany` after several failures under this name from this address."""
    recent = select(func.count(SignInFailure.id)).where(
        SignInFailure.login == login, SignInFailure.address == address, SignInFailure.at > at - FAILURE_WINDOW
    )
    if (session.scalar(recent) or 0) >= FAILURES_PER_LOGIN_AND_ADDRESS:
        raise TooMany("sign-in-too-often", N_("Too many attempts. Please wait ten minutes, or ask an administrator."))


def start_session(person: Person, user_agent: str, *, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Begin a sign-in; returns the token for the cookie, of which only the hash is kept."""
    token = new_secret()
    session.execute(delete(LoginSession).where(LoginSession.expires_at < at))
    session.add(
        LoginSession(
            token_hash=secret_hash(token),
            person_id=person.id,
            created_at=at,
            expires_at=at + lifetime,
            user_agent=user_agent[:200],
        )
    )
    session.flush()
    return token


def end_session(token: str) -> None:
    """End one sign-in at once."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == secret_hash(token)))


def end_one(person: Person, sign_in_id: UUID) -> None:
    """End one of a person's sign-ins."""
    mine = LoginSession.id == sign_in_id, LoginSession.person_id == person.id
    if session.scalar(delete(LoginSession).where(*mine).returning(LoginSession.id)) is None:
        raise Unseen("unknown-sign-in", N_("This sign-in has ended already."))


def end_sessions(person: Person) -> None:
    """End every sign-in of a person at once."""
    person.sign_ins_ended_at = now()
    session.flush()
    session.execute(delete(LoginSession).where(LoginSession.person_id == person.id))


def ended_session_person(token: str, at: datetime) -> Person | None:
    """Whose ended sign-in this token was, while that person is shut out and what they did may still be on its way."""
    query = (
        select(Person)
        .join(EndedSession, EndedSession.person_id == Person.id)
        .where(EndedSession.token_hash == secret_hash(token), EndedSession.ended_at > at - OLDEST, ~Person.active)
    )
    return session.scalar(query)


def session_person(token: str, at: datetime) -> Person | None:
    """Whose sign-in this token is, while it is alive and the person is allowed in."""
    person_id = session.scalar(_ALIVE, {"token_hash": secret_hash(token), "at": at})
    found = queries.known(person_id) if person_id else None
    return found if found and found.active else None


_ALIVE = select(LoginSession.person_id).where(
    LoginSession.token_hash == bindparam("token_hash"), LoginSession.expires_at > bindparam("at")
)
