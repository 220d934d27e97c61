"""What to know before a door: precautions, quiet hours, access, whom to call; what is nearer to it counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.revisions import kept
from crew_app.places.models import Care, Place, PlaceContext

STEP = " / "
"""What stands between two places in a path."""
TOGETHER = (("care",), ("isolation",), ("quiet_from", "quiet_until"), ("access",), ("contact", "contact_phone"))
"""What is written in one place or not at all: a number without its name would be somebody else's."""


@dataclass(frozen=True, slots=True)
class Door:
    """What holds for one place, whether written there or for the place around it."""

    care: Care | None = None
    isolation: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None
    access: str = ""
    contact: str = ""
    contact_phone: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to know."""
        return self != Door(care=self.care)

    @property
    def quiet(self) -> str:
        """The quiet hours as they are written, or nothing."""
        if self.quiet_from is None or self.quiet_until is None:
            return ""
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"

    def quiet_now(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it has to be quiet there at a moment, by the clock of the site."""
        return is_between(at.astimezone(zone).time(), self.quiet_from, self.quiet_until)


def is_between(moment: time, begin: time | None, end: time | None) -> bool:
    """Whether a time of day lies between two others; over midnight where the end is before the beginning."""
    if begin is None or end is None:
        return False
    return begin <= moment < end if begin <= end else moment >= begin or moment < end


@dataclass(frozen=True, slots=True)
class Written:
    """What is written about one place itself."""

    place_id: UUID
    path: str
    door: Door


class Doors:
    """All that is written about the places of a site, read once; paths say what lies within what."""

    def __init__(self, rows: Iterable[Written]) -> None:
        rows = list(rows)
        self._own = {row.place_id: row.door for row in rows}
        self._around = {row.path: row.door for row in rows}
        self._found: dict[tuple[UUID, str], Door] = {}

    def of(self, place_id: UUID, path: str) -> Door:
        """What holds before the door of a place."""
        found = self._found.get((place_id, path))
        if found is None:
            own = self._own.get(place_id)
            around = (self._around[up] for up in outwards(path) if up in self._around)
            found = self._found[place_id, path] = _merged([own] if own else [], around)
        return found


def outwards(path: str) -> Iterator[str]:
    """The paths of the places around a place, the nearest first."""
    while STEP in path:
        path = path.rpartition(STEP)[0]
        yield path


def _merged(own: Iterable[Door], around: Iterable[Door]) -> Door:
    found, chain = Door(), [*own, *around]
    for names in TOGETHER:
        given = ({name: getattr(one, name) for name in names} for one in chain)
        nearest = next((values for values in given if any(value not in (None, "") for value in values.values())), {})
        found = replace(found, **nearest)
    return found


def doors(site_id: UUID) -> Doors:
    """What is written about the places of a site; read anew only when that was changed."""
    return kept(("places",), ("doors", site_id), lambda: _read(site_id))


def _read(site_id: UUID) -> Doors:
    columns = [getattr(PlaceContext, field.name) for field in fields(Door)]
    query = select(Place.id, Place.path, *columns).join(PlaceContext, PlaceContext.place_id == Place.id)
    rows = session.execute(query.where(Place.site_id == site_id))
    return Doors(Written(row[0], row[1], Door(*row[2:])) for row in rows)
