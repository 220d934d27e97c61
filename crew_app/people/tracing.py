"""Changes of people: each with the old and the new value, under the site whose administrators hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crew_app.core.changes import NEW, How, Trace, note, said
from crew_app.core.clock import now
from crew_app.people.models import Person
from crew_app.people.record_models import What
from crew_app.people.records import record

OF_ACCESS = frozenset(
    {NEW, "account", "active", "authenticator", "login", "passkey", "password", "roles", "second_factor", "sign_ins"}
)
"""Fields whose changes stand in the record of who came in as well."""


@dataclass(frozen=True, slots=True)
class About:
    """A person as a change names them: a person's row belongs to no site, a change of it does."""

    site_id: UUID | None
    id: UUID
    name: str
    __tablename__: str = "people"


def by_command() -> Trace:
    """Nobody in particular: a command on the server."""
    return Trace(None, now(), How.COMMAND)


def change(person: Person, values: Mapping[str, Any], trace: Trace, site_id: UUID | None = None) -> None:
    """Give a person these values; each that differs leaves a change."""
    for field, value in values.items():
        before = getattr(person, field)
        if before != value:
            setattr(person, field, value)
            say(person, field, before, value, trace, site_id)


def say(person: Person, field: str, before: Any, after: Any, trace: Trace, site_id: UUID | None = None) -> None:
    """Write down one change of a person, made elsewhere."""
    note(About(site_id or _home(person), person.id, person.name), field, before, after, trace)
    if field in OF_ACCESS:
        detail = f"{field}: {said(before)} > {said(after)}" if before or after else field
        record(What.RIGHTS, person, how=trace.how, by_id=trace.person_id, detail=detail)


def _home(person: Person) -> UUID | None:
    return person.memberships[0].site_id if person.memberships else None
