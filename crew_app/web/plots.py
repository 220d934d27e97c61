"""Where the points and lines of a chart lie. Plain arithmetic; `components/plots.html` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

WIDTH, HEIGHT = 336.0, 160.0
LEFT, RIGHT, TOP, BOTTOM = 6.0, 6.0, 26.0, 24.0
MOST = 400
"""Above so many points a line is drawn through the highest and the lowest of each small stretch."""
MOST_MARKS = 120
TICKS = 4


@dataclass(frozen=True, slots=True)
class Dot:
    """A number at a moment; `mark` is "", "beyond" or "odd"."""

    at: datetime
    number: Decimal
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart in its own units. `band` is top and height of what lies within the limits."""

    path: str
    dots: list[tuple[float, float, Dot]]
    band: tuple[float, float] | None
    limits: list[tuple[float, Decimal]]
    top: Decimal
    bottom: Decimal
    ticks: list[tuple[float, datetime]]


def plot(
    points: Sequence[Dot], start: datetime, end: datetime, low: Decimal | None = None, high: Decimal | None = None
) -> Plot | None:
    """The chart of these points from start to end, with the limits; nothing without points."""
    if not points:
        return None
    known = [*(point.number for point in points), *(limit for limit in (low, high) if limit is not None)]
    bottom, top = min(known), max(known)
    room = (top - bottom) / 12 or abs(top) / 10 or Decimal(1)
    ruler = _Ruler(start, end, bottom - room, top + room)
    drawn = points if len(points) <= MOST else _thinned(points)
    return Plot(
        path="M" + " L".join(f"{ruler.x(point.at)} {ruler.y(point.number)}" for point in drawn),
        dots=[(ruler.x(point.at), ruler.y(point.number), point) for point in _marked(points)],
        band=_band(ruler, low, high),
        limits=[(ruler.y(limit), limit) for limit in (low, high) if limit is not None],
        top=top,
        bottom=bottom,
        ticks=[(ruler.x(at), at) for at in (start + (end - start) * place / TICKS for place in range(TICKS))],
    )


@dataclass(frozen=True, slots=True)
class _Ruler:
    start: datetime
    end: datetime
    bottom: Decimal
    top: Decimal

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, number: Decimal) -> float:
        share = float((number - self.bottom) / (self.top - self.bottom))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _band(ruler: _Ruler, low: Decimal | None, high: Decimal | None) -> tuple[float, float] | None:
    if low is None and high is None:
        return None
    top = ruler.y(high) if high is not None else TOP
    bottom = ruler.y(low) if low is not None else HEIGHT - BOTTOM
    return top, max(round(bottom - top, 1), 0.0)


def _thinned(points: Sequence[Dot]) -> list[Dot]:
    """Of each stretch the lowest and the highest, in the order of time: no peak gets lost."""
    size = -(-len(points) * 2 // MOST)
    found: list[Dot] = []
    for place in range(0, len(points), size):
        part = points[place : place + size]
        ends = {min(part, key=lambda one: one.number), max(part, key=lambda one: one.number)}
        found += sorted(ends, key=lambda one: one.at)
    return found


def _marked(points: Sequence[Dot]) -> list[Dot]:
    """What is drawn as a dot: everything while there is room, else what stands out, the newest of it."""
    if len(points) <= MOST_MARKS:
        return list(points)
    return [point for point in points if point.mark][-MOST_MARKS:]
