"""Files that no phone should send: at least five hundred, the same in every run."""

import io
import random
import struct
import sysconfig
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pillow_heif
from PIL import Image

from tests.support.pictures import MARKER, camera_exif, camera_jpeg, drawing, encoded

SIGN = MARKER.encode()
CODE = b"<script>/*" + SIGN + b"*/alert(1)</script>"
NAMES = (
    "photo.jpg",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\x.png",
    "/etc/crew/secret_key",
    "a\0b.jpg",
    "%00%2e%2e%2f.jpg",
    "x" * 300 + ".jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "照片.jpg",
    "photo.php.jpg",
    "con.jpg",
    " ",
)
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".ico", ".svg", ".pdf", ".heic", ".avif")
FROM_PACKAGES = 120
MAGICS = (b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic", b"8BPS")
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
Named = tuple[str, bytes]


def files() -> Iterator[Named]:
    """All of them."""
    yield from _from_packages()
    yield from _every_kind()
    yield from _damaged()
    yield from _two_in_one()
    yield from _bombs()
    yield from _no_pictures()


@cache
def originals() -> dict[str, bytes]:
    """Sound pictures with a marker in each place where a file can keep words."""
    exif, noise = camera_exif().tobytes(), Image.effect_noise((320, 240), 60).convert("RGB")
    frames = {"save_all": True, "append_images": [drawing(320, 240), noise]}
    heif = io.BytesIO()
    pillow_heif.from_pillow(noise).save(heif, quality=60, exif=exif, xmp=SIGN)
    return {
        "jpeg": camera_jpeg(6, 320, 240),
        "progressive": encoded(noise, "JPEG", progressive=True, exif=exif, comment=SIGN),
        "cmyk": encoded(noise.convert("CMYK"), "JPEG", comment=SIGN),
        "mpo": encoded(noise, "MPO", **frames),
        "png": encoded(noise, "PNG", exif=exif),
        "apng": encoded(noise, "PNG", **frames),
        "webp": encoded(noise, "WEBP", exif=exif, xmp=SIGN),
        "webp-moving": encoded(noise, "WEBP", **frames),
        "heic": heif.getvalue(),
        "avif": encoded(noise, "AVIF", exif=exif, xmp=SIGN),
    }


def _from_packages() -> Iterator[Named]:
    """Pictures of every sort that packages in this environment brought along."""
    folder = Path(sysconfig.get_paths()["purelib"])
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    for path in found[:: max(1, len(found) // FROM_PACKAGES)]:
        yield f"package/{path.name}", path.read_bytes()


def _every_kind() -> Iterator[Named]:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        image = Image.new("I;16", (320, 240), 40_000) if mode == "I;16" else drawing(320, 240, mode)
        yield f"kind/png-{mode}", encoded(image, "PNG")
    for mode in ("L", "RGB", "CMYK", "YCbCr"):
        for options in ({}, {"progressive": True}, {"icc_profile": SIGN * 3000}, {"quality": 100, "subsampling": 0}):
            yield f"kind/jpeg-{mode}-{len(options)}", encoded(drawing(320, 240, mode), "JPEG", **options)
    yield "kind/interlaced", interlaced(40, 24)
    yield from ((f"kind/{name}", data) for name, data in originals().items())


def _damaged() -> Iterator[Named]:
    for name, data in originals().items():
        chance = random.Random(name)
        for turn in range(22):
            yield f"bits/{name}-{turn}", _flipped(data, chance, 1 + turn)
        for turn in range(10):
            yield f"cut/{name}-{turn}", data[: int(len(data) * (turn + 0.5) / 10) + 1]
        for turn in range(4):
            other, at = chance.choice(list(originals().values())), chance.randrange(20, len(data))
            yield f"splice/{name}-{turn}", data[:at] + other[at:]


def _two_in_one() -> Iterator[Named]:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", MARKER)
    others = {"zip": box.getvalue(), "html": b"<!doctype html>" + CODE, "pdf": b"%PDF-1.7\n" + CODE, "js": b"/*" + CODE}
    for name, data in originals().items():
        for kind, other in others.items():
            yield f"behind/{name}-{kind}", data + other
        yield f"before/{name}", CODE + data
    jpeg = camera_jpeg()
    for kind, other in others.items():
        yield f"inside/{kind}", jpeg[:2] + _segment(0xFE, other) + jpeg[2:]
    yield "inside/js-comment", b"\xff\xd8\xff\xe0/**/=1;/*" + SIGN + b"*/" + jpeg[2:]


def _bombs() -> Iterator[Named]:
    for width, height in ((13_000, 13_000), (65_000, 65_000), (2**31 - 1, 1), (1, 30_000), (0, 0), (0, 10)):
        yield f"bomb/png-{width}x{height}", png(width, height, b"\0" * 20_000)
    yield "bomb/png-flat", encoded(Image.new("L", (5990, 4000)), "PNG")
    yield "bomb/png-grey-too-large", encoded(Image.new("L", (9000, 9000)), "PNG")
    yield "bomb/jpeg-60mp", encoded(Image.new("L", (8900, 6700)), "JPEG")
    yield "bomb/webp-largest", encoded(Image.new("RGB", (16_000, 1000)), "WEBP", lossless=True, method=0)
    jpeg = bytearray(camera_jpeg())
    size = jpeg.index(b"\xff\xc0") + 5
    jpeg[size : size + 4] = struct.pack(">HH", 65_500, 65_500)
    yield "bomb/jpeg-claims", bytes(jpeg)
    scans = encoded(drawing(1600, 1200), "JPEG", progressive=True)
    last = scans.rindex(b"\xff\xda")
    yield "bomb/scans", scans[:last] + scans[last:-2] * 5000 + b"\xff\xd9"
    plain = camera_jpeg()
    yield "bomb/segments", plain[:2] + _segment(0xE5, SIGN) * 20_000 + plain[2:]
    yield "bomb/exif-repeated", plain[:2] + _segment(0xE1, b"Exif\0\0" + _exif_bomb()) + plain[2:]
    yield "bomb/exif-many", plain[:2] + _segment(0xE1, camera_exif().tobytes() + SIGN * 3000) * 100 + plain[2:]
    yield "bomb/icc-many", plain[:2] + _segment(0xE2, b"ICC_PROFILE\0\1\xff" + SIGN * 3000) * 255 + plain[2:]
    yield "bomb/xmp", plain[:2] + _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SIGN * 3000) * 50 + plain[2:]
    squeezed = zlib.compress(b"\0" * 50_000_000, 9)
    sound = encoded(drawing(320, 240), "PNG")
    for kind, head in ((b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0"), (b"iCCP", b"k\0\0"), (b"eXIf", b"")):
        body = head + (_exif_bomb() * 100 if kind == b"eXIf" else squeezed)
        yield f"bomb/{kind.decode()}", sound[:33] + chunk(kind, body) + sound[33:]
    yield "bomb/chunks", sound[:33] + chunk(b"tEXt", b"k\0" + SIGN) * 50_000 + sound[33:]


def _no_pictures() -> Iterator[Named]:
    for kind in ("GIF", "BMP", "TIFF", "PPM", "TGA", "ICO", "PCX", "PDF", "EPS", "SGI", "DDS", "ICNS", "JPEG2000"):
        yield f"other/{kind}", encoded(drawing(320, 240), kind) + SIGN
    yield "other/svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + CODE + b"</svg>"
    yield "other/xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + SIGN + b'">]><x>&a;</x>'
    yield "other/ps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(" + SIGN + b") show"
    yield "other/eps-inside-jpeg", b"\xff\xd8\xff\xe0%!PS" + SIGN
    yield "other/empty", b""
    for size in (1, 2, 3, 11, 100, 100_000):
        yield f"other/zeros-{size}", b"\0" * size
        yield f"other/noise-{size}", random.Random(size).randbytes(size)
    for magic in (
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x18ftypheic",
        b"8BPS",
    ):
        yield f"other/magic-{magic[:4].hex()}-{len(magic)}", magic + SIGN


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def interlaced(width: int, height: int) -> bytes:
    """A grey PNG in the seven passes of Adam7, which Pillow cannot write."""
    rows = b""
    for left, top, right, down in ADAM7:
        rows += (b"\0" + b"\x80" * len(range(left, width, right))) * len(range(top, height, down))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _segment(kind: int, data: bytes) -> bytes:
    data = data[:65_000]
    return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data


def _exif_bomb() -> bytes:
    """Thousands of entries that all claim the same sixty thousand bytes."""
    entries = b"".join(struct.pack("<HHII", 1000 + at, 7, 60_000, 8) for at in range(5000))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 5000) + entries


def _flipped(data: bytes, chance: random.Random, bits: int) -> bytes:
    changed = bytearray(data)
    for _ in range(bits):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)
