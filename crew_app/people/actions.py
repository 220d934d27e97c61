"""Verbs about people: adding, roles, passwords, signing in and out.

Whatever changes what a person may do ends that person's sign-ins at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import NEW, Trace
from crew_app.core.clock import OLDEST, now
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.ids import new_secret, secret_hash
from crew_app.core.words import N_
from crew_app.people import guessing, limits, queries
from crew_app.people.models import (
    EndedSession,
    FormerRole,
    LoginSession,
    Membership,
    Person,
    PersonTrade,
    Site,
)
from crew_app.people.passwords import check_strength, hash_password, is_outdated, matches
from crew_app.people.record_models import FormerPassword, What
from crew_app.people.records import record
from crew_app.people.rules import Role, Trade
from crew_app.people.tracing import by_command, change, say

LIFETIME = timedelta(days=30)


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
    check_strength(password, login, limits.profile(), (name, site.name, site.name_en))
    roles = _some(roles)
    person = Person(login=login, name=name.strip()[:60] or login, password_hash=hash_password(password), created_at=at)
    person.password_set_at = at
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
    else:
        record(What.RIGHTS, person, detail="password")
    check_strength(password, person.login, limits.profile(), _names(person))
    _keep_former(person)
    person.password_hash = hash_password(password)
    person.password_set_at = now()
    person.must_change_password = temporary
    end_sessions(person)


def choose_password(person: Person, new: str) -> None:
    """Change one's own password, after the old one was shown; the new one must be another than the last ones."""
    before = select(FormerPassword.password_hash).where(FormerPassword.person_id == person.id)
    known = session.scalars(before.order_by(FormerPassword.until.desc()).limit(limits.profile().remembered - 1)).all()
    if any(matches(new, one) for one in (person.password_hash, *known)):
        raise Refused("same-password", N_("Please choose a password that you have not used before."))
    set_password(person, new)


def _names(person: Person) -> list[str]:
    sites = {m.site for m in person.memberships}
    return [person.name, person.name_en, *(name for site in sites for name in (site.name, site.name_en))]


def _keep_former(person: Person) -> None:
    """Keep as many passwords from before as new ones must differ from."""
    mine = FormerPassword.person_id == person.id
    newest = select(FormerPassword.id).where(mine).order_by(FormerPassword.until.desc())
    kept = session.scalars(newest.limit(max(0, limits.profile().remembered - 2))).all()
    session.execute(delete(FormerPassword).where(mine, FormerPassword.id.not_in(kept)))
    if limits.profile().remembered > 1:
        session.add(FormerPassword(person_id=person.id, password_hash=person.password_hash, until=now()))


def note_age(person: Person, at: datetime) -> None:
    """Ask for another password when this one is older than passwords may become here."""
    days = limits.profile().password_days
    if days and at - (person.password_set_at or person.created_at) > timedelta(days=days):
        person.must_change_password = True


def set_locale(person: Person, locale: str) -> None:
    """Keep the language a person chose."""
    person.locale = locale
    session.flush()


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose password was right; with another hash when theirs was made with parameters of before."""

    person: Person
    counts: list[guessing.Count]
    new_hash: str = ""


def check_sign_in(login: str, password: str, *, caller: guessing.Caller, at: datetime) -> Proof:
    """The person these words belong to. Writes nothing, so that guessing holds up nobody's work.

    `Refused` ("sign-in") does not tell an unknown name from a wrong password, and takes as long. After several wrong
    tries it is `TooMany` for a while (`people/guessing.py`).
    """
    login = guessing.plain(login)
    counts = guessing.of_name(login, caller)
    guessing.check(counts, at)
    kept = session.execute(select(Person.id, Person.password_hash).where(Person.login == login, Person.active)).first()
    if not matches(password, kept.password_hash if kept else None) or kept is None:
        raise Refused("sign-in", N_("Log-in name or password is not right."))
    new_hash = hash_password(password) if is_outdated(kept.password_hash) else ""
    return Proof(session.get_one(Person, kept.id), counts, new_hash)


def settle(proof: Proof) -> None:
    """It was the right person: wrong tries before count no more."""
    guessing.forget(proof.counts)
    if proof.new_hash:
        proof.person.password_hash = proof.new_hash


def start_session(person: Person, user_agent: str, *, at: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Begin a sign-in; returns the token for the cookie, of which only the hash is kept."""
    token = new_secret()
    found = limits.profile()
    ends_at = at + min(lifetime, found.longest)
    session.execute(delete(LoginSession).where(LoginSession.expires_at < at))
    session.add(
        LoginSession(
            token_hash=secret_hash(token),
            person_id=person.id,
            created_at=at,
            expires_at=min(ends_at, at + found.idle) if found.idle else ends_at,
            ends_at=ends_at,
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
    ended = delete(LoginSession).where(LoginSession.person_id == person.id).returning(LoginSession.id)
    if count := len(session.scalars(ended).all()):
        record(What.ENDED, person, detail=str(count))


def keep_alive(token_hash: str, at: datetime) -> None:
    """A sign-in is used: where those that do nothing end, this one ends later."""
    idle = limits.profile().idle
    mine = LoginSession.token_hash == token_hash, LoginSession.expires_at > at, LoginSession.ends_at.is_not(None)
    until = case((LoginSession.ends_at < at + idle, LoginSession.ends_at), else_=at + idle)
    session.execute(update(LoginSession).where(*mine).values(expires_at=until))


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
