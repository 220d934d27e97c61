"""What stands in the demo hospital: 1,500 assets of 24 kinds, spread evenly over the places that have such things."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from crew_app.demo.hospital import ROOF, DemoPlace, lifts, places
from crew_app.demo.tables import rows
from crew_app.places.models import PlaceKind

SEED = 20_110_401
PER_BED = frozenset({"call_unit", "oxygen_outlet"})


@dataclass(frozen=True, slots=True)
class DemoAssetKind:
    """A kind of asset, how many there are, and the types of places where they stand."""

    code: str
    prefix: str
    name: str
    name_en: str
    icon: str
    count: int
    models: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoAsset:
    """One thing with an inventory code, a model and a serial number."""

    site: str
    place: str
    kind: str
    code: str
    name: str
    name_en: str
    model: str
    serial: str


@cache
def asset_kinds() -> dict[str, DemoAssetKind]:
    """All kinds by code."""
    return {row["code"]: _kind(row) for row in rows("asset_kinds")}


@cache
def assets() -> dict[str, DemoAsset]:
    """All assets by code."""
    dice = Random(SEED)  # noqa: S311 - the same hospital every time
    made = (asset for kind in asset_kinds().values() for asset in _assets_of(kind, dice))
    return {asset.code: asset for asset in made}


def _kind(row: dict[str, str]) -> DemoAssetKind:
    return DemoAssetKind(
        code=row["code"],
        prefix=row["prefix"],
        name=row["name"],
        name_en=row["name_en"],
        icon=row["icon"],
        count=int(row["count"]),
        models=tuple(row["models"].split(";")),
        places=tuple(row["places"].split()),
    )


def _assets_of(kind: DemoAssetKind, dice: Random) -> Iterator[DemoAsset]:
    where = list(_lift_places() if kind.code == "lift" else _spread(kind))
    total, seen = Counter(place.code for place in where), Counter[str]()
    for place in where:
        seen[place.code] += 1
        alone = total[place.code] == 1 and kind.code != "lift"
        yield _asset(kind, place, seen[place.code], dice, alone=alone)


def _lift_places() -> Iterator[DemoPlace]:
    for building, count in lifts():
        room = next(p for p in places().values() if p.type == "lift" and p.parent == f"{building}-{ROOF}")
        yield from [room] * count


def _spread(kind: DemoAssetKind) -> Iterator[DemoPlace]:
    """The place of each asset: every fitting place gets its share, those named twice in the catalogue twice."""
    fitting = [place for place in places().values() for _ in range(kind.places.count(place.type))]
    for number in range(kind.count):
        yield fitting[number * len(fitting) // kind.count]


def _asset(kind: DemoAssetKind, place: DemoPlace, number: int, dice: Random, *, alone: bool) -> DemoAsset:
    name, name_en = _names(kind, place, number, alone=alone)
    return DemoAsset(
        site=place.site,
        place=place.code,
        kind=kind.code,
        code=f"{kind.prefix}-{place.code}-{number:02d}",
        name=name,
        name_en=name_en,
        model=dice.choice(kind.models),
        serial=f"{dice.randint(2012, 2024)}{dice.randint(1, 12):02d}{dice.randint(1, 99_999):05d}",
    )


def _names(kind: DemoAssetKind, place: DemoPlace, number: int, *, alone: bool) -> tuple[str, str]:
    if kind.code == "lift":
        building = places()[place.code.partition("-")[0]]
        return f"{building.name} {number} 号电梯", f"Lift {number}, {building.name_en}"
    if alone:
        return kind.name, kind.name_en
    unit = "床" if kind.code in PER_BED and place.kind is PlaceKind.ROOM else "号"
    return f"{kind.name} {number} {unit}", f"{kind.name_en} {number}"
