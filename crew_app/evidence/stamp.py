"""The band below a picture that is shown large: what it belongs to, whose it is, when, and the code to check it by.

Bytes in, bytes out. The picture itself is not touched, and nothing but its pixels comes along.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M

from crew_app.evidence.images import THUMB
from crew_app.evidence.pixels import Area, blurred

FONT = Path(__file__).with_name("fonts") / "NotoSansSC-Regular.ttf"
NARROWEST = 640
"""Narrower pictures stand in the middle of a band that can still be read."""
PRINTED = 1000
"""Pixels of the longer side on paper: 280 an inch."""
QUALITY = 84
MOST_LINES = 3
"""Rows that one line may take before it is cut."""
BAND, RULE, TITLE, TEXT, CLAIMED = "#10201e", "#2f9c90", "#ffffff", "#d3e2df", "#ffd479"
QUIET = 3
"""Modules of white around the QR code; the band is dark beyond them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a stamp says. `claimed` is what only the phone says; `address` is what the QR code holds."""

    title: str
    lines: tuple[str, ...]
    claimed: str
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text as it fits."""

    text: str
    colour: str
    size: int


def stamped(data: bytes, areas: tuple[Area, ...], words: Words) -> bytes:
    """The picture with its covered areas blurred and its band below it (JPEG)."""
    with Image.open(io.BytesIO(data)) as image:
        picture = blurred(image.convert("RGB"), areas)
    return _jpeg(_with_band(picture, words))


def for_paper(data: bytes, areas: tuple[Area, ...], words: Words) -> bytes:
    """The same as wide as print needs, half a page across."""
    with Image.open(io.BytesIO(data)) as image:
        picture = blurred(image.convert("RGB"), areas)
    picture.thumbnail((PRINTED, PRINTED), Image.Resampling.LANCZOS)
    return _jpeg(_with_band(picture, words))


def covered(data: bytes, areas: tuple[Area, ...], longest: int = 0) -> bytes:
    """The picture with its covered areas blurred, no side longer than so much (JPEG)."""
    with Image.open(io.BytesIO(data)) as image:
        picture = blurred(image.convert("RGB"), areas)
    if longest:
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _jpeg(picture)


def covered_thumb(data: bytes, areas: tuple[Area, ...]) -> bytes:
    """The same for a list."""
    return covered(data, areas, THUMB)


def _with_band(picture: Image.Image, words: Words) -> Image.Image:
    width = max(picture.width, NARROWEST)
    band = _band(words, width)
    canvas = Image.new("RGB", (width, picture.height + band.height), BAND)
    canvas.paste(picture, ((width - picture.width) // 2, 0))
    canvas.paste(band, (0, picture.height))
    return canvas


def _band(words: Words, width: int) -> Image.Image:
    size = max(18, round(width / 46))
    margin = round(size * 0.7)
    code = qr(words.address, round(size * 5.6))
    rows = list(_rows(words, size, width - 3 * margin - code.width))
    height = max(code.height, sum(_height(row) for row in rows)) + 2 * margin
    band = Image.new("RGB", (width, height), BAND)
    draw = ImageDraw.Draw(band)
    draw.rectangle((0, 0, width, max(2, size // 9)), fill=RULE)
    y = (height - sum(_height(row) for row in rows)) // 2
    for row in rows:
        draw.text((margin, y), row.text, fill=row.colour, font=_font(row.size))
        y += _height(row)
    band.paste(code, (width - margin - code.width, (height - code.height) // 2))
    return band


def _rows(words: Words, size: int, width: int) -> Iterator[Row]:
    larger = round(size * 1.15)
    for text in _wrapped(words.title, larger, width):
        yield Row(text, TITLE, larger)
    for line in words.lines:
        for text in _wrapped(line, size, width):
            yield Row(text, TEXT, size)
    for text in _wrapped(words.claimed, size, width):
        yield Row(text, CLAIMED, size)
    yield from (Row(text, TITLE, size) for text in _wrapped(words.code, size, width))


def _height(row: Row) -> int:
    return round(row.size * 1.42)


def _wrapped(text: str, size: int, width: int) -> Iterator[str]:
    """The text in rows that fit, broken at a blank where there is one near."""
    left, font = " ".join(text.split()), _font(size)
    for number in range(MOST_LINES):
        fitting = _fitting(left, font, width)
        if fitting == len(left):
            break
        if number == MOST_LINES - 1:
            left = left[: max(1, fitting - 1)] + "…"
            break
        blank = left.rfind(" ", 0, fitting + 1)
        end = blank if blank > fitting // 2 else fitting
        yield left[:end]
        left = left[end:].strip()
    if left:
        yield left


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """How many characters fit, at least one."""
    low, high = 1, max(1, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return min(low, len(text))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def qr(text: str, side: int) -> Image.Image:
    """The code in modules of whole pixels, at least of two, about so wide."""
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    symbol.add_data(text)
    matrix = symbol.get_matrix()
    picture = Image.new("1", (len(matrix), len(matrix)), 1)
    picture.putdata([0 if dark else 1 for row in matrix for dark in row])
    scale = max(2, round(side / len(matrix)))
    return picture.resize((len(matrix) * scale, len(matrix) * scale), Image.Resampling.NEAREST).convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, progressive=False, optimize=False)
    return out.getvalue()
