"""What keeps a place or an asset from being retired: whatever is alive there. Each area adds what it knows of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.places.models import Asset, Place


class What(StrEnum):
    """What is alive."""

    PLACES = "places"
    ASSETS = "assets"
    JOBS = "jobs"


WHAT_LABELS = {
    What.PLACES: N_("Places inside that are in use"),
    What.ASSETS: N_("Assets that stand there"),
    What.JOBS: N_("Open jobs"),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """So much of something is alive, and where to look at it."""

    what: What
    count: int
    href: str


Holder = Callable[[Sequence[UUID], Sequence[UUID]], Iterator[Hold]]


def _inside(place_ids: Sequence[UUID], _asset_ids: Sequence[UUID]) -> Iterator[Hold]:
    for what, model, column, page in (
        (What.PLACES, Place, Place.parent_id, "places"),
        (What.ASSETS, Asset, Asset.place_id, "assets"),
    ):
        query = select(func.count()).select_from(model).where(column.in_(place_ids), model.retired_at.is_(None))
        count = session.scalar(query)
        if count:
            yield Hold(what, count, f"/admin/{page}?at={place_ids[0]}")


HOLDERS: list[Holder] = [_inside]


def holds(thing: Place | Asset) -> list[Hold]:
    """What is alive at a place or an asset."""
    places, assets = ([thing.id], []) if isinstance(thing, Place) else ([], [thing.id])
    return [hold for holder in HOLDERS for hold in holder(places, assets)]
