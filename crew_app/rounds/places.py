"""The places and assets that the stops of a template turn out to be when a run is made."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.places.models import Asset, AssetKind, Place
from crew_app.rounds.content import StopPlan, Where

MOST = 400
Spot = tuple[Place | None, Asset | None]


def spots(stops: Iterable[StopPlan], site_id: UUID, area: Place | None) -> list[tuple[StopPlan, Spot]]:
    """Every stop with what it stands for, in the order of the template; kinds of assets in the order of their places.

    What is not there any more is left out.
    """
    return [(stop, spot) for stop in stops for spot in _spots(stop.where, site_id, area)][:MOST]


def within(area_id: UUID) -> Sequence[UUID]:
    """A place and all places inside it."""
    found = select(Place.id).where(Place.id == area_id).cte(recursive=True)
    found = found.union_all(select(Place.id).join(found, Place.parent_id == found.c.id))
    return session.scalars(select(found.c.id)).all()


def _spots(where: Where, site_id: UUID, area: Place | None) -> list[Spot]:
    if where.anywhere:
        return [(None, None)]
    if where.asset:
        asset = session.scalar(select(Asset).filter_by(site_id=site_id, code=where.asset, retired_at=None))
        return [(asset.place, asset)] if asset else []
    if where.place:
        place = _place(site_id, where.place)
        return [(place, None)] if place else []
    return [(asset.place, asset) for asset in _of_kind(where, site_id, area)]


def _of_kind(where: Where, site_id: UUID, area: Place | None) -> Sequence[Asset]:
    query = (
        select(Asset).join(AssetKind).join(Asset.place).where(Asset.site_id == site_id, AssetKind.code == where.kind)
    ).where(Asset.retired_at.is_(None))
    around = _place(site_id, where.area) if where.area else area
    if around:
        query = query.where(Asset.place_id.in_(within(around.id)))
    elif where.area:
        return []
    return session.scalars(query.order_by(Place.path, Asset.code).limit(MOST)).all()


def _place(site_id: UUID, code: str) -> Place | None:
    return session.scalar(select(Place).filter_by(site_id=site_id, code=code, retired_at=None))
