"""What an import would do, page by page: rows to be made, values to be changed, cells that are wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from crew_app.core.db import Base
from crew_app.core.words import N_
from crew_app.imports.cells import Bad, code, short, text
from crew_app.imports.fields import FIELDS, Field
from crew_app.imports.models import Subject

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file: its number there, and what its understood cells say."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which row, in the column of which field, with what value."""

    row: int
    field: str
    value: str
    message: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows to be made in a table, in this order."""

    model: type[Base]
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Update:
    """Values of one row to be changed, if it still says what it said."""

    model: type[Base]
    id: UUID
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    silent: frozenset[str] = frozenset()
    """Columns that follow from others and need no trace."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something that is no plain row: done by the handler of this name."""

    name: str
    given: Any


Step = Insert | Update | Call


@dataclass(slots=True)
class Page:
    """What some rows come to."""

    made: int = 0
    changed: int = 0
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def wrong(self, row: Row, key: str, message: str, **params: object) -> None:
        """Note that a cell is wrong."""
        self.faults.append(Fault(row.number, key, row.values.get(key, ""), message, params))

    def update(self, change: Update | None) -> None:
        """Count a row that is there already."""
        if change:
            self.changed += 1
            self.steps.append(change)
        else:
            self.same += 1


class Planner:
    """Looks at the rows of one file in order. What it was told about the file is in `options`."""

    subject: Subject

    def __init__(self, site_id: UUID, options: Mapping[str, Any]) -> None:
        self.site_id, self.options = site_id, options
        self.fields = FIELDS[self.subject]
        self.seen: dict[str, int] = {}

    def page(self, rows: Sequence[Row]) -> Page:
        """Some rows, in their order."""
        raise NotImplementedError

    def end(self) -> Page:
        """What can only be said after the last row."""
        return Page()

    def texts(self, row: Row, page: Page) -> dict[str, str] | None:
        """The cells as clean texts; None when one is missing or too long."""
        found = {}
        before = len(page.faults)
        for one in self.fields:
            value = row.values.get(one.key, "")
            found[one.key] = clean = (code if _is_code(one) else text)(value) if value else ""
            if one.needed and not clean:
                page.wrong(row, one.key, N_("This must not be empty."))
            elif len(clean) > one.most:
                page.wrong(row, one.key, N_("This is too long: %(most)s characters at most."), most=one.most)
        return found if len(page.faults) == before else None

    def once(self, row: Row, page: Page, value: str, key: str = "code") -> bool:
        """Whether this is the first row with this value."""
        first = self.seen.setdefault(value.casefold(), row.number)
        if first != row.number:
            page.wrong(row, key, N_("This stands in row %(first)s already."), first=first)
        return first == row.number

    def parsed(self, row: Row, page: Page, key: str, parse: Callable[[str], Made]) -> Made | None:
        """A cell as a typed value; nothing when it is empty or wrong, which is noted."""
        value = row.values.get(key, "")
        if not value.strip():
            return None
        try:
            return parse(value)
        except Bad as bad:
            page.wrong(row, key, bad.message, **bad.params)
            return None


def differing(old: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that differ, before and after. What is empty in the file changes nothing."""
    after = {name: value for name, value in wanted.items() if value not in ("", None) and old[name] != value}
    return {name: old[name] for name in after}, after


def _is_code(one: Field) -> bool:
    return one.key in ("code", "login", "staff_number", "asset")


__all__ = ["Bad", "Call", "Fault", "Insert", "Page", "Planner", "Row", "Step", "Update", "differing", "short"]
