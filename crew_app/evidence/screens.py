"""Signs that a picture is a screenshot, or a photo of a screen. Pure; better none than false."""

import re
from cmath import exp, pi
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median

from PIL import Image, ImageFilter

from crew_app.evidence.prints import trimmed

_SHAPE = re.compile(r"(?P<type>[\w./+-]*) *(?P<width>\d{1,5})x(?P<height>\d{1,5})")
SCREEN = (1.95, 2.45)
"""Height by width of phones' screens; their cameras make 1.33 or 1.78, seldom as long as the screen."""
EVEN = 2
"""Grey levels within a patch that a screen draws in one colour; a camera's noise is larger."""
PATCH = 5
GLARE = 250
"""Above that a camera sees one colour too."""
DRAWN, DRAWN_PNG, SOME = 0.3, 0.2, 0.05
"""Shares of a picture in such patches from which it counts as drawn."""
TILE = 128
PERIODS = (4, 52)
"""Waves in a tile: the dots of a screen are seen 32 to 2.5 pixels apart."""
PEAK, TILES = 20.0, 0.6
"""How far a peak stands out, and in which share of the tiles, across and down."""
FEWEST = 9


def screenshot(picture: Image.Image, shape: str, camera: str) -> float:
    """How sure it is that a picture was drawn by a phone and not taken: its proportions, no camera, flat areas."""
    found = _SHAPE.match(shape)
    width, height = (int(found["width"]), int(found["height"])) if found else picture.size
    is_png = found["type"] == "image/png" if found and found["type"] else picture.format == "PNG"
    like_screen = SCREEN[0] <= height / max(1, width) <= SCREEN[1]
    if camera or not (is_png or like_screen):
        return 0.0
    flat = _flat_share(picture)
    barred = trimmed(_grey(picture)).height < 0.97 * _grey(picture).height
    if is_png and like_screen and (flat > SOME or barred):
        return 0.95
    if (is_png and flat >= DRAWN_PNG) or (like_screen and (flat >= DRAWN or barred)):
        return 0.8
    return 0.0


def screen_photo(picture: Image.Image) -> float:
    """How sure it is that a screen was photographed: its grid of dots shows as the same peak in most of the picture."""
    tiles = list(_tiles(picture))
    if len(tiles) < FEWEST:
        return 0.0
    shares = []
    for way in (0, 1):
        peaks = [_peak(_spectrum(_lines(tile, way))) for tile in tiles]
        strong = [place for place, height in peaks if height >= PEAK]
        middle = median(strong) if strong else 0
        shares.append(sum(abs(place - middle) <= max(3, middle / 4) for place in strong) / len(tiles))
    return min(1.0, min(shares) / TILES * 0.5) if min(shares) >= TILES else 0.0


def _grey(picture: Image.Image) -> Image.Image:
    small = picture.convert("L")
    small.thumbnail((400, 400), Image.Resampling.BOX)
    return small


def _flat_share(picture: Image.Image) -> float:
    """The share of patches of one colour, glaring ones not counted."""
    grey = picture.convert("L")
    grey.thumbnail((1200, 1200), Image.Resampling.NEAREST)
    high, low = grey.filter(ImageFilter.MaxFilter(PATCH)), grey.filter(ImageFilter.MinFilter(PATCH))
    pairs = zip(high.tobytes()[::7], low.tobytes()[::7], strict=True)
    counted = [top - bottom <= EVEN for top, bottom in pairs if bottom < GLARE]
    return sum(counted) / len(counted) if len(counted) > 100 else 0.0  # noqa: PLR2004 - too little is left to say anything


def _tiles(picture: Image.Image) -> Iterator[Image.Image]:
    """Nine tiles of the picture at its own size."""
    grey = picture.convert("L")
    if min(grey.size) < 3 * TILE:
        return
    for row in range(3):
        for column in range(3):
            x = round((grey.width - TILE) * (0.15 + 0.35 * column))
            y = round((grey.height - TILE) * (0.15 + 0.35 * row))
            yield grey.crop((x, y, x + TILE, y + TILE))


def _lines(tile: Image.Image, way: int) -> list[bytes]:
    """Every eighth line of a tile, across or down."""
    turned = tile.transpose(Image.Transpose.TRANSPOSE) if way else tile
    pixels = turned.tobytes()
    return [pixels[start : start + TILE] for start in range(0, TILE * TILE, TILE * 8)]


def _spectrum(lines: Sequence[bytes]) -> list[float]:
    """How much of each wave there is in the lines, on average."""
    sums = [0.0] * (TILE // 2)
    for line in lines:
        mean = sum(line) / TILE
        waves = _fourier([level - mean for level in line])
        for n in range(TILE // 2):
            sums[n] += abs(waves[n]) ** 2
    return sums


def _peak(spectrum: Sequence[float]) -> tuple[int, float]:
    """The wave that stands out most above those around it, and how far."""
    best = (0, 0.0)
    for n in range(*PERIODS):
        around = [*spectrum[max(2, n - 9) : n - 2], *spectrum[n + 3 : n + 10]]
        height = spectrum[n] / (median(around) + 20)
        if height > best[1]:
            best = (n, height)
    return best


def _fourier(values: Sequence[complex]) -> list[complex]:
    if len(values) == 1:
        return list(values)
    even, odd = _fourier(values[::2]), _fourier(values[1::2])
    turned = [turn * value for turn, value in zip(_turns(len(values)), odd, strict=True)]
    pairs = list(zip(even, turned, strict=True))
    return [one + other for one, other in pairs] + [one - other for one, other in pairs]


@cache
def _turns(number: int) -> list[complex]:
    return [exp(-2j * pi * n / number) for n in range(number // 2)]
