"""An invented hospital to walk through: buildings, floors, corridors, stops with their tags; and who walks there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid5

from PIL import Image

from crew_app.rounds.sightings import Spot
from tests.rounds import frames

SPACE = UUID(int=77)
BUILDINGS = {"A": 0.0, "B": 70.0, "C": 160.0}
"""Metres along the yard."""
FLOORS, ROOMS, BETWEEN_DOORS = 5, 8, 11.0


@dataclass(frozen=True, eq=False)
class Stop:
    """Something with a tag. `gauge`: its reading, how much it wanders, its smallest step; None when nothing is read."""

    name: str
    building: str
    floor: int
    along: float
    scene: Image.Image
    gauge: tuple[float, float, float] | None = None

    @property
    def spot(self) -> Spot:
        """Where it hangs; things in one room share it."""
        floor = f"{self.building}{self.floor}"
        return Spot(named(f"{floor}-{self.along}"), named(floor), named(self.building))

    @property
    def door(self) -> str:
        """The number on the door."""
        return f"{self.floor}{int(self.along // BETWEEN_DOORS):02}"


@dataclass(frozen=True, eq=False)
class Walker:
    """Somebody who walks: metres a second, seconds of work at a stop, and how their phone sees the world."""

    name: str
    speed: float
    work: float
    zoom: float
    light: float
    desk: Image.Image

    @property
    def id(self) -> UUID:
        """Their id, which is their phone's as well."""
        return named(self.name)


@dataclass
class Route:
    """Stops in the order in which they are walked."""

    name: str
    stops: list[Stop]
    ordered: bool = False
    live: bool = False


@dataclass
class House:
    """Everything that stands and everybody who walks."""

    routes: list[Route] = field(default_factory=list)
    walkers: list[Walker] = field(default_factory=list)


def named(name: str) -> UUID:
    """An id for a name."""
    return uuid5(SPACE, name)


def build(seed: int, routes: int = 8, walkers: int = 12) -> House:
    """The same hospital for the same seed."""
    rng = Random(seed)
    return House(
        [_route(rng, f"route {number}", number) for number in range(routes)],
        [_walker(rng, f"walker {number}") for number in range(walkers)],
    )


def _walker(rng: Random, name: str) -> Walker:
    return Walker(
        name,
        speed=rng.uniform(0.8, 1.6),
        work=rng.uniform(9, 32),
        zoom=rng.uniform(0.88, 1.14),
        light=rng.uniform(0.85, 1.15),
        desk=frames.scene(f"desk of {name}"),
    )


def _route(rng: Random, name: str, number: int) -> Route:
    stops: list[Stop] = []
    for building in rng.sample(sorted(BUILDINGS), rng.choice((1, 2, 2, 3))):
        for floor in sorted(rng.sample(range(FLOORS), rng.randint(2, 3))):
            stops += _corridor(rng, name, building, floor)
    return Route(name, stops[:16], ordered=number % 3 == 0, live=number % 2 == 0)


def _corridor(rng: Random, name: str, building: str, floor: int) -> list[Stop]:
    doors = sorted(rng.sample(range(1, ROOMS), rng.randint(1, 3)))
    places = [door * BETWEEN_DOORS for door in doors for _ in range(1 + (rng.random() < 0.15))]
    return [_stop(rng, f"{name} {building}{floor} {number}", building, floor, at) for number, at in enumerate(places)]


def _stop(rng: Random, name: str, building: str, floor: int, along: float) -> Stop:
    gauge = None
    if rng.random() < 0.4:
        gauge = (rng.uniform(20, 90), rng.choice((0.3, 1.0, 4.0)), rng.choice((0.1, 0.5, 1.0)))
    return Stop(name, building, floor, along, frames.scene(name), gauge)


def way(here: Stop, there: Stop, speed: float, rng: Random) -> float:
    """Seconds from one stop to the next: corridors, stairs or a lift (with the wait for it), the yard."""
    if here.building != there.building:
        yard = abs(BUILDINGS[here.building] - BUILDINGS[there.building]) + here.along + there.along
        return yard / speed + _climb(here.floor, speed, rng) + _climb(there.floor, speed, rng)
    if here.floor != there.floor:
        return (here.along + there.along) / speed + _climb(abs(here.floor - there.floor), speed, rng)
    return abs(here.along - there.along) / speed


def _climb(floors: int, speed: float, rng: Random) -> float:
    if floors > 1 and rng.random() < 0.5:
        return rng.uniform(4, 55) + 2.5 * floors
    return floors * rng.uniform(11, 15) / speed


def reading(stop: Stop, hours: float, rng: Random) -> float:
    """What the gauge shows: it wanders over the day, and nobody reads it quite alike."""
    base, wander, step = stop.gauge or (0.0, 0.0, 1.0)
    value = base + wander * (hours * 0.7 % 3 - 1.5) / 1.5 + rng.gauss(0, wander * 0.4)
    return round(value / step) * step


def order(stops: Sequence[Stop], rng: Random) -> list[Stop]:
    """A free order somebody may walk in: the other way round, or begun in the middle."""
    turn = rng.randrange(len(stops))
    walked = [*stops[turn:], *stops[:turn]]
    return walked[::-1] if rng.random() < 0.5 else walked
