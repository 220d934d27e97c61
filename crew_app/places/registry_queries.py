"""The registers as lists, within the sites whose registers a person keeps; paged by key."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, AssetKind, Place
from crew_app.places.queries import asset as _asset
from crew_app.places.queries import place as _place

PAGE = 50
SIBLINGS = 200
"""Of the levels above the one that is open."""


def place(person: Person, place_id: UUID) -> Place:
    """A place whose register this person keeps."""
    return _place(person, place_id, Right.MANAGE_PLACES)


def asset(person: Person, asset_id: UUID) -> Asset:
    """An asset whose register this person keeps."""
    return _asset(person, asset_id, Right.MANAGE_PLACES)


def inside(site_id: UUID, parent_id: UUID | None, after: str = "", limit: int = PAGE) -> Sequence[Place]:
    """What is in use directly within a place, or the buildings."""
    query = _live(site_id).where(Place.parent_id == parent_id, Place.code > after)
    return session.scalars(query.order_by(Place.code).limit(limit)).all()


def found(site_id: UUID, words: str, after: str = "", *, retired: bool = False) -> Sequence[Place]:
    """Places with all these words, or the retired ones."""
    there = Place.retired_at.is_not(None) if retired else Place.retired_at.is_(None)
    query = select(Place).where(Place.site_id == site_id, there, Place.code > after)
    columns = (Place.code, Place.name, Place.name_en, Place.path, Place.path_en)
    return session.scalars(_with(query, words, columns).order_by(Place.code).limit(PAGE)).all()


def numbers_inside(ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many places in use are directly within each of these."""
    query = select(Place.parent_id, func.count()).where(Place.parent_id.in_(ids), Place.retired_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(Place.parent_id)) if row[0]}


def assets(
    site_id: UUID, words: str = "", kind: str = "", at: UUID | None = None, after: str = "", *, retired: bool = False
) -> Sequence[Asset]:
    """Assets of a site by code: with these words, of this kind, in this place or below it."""
    there = Asset.retired_at.is_not(None) if retired else Asset.retired_at.is_(None)
    query = (
        select(Asset).join(Place, Place.id == Asset.place_id).options(joinedload(Asset.kind), joinedload(Asset.place))
    )
    query = query.where(Asset.site_id == site_id, there, Asset.code > after)
    if kind:
        query = query.where(Asset.kind_id.in_(select(AssetKind.id).where(AssetKind.code == kind)))
    if at:
        below = select(Place.id).where(Place.id == at).cte("below", recursive=True)
        below = below.union(select(Place.id).join(below, Place.parent_id == below.c.id))
        query = query.where(Asset.place_id.in_(select(below.c.id)))
    columns = (Asset.code, Asset.name, Asset.name_en, Asset.model, Asset.serial, Place.path, Place.path_en)
    return session.scalars(_with(query, words, columns).order_by(Asset.code).limit(PAGE)).all()


def chosen(model: type[Any], site_id: UUID, ids: Iterable[UUID]) -> list[Any]:
    """These, as far as they are of the site, by code."""
    query = select(model).where(model.site_id == site_id, model.id.in_(list(ids))).order_by(model.code)
    return list(session.scalars(query))


def assets_by_kind() -> dict[UUID, int]:
    """How many assets in use there are of each kind, at all sites."""
    query = select(Asset.kind_id, func.count()).where(Asset.retired_at.is_(None)).group_by(Asset.kind_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _live(site_id: UUID) -> Select[Any]:
    return select(Place).where(Place.site_id == site_id, Place.retired_at.is_(None))


def _with(query: Select[Any], words: str, columns: Iterable[Any]) -> Select[Any]:
    for word in words.casefold().split()[:6]:
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query
