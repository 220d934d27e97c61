"""Whether a picture that somebody holds is the one a code stands for: bit for bit, as shown, made from it, or another.

A copy that was encoded or scaled anew looks the same everywhere. A picture into which something was
pasted looks the same but for a part; a stamp pasted below another picture does not help, for the band is left out.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from crew_app.evidence.images import examine

SIDE = 64
TILE = 4
SAME_SHAPE = 0.03
"""So much may the proportions differ: rounding of scaled pictures."""
ALIKE, NEARLY = 0.99, 0.9
"""Correlation of the whole from which on a picture is the same, or may be the same with a part changed."""
WORST = 0.25
"""So far may the worst part of a copy be from the original, in standard deviations of the picture.

Copies at quality 40, of half and a third of the size, darker: at most 0.10; a patch of a twentieth of the width: at
least 0.95; the same scene photographed again: at least 0.41.
"""
FLAT = 4.0
"""Below this deviation there is nothing in a picture to compare."""


class Likeness(StrEnum):
    """What the comparison found."""

    ORIGINAL = "original"
    """Bit for bit."""
    SHOWN = "shown"
    """Bit for bit what the application shows."""
    SAME = "same"
    """The same picture, encoded or scaled anew."""
    CHANGED = "changed"
    """Much the same, but parts of it differ: something pasted in, brightened, or taken at another moment."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of the photo: as it came (scaled), as it is shown without its stamp, and where the stamp has it."""

    large: bytes
    plain: bytes
    stamped: tuple[int, int]
    """Size of the picture with its stamp."""


def look_closely(data: bytes, known: Known) -> Likeness:
    """Compare pixels; `Refused` when this is no picture that can be read."""
    chosen = _opened(examine(data).large)
    kept = [_opened(original) for original in {known.large, known.plain}]
    found = {compare(part, one) for one in kept for part in _parts(chosen, one.size, known.stamped)}
    return next((one for one in (Likeness.SAME, Likeness.CHANGED) if one in found), Likeness.OTHER)


def _parts(chosen: Image.Image, size: tuple[int, int], stamped: tuple[int, int]) -> Iterator[Image.Image]:
    """The picture as it is, and what a stamped copy has above its band."""
    yield chosen
    beside = (stamped[0] - size[0]) / 2 / stamped[0] * chosen.width
    below = size[1] / stamped[1] * chosen.height
    yield chosen.crop((round(beside), 0, round(chosen.width - beside), max(1, round(below))))


def compare(one: Image.Image, other: Image.Image) -> Likeness:
    """Two pictures as they look, whatever their size and brightness."""
    shapes = (one.width * other.height) / (one.height * other.width)
    if abs(shapes - 1) > SAME_SHAPE:
        return Likeness.OTHER
    first, second = _standard(one), _standard(other)
    alike = sum(a * b for a, b in zip(first, second, strict=True)) / len(first)
    if alike >= ALIKE and worst_part(first, second) <= WORST:
        return Likeness.SAME
    return Likeness.CHANGED if alike >= NEARLY else Likeness.OTHER


def worst_part(first: list[float], second: list[float]) -> float:
    """How far the two are apart where they differ most, in standard deviations, averaged over a small square."""
    worst = 0.0
    for top in range(0, SIDE - TILE + 1, TILE // 2):
        for left in range(0, SIDE - TILE + 1, TILE // 2):
            at = [y * SIDE + x for y in range(top, top + TILE) for x in range(left, left + TILE)]
            worst = max(worst, abs(sum(first[one] - second[one] for one in at)) / len(at))
    return worst


def _standard(image: Image.Image) -> list[float]:
    """Grey values of a small copy, with mean 0 and deviation 1: zeros when there is nothing to be seen."""
    grey = list(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX).tobytes())
    mean = sum(grey) / len(grey)
    deviation = (sum((value - mean) ** 2 for value in grey) / len(grey)) ** 0.5
    return [(value - mean) / deviation if deviation >= FLAT else 0.0 for value in grey]


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")
