"""Finding what a caller means: a room, an asset or a ward, by code, name or the initials of its name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.changes import Change
from crew_app.core.db import session
from crew_app.places.models import Asset, AssetKind, Department, Place
from crew_app.stock.catalogue import pinyin

SHOWN = 12
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """A place or an asset that can be meant."""

    place_id: UUID
    asset_id: UUID | None
    code: str
    name: str
    name_en: str
    path: str
    path_en: str
    icon: str
    heads: tuple[str, ...]
    """What typing usually begins with: code, name, initials."""
    text: str
    """All that is searched, in small letters."""


def search(site_ids: Iterable[UUID], typed: str) -> list[Subject]:
    """What contains every word, the likeliest first."""
    words = typed.casefold().split()[:MOST_WORDS]
    if not words:
        return []
    found = [one for site_id in sorted(site_ids) for one in _all(site_id) if all(word in one.text for word in words)]
    return sorted(found, key=lambda one: _rank(one, words))[:SHOWN]


def subject(place: Place, asset: Asset | None) -> Subject:
    """The one that was chosen."""
    thing = asset or place
    icon = asset.kind.icon if asset else "map-pin"
    names = (thing.code, thing.name, thing.name_en)
    return Subject(place.id, asset.id if asset else None, *names, place.path, place.path_en, icon, (), "")


def _rank(one: Subject, words: list[str]) -> tuple[int, int, str]:
    exact = any(head == word for head in one.heads for word in words)
    begins = any(head.startswith(words[0]) for head in one.heads)
    ends = any(one.code.casefold().endswith(word) for word in words)
    points = 4 * exact + 2 * begins + 2 * ends + (one.asset_id is None)
    return -points, len(one.path), one.code


def _all(site_id: UUID) -> tuple[Subject, ...]:
    places = session.execute(select(func.count(), func.max(Place.code)).where(Place.site_id == site_id)).one()
    assets = session.execute(select(func.count(), func.max(Asset.code)).where(Asset.site_id == site_id)).one()
    changed = session.scalar(select(Change.id).where(Change.site_id == site_id).order_by(Change.id.desc()).limit(1))
    return _known(site_id, str(session.get_bind().engine.url), (*places, *assets, changed))


@lru_cache(maxsize=16)
def _known(site_id: UUID, _database: str, _version: tuple[object, ...]) -> tuple[Subject, ...]:
    """Everything at a site with what it is searched by; made anew when something was added, changed or went."""
    return (*_places(site_id), *_assets(site_id))


def _places(site_id: UUID) -> Iterator[Subject]:
    query = select(Place, Department).outerjoin(Department, Department.id == Place.department_id)
    for place, ward in session.execute(query.where(Place.site_id == site_id, Place.retired_at.is_(None))):
        yield _made(place.id, None, place, place, ward, "map-pin")


def _assets(site_id: UUID) -> Iterator[Subject]:
    query = select(Asset, Place, Department, AssetKind.icon).join(Place, Place.id == Asset.place_id).join(AssetKind)
    query = query.outerjoin(Department, Department.id == Place.department_id)
    query = query.where(Asset.site_id == site_id, Asset.retired_at.is_(None))
    for asset, place, ward, icon in session.execute(query):
        yield _made(place.id, asset.id, asset, place, ward, icon)


def _made(
    place_id: UUID, asset_id: UUID | None, thing: Place | Asset, place: Place, ward: Department | None, icon: str
) -> Subject:
    spoken = [thing.name, *place.path.split(" / "), *([ward.name, ward.code] if ward else [])]
    english = [thing.name_en, place.path_en, ward.name_en if ward else ""]
    typed = " ".join(sounds(word) for word in spoken)
    text = " ".join((thing.code, place.code, *spoken, *english, typed)).casefold()
    heads = (thing.code.casefold(), thing.name.casefold(), *sounds(thing.name).split())
    names = (thing.code, thing.name, thing.name_en, place.path, place.path_en)
    return Subject(place_id, asset_id, *names, icon, heads, text)


@lru_cache(maxsize=20_000)
def sounds(word: str) -> str:
    """How a word is typed: its pinyin, and the initials."""
    return pinyin(word)
