"""The typeface of labels: how wide words are, and the part of it that a document needs. Knows fontTools."""

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FONT = Path(__file__).parents[1] / "evidence" / "fonts" / "NotoSansSC-Regular.ttf"
ASCENT, DESCENT = 0.88, 0.12
"""Of the height of a line of text, above and below the line it stands on."""
UNITS = 1000


@cache
def _face() -> tuple[dict[int, int], list[int]]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - 11 MB that only whoever prints labels has to carry

    with TTFont(FONT, lazy=True) as font:
        order = font.getReverseGlyphMap()
        widths = [0] * len(order)
        for name, (width, _bearing) in font["hmtx"].metrics.items():
            widths[order[name]] = width
        return {point: order[name] for point, name in font.getBestCmap().items()}, widths


def glyphs(text: str) -> list[int]:
    """The numbers of the pictures of these characters; 0 for what the typeface does not have."""
    known, _widths = _face()
    return [known.get(ord(character), 0) for character in text]


def advance(glyph: int) -> int:
    """How wide a picture is, in thousandths of its height."""
    return _face()[1][glyph]


def width(text: str, size: float = 1.0) -> float:
    """How wide words are at this size, in the unit of the size."""
    return sum(advance(glyph) for glyph in glyphs(text)) * size / UNITS


def part(characters: Iterable[str]) -> bytes:
    """The typeface with these characters only; their numbers stay."""
    from fontTools import subset  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    options = subset.Options()
    options.retain_gids = options.notdef_outline = True
    options.hinting = options.glyph_names = options.legacy_kern = False
    options.layout_features = []
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "BASE", "STAT", "vhea", "vmtx"]
    out = io.BytesIO()
    with TTFont(FONT, lazy=True) as font:
        picker: Any = subset.Subsetter(options)
        picker.populate(text="".join(characters))
        picker.subset(font)
        font.save(out)
    return out.getvalue()
