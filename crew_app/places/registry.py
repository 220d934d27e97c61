"""What the registers of places, assets and departments share: who may, how texts are read, how changes are noted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.changes import How, Trace, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.holding import WHAT_LABELS, holds
from crew_app.places.models import Asset, AssetKind, Department, Place

Values = dict[str, Any]
LONGEST_CODE, LONGEST_NAME = 40, 80
_SHOWN: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "parent_id": ("parent", lambda id_: session.get_one(Place, id_).code),
    "place_id": ("place", lambda id_: session.get_one(Place, id_).code),
    "kind_id": ("kind", lambda id_: session.get_one(AssetKind, id_).code),
    "department_id": ("department", lambda id_: session.get_one(Department, id_).code),
}
"""Ids are written down as people know them."""


def need(by: Person, site_id: UUID, right: Right = Right.MANAGE_PLACES) -> None:
    """Refuse whoever may not change the registers of this site."""
    if not by.can(right, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))


def trace(by: Person, at: Moment, how: How = How.PAGE) -> Trace:
    """Who changes, and when."""
    return Trace(by.id, at.at, how)


def put(row: Any, values: Mapping[str, Any], of: Trace) -> list[tuple[str, Any, Any]]:
    """Give a row these values, and note each that differs; returns them: field, before, after, as people know them."""
    found: list[tuple[str, Any, Any]] = []
    for field, after in values.items():
        before = getattr(row, field)
        if before == after:
            continue
        setattr(row, field, after)
        name, show = _SHOWN.get(field, (field, lambda value: value))
        old, new = (show(value) if value is not None else None for value in (before, after))
        note(row, name, old, new, of)
        found.append((name, old, new))
    return found


def text(fields: Mapping[str, Any], name: str, longest: int = LONGEST_NAME) -> str:
    """One line of text, cut to what the register holds."""
    return " ".join(str(fields.get(name, "")).split())[:longest]


def code_of(fields: Mapping[str, Any], longest: int = LONGEST_CODE) -> str:
    """A code; `Refused` ("code-missing") for none, ("code-long") for one that would have to be cut."""
    code = " ".join(str(fields.get("code", "")).split())
    if not code:
        raise Refused("code-missing", N_("Please enter a code."))
    if len(code) > longest:
        raise Refused(
            "code-long", N_("The code “%(which)s” is too long: %(most)s characters."), which=code, most=longest
        )
    return code


def name_of(fields: Mapping[str, Any]) -> str:
    """A name; `Refused` ("name-missing") for none."""
    name = text(fields, "name")
    if not name:
        raise Refused("name-missing", N_("Please enter a name."))
    return name


def free_code(model: type[Any], site_id: UUID, code: str, own: UUID | None = None) -> None:
    """`Refused` ("code-taken") when something else of the site has this code, retired or not."""
    other = session.scalar(select(model).where(model.site_id == site_id, model.code == code, model.id != own))
    if other is not None:
        raise Refused(
            "code-taken", N_("The code %(which)s belongs to “%(name)s” already."), which=code, name=other.name
        )


def retire(thing: Place | Asset, at: datetime, of: Trace) -> list[tuple[str, Any, Any]]:
    """Retire a place or an asset; `Refused` ("in-use") when something is alive there."""
    found = holds(thing)
    if found:
        raise Refused(
            "in-use",
            N_("%(name)s is in use: %(what)s (%(count)s). Please see to that first."),
            name=thing.name,
            what=WHAT_LABELS[found[0].what],
            count=str(found[0].count),
        )
    return put(thing, {"retired_at": thing.retired_at or at}, of)
