"""The register of departments (科室): make, change, retire."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.changes import NEW, How, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Department, Place
from crew_app.places.registry import Values, code_of, free_code, name_of, need, put, text, trace

LONGEST_CODE = 20
PAGE = 50


def read(fields: Mapping[str, Any]) -> Values:
    """Read a department."""
    return {"code": code_of(fields, LONGEST_CODE), "name": name_of(fields), "name_en": text(fields, "name_en")}


def department(by: Person, department_id: UUID) -> Department:
    """A department at a site whose register this person keeps."""
    found = session.get(Department, department_id)
    if found is None or not by.can(Right.MANAGE_PLACES, found.site_id):
        raise Unseen("unknown-department", N_("This department is not known."))
    return found


def departments(site_id: UUID, words: str = "", after: str = "", *, retired: bool = False) -> Sequence[Department]:
    """The departments of a site by code, a page at a time."""
    there = Department.retired_at.is_not(None) if retired else Department.retired_at.is_(None)
    query = select(Department).where(Department.site_id == site_id, there, Department.code > after)
    for word in words.split()[:6]:
        columns = (Department.code, Department.name, Department.name_en)
        found = columns[0].icontains(word, autoescape=True)
        for column in columns[1:]:
            found |= column.icontains(word, autoescape=True)
        query = query.where(found)
    return session.scalars(query.order_by(Department.code).limit(PAGE)).all()


def places_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many places in use each of these departments has."""
    query = select(Place.department_id, func.count()).where(Place.department_id.in_(ids), Place.retired_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(Place.department_id)) if row[0]}


def add(site_id: UUID, values: Values, *, by: Person, at: Moment, how: How = How.PAGE) -> Department:
    """Make a department."""
    need(by, site_id)
    free_code(Department, site_id, values["code"])
    found = Department(site_id=site_id, **values)
    session.add(found)
    session.flush()
    note(found, NEW, None, found.code, trace(by, at, how))
    return found


def change(found: Department, values: Values, *, by: Person, at: Moment, how: How = How.PAGE) -> None:
    """Change a department."""
    need(by, found.site_id)
    free_code(Department, found.site_id, values["code"], found.id)
    put(found, values, trace(by, at, how))
    session.flush()


def retire_department(found: Department, *, by: Person, at: Moment) -> None:
    """Take a department out of use; `Refused` ("in-use") while places in use are charged to it."""
    need(by, found.site_id)
    count = places_of([found.id]).get(found.id, 0)
    if count:
        words = N_("%(name)s still has %(count)s places. Please give them to another department first.")
        raise Refused("in-use", words, name=found.name, count=str(count))
    put(found, {"retired_at": found.retired_at or at.at}, trace(by, at))
    session.flush()


def restore_department(found: Department, *, by: Person, at: Moment) -> None:
    """Bring a retired department back."""
    need(by, found.site_id)
    put(found, {"retired_at": None}, trace(by, at))
    session.flush()
