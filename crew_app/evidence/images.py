"""Pictures: what is accepted, what is read from them, and the copies that are shown.

Only an explicit list of formats is opened, sizes are checked before anything is decoded, and every copy is painted
onto a fresh canvas, so that no metadata survives in what is shown.
"""

import io
import warnings
from dataclasses import dataclass
from functools import cache

from PIL import ExifTags, Image, UnidentifiedImageError

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.evidence import limits

MAX_BYTES = 25 * 1024 * 1024
LARGE, THUMB, SMALL = 1600, 320, 160
QUALITY, SMALL_QUALITY = 80, 70
OPENED = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
FORMATS = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}
"""What an opened picture may turn out to be; phones write several JPEGs into one file (MPO)."""
_SCALED_AS_IT_IS = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn a picture upright, by its EXIF orientation."""
_SIDEWAYS = (_TURNS[5], _TURNS[6], _TURNS[7], _TURNS[8])


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found in a picture, and the copies made of it (JPEG)."""

    media_type: str
    width: int
    height: int
    exif_at: str | None
    latitude: float | None
    longitude: float | None
    large: bytes
    thumb: bytes
    small: bytes
    camera: str = ""
    """Make and model, or the program that wrote the file."""


def examine(data: bytes) -> Picture:
    """Decode a picture completely and make its copies; `Refused` says in plain words what is wrong with it."""
    if not data:
        raise Refused("photo-empty", N_("The photo is empty. Please take it again."))
    if len(data) > MAX_BYTES:
        raise Refused("photo-too-large", N_("The photo is larger than 25 MB. Please send a smaller one."))
    try:
        return _decode(data)
    except Refused:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise limits.too_many_pixels() from error
    except Exception as error:  # decoders raise anything at all on hostile bytes; none of it is a photo
        raise _broken() from error


def shrink(large: bytes) -> bytes:
    """The smallest copy, made of the large one: for photos that arrived when there was none."""
    with Image.open(io.BytesIO(large), formats=("JPEG",)) as image:
        image.draft("RGB", _fit(*image.size, THUMB))
        return _jpeg(_on_canvas(image, SMALL), SMALL_QUALITY)


@cache
def _learn_heif() -> None:
    """Only where pictures are opened: the library takes 7 MB, which the processes that answer people can do without."""
    import pillow_heif  # noqa: PLC0415

    pillow_heif.register_heif_opener()
    pillow_heif.options.DECODE_THREADS = 2


def _decode(data: bytes) -> Picture:
    _learn_heif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=OPENED)
        except UnidentifiedImageError as error:
            raise Refused(
                "photo-type",
                N_("This is not a photo we can read (JPEG, PNG, WebP, HEIC or AVIF). Please choose another."),
            ) from error
        with image:
            return _picture(image, data)


def _picture(image: Image.Image, data: bytes) -> Picture:
    width, height = image.size
    limits.check_cost(image, data)
    media_type = FORMATS[image.format or ""]
    exif = image.getexif() if limits.modest(image.info.get("exif") or b"") else Image.Exif()
    at, latitude, longitude = _taken(exif)
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", _fit(width, height, LARGE))
    turn = _TURNS.get(exif.get(ExifTags.Base.Orientation, 1))
    large = _on_canvas(image, LARGE)
    if turn is not None:
        large = large.transpose(turn)
    if turn in _SIDEWAYS:
        width, height = height, width
    thumb = _on_canvas(large, THUMB)
    copies = (_jpeg(large), _jpeg(thumb), _jpeg(_on_canvas(thumb, SMALL), SMALL_QUALITY))
    return Picture(media_type, width, height, at, latitude, longitude, *copies, _camera(exif))


def _fit(width: int, height: int, longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _on_canvas(image: Image.Image, longest: int) -> Image.Image:
    """Scale first and convert then, which takes a tenth of the memory; paint onto a fresh canvas."""
    size = _fit(*image.size, longest)
    pixels = image if image.mode in _SCALED_AS_IT_IS else _to_eight_bits(image)
    scaled = pixels.resize(size, Image.Resampling.LANCZOS) if size != image.size else pixels
    painted = scaled.convert("RGBA") if scaled.mode in ("LA", "RGBA") else scaled.convert("RGB")
    canvas = Image.new("RGB", size, "white")
    canvas.paste(painted, (0, 0), painted if painted.mode == "RGBA" else None)
    return canvas


def _to_eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256, "L")
    return image.convert("RGBA" if image.mode in ("P", "PA") else "RGB")


def _jpeg(image: Image.Image, quality: int = QUALITY) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, progressive=False, optimize=False)
    return out.getvalue()


def _taken(exif: Image.Exif) -> tuple[str | None, float | None, float | None]:
    """Time and position as the camera wrote them; unreadable metadata counts as none."""
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        at = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
        longitude = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
    except Exception:  # noqa: BLE001 - a broken EXIF segment raises anything at all, and is not worth losing a photo
        return None, None, None
    return (str(at).replace("\0", "")[:30].strip() or None if at else None), latitude, longitude


def _camera(exif: Image.Exif) -> str:
    try:
        names = [exif.get(tag) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)]
        words = [str(name) for name in names if name] or [str(exif.get(ExifTags.Base.Software) or "")]
    except Exception:  # noqa: BLE001 - the same
        return ""
    return " ".join("".join(char for char in " ".join(words) if char.isprintable()).split())[:80]


def _degrees(gps: dict[int, object], tag: int, reference: int, negative: str) -> float | None:
    parts = gps.get(tag)
    if not isinstance(parts, tuple) or len(parts) != 3:  # noqa: PLR2004 - degrees, minutes, seconds
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= 180:  # noqa: PLR2004
        return None
    return -value if gps.get(reference) == negative else value


def _broken() -> Refused:
    return Refused("photo-broken", N_("The photo is damaged or incomplete. Please take it again."))
