"""A small brush on top of Pillow: clean shapes with soft shading, shadows, glows and dirt, quick and repeatable."""

from collections.abc import Iterable, Sequence
from functools import cache
from math import cos, pi, sin
from random import Random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 1600
SCALE = 0.675
NEARER = 70
TUBE = 12
FINE, COARSE = 3, 2
SMALL = 150_000
"""Shapes up to so many pixels are drawn three times finer than the picture, larger ones twice."""

Colour = tuple[int, int, int]
Point = tuple[float, float]
Points = Sequence[Point]

WHITE: Colour = (250, 250, 248)
BLACK: Colour = (12, 12, 14)


class Fade(NamedTuple):
    """A run of colours from top to bottom, or from left to right."""

    colours: tuple[Colour, ...]
    across: bool = False


Fill = Colour | Fade
Area = tuple[int, int, int, int]

STEEL: tuple[Colour, ...] = ((70, 74, 80), (118, 123, 130), (168, 173, 179), (214, 218, 222), (250, 251, 252))
CHROME = Fade(((96, 100, 106), (232, 236, 240), (150, 156, 162), (250, 251, 252), (120, 125, 132), (70, 74, 80)))
CHROME_ACROSS = CHROME._replace(across=True)


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> list[Point]:
    """A rectangle, its corners rounded if wished."""
    if not radius:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    centres = [(x + width - radius, y + height - radius), (x + radius, y + height - radius)]
    centres += [(x + radius, y + radius), (x + width - radius, y + radius)]
    return [
        (cx + radius * cos(pi / 2 * (quarter + step / 8)), cy + radius * sin(pi / 2 * (quarter + step / 8)))
        for quarter, (cx, cy) in enumerate(centres)
        for step in range(9)
    ]


def oval(
    x: float, y: float, across: float, down: float | None = None, turns: tuple[float, float] = (0, 1)
) -> list[Point]:
    """An ellipse around a point, or the part of it between two turns (0 is right, 0.25 is down)."""
    down = across if down is None else down
    start, end = turns
    angles = (2 * pi * (start + (end - start) * step / 72) for step in range(73))
    return [(x + across * cos(angle), y + down * sin(angle)) for angle in angles]


def band(path: Points, width: float, end_width: float | None = None) -> list[Point]:
    """A line with a thickness, along several points."""
    end_width = width if end_width is None else end_width
    left, right = [], []
    for index, (x, y) in enumerate(path):
        (ax, ay), (bx, by) = path[max(index - 1, 0)], path[min(index + 1, len(path) - 1)]
        length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1e-6)
        half = (width + (end_width - width) * index / max(len(path) - 1, 1)) / 2
        dx, dy = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    return [*left, *reversed(right)]


def curve(start: Point, bend: Point, end: Point, steps: int = 24) -> list[Point]:
    """Points along a bow from start to end, pulled towards the bend."""
    shares = [step / steps for step in range(steps + 1)]
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * bend[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * bend[1] + t * t * end[1],
        )
        for t in shares
    ]


def turned(points: Iterable[Point], centre: Point, degrees: float) -> list[Point]:
    """The points turned clockwise around a centre."""
    c, s = cos(degrees * pi / 180), sin(degrees * pi / 180)
    cx, cy = centre
    return [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in points]


def moved(points: Iterable[Point], dx: float, dy: float) -> list[Point]:
    """The points somewhere else."""
    return [(x + dx, y + dy) for x, y in points]


class Sheet:
    """A picture under way, seen by a phone that is never held quite straight.

    Shapes are given in the pixels of the finished photo and painted a little smaller; each corner of the view is off
    by some pixels (`hand`: x and y of top left, top right, bottom left, bottom right).
    """

    def __init__(self, ground: Fill, hand: Points) -> None:
        self.image = _filled(ground, (round(WIDTH * SCALE), round(HEIGHT * SCALE)))
        self.hand = hand

    def shape(self, points: Points, fill: Fill, opacity: float = 1.0) -> None:
        """A polygon with clean edges."""
        self.shapes([points], fill, opacity)

    def shapes(self, polygons: Sequence[Points], fill: Fill, opacity: float = 1.0) -> None:
        """Several polygons in one stroke."""
        polygons = [self._seen(points) for points in polygons]
        area = _area([point for points in polygons for point in points], 1)
        width, height = _size(area)
        self._paste(fill, area, _mask(polygons, area, FINE if width * height <= SMALL else COARSE), opacity)

    def tube(self, path: Points, width: float, colours: tuple[Colour, ...]) -> None:
        """A round pipe or cord: from its dark edge to the light along its middle."""
        for number in range(TUBE):
            share = 1 - number / TUBE
            aside = width * (share - 1)
            self.shape(
                moved(band(path, width * share), aside * 0.2, aside * 0.12), _between(colours, number / (TUBE - 1))
            )

    def soft(self, points: Points, fill: Fill, blur: float, opacity: float = 1.0) -> None:
        """A polygon with blurred edges: a shadow, a stain, a reflection."""
        points = self._seen(points)
        area = _area(points, int(blur * 2) + 1)
        mask = Image.new("L", (max(1, _size(area)[0] // 6), max(1, _size(area)[1] // 6)))
        ImageDraw.Draw(mask).polygon([((x - area[0]) / 6, (y - area[1]) / 6) for x, y in points], fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE / 6))
        self._paste(fill, area, mask.resize(_size(area), Image.Resampling.BILINEAR), opacity)

    def glow(self, x: float, y: float, across: float, down: float, fill: Colour, strength: float) -> None:
        """Light around a point (or darkness, with a dark colour)."""
        area = _area(self._seen(box(x - across, y - down, 2 * across, 2 * down)), 0)
        self._paste(fill, area, _ball().resize(_size(area), Image.Resampling.BILINEAR), strength)

    def rough(self, points: Points, fill: Colour, seed: int, detail: tuple[int, int], strength: float) -> None:
        """Irregular patches of a colour inside a polygon: dirt, wood, plaster."""
        points = self._seen(points)
        area = _area(points, 1)
        mask = ImageChops.multiply(_mask([points], area, 1), _noise(seed, detail, _size(area)))
        self._paste(fill, area, mask, strength)

    def _seen(self, points: Points) -> Points:
        """Where the points lie in the picture: a little nearer, and pulled along by the corners."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.hand
        seen = []
        for x, y in points:
            u, v = x / WIDTH, y / HEIGHT
            right = (1 - u) * ((1 - v) * ax + v * cx) + u * ((1 - v) * bx + v * dx)
            down = (1 - u) * ((1 - v) * ay + v * cy) + u * ((1 - v) * by + v * dy)
            seen.append(((x + right + (u - 0.5) * NEARER) * SCALE, (y + down + (v - 0.5) * NEARER) * SCALE))
        return seen

    def _paste(self, fill: Fill, area: Area, mask: Image.Image, opacity: float) -> None:
        if opacity < 1:
            mask = mask.point([round(level * opacity) for level in range(256)])
        if isinstance(fill, Fade):
            self.image.paste(_filled(fill, _size(area)), area[:2], mask)
        else:
            self.image.paste(fill, area, mask)


def _between(colours: tuple[Colour, ...], share: float) -> Colour:
    """The colour at a share of the way through several."""
    place = share * (len(colours) - 1)
    low = min(int(place), len(colours) - 2)
    first, second = colours[low], colours[low + 1]
    r, g, b = (round(a + (z - a) * (place - low)) for a, z in zip(first, second, strict=True))
    return r, g, b


def _area(points: Points, margin: int) -> Area:
    """The pixels a shape may touch."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return int(min(xs)) - margin, int(min(ys)) - margin, int(max(xs)) + margin + 1, int(max(ys)) + margin + 1


def _size(area: Area) -> tuple[int, int]:
    return area[2] - area[0], area[3] - area[1]


def _mask(polygons: Sequence[Points], area: Area, finer: int) -> Image.Image:
    width, height = _size(area)
    mask = Image.new("L", (width * finer, height * finer))
    brush = ImageDraw.Draw(mask)
    for points in polygons:
        brush.polygon([((x - area[0]) * finer, (y - area[1]) * finer) for x, y in points], fill=255)
    return mask.reduce(finer) if finer > 1 else mask


def _filled(fill: Fill, size: tuple[int, int]) -> Image.Image:
    if not isinstance(fill, Fade):
        return Image.new("RGB", size, fill)
    strip = Image.new("RGB", (len(fill.colours), 1))
    strip.putdata(fill.colours)
    middles = (0.5, 0, len(fill.colours) - 0.5, 1)
    strip = strip.resize((size[0] if fill.across else size[1], 1), Image.Resampling.BILINEAR, box=middles)
    return (strip if fill.across else strip.transpose(Image.Transpose.ROTATE_270)).resize(
        size, Image.Resampling.NEAREST
    )


@cache
def _ball() -> Image.Image:
    """Full in the middle, nothing at the rim, falling off gently."""
    fall = [round(255 * (1 - min(level, 180) / 180) ** 2) for level in range(256)]
    return Image.radial_gradient("L").point(fall)


def _noise(seed: int, detail: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """Random grey levels, as fine as `detail` says, smoothed to a size."""
    dice = Random(seed)  # noqa: S311 - the same picture every time
    return Image.frombytes("L", detail, dice.randbytes(detail[0] * detail[1])).resize(size, Image.Resampling.BILINEAR)
