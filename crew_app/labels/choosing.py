"""Which labels: places and assets of a site by place, kind, department and tag, or one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.places.models import Asset, AssetKind, Place, PlaceKind, Tag

AT_ONCE = 400
MOST = 5_000
"""Labels of one document: more than anybody prints before looking at the first."""
Subject = Place | Asset


class Tagged(StrEnum):
    """Whose labels, by their tags."""

    ANY = "any"
    MISSING = "missing"
    RETIRED = "retired"


TAGGED_LABELS = {
    Tagged.ANY: N_("All, with a tag or without"),
    Tagged.MISSING: N_("Only what has no tag in use"),
    Tagged.RETIRED: N_("Only what had a tag that was retired: print again"),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen at a site; what is left out does not matter. `kind`: `place:room`, `asset:pump`, `place:`."""

    site_id: UUID
    place_id: UUID | None = None
    kind: str = ""
    department_id: UUID | None = None
    tagged: Tagged = Tagged.ANY
    only: tuple[str, ...] = field(default=())
    """Codes of places, assets or tags, one by one."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many are chosen, and how many of them have no tag in use."""

    all: int
    without: int


def count(chosen: Selection) -> Count:
    """How much is chosen."""
    numbers = [0, 0]
    for model in (Place, Asset):
        query = _chosen(chosen, model)
        for place, narrowed in enumerate((query, query.where(~_tag_in_use(model)))):
            numbers[place] += session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    return Count(*numbers)


def subjects(chosen: Selection, *, without_tag: bool = False) -> Iterator[Sequence[Subject]]:
    """What is chosen, some hundreds at a time: places by code, then assets by code."""
    for model in (Place, Asset):
        query = _chosen(chosen, model)
        query = query.where(~_tag_in_use(model)) if without_tag else query
        after = ""
        while found := session.scalars(_with_words(query, model).where(model.code > after).limit(AT_ONCE)).all():
            yield found
            after = found[-1].code


def tags(found: Sequence[Subject]) -> dict[UUID, Tag]:
    """The newest tag in use of each of these, by the id of what it is on."""
    ids = [one.id for one in found]
    here = or_(Tag.place_id.in_(ids), Tag.asset_id.in_(ids))
    query = select(Tag).where(here, Tag.retired_at.is_(None)).order_by(Tag.created_at, Tag.code)
    return {tag.place_id or tag.asset_id: tag for tag in session.scalars(query)}  # type: ignore[misc]


def tagged(chosen: Selection) -> Iterator[tuple[Subject, Tag]]:
    """What is chosen and has a tag in use, with it; at most `MOST`."""
    left = MOST
    for found in subjects(chosen):
        known = tags(found)
        for one in found:
            if one.id in known and left:
                left -= 1
                yield one, known[one.id]
        if not left:
            return


def _chosen(chosen: Selection, model: type[Any]) -> Select[Any]:
    sort, _, code = chosen.kind.partition(":")
    query = select(model).where(model.site_id == chosen.site_id, model.retired_at.is_(None))
    if sort and sort != ("place" if model is Place else "asset"):
        return query.where(false())
    if model is Place:
        query = _narrowed(query, chosen)
        query = query.where(Place.kind == PlaceKind(code)) if code in set(PlaceKind) else query
    else:
        query = _narrowed(query.join(Place, Place.id == Asset.place_id), chosen)
        query = query.where(Asset.kind_id.in_(select(AssetKind.id).where(AssetKind.code == code))) if code else query
    if chosen.only:
        query = query.where(_named(model, chosen.only))
    return _by_tag(query, chosen.tagged, model)


def _narrowed(query: Select[Any], chosen: Selection) -> Select[Any]:
    """By the place and everything below it, and by the department of the place."""
    if chosen.place_id:
        below = select(Place.id).where(Place.id == chosen.place_id).cte("below", recursive=True)
        below = below.union(select(Place.id).join(below, Place.parent_id == below.c.id))
        query = query.where(Place.id.in_(select(below.c.id)))
    return query.where(Place.department_id == chosen.department_id) if chosen.department_id else query


def _named(model: type[Any], codes: Sequence[str]) -> ColumnElement[bool]:
    column = Tag.place_id if model is Place else Tag.asset_id
    return or_(model.code.in_(codes), model.id.in_(select(column).where(Tag.code.in_(codes), column.is_not(None))))


def _by_tag(query: Select[Any], wanted: Tagged, model: type[Any]) -> Select[Any]:
    if wanted is Tagged.MISSING:
        return query.where(~_tag_in_use(model))
    column = Tag.place_id if model is Place else Tag.asset_id
    return (
        query.where(exists().where(column == model.id, Tag.retired_at.is_not(None)))
        if wanted is Tagged.RETIRED
        else query
    )


def _tag_in_use(model: type[Any]) -> ColumnElement[bool]:
    column = Tag.place_id if model is Place else Tag.asset_id
    return exists().where(column == model.id, Tag.retired_at.is_(None))


def _with_words(query: Select[Any], model: type[Any]) -> Select[Any]:
    options = [joinedload(Asset.place), joinedload(Asset.kind)] if model is Asset else []
    return query.options(*options).order_by(model.code)
