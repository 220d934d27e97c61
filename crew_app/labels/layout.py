"""What stands where on a label: pure. Drawn as PDF (`pdf.py`) and for the browser (`drawing.py`). Millimetres all.

The code keeps four squares of white around it. Words shrink first, then break, and are cut at last: never over the
edge.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crew_app.core.codes import grouped
from crew_app.labels.colours import BLACK, Colour
from crew_app.labels.stocks import Stock
from crew_app.labels.typeface import width

QUIET = 4
HINT = "扫码报修 Scan to report"
LEAD = 1.22
"""From one line of a text to the next, in its size."""
SHRUNK = 0.72
"""So much smaller than it might be, a text rather goes on in another line."""
SMALLEST = 1.7


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says. Without a name it is a blank one, with room for a pen."""

    address: str
    code: str
    name: str
    name_en: str
    where: str
    kind: str
    kind_en: str
    band: Colour


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; with an outline only where it is white."""

    left: float
    top: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: where it begins and the line it stands on; `width` as the typeface measures it."""

    left: float
    base: float
    size: float
    text: str
    colour: Colour
    width: float


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code with its white around it."""

    left: float
    top: float
    side: float
    text: str


@dataclass(frozen=True, slots=True)
class Room:
    """A rectangle that a text may fill."""

    left: float
    top: float
    width: float
    height: float


Piece = Box | Words | Symbol


def pieces(label: Label, stock: Stock) -> list[Piece]:
    """What to draw on a label of this stock, from its upper left corner."""
    return list(_upright(label, stock) if stock.height > stock.width else _lying(label, stock))


def _lying(label: Label, stock: Stock) -> Iterator[Piece]:
    side, edge = min(stock.height - 2, stock.width * 0.56), stock.edge
    yield Symbol(1, (stock.height - side) / 2, side, label.address)
    left = side + 1
    column = Room(left, edge, stock.width - left - edge, stock.height - 2 * edge)
    yield from _column(label, column, min(8.0, stock.height * 0.16))


def _upright(label: Label, stock: Stock) -> Iterator[Piece]:
    edge = stock.edge
    tall = stock.height * 0.1
    yield from _band(label, Room(edge, edge, stock.width - 2 * edge, tall))
    side = stock.width - 2
    top = edge + tall
    yield Symbol(1, top, side, label.address)
    rest = Room(edge, top + side, stock.width - 2 * edge, stock.height - top - side - edge)
    yield from _words(label, rest, hint=False)


def _column(label: Label, room: Room, tall: float) -> Iterator[Piece]:
    yield from _band(label, Room(room.left, room.top, room.width, tall))
    rest = Room(room.left, room.top + tall + 0.8, room.width, room.height - tall - 0.8)
    yield from _words(label, rest, hint=room.height > 24)  # noqa: PLR2004 - lower ones need the room for the name


def _band(label: Label, room: Room) -> Iterator[Piece]:
    """The colour with its word: in one line, or the Chinese one above the English one."""
    yield Box(room.left, room.top, room.width, room.height, label.band)
    inner = Room(room.left + 0.8, room.top + 0.3, room.width - 1.6, room.height - 0.6)
    size, both = room.height * 0.66, f"{label.kind} {label.kind_en}".strip()
    if width(both, size * SHRUNK) <= inner.width or not label.kind_en:
        yield from fit(both, inner, size, label.band.ink)
        return
    upper = inner.height * 0.58
    yield from fit(label.kind, Room(inner.left, inner.top, inner.width, upper), size, label.band.ink)
    lower = Room(inner.left, inner.top + upper, inner.width, inner.height - upper)
    yield from fit(label.kind_en, lower, size, label.band.ink)


def _words(label: Label, room: Room, *, hint: bool) -> Iterator[Piece]:
    """Name, name in English and the way to it from above, the code to type at the foot."""
    foot = min(room.height * 0.17, 3.6)
    code = Room(room.left, room.top + room.height - foot, room.width, foot)
    yield from fit(grouped(label.code), code, foot / LEAD)
    if hint:
        code = Room(room.left, code.top - foot * 0.9, room.width, foot * 0.9)
        yield from fit(HINT, code, foot * 0.9 / LEAD)
    above = Room(room.left, room.top, room.width, code.top - room.top - 0.3)
    yield from _names(label, above) if label.name else _lines_for_a_pen(above)


def _names(label: Label, room: Room) -> Iterator[Piece]:
    shares = [(label.name, 0.48, room.height * 0.3), (label.name_en, 0.28, room.height * 0.19)]
    shares.append((_nearest(label.where, room.width), 0.24, room.height * 0.13))
    present = [(text, share, size) for text, share, size in shares if text]
    spare = 1 - sum(share for _, share, _ in present)
    top = room.top
    for place, (text, share, size) in enumerate(present):
        tall = room.height * (share + (spare if place == 0 else 0))
        yield from fit(text, Room(room.left, top, room.width, tall), min(size, 9))
        top += tall


def _nearest(way: str, across: float) -> str:
    """The end of a way that fits into one line: the ward says more than the building."""
    while " / " in way and width(way, SMALLEST) > across:
        way = way.split(" / ", 1)[1]
    return way


def _lines_for_a_pen(room: Room) -> Iterator[Piece]:
    count = max(1, int(room.height // 7))
    for number in range(1, count + 1):
        yield Box(room.left, room.top + room.height * number / count - 0.6, room.width, 0.2, BLACK)


def fit(text: str, room: Room, size: float, colour: Colour = BLACK) -> list[Words]:
    """The text in a room: smaller first, then on several lines, cut with … when even that does not help."""
    most = max(1, int(room.height / (SMALLEST * LEAD)))
    for count in range(1, most + 1):
        tallest = min(size, room.height / (count * LEAD))
        least = max(SMALLEST, tallest * SHRUNK) if count < most else min(SMALLEST, tallest)
        fitting = _fitting(text, room.width, count, tallest, least)
        if fitting:
            return _set(fitting[1], room, fitting[0], colour)
    smallest = min(SMALLEST, room.height / LEAD, size)
    lines = broken(text, room.width, smallest)[:most]
    lines[-1] = _cut(lines[-1], room.width, smallest)
    return _set(lines, room, smallest, colour)


def _fitting(text: str, across: float, count: int, tallest: float, least: float) -> tuple[float, list[str]] | None:
    size = tallest
    while size >= least * 0.999:
        lines = broken(text, across, size)
        if len(lines) <= count:
            return size, lines
        size *= 0.96
    return None


def broken(text: str, across: float, size: float) -> list[str]:
    """The text in lines no wider than this: at spaces, between Chinese characters, and in a word that is too long."""
    lines, line = [], ""
    for chunk in _chunks(" ".join(text.split())):
        if width((line + chunk).rstrip(), size) <= across:
            line += chunk
            continue
        if line.strip():
            lines.append(line.strip())
        line = chunk.lstrip()
        while width(line.rstrip(), size) > across and len(line) > 1:
            end = _longest(line, across, size)
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line.strip()] if line.strip() or not lines else lines


def _chunks(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if ord(character) > 0x2E7F:  # noqa: PLR2004 - Chinese from here on: lines break anywhere
            yield from (word, character) if word else (character,)
            word = ""
        elif character in " /-·":
            yield word + character
            word = ""
        else:
            word += character
    if word:
        yield word


def _longest(line: str, across: float, size: float) -> int:
    end = 1
    while end < len(line) and width(line[: end + 1], size) <= across:
        end += 1
    return end


def _cut(line: str, across: float, size: float) -> str:
    while line and width(line + "…", size) > across:
        line = line[:-1]
    return line + "…"


def _set(lines: list[str], room: Room, size: float, colour: Colour) -> list[Words]:
    """Lines in the middle of the room's height, from its left edge."""
    top = room.top + (room.height - len(lines) * size * LEAD) / 2
    base = top + size * (LEAD - 1) / 2 + size * 0.88
    return [
        Words(room.left, base + number * size * LEAD, size, line, colour, width(line, size))
        for number, line in enumerate(lines)
    ]
