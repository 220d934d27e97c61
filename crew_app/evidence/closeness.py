"""Whether two pictures are one: laid upon each other as exactly as it goes, then compared piece by piece.

Another photo of the same thing never lies on the first one to a pixel in all its parts, a copy does. Only Pillow
counts pixels here: a product of two pictures follows from their squares and that of their difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import cos, radians, sin, sqrt
from operator import mul

from PIL import Image, ImageChops, ImageFilter, ImageOps

from crew_app.evidence.prints import Window

SIZES: tuple[tuple[int, tuple[float, ...]], ...] = (
    (36, (0.04, 0.02, 0.01)),
    (80, (0.01, 0.005, 0.0025)),
    (224, (0.002, 0.001, 0.0005)),
)
"""Longest sides at which pictures are laid upon each other, and by what steps they are moved; the last is compared."""
SURE, HOPELESS = 0.85, 0.2
"""From here on nothing is tried any more."""
PIECES = 6
"""The common part is compared in six by six pieces."""
GLARE = 248
"""Brighter than that a picture is washed out: what was there cannot be seen any more."""
PLAIN = 2.0
"""A piece with less going on in it (standard deviation) says nothing."""
FEWEST = 5
"""With fewer pieces that say something nothing is known."""
GAIN = 3
"""Contrast of what is left after the blurred picture was taken away."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the new picture lies in the old one: top left corner and width as shares of the old one, degrees."""

    x: float
    y: float
    scale: float
    angle: float = 0.0

    @classmethod
    def from_windows(cls, new: Window, old: Window) -> "Placement":
        """The placement that brings a window of the new picture onto one of the old picture."""
        scale = old[2] / new[2]
        return cls(old[0] - new[0] * scale, old[1] - new[1] * scale, scale)

    def moved(self, step: float) -> Iterator["Placement"]:
        """A little to each side, nearer, farther, turned."""
        for move in (step, -step):
            yield replace(self, x=self.x + move)
            yield replace(self, y=self.y + move)
            yield replace(self, scale=self.scale + move, x=self.x - move / 2, y=self.y - move / 2)
            yield replace(self, angle=self.angle + 30 * move)


def closeness(new: Image.Image, old: Image.Image, starts: Sequence[Placement], *, mirrored: bool) -> float:
    """From 0 (nothing in common) to 1 (one is a copy of the other), of two grey pictures."""
    if mirrored:
        new = ImageOps.mirror(new)
    best = 0.0
    for start in starts:
        best = max(best, _laid_closely(new, old, start))
        if best >= SURE:
            break
    return best


def _laid_closely(new: Image.Image, old: Image.Image, at: Placement) -> float:
    agreement = 0.0
    for longest, steps in SIZES:
        pair = _Pair(new, old, longest)
        at, likeness = pair.climbed(at, steps)
        if likeness < HOPELESS:
            return 0.0
        if longest == SIZES[-1][0]:
            agreement = pair.agreement(at)
    return agreement


class _Pair:
    """Two pictures at a size, to be laid upon each other."""

    def __init__(self, new: Image.Image, old: Image.Image, longest: int) -> None:
        share = longest / max(new.size)
        self.size = max(8, round(new.width * share)), max(8, round(new.height * share))
        self.blur = ImageFilter.GaussianBlur(longest / 48)
        self.plain = new.resize(self.size, Image.Resampling.BILINEAR)
        self.new = self._edges(self.plain)
        wide = max(8, round(longest * 1.5 * old.width / max(old.size)))
        self.old = old.resize((wide, max(8, round(wide * old.height / old.width))), Image.Resampling.BILINEAR)

    def climbed(self, start: Placement, steps: tuple[float, ...]) -> tuple[Placement, float]:
        """The best placement near another one."""
        best, value = start, self.likeness(start)
        for step in steps:
            better = True
            while better:
                better = False
                for one in best.moved(step):
                    likeness = self.likeness(one)
                    if likeness > value:
                        best, value, better = one, likeness, True
        return best, value

    def likeness(self, at: Placement) -> float:
        """How alike the common part is as a whole, from -1 to 1."""
        box = self._common(at)
        if box is None:
            return -1.0
        new, old = self._both(at)
        return _alike(new.crop(box), old.crop(box))[0]

    def agreement(self, at: Placement) -> float:
        """How alike most pieces of the common part are: the pieces that say something, but for the worst quarter."""
        box = self._common(at)
        if box is None:
            return 0.0
        new, old = self._both(at)
        pieces = [_alike(new.crop(piece), old.crop(piece)) for piece in _pieces(box)]
        said = sorted(likeness for likeness, contrast in pieces if contrast >= PLAIN)
        return max(0.0, said[len(said) // 4]) if len(said) >= FEWEST else 0.0

    def _both(self, at: Placement) -> tuple[Image.Image, Image.Image]:
        """The edges of both as they lie, without what is washed out in one of them."""
        laid = self._laid(at)
        new, old = self.new.copy(), self._edges(laid)
        if max(laid.getextrema()[1], self.plain.getextrema()[1]) >= GLARE:  # type: ignore[operator]
            glare = ImageChops.lighter(laid, self.plain).point(_glare()).filter(ImageFilter.MaxFilter(5))
            for edges in (new, old):
                edges.paste(128, mask=glare)
        return new, old

    def _laid(self, at: Placement) -> Image.Image:
        """The old picture as it lies under the new one."""
        w, h = self.size
        per = at.scale * self.old.width / w
        c, s = cos(radians(at.angle)) * per, sin(radians(at.angle)) * per
        middle_x = (at.x + at.scale / 2) * self.old.width
        middle_y = at.y * self.old.height + per * h / 2
        across = (c, -s, middle_x - c * w / 2 + s * h / 2)
        down = (s, c, middle_y - s * w / 2 - c * h / 2)
        return self.old.transform(self.size, Image.Transform.AFFINE, (*across, *down), Image.Resampling.BILINEAR)

    def _common(self, at: Placement) -> tuple[int, int, int, int] | None:
        """The part of the new picture that the old one covers, a little less; None when it is hardly anything."""
        w, h = self.size
        per = at.scale * self.old.width / w
        tilt = abs(sin(radians(at.angle))) / 2
        left, top = -at.x * self.old.width / per, -at.y * self.old.height / per
        right, low = left + self.old.width / per, top + self.old.height / per
        box = (
            round(max(0, left + tilt * h) + 0.02 * w),
            round(max(0, top + tilt * w) + 0.02 * h),
            round(min(w, right - tilt * h) - 0.02 * w),
            round(min(h, low - tilt * w) - 0.02 * h),
        )
        return box if box[2] - box[0] > w / 2 and box[3] - box[1] > h / 2 else None

    def _edges(self, picture: Image.Image) -> Image.Image:
        """What the picture has beyond its blurred self, around a middle grey."""
        return ImageChops.subtract(picture, picture.filter(self.blur), 1 / GAIN, 128)


def _pieces(box: tuple[int, int, int, int]) -> Iterator[tuple[int, int, int, int]]:
    left, top, right, low = box
    xs = [left + (right - left) * n // PIECES for n in range(PIECES + 1)]
    ys = [top + (low - top) * n // PIECES for n in range(PIECES + 1)]
    for row in range(PIECES):
        for column in range(PIECES):
            yield xs[column], ys[row], xs[column + 1], ys[row + 1]


def _alike(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The correlation of two pictures, and the larger of their standard deviations."""
    number = one.width * one.height
    a, b, apart = one.histogram(), other.histogram(), ImageChops.difference(one, other).histogram()
    mean_a, mean_b = (sum(map(mul, counts, _levels())) / number for counts in (a, b))
    square_a, square_b = (sum(map(mul, counts, _squares())) / number for counts in (a, b))
    product = (square_a + square_b - sum(map(mul, apart, _plain_squares())) / number) / 2
    spread_a, spread_b = square_a - mean_a**2, square_b - mean_b**2
    if min(spread_a, spread_b) <= 0:
        return 0.0, sqrt(max(spread_a, spread_b, 0)) / GAIN
    return (product - mean_a * mean_b) / sqrt(spread_a * spread_b), sqrt(max(spread_a, spread_b)) / GAIN


@cache
def _glare() -> list[int]:
    return [255 if level >= GLARE else 0 for level in range(256)]


@cache
def _levels() -> list[int]:
    return [level - 128 for level in range(256)]


@cache
def _squares() -> list[int]:
    return [level * level for level in _levels()]


@cache
def _plain_squares() -> list[int]:
    return [level * level for level in range(256)]
