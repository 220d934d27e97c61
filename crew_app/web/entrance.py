"""The way in: from knowing who somebody is to being signed in, with a second factor between where one is asked for.

Between the two the browser carries only who it is about, signed and for a few minutes; it gives no rights.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import current_app, request, session, url_for

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.people import actions, second_factors
from crew_app.people.models import Person
from crew_app.web import people, phones

PATIENCE = timedelta(minutes=10)
_HALF = "half"


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody who is known by one factor."""

    person_id: UUID
    how: str
    next: str
    at: datetime


def let_in(found: Person, how: str, target: str, *, strong: bool = False) -> str:
    """Sign somebody in, or ask for the second factor first; where to go. Within a write transaction."""
    has = second_factors.factors_of(found)
    strong = strong or how == people.BY_PASSKEY
    wants = has.code or second_factors.is_wanted(found)
    if strong or not wants:
        return complete(found, how, target)
    session[_HALF] = {"id": str(found.id), "how": how, "next": target, "at": int(now().timestamp())}
    return url_for("second_steps.code") if has else url_for("second_steps.set_up")


def complete(found: Person, how: str, target: str) -> str:
    """Sign somebody in: everything that was to be shown was shown."""
    at = now()
    if how == people.BY_PASSWORD:
        actions.note_age(found, at)
    people.sign_in(found, request.user_agent.string, how=how, at=at)
    phones.note_sign_in(found, at=at)
    return target


def half() -> Half | None:
    """Who waits for the second factor in this browser."""
    kept: dict[str, Any] = session.get(_HALF) or {}
    try:
        found = Half(UUID(kept["id"]), kept["how"], kept["next"], datetime.fromtimestamp(kept["at"], UTC))
    except (KeyError, ValueError):
        return None
    return found if timedelta() <= now() - found.at < PATIENCE else None


def half_person() -> tuple[Half, Person] | None:
    """The same with the person, if nothing has ended their sign-ins since."""
    known = half()
    found = database.get(Person, known.person_id) if known else None
    if known is None or found is None or not found.active:
        return None
    ended = found.sign_ins_ended_at
    return None if ended and ended.replace(microsecond=0) > known.at else (known, found)


def forget_half() -> None:
    """Begin again."""
    session.pop(_HALF, None)


def wanted_page() -> str:
    """Where to go after signing in: only ever a path of this application."""
    wanted = request.values.get("next", "")
    return wanted if is_local(wanted) else url_for("today.show")


def is_local(path: str) -> bool:
    """Whether a browser takes this for a path on this server, and nothing else."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    plain = path.isprintable() and "\\" not in path and not parts.netloc and not parts.scheme
    return plain and path.startswith("/") and not path.startswith("//")


def login_address(target: str) -> str:
    """The sign-in page that leads there."""
    return f"{url_for('session.login')}?{urlencode({'next': target})}"


def secret_key() -> str:
    """With what secrets of people are sealed."""
    key: str = current_app.config["SETTINGS"].secret_key
    return key
