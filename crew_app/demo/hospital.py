"""The made-up hospital (栖川市第一人民医院): two sites, nine buildings, their floors, departments and rooms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from crew_app.demo.tables import rows
from crew_app.places.models import PlaceKind

ROOF = "RF"
WAY = " / "


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A campus; `keeper` is the department that looks after what belongs to no ward."""

    code: str
    name: str
    name_en: str
    keeper: str


@dataclass(frozen=True, slots=True)
class DemoDepartment:
    """A ward or office."""

    site: str
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A building, floor, room or area; `type` says what it is used for ("ward", "toilet", "corridor", ...)."""

    site: str
    code: str
    parent: str | None
    department: str | None
    kind: PlaceKind
    type: str
    name: str
    name_en: str
    path: str
    path_en: str


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor of a building, and whose it is."""

    building: dict[str, str]
    label: str
    department: str
    pattern: str

    @property
    def code(self) -> str:
        """Such as Z1-05, JZ-B2, Z1-RF."""
        return f"{self.building['code']}-{self.label}"

    @property
    def names(self) -> tuple[str, str]:
        """As on the sign in the stairwell: the floor, and whose it is."""
        if self.label == ROOF:
            return "屋面机房层", "Roof"
        if self.label.startswith("B"):
            return f"地下 {self.label[1:]} 层", f"Basement {self.label[1:]}"
        department = departments()[self.department]
        return f"{int(self.label)} 楼 {department.name}", f"Floor {int(self.label)}, {department.name_en}"


SITES = {
    "main": DemoSite("main", "栖川市第一人民医院 本部院区", "Qichuan First People's Hospital, main campus", "HQK"),
    "east": DemoSite("east", "栖川市第一人民医院 东院区", "Qichuan First People's Hospital, east campus", "DHK"),
}


@cache
def departments() -> dict[str, DemoDepartment]:
    """All departments by code."""
    sites = {row["code"]: row["site"] for row in rows("buildings")}
    return {
        row["code"]: DemoDepartment(sites[row["building"]], row["code"], row["name"], row["name_en"])
        for row in rows("departments")
    }


@cache
def places() -> dict[str, DemoPlace]:
    """All places by code, each after the one it lies in."""
    return {place.code: place for place in (*_areas(), *_buildings(), *_floors_and_rooms())}


def lifts() -> Iterator[tuple[str, int]]:
    """Each building that has lifts, and how many."""
    for row in rows("buildings"):
        if int(row["lifts"]):
            yield row["code"], int(row["lifts"])


def _areas() -> Iterator[DemoPlace]:
    for row in rows("areas"):
        yield _outermost(row, PlaceKind.AREA, "outdoor", SITES[row["site"]].keeper)


def _buildings() -> Iterator[DemoPlace]:
    for row in rows("buildings"):
        yield _outermost(row, PlaceKind.BUILDING, "building", None)


def _outermost(row: dict[str, str], kind: PlaceKind, type_: str, department: str | None) -> DemoPlace:
    """Something that lies directly in a site."""
    return DemoPlace(
        site=row["site"],
        code=row["code"],
        parent=None,
        department=department,
        kind=kind,
        type=type_,
        name=row["name"],
        name_en=row["name_en"],
        path=row["name"],
        path_en=row["name_en"],
    )


def _floors_and_rooms() -> Iterator[DemoPlace]:
    for building in rows("buildings"):
        for floor in _floors(building):
            yield _floor_place(floor)
            yield from _rooms(floor)


def _floors(building: dict[str, str]) -> Iterator[Floor]:
    keeper = SITES[building["site"]].keeper
    for depth in range(int(building["basements"]), 0, -1):
        yield Floor(building, f"B{depth}", keeper, "basement" if depth == 1 else "deep")
    for row in _departments_of(building["code"]):
        yield Floor(building, f"{int(row['floor']):02d}", row["code"], row["pattern"])
    if int(building["lifts"]):
        yield Floor(building, ROOF, keeper, "roof")


def _departments_of(building: str) -> list[dict[str, str]]:
    found = [row for row in rows("departments") if row["building"] == building]
    return sorted(found, key=lambda row: int(row["floor"]))


def _floor_place(floor: Floor) -> DemoPlace:
    name, name_en = floor.names
    return DemoPlace(
        site=floor.building["site"],
        code=floor.code,
        parent=floor.building["code"],
        department=floor.department,
        kind=PlaceKind.FLOOR,
        type="corridor",
        name=name,
        name_en=name_en,
        path=WAY.join((floor.building["name"], name)),
        path_en=WAY.join((floor.building["name_en"], name_en)),
    )


def _rooms(floor: Floor) -> Iterator[DemoPlace]:
    number = 0
    for row in rows("rooms"):
        for index in range(1, _count(row, floor) + 1):
            number += 1
            yield _room(floor, row, number, _suffix(floor, row, number, index))


def _count(row: dict[str, str], floor: Floor) -> int:
    return int(row["count"]) if row["pattern"] == floor.pattern else 0


def _suffix(floor: Floor, row: dict[str, str], number: int, index: int) -> str:
    if not row["numbered"]:
        return ""
    return f" {int(floor.label)}{number:02d}" if row["name"] == "病房" else f" {index}"


def _room(floor: Floor, row: dict[str, str], number: int, suffix: str) -> DemoPlace:
    name, name_en = row["name"] + suffix, row["name_en"] + suffix
    return DemoPlace(
        site=floor.building["site"],
        code=f"{floor.code}{number:02d}",
        parent=floor.code,
        department=floor.department,
        kind=PlaceKind.ROOM,
        type=row["type"],
        name=name,
        name_en=name_en,
        path=WAY.join((floor.building["name"], floor.names[0], name)),
        path_en=WAY.join((floor.building["name_en"], floor.names[1], name_en)),
    )
