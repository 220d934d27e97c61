"""What opening a picture would cost, looked at before anything is decoded: under 150 MB and about a second.

How many bytes each pixel takes on the way differs by format (docs/decisions.md has the figures).
"""

import re
import struct
from collections.abc import Iterator

from PIL import Image

from crew_app.core.errors import Refused
from crew_app.core.words import N_

MEGA = 1_000_000
MAX_PIXELS = 60 * MEGA
"""For what is scaled while it is decoded: a JPEG in one scan."""
PIXELS = {
    "JPEG": MAX_PIXELS,
    "MPO": MAX_PIXELS,
    "PNG": 24 * MEGA,
    "WEBP": 8 * MEGA,
    "HEIF": 13 * MEGA,
    "AVIF": 13 * MEGA,
}
SCANNED_PIXELS = 16 * MEGA
"""For a JPEG in several scans, whose coefficients are all kept until the last."""
SCAN_WORK = 200 * MEGA
"""Scans times pixels: a few kilobytes can ask for thousands of scans."""
LONGEST_SIDE = 20_000
"""A picture of one pixel by sixty million is no photo, and scaling it takes gigabytes."""
EXIF_BYTES = 256 * 1024
_CLEAR = ("RGBA", "LA", "PA", "La", "RGBa")
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_SOS, _EOI = 0xDA, 0xD9
_BARE = frozenset({0xD8, 0x01})
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_FOLDERS = (0x8769, 0x8825, 0xA005)


def check_cost(image: Image.Image, data: bytes) -> None:
    """`Refused` when opening this picture would take more memory or time than a photo may."""
    width, height = image.size
    kind, pixels = image.format or "", width * height
    most = PIXELS[kind]
    if image.mode in _CLEAR or "transparency" in image.info:
        most //= 2  # its colours are kept a second time while it is scaled
    if kind in ("JPEG", "MPO"):
        scans = scans_of(data)
        if scans > 1:
            most = SCANNED_PIXELS
        if scans * pixels > SCAN_WORK and scans > 1 and pixels <= most:
            raise too_costly()
    if pixels > most or max(width, height) > LONGEST_SIDE:
        raise too_many_pixels(most)


def scans_of(data: bytes) -> int:
    """How many scans the first JPEG in a file has."""
    return sum(marker == _SOS for marker in _markers(data))


def _markers(data: bytes) -> Iterator[int]:
    at = 0
    while found := _MARKER.search(data, at):
        marker, at = data[found.end() - 1], found.end()
        yield marker
        if marker == _EOI:
            return
        if marker not in _BARE and at + 2 <= len(data):
            at += max(2, int.from_bytes(data[at : at + 2], "big"))


def modest(exif: bytes) -> bool:
    """Whether metadata says no more than it has bytes: a few entries can claim the same bytes thousands of times."""
    if len(exif) > EXIF_BYTES:
        return False
    body = exif[6:] if exif.startswith(b"Exif\0\0") else exif
    order = {b"II": "<", b"MM": ">"}.get(body[:2])
    if order is None or len(body) < 8:  # noqa: PLR2004 - the header of TIFF
        return True  # unreadable, which costs nothing
    return _claimed(body, order) <= 2 * len(body)


def _claimed(body: bytes, order: str) -> int:
    claimed, seen = 0, set[int]()
    waiting = [struct.unpack_from(f"{order}I", body, 4)[0]]
    while waiting:
        start = waiting.pop()
        if start in seen or start + 2 > len(body):
            continue
        seen.add(start)
        (count,) = struct.unpack_from(f"{order}H", body, start)
        for at in range(start + 2, min(start + 2 + 12 * count, len(body) - 11), 12):
            tag, kind, number, value = struct.unpack_from(f"{order}HHII", body, at)
            claimed += min(number * _SIZES.get(kind, 1), len(body))
            waiting += [value] if tag in _FOLDERS else []
    return claimed


def too_many_pixels(most: int = MAX_PIXELS) -> Refused:
    """The refusal of a picture that is too large to be opened."""
    words = N_("The photo has more than %(most)s megapixels. Please send a smaller one.")
    return Refused("photo-too-many-pixels", words, most=most // MEGA)


def too_costly() -> Refused:
    """The refusal of a picture that would take seconds."""
    return Refused("photo-costly", N_("This photo takes too long to open. Please take it again."))
