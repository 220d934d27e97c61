"""A row once more: the same thing, days earlier, perhaps in another hospital."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import DateTime, Table, Uuid

from crew_app.core.types import UtcDateTime
from crew_app.demo.growth.bases import Raw

_DAY_MS = 86_400_000
_TIMED = 12
"""So many hex digits of a time-ordered id (UUIDv7) are its milliseconds."""
_SAME = 28
"""From here on the digits say which copy it is."""
_COPY = "8"
"""The version digit of a copy (UUIDv8): no row that the application made has it."""


class Shift:
    """One copy: its number (in the ids), how many days earlier, and what stands for the places and people."""

    def __init__(self, number: int, days: int, names: Mapping[str, str]) -> None:
        self.ends, self.days, self.names = f"{number:04x}", days, names
        self._ms = days * _DAY_MS
        self._known: dict[str, str] = {}

    def own(self, id_: str) -> str:
        """The id of what is made anew, when it is ordered by time."""
        return f"{int(id_[:_TIMED], 16) - self._ms:012x}{_COPY}{id_[_TIMED + 1 : _SAME]}{self.ends}"

    def fixed(self, id_: str) -> str:
        """The id of what is made anew, when it is not."""
        return _fixed(id_, self.ends)

    def time(self, text: str) -> str:
        """A moment or a day."""
        day = text[:10]
        if day not in self._known:
            self._known[day] = str(date.fromisoformat(day) - timedelta(days=self.days))
        return self._known[day] + text[10:]

    def number(self, text: str) -> str:
        """The number of a job or a run: of its own day, far behind those given there already."""
        prefix, day, serial = text.split("-")
        moved = self.time(f"{day[:4]}-{day[4:6]}-{day[6:]}").replace("-", "")
        return f"{prefix}-{moved}-{int(serial) + 100 * (1 + int(self.ends, 16) % 97):04d}"


def copied(
    table: Table, rows: Iterable[Raw], shift: Shift, anew: Mapping[str, Callable[[str], Any]], null: Any
) -> Iterator[Raw]:
    """Rows as they are in a copy.

    `anew` says which columns are made anew and how; of the others times are moved and names replaced.
    """
    changes = [(place, change) for place, change in _changes(table, shift, anew)]
    for row in rows:
        fresh = row.copy()
        for place, change in changes:
            value = row[place]
            if value != null and value is not None:
                fresh[place] = change(value)
        yield fresh


def named(ids: Iterable[str], hospital: int) -> dict[str, str]:
    """What stands for rows of the demo's hospital in another one."""
    return {id_: _fixed(id_, f"{hospital:04x}") for id_ in ids}


def original(id_: str) -> str:
    """What an id without a time of its own has in common with its copies."""
    return id_[:_TIMED] + id_[_TIMED + 1 : _SAME]


def _fixed(id_: str, ends: str) -> str:
    return f"{id_[:_TIMED]}{_COPY}{id_[_TIMED + 1 : _SAME]}{ends}"


def _changes(
    table: Table, shift: Shift, anew: Mapping[str, Callable[[str], Any]]
) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    for place, column in enumerate(table.columns):
        if column.name in anew:
            yield place, anew[column.name]
        elif isinstance(column.type, UtcDateTime | DateTime):
            yield place, shift.time
        elif isinstance(column.type, Uuid) and shift.names:
            yield place, lambda value: shift.names.get(value, value)
