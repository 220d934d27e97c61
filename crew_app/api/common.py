"""Shapes that several parts of the API share: how people, places and assets are named wherever they occur."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from crew_app.api.declared import Asked
from crew_app.api.kinds import Field, Id, Kind, Maybe, Shape, Text, Time
from crew_app.connections.lists import Where
from crew_app.connections.telling import API

SHORT = Text(240)


def both(field: str = "name", about: str = "") -> tuple[Field, Field]:
    """A name in Chinese and in English; the English one may be empty."""
    return Field(field, SHORT, about), Field(f"{field}_en", SHORT)


def href(path: str, of: Callable[[Any], Any] = lambda row: row.id) -> Field:
    """Where to read more about a row."""
    return Field("href", SHORT, "Address of this", lambda row: f"{API}/{path}/{of(row)}")


def maybe(name: str, kind: Kind, about: str = "", get: Callable[[Any], Any] | None = None) -> Field:
    """A member that may be null."""
    return Field(name, Maybe(kind), about, get)


def time(name: str, about: str = "") -> Field:
    """A moment."""
    return Field(name, Time(), about)


def maybe_time(name: str, about: str = "") -> Field:
    """A moment that may not have come."""
    return maybe(name, Time(), about)


def where(asked: Asked) -> Where:
    """Which page of a list is asked for."""
    after: UUID | None = asked.after
    return Where(asked.site_id, after, asked.limit)


PERSON = Shape("Person", (Field("id", Id()), *both()), "Somebody of the crew, by name")
PLACE_REF = Shape("PlaceRef", (Field("id", Id()), Field("code", SHORT), *both("path"), href("places")))
ASSET_REF = Shape("AssetRef", (Field("id", Id()), Field("code", SHORT), *both(), href("assets")))
DEPARTMENT_REF = Shape("DepartmentRef", (Field("id", Id()), Field("code", SHORT), *both()))
ITEM_REF = Shape(
    "ItemRef", (Field("id", Id()), Field("code", SHORT), *both(), Field("unit", SHORT), href("stock/items"))
)
