"""The register of places: make, change, move, retire."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.changes import NEW, How, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.places import paths
from crew_app.places.models import Department, Place, PlaceKind
from crew_app.places.registry import Values, code_of, free_code, name_of, need, put, retire, text, trace

_SIZE = {PlaceKind.BUILDING: 0, PlaceKind.FLOOR: 1, PlaceKind.AREA: 1, PlaceKind.ROOM: 2}
_KIND_WORDS = {
    PlaceKind.BUILDING: ("building", "楼宇", "楼栋", "建筑", "楼"),
    PlaceKind.FLOOR: ("floor", "楼层", "层"),
    PlaceKind.ROOM: ("room", "房间", "室"),
    PlaceKind.AREA: ("area", "区域", "区"),
}
Changed = list[tuple[str, Any, Any]]


def read(fields: Mapping[str, Any], site_id: UUID) -> Values:
    """Read a place as a form or a line of a list gives it; places and departments by code."""
    return {
        "code": code_of(fields),
        "name": name_of(fields),
        "name_en": text(fields, "name_en"),
        "kind": kind_of(text(fields, "kind")),
        "parent_id": parent_of(text(fields, "parent"), site_id),
        "department_id": department_of(text(fields, "department"), site_id),
    }


def kind_of(word: str) -> PlaceKind:
    """The sort of place that somebody means, in Chinese or English."""
    for kind, words in _KIND_WORDS.items():
        if word.casefold() in words:
            return kind
    raise Refused("kind", N_("What kind of place is “%(word)s”? Building, floor, room or area."), word=word)


def parent_of(code: str, site_id: UUID) -> UUID | None:
    """The place with this code, to be around another one; none for no code."""
    if not code:
        return None
    found = session.scalar(select(Place).where(Place.site_id == site_id, Place.code == code))
    if found is None:
        raise Refused("unknown-parent", N_("There is no place with the code %(which)s."), which=code)
    return found.id


def department_of(code: str, site_id: UUID) -> UUID | None:
    """The department with this code; none for no code."""
    if not code:
        return None
    found = session.scalar(select(Department).where(Department.site_id == site_id, Department.code == code))
    if found is None or found.retired_at:
        raise Refused("unknown-department", N_("There is no department in use with the code %(which)s."), which=code)
    return found.id


def add(site_id: UUID, values: Values, *, by: Person, at: Moment, how: How = How.PAGE) -> Place:
    """Make a place; `Refused` when its code is taken or it cannot be where it is put."""
    need(by, site_id)
    free_code(Place, site_id, values["code"])
    place = Place(site_id=site_id, **values)
    _fits(place, place.parent_id, place.kind)
    session.add(place)
    session.flush()
    paths.refresh(place)
    note(place, NEW, None, place.code, trace(by, at, how))
    return place


def change(place: Place, values: Values, *, by: Person, at: Moment, how: How = How.PAGE) -> Changed:
    """Change or move a place; the ways to everything below follow. Returns what differs."""
    need(by, place.site_id)
    if "code" in values:
        free_code(Place, place.site_id, values["code"], place.id)
    if "parent_id" in values or "kind" in values:
        _fits(place, values.get("parent_id", place.parent_id), values.get("kind", place.kind))
    found = put(place, values, trace(by, at, how))
    session.flush()
    if found:
        session.expire(place, ["parent", "department"])
        paths.refresh(place)
    return found


def retire_place(place: Place, *, by: Person, at: Moment) -> Changed:
    """Take a place out of use: it stands in no list any more, what happened there stays."""
    need(by, place.site_id)
    found = retire(place, at.at, trace(by, at))
    session.flush()
    return found


def restore_place(place: Place, *, by: Person, at: Moment) -> Changed:
    """Bring a retired place back; `Refused` when the place around it is still retired."""
    need(by, place.site_id)
    _fits(place, place.parent_id, place.kind)
    found = put(place, {"retired_at": None}, trace(by, at))
    session.flush()
    return found


def _fits(place: Place, parent_id: UUID | None, kind: PlaceKind) -> None:
    """Refuse loops, rooms around buildings, and places that are retired or of another site."""
    around = session.get(Place, parent_id) if parent_id else None
    if around is None:
        return
    if around.site_id != place.site_id:
        raise Refused("other-site", N_("“%(name)s” belongs to another site."), name=around.name)
    if around.retired_at:
        raise Refused("retired", N_("%(name)s is retired. Please choose what is in use."), name=around.name)
    if place.id in {one.id for one in paths.above(around)}:
        raise Refused("loop", N_("%(name)s cannot be within itself."), name=place.name)
    if _SIZE[around.kind] > _SIZE[kind]:
        raise Refused("kind-order", N_("A room is within a floor, a floor within a building: not the other way round."))
