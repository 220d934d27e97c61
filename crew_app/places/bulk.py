"""Many places or assets at once: what would change, line by line, and then all of it or nothing.

A look is the real thing, rolled back by whoever asked for it: what is shown is what happens.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import CrewError, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.places import asset_registry, place_registry
from crew_app.places.models import Asset, Place
from crew_app.places.registry import Values

MOST = 2_000
COLUMNS = ("code", "name", "name_en", "kind", "parent")
_HEADINGS = {"code", "编码", "代码", "编号", "位置编码"}


@dataclass(frozen=True, slots=True)
class Step:
    """What one line does: to a new thing or a known one, what differs, or why it cannot be done."""

    code: str
    name: str
    is_new: bool
    differences: tuple[tuple[str, Any, Any], ...] = ()
    wrong: CrewError | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """All lines."""

    steps: tuple[Step, ...]

    @property
    def wrong(self) -> int:
        """How many cannot be done."""
        return sum(step.wrong is not None for step in self.steps)

    @property
    def changing(self) -> int:
        """How many do something."""
        return sum(step.wrong is None and (step.is_new or bool(step.differences)) for step in self.steps)

    @property
    def seal(self) -> str:
        """The same for the same changes: what was looked at is what is carried out."""
        told = [
            (step.code, step.is_new, [(d[0], str(d[1]), _moment_free(d)) for d in step.differences])
            for step in self.steps
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _moment_free(difference: tuple[str, Any, Any]) -> str:
    return "now" if difference[0] == "retired_at" and difference[2] else str(difference[2])


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted for all that are chosen; without values it only retires."""

    values: Values
    retire: bool = False


def set_places(places: Sequence[Place], wish: Wish, *, by: Person, at: Moment) -> Steps:
    """Give places the same department, kind or parent, and retire them, those inside first."""

    def one(place: Place) -> list[tuple[str, Any, Any]]:
        found = place_registry.change(place, wish.values, by=by, at=at) if wish.values else []
        return found + (place_registry.retire_place(place, by=by, at=at) if wish.retire else [])

    inside_first = sorted(places, key=lambda place: (-place.path.count(" / "), place.code))
    return Steps(tuple(_known(place, one) for place in inside_first))


def set_assets(assets: Sequence[Asset], wish: Wish, *, by: Person, at: Moment) -> Steps:
    """Give assets the same place or kind, or retire them."""

    def one(asset: Asset) -> list[tuple[str, Any, Any]]:
        found = asset_registry.change(asset, wish.values, by=by, at=at) if wish.values else []
        return found + (asset_registry.retire_asset(asset, by=by, at=at) if wish.retire else [])

    return Steps(tuple(_known(asset, one) for asset in assets))


def _known(thing: Any, one: Callable[[Any], list[tuple[str, Any, Any]]]) -> Step:
    code, name = thing.code, thing.name
    try:
        return Step(code, name, is_new=False, differences=tuple(one(thing)))
    except CrewError as error:
        return Step(code, name, is_new=False, wrong=error)


def put_lines(site_id: UUID, lines: Sequence[dict[str, str]], *, by: Person, at: Moment) -> Steps:
    """Make or change places by lines; a line may be within the place of another line, wherever that stands."""
    steps: dict[int, Step] = {}
    waiting = dict(enumerate(lines))
    while waiting:
        codes = {line["code"] for line in waiting.values()}
        ready = [number for number, line in waiting.items() if line["parent"] not in codes - {line["code"]}]
        for number in ready or list(waiting):
            steps[number] = _line(site_id, waiting.pop(number), by, at)
    return Steps(tuple(steps[number] for number in sorted(steps)))


def _line(site_id: UUID, line: dict[str, str], by: Person, at: Moment) -> Step:
    place = session.scalar(select(Place).where(Place.site_id == site_id, Place.code == line["code"]))
    name = line["name"] or (place.name if place else "")
    try:
        if place is None:
            made = place_registry.add(site_id, place_registry.read(line, site_id), by=by, at=at)
            return Step(made.code, made.name, is_new=True)
        given = {field: value for field, value in line.items() if value}
        values = place_registry.read({**_as_line(place), **given}, site_id)
        differences = place_registry.change(place, values, by=by, at=at)
        return Step(line["code"], name, is_new=False, differences=tuple(differences))
    except CrewError as error:
        return Step(line["code"], name, is_new=place is None, wrong=error)


def _as_line(place: Place) -> dict[str, str]:
    around, department = place.parent, place.department
    names = {"name": place.name, "name_en": place.name_en, "kind": place.kind.value}
    return names | {"parent": around.code if around else "", "department": department.code if department else ""}


def parse_lines(typed: str) -> list[dict[str, str]]:
    """Read lines `code, name, name_en, kind, parent`, with commas or as copied out of a spreadsheet."""
    lines = list(_cells(typed))
    if lines and lines[0]["code"].casefold() in _HEADINGS:
        lines = lines[1:]
    if not lines:
        raise Refused("lines-missing", N_("Please paste at least one line."))
    if len(lines) > MOST:
        raise Refused("too-many-lines", N_("At most %(most)s at once, please."), most=MOST)
    return lines


def _cells(typed: str) -> Iterator[dict[str, str]]:
    for line in typed.splitlines():
        cells = line.split("\t") if "\t" in line else line.replace("，", ",").split(",")
        cells = [cell.strip().strip('"') for cell in cells]
        if any(cells):
            yield dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))


def carried_out(steps: Steps, seal: str) -> None:
    """Refuse what cannot be done as a whole, or is not what was looked at; the transaction then rolls back."""
    if steps.wrong:
        raise Refused("lines-wrong", N_("Something cannot be done. Nothing was changed; please look at it again."))
    if steps.seal != seal:
        words = N_("Something was changed meanwhile, so this would do something else now. Please look at it again.")
        raise Refused("changed-meanwhile", words)
