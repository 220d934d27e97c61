"""Prints in the database: written, forgotten, and found by anything alike among millions."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import String, delete, insert, select, tuple_, type_coerce

from crew_app.core.db import session
from crew_app.evidence.closeness import Placement
from crew_app.evidence.models import Photo
from crew_app.evidence.prints import BANDS, KEPT, WHOLE, Print, Window, band_value, centred, distance, signed, unsigned
from crew_app.evidence.proof_models import PhotoPrint

ALIKE = 18
"""Pictures whose prints differ in at most so many of 64 bits are looked at closely."""
MOST = 6
"""So many are looked at closely, the most alike first."""
STARTS = 3
MOST_ROWS = 40_000
"""More than that under one band are pictures of nothing: a search must not take for ever."""


@dataclass(slots=True)
class Candidate:
    """An earlier photo that may be the same picture, and how the two would lie upon each other."""

    photo_id: UUID
    hits: dict[tuple[bool, Window, Window], int] = field(default_factory=dict)

    @property
    def distance(self) -> int:
        """Of the closest pair of prints."""
        return min(self.hits.values())

    @property
    def mirrored(self) -> bool:
        """Whether the closest pair is of mirrored pictures."""
        return min(self.hits, key=lambda hit: self.hits[hit])[0]

    @property
    def starts(self) -> list[Placement]:
        """Where to begin laying one upon the other."""
        hits = sorted((hit for hit in self.hits if hit[0] == self.mirrored), key=lambda hit: self.hits[hit])
        return [Placement.from_windows(new, old) for _, new, old in hits[:STARTS]]


def write(photo: Photo, kept: Sequence[Print]) -> None:
    """Keep the prints of a photo; what was kept before is replaced."""
    forget([photo.id])
    rows = [
        {
            "site_id": photo.site_id,
            "band": band,
            "value": band_value(one.bits, band),
            "photo_id": photo.id,
            "part": part,
            "hash": signed(one.bits),
        }
        for part, one in enumerate(kept)
        for band in range(BANDS)
    ]
    session.execute(insert(PhotoPrint), rows)


def forget(photo_ids: Collection[UUID]) -> None:
    """Forget the prints of photos. Only the first band is indexed by photo; the others follow from the bits."""
    key = (PhotoPrint.site_id, PhotoPrint.band, PhotoPrint.value, PhotoPrint.photo_id, PhotoPrint.part)
    query = select(PhotoPrint.site_id, PhotoPrint.photo_id, PhotoPrint.part, PhotoPrint.hash)
    rows = session.execute(query.where(PhotoPrint.photo_id.in_(photo_ids), PhotoPrint.band == 0)).all()
    keys = [
        (site, band, band_value(unsigned(number), band), photo, part)
        for site, photo, part, number in rows
        for band in range(BANDS)
    ]
    for start in range(0, len(keys), 100):
        session.execute(delete(PhotoPrint).where(tuple_(*key).in_(keys[start : start + 100])))


def candidates(site_id: UUID, looks: Sequence[Print], but: Collection[UUID] = ()) -> list[Candidate]:
    """Photos of a site that look alike, the most alike first; `but` these."""
    found: dict[object, Candidate] = {}
    by_value = asked(looks)
    for band in range(BANDS):
        for value, photo_id, part, number in _under(site_id, band, [one for b, one in by_value if b == band]):
            for one, mirrored in by_value[band, value]:
                apart = distance(one.bits, unsigned(number))
                if apart <= ALIKE:
                    candidate = found.setdefault(photo_id, Candidate(_id(photo_id)))
                    candidate.hits[mirrored, one.window, centred(KEPT[part])] = apart
    return sorted((one for one in found.values() if one.photo_id not in but), key=lambda one: one.distance)[:MOST]


def asked(looks: Sequence[Print]) -> dict[tuple[int, int], list[tuple[Print, bool]]]:
    """By band and value, the prints that ask for it: all of them, and the whole picture mirrored."""
    found: dict[tuple[int, int], list[tuple[Print, bool]]] = {}
    for one, mirrored in _both(looks):
        for lookup in one.lookups():
            found.setdefault(lookup, []).append((one, mirrored))
    return found


def _both(looks: Sequence[Print]) -> Iterator[tuple[Print, bool]]:
    for one in looks:
        yield one, False
        if one.window == WHOLE:
            yield one.mirrored, True


def _under(site_id: UUID, band: int, values: Sequence[int]) -> Iterator[tuple[int, object, int, int]]:
    """Prints under these values; ids as the database has them, because most are thrown away at once."""
    columns = (PhotoPrint.value, type_coerce(PhotoPrint.photo_id, String), PhotoPrint.part, PhotoPrint.hash)
    query = select(*columns).where(PhotoPrint.site_id == site_id, PhotoPrint.band == band, PhotoPrint.value.in_(values))
    for value, photo_id, part, number in session.execute(query.limit(MOST_ROWS)):  # noqa: UP028 - typed rows
        yield value, photo_id, part, number


def _id(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
