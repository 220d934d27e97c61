"""Sample photos: before and after, drawn by code, each as if held a little differently, with a camera's EXIF."""

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache
from random import Random

from PIL import ExifTags, Image, ImageChops

from crew_app.demo.paint import HEIGHT, WIDTH, Fade, Fill, Sheet
from crew_app.demo.records import ZONE
from crew_app.demo.scenes import electric, rooms, water

QUALITY = 84
SHAKE = 60
WALL = Fade(((226, 224, 214), (206, 203, 192)))
Scene = Callable[..., None]

SCENES: dict[str, tuple[Scene, Fill]] = {
    "lamp": (electric.lamp, WALL),
    "socket": (electric.socket, WALL),
    "exit": (electric.exit_sign, Fade(((214, 212, 204), (186, 183, 174)))),
    "tap": (water.tap, (196, 200, 198)),
    "drain": (water.drain, (176, 174, 166)),
    "lock": (rooms.lock, WALL),
    "call": (rooms.call, Fade(((224, 230, 226), (204, 212, 208)))),
    "vent": (rooms.vent, WALL),
    "extinguisher": (rooms.extinguisher, Fade(((224, 222, 214), (204, 201, 192)))),
}


def photo(scene: str, *, fixed: bool, taken_at: datetime, hand: int) -> bytes:
    """A JPEG of 1200×1600 of the scene; `hand` is how it was held, so that no two photos are quite the same."""
    dice = Random(hand)  # noqa: S311 - the same photo every time
    draw, ground = SCENES[scene]
    sheet = Sheet(ground, [(dice.randint(-SHAKE, SHAKE), dice.randint(-SHAKE, SHAKE)) for _ in range(4)])
    draw(sheet, fixed=fixed)
    out = io.BytesIO()
    _grained(sheet.image, dice).save(out, "JPEG", quality=QUALITY, exif=_exif(taken_at))
    return out.getvalue()


def again(data: bytes, taken_at: datetime) -> bytes:
    """A picture that was taken before, cut a little and passed off as another."""
    edge = (WIDTH * 0.03, HEIGHT * 0.03, WIDTH * 0.98, HEIGHT * 0.98)
    copy = Image.open(io.BytesIO(data)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=edge)
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=QUALITY - 10, exif=_exif(taken_at))
    return out.getvalue()


def _grained(picture: Image.Image, dice: Random) -> Image.Image:
    """In full size, the corners a little darker, with the grain of a small sensor."""
    grain = ImageChops.offset(_grain(), dice.randrange(WIDTH), dice.randrange(HEIGHT))
    dark = ImageChops.subtract(grain, _corners())
    full = picture.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    return ImageChops.add(full, Image.merge("RGB", (dark, dark, dark)), 1, -127)


@cache
def _grain() -> Image.Image:
    dice = Random(QUALITY)  # noqa: S311 - the same film every time
    fine = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), dice.randbytes(WIDTH * HEIGHT // 4))
    levels = [116 + level // 11 for level in range(256)]
    return fine.point(levels).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)


@cache
def _corners() -> Image.Image:
    fall = [round(max(0, level - 96) ** 1.25 / 12) for level in range(256)]
    return Image.radial_gradient("L").point(fall).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)


def _exif(taken_at: datetime) -> Image.Exif:
    exif = Image.Exif()
    text = f"{taken_at.astimezone(ZONE):%Y:%m:%d %H:%M:%S}"
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Demo", "Drawn picture"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = text
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = text
    details[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    return exif
