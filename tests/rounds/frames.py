"""What a camera sees at a tag: drawn scenes, pictures taken of them by hand, and pictures taken of a screen.

Nothing here is a photo of a real place. The pictures are small, since only their difference hash matters.
"""

from dataclasses import dataclass
from math import cos, radians, sin
from random import Random

from PIL import Image, ImageDraw, ImageEnhance

WIDE, HIGH = 160, 120
GRID = (9, 8)


@dataclass(frozen=True, slots=True)
class Grip:
    """How unsteadily a picture is taken: scale, turn in degrees, shift as a share of the picture."""

    scale: float = 0.22
    turn: float = 8
    shift: float = 0.10


HAND = Grip()
DESK = Grip(scale=0.15, turn=5, shift=0.08)


def scene(seed: str) -> Image.Image:
    """The wall around a tag: doors, pipes, boxes, and the tag in the middle."""
    rng = Random(seed)
    picture = Image.new("L", (WIDE * 2, HIGH * 2), rng.randint(110, 220))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.randint(5, 12)):
        x, y = rng.randint(-40, WIDE * 2), rng.randint(-40, HIGH * 2)
        draw.rectangle((x, y, x + rng.randint(8, 150), y + rng.randint(8, 150)), fill=rng.randint(20, 245))
    _tag(draw, rng)
    return picture


def _tag(draw: ImageDraw.ImageDraw, rng: Random, side: int = 56) -> None:
    left, top, step = WIDE - side // 2, HIGH - side // 2, side / 21
    draw.rectangle((left - 6, top - 6, left + side + 6, top + side + 16), fill=240)
    for row in range(21):
        for column in range(21):
            if rng.random() < 0.5:
                x, y = left + column * step, top + row * step
                draw.rectangle((x, y, x + step, y + step), fill=20)


def taken(
    picture: Image.Image, rng: Random, grip: Grip = HAND, *, zoom: float = 1.0, light: float = 1.0, dark: bool = False
) -> Image.Image:
    """A picture taken by hand: nearer or further, turned, shifted, in other light, with the noise of a small sensor."""
    scale, turn = zoom * (1 + rng.uniform(-grip.scale, grip.scale)), radians(rng.gauss(0, grip.turn / 2))
    centre_x = picture.width / 2 + rng.gauss(0, grip.shift / 2) * WIDE
    centre_y = picture.height / 2 + rng.gauss(0, grip.shift / 2) * HIGH
    across, down = scale * cos(turn), scale * sin(turn)
    left = centre_x - across * WIDE / 2 + down * HIGH / 2
    top = centre_y - down * WIDE / 2 - across * HIGH / 2
    matrix = (across, -down, left, down, across, top)
    view = picture.transform((WIDE, HIGH), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=90)
    small = view.resize((18, 16), Image.Resampling.BOX)
    if dark:
        small = _by_torch(small, rng)
    return _noisy(ImageEnhance.Brightness(small).enhance(light * rng.uniform(0.75, 1.25)), rng)


def _by_torch(view: Image.Image, rng: Random) -> Image.Image:
    """Bright in the middle, dark at the edges."""
    x, y = 9 + rng.gauss(0, 2), 8 + rng.gauss(0, 2)
    far = ((n % 18 - x, n // 18 - y) for n in range(18 * 16))
    light = (max(0.15, 1.2 - 0.012 * (dx * dx + dy * dy)) for dx, dy in far)
    return Image.frombytes(
        "L", view.size, bytes(min(255, int(v * b)) for v, b in zip(view.tobytes(), light, strict=True))
    )


def _noisy(view: Image.Image, rng: Random) -> Image.Image:
    return Image.frombytes(
        "L", view.size, bytes(max(0, min(255, value + rng.randint(-7, 7))) for value in view.tobytes())
    )


def on_screen(picture: Image.Image, desk: Image.Image, rng: Random, share: float) -> Image.Image:
    """A picture of a tag, shown on a screen or as a print that fills `share` of the width, on somebody's desk."""
    table = desk.copy()
    wide, high = round(WIDE * share), round(HIGH * share)
    shown = picture.resize((wide, high), Image.Resampling.BILINEAR)
    left, top = WIDE - wide // 2 + rng.randint(-3, 3), HIGH - high // 2 + rng.randint(-3, 3)
    ImageDraw.Draw(table).rectangle((left - 8, top - 8, left + wide + 8, top + high + 8), fill=15)
    table.paste(shown, (left, top))
    return table


def difference_hash(view: Image.Image) -> int:
    """64 bits: whether each of 9 x 8 fields is brighter than the one to its left."""
    small = view.resize(GRID, Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (small[row * 9 + column + 1] > small[row * 9 + column])
    return bits
