"""Pictures of similar things for measuring look-alikes: one subject, photographed by different people.

A subject is a number; a shot of it another. Shots of one subject differ as photos from different standpoints do:
where the walls meet, how far away the thing is, where the light comes from, the grain of the sensor.
"""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from crew_app.demo import pictures

TALL, WIDE = (720, 960), (960, 720)
STAND = 60
"""By so many pixels of 960 the standpoint differs."""
Shot = Callable[[int, int], Image.Image]


def drawn(subject: int, shot: int) -> Image.Image:
    """A scene of the demo hospital, broken or repaired."""
    scene = list(pictures.SCENES)[subject % len(pictures.SCENES)]
    data = pictures.photo(scene, fixed=subject // 9 % 2 == 1, taken_at=datetime(2026, 1, 5, tzinfo=UTC), hand=shot)
    return _coloured(data)


def corridor(subject: int, shot: int) -> Image.Image:
    """Walls that run away, doors, lamps, a stripe."""
    thing, stand = Random(subject), Random(f"{subject} {shot}")
    size = TALL if thing.random() < 0.6 else WIDE
    picture = Image.new("RGB", size, _colour(thing, 150, 235))
    pen = ImageDraw.Draw(picture)
    far = (size[0] / 2 + stand.uniform(-STAND, STAND), size[1] * 0.42 + stand.uniform(-STAND, STAND))
    deep = stand.uniform(0.14, 0.22)
    back = [(far[0] + dx * deep * size[0], far[1] + dy * deep * size[1]) for dx, dy in _CORNERS]
    edges = [(0.0, 0.0), (size[0], 0.0), size, (0.0, size[1])]
    for one in range(4):
        shape = [edges[one], edges[(one + 1) % 4], back[(one + 1) % 4], back[one]]
        pen.polygon(shape, fill=_colour(thing, 110, 230))
    pen.polygon(back, fill=_colour(thing, 130, 240))
    for _ in range(thing.randint(4, 9)):
        _on_wall(pen, thing, edges, back, right=thing.random() < 0.5)
    return _photographed(picture, thing, stand)


def shelf(subject: int, shot: int) -> Image.Image:
    """A wall with things on it: boxes, pipes, dials."""
    thing, stand = Random(subject), Random(f"{subject} {shot}")
    size = TALL if thing.random() < 0.6 else WIDE
    picture = Image.new("RGB", size, _colour(thing, 120, 230))
    pen = ImageDraw.Draw(picture)
    nearer = stand.uniform(0.88, 1.14)
    aside = (stand.uniform(-STAND, STAND), stand.uniform(-STAND, STAND))
    for _ in range(thing.randint(9, 22)):
        x, y = (thing.uniform(-0.1, 1) * side * nearer + move for side, move in zip(size, aside, strict=True))
        w, h = (thing.uniform(0.04, 0.4) * side * nearer for side in size)
        shape = thing.choice((pen.rectangle, pen.ellipse))
        shape((x, y, x + w, y + h), fill=_colour(thing, 20, 250), outline=_colour(thing, 0, 90), width=3)
    return _photographed(picture, thing, stand)


def plaster(subject: int, shot: int) -> Image.Image:
    """Nothing but a surface: stains, cracks, boards."""
    thing, stand = Random(subject), Random(f"{subject} {shot}")
    coarse = thing.choice(((6, 8), (14, 18), (30, 40), (4, 60)))
    noise = Image.frombytes("L", coarse, thing.randbytes(coarse[0] * coarse[1])).resize((1100, 1400), 2)
    fine = Image.frombytes("L", (140, 180), thing.randbytes(140 * 180)).resize((1100, 1400), 3)
    mixed = Image.blend(noise, fine, thing.uniform(0.2, 0.5))
    pen = ImageDraw.Draw(mixed)
    for _ in range(thing.randint(1, 5)):
        points = [(thing.uniform(0, 1100), thing.uniform(0, 1400)) for _ in range(4)]
        pen.line(points, fill=thing.randint(0, 60), width=thing.randint(2, 7))
    x, y, side = stand.uniform(20, 160), stand.uniform(20, 200), stand.uniform(0.8, 1)
    picture = mixed.crop((int(x), int(y), int(x + 900 * side), int(y + 1150 * side))).resize(TALL, 2)
    return _photographed(Image.merge("RGB", (picture, picture, picture)), thing, stand)


KINDS: dict[str, Shot] = {"drawn": drawn, "corridor": corridor, "shelf": shelf, "plaster": plaster}
_CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))


def _on_wall(pen: ImageDraw.ImageDraw, thing: Random, edges: list, back: list, *, right: bool) -> None:  # type: ignore[type-arg]
    """A door or a box on one of the walls, in perspective."""
    near = (edges[1], edges[2]) if right else (edges[0], edges[3])
    away = (back[1], back[2]) if right else (back[0], back[3])
    a, wide, top, low = thing.uniform(0, 0.7), thing.uniform(0.06, 0.25), thing.uniform(0.1, 0.6), thing.uniform(0.7, 1)
    corners = []
    for share, height in ((a, top), (a + wide, top), (a + wide, low), (a, low)):
        up = [n + (w - n) * share for n, w in zip(near[0], away[0], strict=True)]
        down = [n + (w - n) * share for n, w in zip(near[1], away[1], strict=True)]
        corners.append(tuple(u + (d - u) * height for u, d in zip(up, down, strict=True)))
    pen.polygon(corners, fill=_colour(thing, 30, 250), outline=_colour(thing, 0, 90))


def _photographed(picture: Image.Image, thing: Random, stand: Random) -> Image.Image:
    """Patches of the surface, a view that is never quite straight, light from somewhere, grain."""
    w, h = picture.size
    patches = Image.frombytes("L", (48, 64), thing.randbytes(48 * 64)).resize((w, h), 3).point(_flat(0.12))
    picture = ImageChops.add(picture, Image.merge("RGB", (patches,) * 3), 1, -127)
    bend = [stand.uniform(-STAND / 2, STAND / 2) for _ in range(8)]
    corners = (bend[0], bend[1], bend[2], h + bend[3], w + bend[4], h + bend[5], w + bend[6], bend[7])
    picture = picture.transform((w, h), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)
    light = (
        Image.linear_gradient("L").rotate(stand.uniform(0, 360)).resize((w, h)).point(_flat(stand.uniform(0.1, 0.35)))
    )
    grain = Image.frombytes("L", (w, h), stand.randbytes(w * h)).filter(ImageFilter.BoxBlur(0.6)).point(_flat(0.09))
    for layer in (light, grain):
        picture = ImageChops.add(picture, Image.merge("RGB", (layer,) * 3), 1, -127)
    return picture


def _flat(strength: float) -> list[int]:
    return [round(127 + (level - 127) * strength) for level in range(256)]


def _colour(dice: Random, low: int, high: int) -> tuple[int, int, int]:
    grey = dice.randint(low, high)
    return tuple(max(0, min(255, grey + dice.randint(-25, 25))) for _ in range(3))  # type: ignore[return-value]


def _coloured(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB").resize(TALL, Image.Resampling.BILINEAR)
