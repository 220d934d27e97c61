"""Pictures as cameras make them, and some that no camera makes."""

import hashlib
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from PIL import ExifTags, Image

from crew_app.core.ids import new_id
from tests.support.client import stamp

MARKER = "SECRET-WARD-MARKER"
TAKEN = "2026:11:22 08:15:30"
BASE, GPS, IFD = ExifTags.Base, ExifTags.GPS, ExifTags.IFD


def drawing(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image if mode == "RGB" else image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a picture in a format."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 64, height: int = 48, **options: Any) -> bytes:
    """A JPEG without anything special."""
    return encoded(drawing(width, height), "JPEG", **options)


def camera_exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: time, position, orientation, and words that nobody else should see."""
    exif = Image.Exif()
    exif[BASE.Orientation] = orientation
    exif[BASE.ImageDescription] = MARKER
    exif[BASE.Artist] = MARKER
    exif.get_ifd(IFD.Exif)[BASE.DateTimeOriginal] = TAKEN
    exif.get_ifd(IFD.Exif)[BASE.UserComment] = MARKER.encode()
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (31.0, 13.0, 48.0)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (121.0, 28.0, 12.0)
    return exif


def camera_jpeg(orientation: int = 1, width: int = 64, height: int = 48) -> bytes:
    """A JPEG with everything a camera writes into it."""
    return encoded(drawing(width, height), "JPEG", exif=camera_exif(orientation), comment=MARKER.encode())


def announcement(data: bytes, **changes: Any) -> dict[str, Any]:
    """The fields with which a phone announces a photo."""
    fields: Mapping[str, Any] = {
        "photo_id": str(new_id()),
        "photo_sha256": hashlib.sha256(data).hexdigest(),
        "photo_bytes": str(len(data)),
        "photo_type": "image/jpeg",
        "photo_taken_at": stamp(datetime.now(UTC)),
        "photo_source": "camera",
    }
    return {**fields, **changes}
