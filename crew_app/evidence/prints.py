"""How a picture looks in 64 bits, and where to look for pictures that look so. Pure: pixels in, numbers out.

A print holds the signs of the 64 slowest waves of a picture made small, square and grey: what survives another
encoding, another size, another light. Three are kept of each picture, of the whole and of two middles. A search asks
with many windows of the new picture, because a window that lies right needs no luck with the bits; each looks under
its four bands of 16 bits, with those bits both ways that are close to zero.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import cos, pi
from operator import mul

from PIL import Image, ImageOps

from crew_app.evidence.images import OPENED

BITS, BANDS = 64, 4
KEPT = (1.0, 0.84, 0.66)
"""Sides of the parts whose prints are kept: the whole, and two middles."""
WIDE = 128
"""Windows are cut from a picture of so many pixels each way."""
SMALL = 32
WAVES = 8
DOUBTFUL, DOUBTFUL_WHOLE = 2, 4
"""So many bits of a band are tried both ways; more of the whole picture, which lies right in any case."""
LOOKS: tuple[tuple[float, int], ...] = ((1.0, 1), (0.92, 4), (0.8, 5))
"""Windows a search asks with: their sides, and in how many places along either way."""
BAR_WIDE, BAR_TALL = 40, 200
THINNEST, FLAT = 6, 3
"""Of 200 lines a bar has at least so many, and its grey levels differ at most by this."""
_ORDER: list[tuple[int, int]] = sorted(product(range(WAVES), range(WAVES)), key=lambda wave: (wave[0] + wave[1], wave))
"""The slowest waves first, so that the first band moves least when a picture is shifted."""

Window = tuple[float, float, float, float]
"""Left, top, width and height, as shares of the picture."""
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Print:
    """64 signs, how far each lies from turning, and of which window."""

    bits: int
    sizes: tuple[float, ...]
    window: Window

    @property
    def mirrored(self) -> "Print":
        """The print of the mirrored picture: waves that are odd across turn their sign."""
        left, top, width, height = self.window
        return Print(self.bits ^ _odd(), self.sizes, (1 - left - width, top, width, height))

    @property
    def _doubtful(self) -> int:
        return DOUBTFUL_WHOLE if self.window == WHOLE else DOUBTFUL

    def lookups(self) -> Iterator[tuple[int, int]]:
        """Bands and values under which something alike would stand."""
        for band in range(BANDS):
            value = band_value(self.bits, band)
            places = range(band * BITS // BANDS, (band + 1) * BITS // BANDS)
            weak = sorted(places, key=lambda place: self.sizes[place])[: self._doubtful]
            for turned in product((False, True), repeat=len(weak)):
                yield band, value ^ sum(1 << place % 16 for place, turn in zip(weak, turned, strict=True) if turn)


def band_value(bits: int, band: int) -> int:
    """The 16 bits of a band."""
    return bits >> 16 * band & 0xFFFF


def distance(one: int, other: int) -> int:
    """How many of the 64 signs differ."""
    return (one ^ other).bit_count()


def signed(bits: int) -> int:
    """64 bits as databases keep them."""
    return bits - (1 << BITS) if bits >> BITS - 1 else bits


def unsigned(number: int) -> int:
    """What `signed` was made from."""
    return number % (1 << BITS)


def kept_parts(picture: Image.Image) -> list[Print]:
    """The prints that are kept of a picture."""
    wide = _wide(picture)
    return [print_of(wide, centred(side)) for side in KEPT]


def centred(side: float) -> Window:
    """The middle of a picture, of this share of its sides."""
    return _placed(side, 0.5, 0.5)


def looks(picture: Image.Image) -> list[Print]:
    """The prints a search asks with."""
    wide = _wide(picture)
    return [print_of(wide, window) for window in windows()]


@cache
def windows() -> list[Window]:
    """Where a search looks in the new picture."""
    return [
        _placed(side, across, down) for side, places in LOOKS for across, down in product(_spread(places), repeat=2)
    ]


def print_of(wide: Image.Image, window: Window) -> Print:
    """The print of a window of a small grey picture."""
    left, top, width, height = window
    w, h = wide.size
    box = (left * w, top * h, (left + width) * w, (top + height) * h)
    pixels = wide.resize((SMALL, SMALL), Image.Resampling.BILINEAR, box=box).tobytes()
    rows = [pixels[start : start + SMALL] for start in range(0, SMALL * SMALL, SMALL)]
    across = [[sum(map(mul, row, wave)) for row in rows] for wave in _waves()]
    found = {(u, v): sum(map(mul, across[u], _waves()[v])) for u, v in _ORDER}
    sizes = [found[wave] for wave in _ORDER]
    return Print(sum(1 << n for n, size in enumerate(sizes) if size > 0), tuple(map(abs, sizes)), window)


def opened(data: bytes, longest: int) -> Image.Image:
    """A picture upright and grey, at most so large."""
    with Image.open(io.BytesIO(data), formats=OPENED) as image:
        image.draft("L", (longest, longest))
        upright = ImageOps.exif_transpose(image).convert("L")
    upright.thumbnail((longest, longest), Image.Resampling.BILINEAR, reducing_gap=None)
    return upright


def trimmed(picture: Image.Image) -> Image.Image:
    """The picture without the flat bars above and below it that a phone's screen has."""
    rows = picture.resize((BAR_WIDE, BAR_TALL), Image.Resampling.BOX).tobytes()
    lines = [sorted(rows[start : start + BAR_WIDE]) for start in range(0, len(rows), BAR_WIDE)]
    top, low = _bar(lines), _bar(lines[::-1])
    if min(top, low) < THINNEST or top + low > BAR_TALL * 0.7:
        return picture
    per = picture.height / BAR_TALL
    return picture.crop((0, round(top * per), picture.width, picture.height - round(low * per)))


def _bar(lines: Sequence[Sequence[int]]) -> int:
    """How many lines from here on are one flat colour, but for some signs in it."""
    ground = lines[0][BAR_WIDE // 2]
    flat = (abs(line[BAR_WIDE // 2] - ground) <= FLAT and _flat(line) for line in lines)
    return next((number for number, one in enumerate(flat) if not one), len(lines))


def _flat(line: Sequence[int]) -> bool:
    signs = BAR_WIDE // 5
    return min(line[-1 - signs] - line[0], line[-1] - line[signs]) <= FLAT


def _wide(picture: Image.Image) -> Image.Image:
    return picture.convert("L").resize((WIDE, WIDE), Image.Resampling.BILINEAR)


def _placed(side: float, across: float, down: float) -> Window:
    return across * (1 - side), down * (1 - side), side, side


def _spread(places: int) -> Sequence[float]:
    return (0.5,) if places == 1 else tuple(n / (places - 1) for n in range(places))


@cache
def _waves() -> list[list[float]]:
    """Cosines with one to eight half turns."""
    return [[cos(pi * (n + 0.5) * (wave + 1) / SMALL) for n in range(SMALL)] for wave in range(WAVES)]


@cache
def _odd() -> int:
    return sum(1 << n for n, (across, _down) in enumerate(_ORDER) if across % 2 == 0)
