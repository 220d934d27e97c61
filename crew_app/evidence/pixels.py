"""Making areas of a picture unrecognisable: pure, in memory."""

from collections.abc import Iterable

from PIL import Image, ImageFilter

CELLS = 5
"""Colours that are left along the longer side of an area."""
WHOLE = 1000
Area = tuple[int, int, int, int]


def blurred(image: Image.Image, areas: Iterable[Area]) -> Image.Image:
    """A copy whose areas (x, y, width, height in thousandths) hold no more than 25 mean colours each, without a seam.

    What is left of an area is a handful of averages: nothing can bring the rest back, however it is sharpened.
    """
    out = image.convert("RGB") if image.mode != "RGB" else image.copy()
    for area in areas:
        box = _box(area, out.size)
        part = out.crop(box)
        out.paste(_smeared(part), box)
    return out


def _box(area: Area, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The whole pixels an area touches; never empty."""
    x, y, width, height = area
    left, right = x * size[0] // WHOLE, -(-(x + width) * size[0] // WHOLE)
    top, bottom = y * size[1] // WHOLE, -(-(y + height) * size[1] // WHOLE)
    right, bottom = min(max(right, left + 1), size[0]), min(max(bottom, top + 1), size[1])
    return min(left, right - 1), min(top, bottom - 1), right, bottom


def _smeared(part: Image.Image) -> Image.Image:
    longest = max(part.size)
    cells = (max(1, round(CELLS * part.width / longest)), max(1, round(CELLS * part.height / longest)))
    means = part.resize(cells, Image.Resampling.BOX)
    grown = means.resize(part.size, Image.Resampling.NEAREST)
    return grown.filter(ImageFilter.GaussianBlur(longest / CELLS / 3))
