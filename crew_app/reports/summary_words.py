"""What a summary is made of before it is in a language: sentences with figures in them, tables, sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from crew_app.reports.figures import Figure, Row


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things with one of their figures each: lamps (1,903), drains (1,049)."""

    rows: Sequence[Row]
    cell: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called in Chinese and in English."""

    zh: str
    en: str = ""


Value = Figure | Listing | Name | Decimal | date | str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: a text marked for translation, and what stands in it."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)


Paragraph = list[Said]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption and columns are marked for translation, as are names that are the same in both languages."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]


SECTIONS = (
    "opening",
    *("jobs", "kinds", "quality", "safety", "rounds", "training", "supplies"),
    *("contractors", "satisfaction", "works", "shortcomings", "plans"),
)
"""The keys of all sections, in their order."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a summary. One without paragraphs and tables has nothing to tell, and is left out."""

    key: str
    heading: str
    paragraphs: Sequence[Paragraph] = ()
    grids: Sequence[Grid] = ()
    numbered: bool = False
    """Its paragraphs are points: 1, 2, 3."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.paragraphs and not self.grids


def say(text: str, **values: Value) -> Said:
    """A sentence with its values."""
    return Said(text, values)


def row(name: str, *cells: Figure) -> Row:
    """A line of a table whose name is marked for translation."""
    return Row(name, name, cells)
