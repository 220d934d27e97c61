"""Places, assets and tags, within the sites a person may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.revisions import kept
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, AssetKind, Care, Department, Place, PlaceContext, PlaceKind, Tag

PAGE = 50
LARGE = (PlaceKind.BUILDING, PlaceKind.FLOOR)


def tag(text: str, *, lock: bool = False) -> Tag:
    """The tag with this code, retired or not; whoever holds a code may ask, since it cannot be guessed."""
    try:
        code = normalise(text)
    except BadTagCode as error:
        raise Unseen("bad-tag", N_("This code has a typing error. Please compare it with the printed one.")) from error
    query = _TAG.with_for_update(of=Tag).execution_options(populate_existing=True) if lock else _TAG
    found = session.scalar(query, {"code": code})
    if found is None:
        raise Unseen("unknown-tag", N_("This tag is not known here."))
    return found


_TAG = (
    select(Tag)
    .where(Tag.code == bindparam("code"))
    .options(joinedload(Tag.place), joinedload(Tag.asset).joinedload(Asset.place))
)


def current(found: Tag) -> Tag:
    """Follow a retired tag to the one that replaced it (of the same subject, one step at a time)."""
    while found.retired_at and found.replaced_by_code:
        found = tag(found.replaced_by_code)
    return found


def place(person: Person, place_id: UUID, right: Right = Right.REPORT) -> Place:
    """A place at a site where the person has a right."""
    found = session.get(Place, place_id)
    if found is None or found.site_id not in person.sites_with(right):
        raise Unseen("unknown-place", N_("This place is not known."))
    return found


def asset(person: Person, asset_id: UUID, right: Right = Right.REPORT) -> Asset:
    """An asset at a site where the person has a right."""
    found = session.get(Asset, asset_id)
    if found is None or found.site_id not in person.sites_with(right):
        raise Unseen("unknown-asset", N_("This asset is not known."))
    return found


def children(person: Person, parent_id: UUID | None, after: str = "", limit: int = PAGE) -> Sequence[Place]:
    """The places directly within a place (or the buildings of the person's sites), paged by code."""
    query = select(Place).where(Place.parent_id == parent_id, Place.site_id.in_(person.sites_with(Right.SEE_SITE)))
    query = query.where(Place.retired_at.is_(None))
    return session.scalars(query.where(Place.code > after).order_by(Place.code).limit(limit)).all()


def search(person: Person, text: str, limit: int = PAGE) -> Sequence[Place]:
    """Places whose code, name or path contains every word."""
    query = select(Place).where(Place.site_id.in_(person.sites_with(Right.SEE_SITE)), Place.retired_at.is_(None))
    for word in text.casefold().split()[:6]:
        columns = (Place.code, Place.name, Place.name_en, Place.path, Place.path_en)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return session.scalars(query.order_by(Place.code).limit(limit)).all()


def assets_in(place_id: UUID, limit: int = 200) -> Sequence[Asset]:
    """The assets that stand in a place."""
    return session.scalars(_ASSETS_IN, {"place_id": place_id, "most": limit}).all()


_ASSETS_IN = (
    select(Asset)
    .where(Asset.place_id == bindparam("place_id"), Asset.retired_at.is_(None))
    .order_by(Asset.code)
    .limit(bindparam("most", type_=Integer))
    .options(joinedload(Asset.kind))
)


def large_places(site_id: UUID) -> Sequence[Place]:
    """The buildings and floors of a site that are in use, by the way to them."""
    query = select(Place).where(Place.site_id == site_id, Place.retired_at.is_(None), Place.kind.in_(LARGE))
    return session.scalars(query.order_by(Place.path, Place.code)).all()


def departments(site_id: UUID) -> Sequence[Department]:
    """The departments of a site that are in use, by code."""
    query = select(Department).where(Department.site_id == site_id, Department.retired_at.is_(None))
    return session.scalars(query.order_by(Department.code)).all()


def asset_kinds() -> Sequence[AssetKind]:
    """All kinds of assets, by name."""
    return session.scalars(select(AssetKind).order_by(AssetKind.name)).all()


def tags_of(subject: Place | Asset) -> Sequence[Tag]:
    """All tags that ever pointed here, newest first."""
    column = Tag.place_id if isinstance(subject, Place) else Tag.asset_id
    return session.scalars(select(Tag).where(column == subject.id).order_by(Tag.created_at.desc(), Tag.code)).all()


def live_tag(subject: Place | Asset) -> Tag | None:
    """The newest tag here that is not retired."""
    return next((found for found in tags_of(subject) if not found.retired_at), None)


def around(found: Place) -> list[UUID]:
    """The ids of a place and of those it lies in, the nearest first."""
    parents = kept(("places",), ("parents", found.site_id), lambda: _parents(found.site_id))
    chain = [found.id]
    while (above := parents.get(chain[-1])) and above not in chain:
        chain.append(above)
    return chain


def _parents(site_id: UUID) -> dict[UUID, UUID]:
    query = select(Place.id, Place.parent_id).where(Place.site_id == site_id, Place.parent_id.is_not(None))
    return {row[0]: row[1] for row in session.execute(query) if row[1]}


def care_of(found: Place) -> Care:
    """What happens in a place, as the nearest place around it says."""
    cares = kept(("places",), ("cares", found.site_id), lambda: _cares(found.site_id))
    return next((cares[place_id] for place_id in around(found) if place_id in cares), Care.OTHER)


def _cares(site_id: UUID) -> dict[UUID, Care]:
    query = select(PlaceContext.place_id, PlaceContext.care).where(PlaceContext.site_id == site_id)
    return {row[0]: row[1] for row in session.execute(query) if row[1]}
