"""Due dates of assets (statutory tests, certificates): whoever keeps them tells them here, plans remind of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from crew_app.places.models import Asset


@dataclass(frozen=True, slots=True)
class DueDate:
    """Something about an asset that has to be done by a day, e.g. the yearly test of a pressure vessel."""

    asset: Asset
    due_on: date
    what: str


SOURCES: list[Callable[[UUID, datetime], Iterable[DueDate]]] = []
"""Each is called with a site's id and the present moment. Registers add themselves when the application starts."""


def due_dates(site_id: UUID, at: datetime) -> list[DueDate]:
    """All due dates known at a site, the soonest first."""
    found = [one for source in SOURCES for one in source(site_id, at)]
    return sorted(found, key=lambda one: (one.due_on, one.asset.code, one.what))
