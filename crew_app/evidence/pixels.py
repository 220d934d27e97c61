"""Pixels of a picture that is shown: areas that nobody may recognise anything in."""

from collections.abc import Iterable

from PIL import Image, ImageFilter

Area = tuple[int, int, int, int]
"""Left, top, width, height in thousandths of the upright picture."""
FEWEST, MOST = 2, 6
"""So many blocks along the shorter side of an area are left of what was there."""


def blurred(image: Image.Image, areas: Iterable[Area]) -> Image.Image:
    """A copy in which the areas hold a few blurred blocks of colour; nothing finer can be had back from them."""
    covered = image.copy()
    for area in areas:
        box = _box(area, image.size)
        part = image.crop(box)
        shorter = min(part.size)
        blocks = min(MOST, max(FEWEST, shorter // 8))
        few = tuple(max(1, round(side * blocks / shorter)) for side in part.size)
        coarse = part.resize((few[0], few[1]), Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST)
        covered.paste(coarse.filter(ImageFilter.GaussianBlur(shorter / blocks / 3)), box[:2])
    return covered


def _box(area: Area, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Whole pixels, rather one more than one less, within the picture."""
    (left, top, width, height), (across, down) = area, size
    x, y = min(across - 1, max(0, left * across // 1000)), min(down - 1, max(0, top * down // 1000))
    right, bottom = -(-(left + width) * across // 1000), -(-(top + height) * down // 1000)
    return x, y, max(x + 1, min(across, right)), max(y + 1, min(down, bottom))
