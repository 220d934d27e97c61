"""What the members of a dimension are called: one query for each dimension."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.people.models import NAMED, Person
from crew_app.places.models import Asset, Department, Place
from crew_app.reports.trends import By
from crew_app.stock.models import Item
from crew_app.tickets.models import JobKind

_QUERIES: Mapping[By, Any] = {
    By.KIND: select(JobKind),
    By.DEPARTMENT: select(Department),
    By.PLACE: select(Place),
    By.ASSET: select(Asset).options(joinedload(Asset.place)),
    By.PERSON: select(Person).options(*NAMED),
    By.ITEM: select(Item),
}
_IDS: Mapping[By, Any] = {
    By.KIND: JobKind.id,
    By.DEPARTMENT: Department.id,
    By.PLACE: Place.id,
    By.ASSET: Asset.id,
    By.PERSON: Person.id,
    By.ITEM: Item.id,
}


def members(by: By, ids: Collection[str]) -> dict[str, Any]:
    """The job kinds, departments, places, assets, people or materials with these ids."""
    wanted = [UUID(one) for one in ids if one]
    if not wanted:
        return {}
    rows: Sequence[Any] = session.scalars(_QUERIES[by].where(_IDS[by].in_(wanted))).all()
    return {str(found.id): found for found in rows}
