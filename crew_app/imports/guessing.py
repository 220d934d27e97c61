"""Which row is the heading, and what its columns mean: a guess that a person corrects. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from crew_app.imports.cells import key
from crew_app.imports.fields import FIELDS, Field
from crew_app.imports.models import Subject

LOOKED_AT = 30
"""Rows from the top among which the heading is looked for."""
SAMPLES = 3
_CLOSE = 0.75
_NOTHING = frozenset({"序号", "序", "no", "no.", "#", "行号", "备注", "说明", "id"})
"""Headings of columns that say nothing to us, however close they come."""
_DECORATION = str.maketrans("", "", "*＊:：()（）[]【】_-")
Table = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Guess:
    """The heading's row number, its texts, and column number -> field."""

    row: int
    headings: tuple[str, ...]
    meaning: dict[int, str]


def guess(subject: Subject, top: Table, known: Mapping[str, str] | None = None) -> Guess:
    """The row whose cells say most, and what they mean; `known` is what headings meant last time."""
    best = Guess(top[0][0] if top else 1, tuple(top[0][1]) if top else (), {})
    most = 0.0
    for number, cells in top[:LOOKED_AT]:
        meaning, points = _meaning(FIELDS[subject], cells, known or {})
        if points > most:
            best, most = Guess(number, tuple(cells), meaning), points
    return best


def meaning_of(subject: Subject, headings: Sequence[str], known: Mapping[str, str] | None = None) -> dict[int, str]:
    """What these headings mean."""
    return _meaning(FIELDS[subject], headings, known or {})[0]


def word(heading: str) -> str:
    """A heading without decoration and without what stands in brackets behind it, as one compares it."""
    plain = key(heading)
    for opening in "((（[【":
        plain = plain.split(opening)[0] or plain
    return plain.translate(_DECORATION)


def _meaning(fields: Sequence[Field], cells: Sequence[str], known: Mapping[str, str]) -> tuple[dict[int, str], float]:
    """Each column to the field that fits it best, each field once; and how sure that is."""
    keys = {field.key for field in fields}
    pairs = []
    for column, cell in enumerate(cells):
        plain = word(cell)
        if not plain or plain.isdecimal() or (plain in _NOTHING and plain not in known):
            continue
        if known.get(plain) in keys:
            pairs.append((2.0, column, known[plain]))
        pairs += [(_points(field, plain), column, field.key) for field in fields]
    found: dict[int, str] = {}
    total = 0.0
    for points, column, field_key in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if points and column not in found and field_key not in found.values():
            found[column] = field_key
            total += points
    return dict(sorted(found.items())), total


def _points(field: Field, plain: str) -> float:
    """How well a heading fits: as one of the names, the more usual the better, or nearly so."""
    names = [word(name) for name in field.names]
    if plain in names:
        return 1.5 - names.index(plain) / 100
    close = max(SequenceMatcher(None, plain, name).ratio() for name in names)
    inside = any(len(name) > 1 and plain.endswith(name) for name in names)
    return 0.6 if inside else close / 2 if close >= _CLOSE else 0.0
