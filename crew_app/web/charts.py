"""Where columns, lines, bars and dots of a chart lie. Plain arithmetic; `components/figures.html` draws it.

All places are percent of the frame, so a chart is as wide as the page has room, with text of one size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from crew_app.web.scales import Scale, scale

BAND = 0.72
"""The part of its place that a column, or a pair of columns, takes."""
LABELS = 13
"""So many labels fit below a chart on a phone."""
DOT = 11.0
"""The radius of the largest dot, in pixels."""


@dataclass(frozen=True, slots=True)
class Point:
    """An amount: what it is of, in a short word and a long one, in words, and the address of the rows behind it."""

    short: str
    long: str
    amount: float
    words: str
    href: str = ""
    before: float | None = None
    """The same a year earlier."""
    before_words: str = ""
    missing: bool = False
    """There is no amount (a rate of nothing): a line has a gap here."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in percent."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Points over an axis, with the columns of each, and the labels that there is room for."""

    points: Sequence[Point]
    scale: Scale
    bars: list[Bar]
    before: list[Bar | None]
    path: str = ""
    """The line through the points, in a frame of 100 by 100."""
    path_before: str = ""
    dots: list[tuple[float, float]] = field(default_factory=list)

    @property
    def ticks(self) -> list[tuple[float, float]]:
        """Heights and numbers of the lines across, from the bottom up."""
        return [(100 - self.scale.share(tick), tick) for tick in self.scale.ticks]

    @property
    def every(self) -> int:
        """Every so many points have a label, so that the labels fit."""
        return -(-len(self.points) // LABELS)

    @property
    def labels(self) -> list[tuple[float, str]]:
        """The labels below, thinned until they fit, each under the middle of its place."""
        return [
            (middle(place, len(self.points)), point.short)
            for place, point in enumerate(self.points)
            if place % self.every == 0
        ]

    @property
    def highest(self) -> int:
        """The place of the greatest amount (the first of several)."""
        amounts = [point.amount for point in self.points]
        return amounts.index(max(amounts))

    @property
    def compared(self) -> bool:
        """Whether any point has a year before."""
        return any(point.before is not None for point in self.points)


def columns(points: Sequence[Point], *, whole: bool = True) -> Chart | None:
    """A column for each point, last year's beside it; nothing without points."""
    if not points:
        return None
    ruler = _ruler(points, whole=whole)
    slot = 100 / len(points)
    pair = any(point.before is not None for point in points)
    width = slot * BAND / (2 if pair else 1)
    bars, before = [], []
    for place, point in enumerate(points):
        left = place * slot + slot * (1 - BAND) / 2
        before.append(_bar(ruler, left, width, point.before) if point.before is not None else None)
        bars.append(_bar(ruler, left + (width if pair else 0), width, point.amount))
    return Chart(points, ruler, bars, before)


def stack(points: Sequence[Point], *, whole: bool = True) -> Chart | None:
    """Columns of two parts: `before` stands on the amount; nothing without points."""
    if not points:
        return None
    ruler = scale(max(point.amount + (point.before or 0) for point in points), whole=whole)
    slot = 100 / len(points)
    lower = [
        _bar(ruler, place * slot + slot * (1 - BAND) / 2, slot * BAND, one.amount) for place, one in enumerate(points)
    ]
    upper = [
        Bar(bar.x, round(100 - ruler.share(one.amount + (one.before or 0)), 2), bar.width, ruler.share(one.before or 0))
        for bar, one in zip(lower, points, strict=True)
    ]
    return Chart(points, ruler, lower, list(upper))


def line(points: Sequence[Point], *, whole: bool = True) -> Chart | None:
    """A line through the points, last year's behind it; nothing without points."""
    if not points:
        return None
    ruler = _ruler(points, whole=whole)
    spots = [None if one.missing else (place, one.amount) for place, one in enumerate(points)]
    earlier = [None if one.before is None else (place, one.before) for place, one in enumerate(points)]
    now, then = (
        [one and (middle(one[0], len(points)), 100 - ruler.share(one[1])) for one in some] for some in (spots, earlier)
    )
    return Chart(points, ruler, [], [], path(now), path(then), [spot for spot in now if spot])


def path(spots: Sequence[tuple[float, float] | None]) -> str:
    """A line through places, with a gap where there is none; empty without any."""
    parts = [list(part) for there, part in groupby(spots, key=bool) if there]
    return " ".join("M" + " L".join(f"{spot[0]} {spot[1]}" for spot in part if spot) for part in parts)


def middle(place: int, count: int) -> float:
    """The middle of one of `count` equal places, in percent."""
    return round((place + 0.5) * 100 / count, 2)


def spark(amounts: Sequence[float]) -> str:
    """A small line without axes through these amounts, from zero up, in a frame of 100 by 100."""
    top = max(amounts, default=0) or 1
    last = max(len(amounts) - 1, 1)
    spots = [(round(place * 100 / last, 2), round(96 - max(one, 0) / top * 92, 2)) for place, one in enumerate(amounts)]
    return path(spots)


@dataclass(frozen=True, slots=True)
class Row:
    """A bar that lies, with its name and amount in words; `share` is its length in percent of the longest."""

    name: str
    words: str
    share: float
    href: str = ""
    before: float | None = None
    note: str = ""


def rows(points: Sequence[Point]) -> list[Row]:
    """Bars that lie below each other; the longest, of this year or last, has the whole length."""
    most = max([one for point in points for one in (point.amount, point.before or 0)], default=0) or 1
    return [
        Row(
            point.long,
            point.words,
            round(max(point.amount, 0) / most * 100, 2),
            point.href,
            None if point.before is None else round(max(point.before, 0) / most * 100, 2),
            point.before_words,
        )
        for point in points
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: its amount, its share in percent, and where it begins."""

    name: str
    amount: float
    words: str
    start: float
    share: float
    href: str = ""


def parts(points: Sequence[Point]) -> list[Part]:
    """The parts of a whole, one after the other along a bar; nothing when all are zero."""
    whole = sum(max(point.amount, 0) for point in points)
    found: list[Part] = []
    start = 0.0
    for point in points:
        share = max(point.amount, 0) / whole * 100 if whole else 0.0
        if share:
            found.append(Part(point.long, point.amount, point.words, round(start, 2), round(share, 2), point.href))
        start += share
    return found


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot of the week: its column (hour) and row (weekday), its middle in percent, its radius in pixels."""

    weekday: int
    hour: int
    amount: int
    x: float
    y: float
    radius: float
    level: int
    """From 1 (least) to 4 (most), for the tone."""


def week(counts: Mapping[tuple[int, int], int]) -> list[Spot]:
    """A dot for each hour of the week in which there was something, as large in area as it is much. Monday is 0."""
    most = max(counts.values(), default=0)
    if most <= 0:
        return []
    return [
        Spot(
            weekday,
            hour,
            amount,
            middle(hour, 24),
            middle(weekday, 7),
            round(max(DOT * (amount / most) ** 0.5, 1.5), 2),
            min(int(amount / most * 4) + 1, 4),
        )
        for (weekday, hour), amount in sorted(counts.items())
        if amount > 0
    ]


def _ruler(points: Sequence[Point], *, whole: bool) -> Scale:
    return scale(max(one for point in points for one in (point.amount, point.before or 0)), whole=whole)


def _bar(ruler: Scale, left: float, width: float, amount: float) -> Bar:
    high = ruler.share(amount)
    return Bar(round(left, 3), round(100 - high, 2), round(width, 3), high)
