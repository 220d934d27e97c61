"""What breaks in a hospital, how it is reported, what it takes, and what the crew writes afterwards."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from crew_app.demo.tables import rows
from crew_app.people.rules import Trade
from crew_app.tickets.rules import Priority

PART = re.compile(r"(?P<item>[A-Z]{2}-\d{4}):(?P<low>[\d.]+)(?:-(?P<high>[\d.]+))?(?:~(?P<chance>[\d.]+))?")


@dataclass(frozen=True, slots=True)
class Part:
    """A material a repair takes: between `low` and `high` of it, with a chance."""

    item: str
    low: Decimal
    high: Decimal
    chance: float


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that happens, from the words of the report to the words of the finish.

    `places` are room types, "corridor", "outdoor", or an asset kind after "@"; what stands there twice weighs double.
    """

    weight: int
    report: str
    report_en: str
    finish: str
    finish_en: str
    parts: tuple[Part, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoKind:
    """A job kind; `weight` is its number in one year of the source hospital, `minutes` a usual repair."""

    code: str
    name: str
    name_en: str
    trade: Trade
    priority: Priority
    weight: int
    icon: str
    minutes: int
    season: str
    cases: tuple[Case, ...]


@cache
def job_kinds() -> dict[str, DemoKind]:
    """All job kinds by code, in the order in which the screen offers them."""
    cases = rows("job_cases")
    return {
        row["code"]: _kind(row, [case for case in cases if case["kind"] == row["code"]]) for row in rows("job_kinds")
    }


def _kind(row: dict[str, str], cases: list[dict[str, str]]) -> DemoKind:
    return DemoKind(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        trade=Trade(row["trade"]),
        priority=Priority(int(row["priority"])),
        weight=int(row["weight"]),
        icon=row["icon"],
        minutes=int(row["minutes"]),
        season=row["season"],
        cases=tuple(_case(case, row["places"]) for case in cases),
    )


def _case(row: dict[str, str], places: str) -> Case:
    return Case(
        weight=int(row["weight"]),
        report=row["report"],
        report_en=row["report_en"],
        finish=row["finish"],
        finish_en=row["finish_en"],
        parts=tuple(part_of(text) for text in row["items"].split()),
        places=tuple((row["places"] or places).split()),
    )


def part_of(text: str) -> Part:
    """`DG-0001:1-2~0.5`: item, quantity or range of it, chance."""
    match = PART.fullmatch(text)
    if match is None:
        raise ValueError(f"not a material of a case: {text}")
    low = Decimal(match["low"])
    return Part(match["item"], low, Decimal(match["high"] or low), float(match["chance"] or 1))
