"""All that the pages of open counts depend on, for phones that keep them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from crew_app.core.db import session
from crew_app.fixed_assets.models import AssetCard, AssetCount, AssetSighting
from crew_app.fixed_assets.results import open_counts
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset

Fact = tuple[UUID, object]


def of_open_counts(person: Person) -> Iterator[Fact]:
    """Each open count a person may see, and what its page shows. Sightings are only ever added."""
    if not person.can(Right.SEE_SITE):
        return
    counts = open_counts(person)
    if not counts:
        return
    seen = {row[0]: row[1] for row in session.execute(_sightings([count.id for count in counts]))}
    cards = session.execute(_cards({count.site_id for count in counts})).all()
    for count in counts:
        own = [tuple(row) for row in cards if _concerns(count, row.site_id, row.department_id)]
        yield count.id, (count.id, seen.get(count.id), own)


def _concerns(count: AssetCount, site_id: UUID, department_id: UUID | None) -> bool:
    """Those of its department; for a count of a place all of the site, since things move in and out."""
    return department_id == count.department_id if count.department_id else site_id == count.site_id


def _sightings(count_ids: list[UUID]) -> Select[UUID, int]:
    query = select(AssetSighting.count_id, func.count()).where(AssetSighting.count_id.in_(count_ids))
    return query.group_by(AssetSighting.count_id)


def _cards(site_ids: set[UUID]) -> Select[*tuple[Any, ...]]:
    columns = (AssetCard.asset_id, AssetCard.site_id, AssetCard.department_id, AssetCard.number, AssetCard.state)
    words = (Asset.place_id, Asset.name, Asset.name_en, Asset.code)
    query = select(*columns, *words).join(AssetCard.asset).where(AssetCard.site_id.in_(site_ids))
    return query.order_by(AssetCard.asset_id)
