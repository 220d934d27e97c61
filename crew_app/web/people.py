"""Who asks: the person behind the session cookie, looked up on each request so that a sign-in can end at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, g, has_request_context, request, session
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_user, logout_user
from sqlalchemy.orm.attributes import set_committed_value

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.ids import secret_hash
from crew_app.people import actions, records
from crew_app.people.models import Person
from crew_app.people.record_models import What
from crew_app.web.within import within

BY_PASSWORD, BY_PIN, BY_ACCOUNT, BY_PASSKEY = "password", "pin", "account", "passkey"
FRESH = timedelta(minutes=15)
login_manager = LoginManager()
login_manager.session_protection = None  # phones change networks in the middle of a shift


class SignedIn:
    """What Flask-Login keeps: the person, known to the cookie only by a session token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: Person, token: str) -> None:
        self.person = person
        self.token = token

    @property
    def id(self) -> UUID:
        """The person's id."""
        return self.person.id

    def get_id(self) -> str:
        """The token that goes into the cookie."""
        return self.token


def start(app: Flask) -> None:
    """Connect Flask-Login."""
    login_manager.init_app(app)
    records.tell_where(_where)


def _where() -> tuple[str, str]:
    return (request.remote_addr or "", request.user_agent.string) if has_request_context() else ("", "")


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    person = actions.session_person(token, now())
    if person is None:
        return None
    database.expunge(person)  # a snapshot: it outlives the read transaction that loaded it
    return SignedIn(person, token)


def person_or_none() -> Person | None:
    """Who is signed in, if anybody is."""
    user: Any = within().get("_login_user") or current_user
    return user.person if user.is_authenticated else None


def person() -> Person:
    """Who is signed in; only for routes whose access rule made sure of it."""
    found = person_or_none()
    if found is None:
        raise LookupError("nobody is signed in")
    return found


def sign_in(
    found: Person,
    user_agent: str,
    lifetime: timedelta = actions.LIFETIME,
    *,
    how: str = BY_PASSWORD,
    at: datetime | None = None,
) -> None:
    """Begin a sign-in with a fresh cookie; the one that this browser had before ends."""
    actions.end_session(str(session.get("_user_id", "")))
    session.clear()
    session.permanent = True  # a phone that was switched off in the basement is still signed in
    session["how"] = how
    session["proved"] = 0 if how == BY_PIN else int(now().timestamp())
    token = actions.start_session(found, user_agent, at=at or now(), lifetime=lifetime)
    login_user(SignedIn(found, token))
    records.record(What.IN, found, how=how)
    g.pop("flask_babel", None)


def by_password() -> bool:
    """Whether this sign-in was made with the password: somebody who did without it need not change it first."""
    return session.get("how", BY_PASSWORD) in (BY_PASSWORD, BY_PIN)


def is_fresh() -> bool:
    """Whether whoever is signed in proved just now who they are: ways of signing in are changed only then."""
    proved = session.get("proved", 0)
    return isinstance(proved, int) and 0 <= now().timestamp() - proved < FRESH.total_seconds()


def token_hash() -> str:
    """By what the database knows this sign-in."""
    user: Any = current_user
    return secret_hash(user.token) if user.is_authenticated else ""


@contextmanager
def acting_as(found: Person) -> Iterator[None]:
    """Let the block see another person as the one who asks: somebody whose rights were others when it happened."""
    before = g.get("_login_user")
    g._login_user = SignedIn(found, "")  # noqa: SLF001 - where Flask-Login keeps its answer
    try:
        yield
    finally:
        g._login_user = before  # noqa: SLF001


def shut_out() -> Person | None:
    """Whose ended sign-in this browser still carries, if that person is shut out: good for handing in, nothing else."""
    found = actions.ended_session_person(str(session.get("_user_id", "")), now())
    if found:
        database.expunge(found)
    return found


def shut_out_id() -> str:
    """The id of the person whose sign-in was ended from outside, for the page that asks to sign in; mostly nothing."""
    found = None if person_or_none() or "_user_id" not in session else shut_out()
    return str(found.id) if found else ""


def hand_in_as(found: Person) -> None:
    """Know for the rest of this request who hands in what was recorded before; it gives no rights."""
    set_committed_value(found, "memberships", [])
    g._login_user = SignedIn(found, "")  # noqa: SLF001
    g.handing_in = True


def handing_in() -> bool:
    """Whether this request only hands in what somebody recorded before being shut out."""
    return bool(g.get("handing_in", False))


def forget() -> None:
    """Treat the rest of this request as nobody's, when the database that knows people cannot be asked."""
    g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps its answer


def sign_out() -> None:
    """End this sign-in, on the server first."""
    user: Any = current_user
    if user.is_authenticated:
        actions.end_session(user.token)
        records.record(What.OUT, user.person)
    logout_user()
    session.clear()
