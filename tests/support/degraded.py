"""Printed sheets as a phone sees them: at an angle, out of focus, in poor light, in a hurry. Pillow only."""

import io
import random
from collections.abc import Callable, Iterator

import pypdfium2
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter

DOTS = 300 / 72
FRAME = 1600
"""Pixels of the longer side of what the camera sees of one label."""
Spoil = Callable[[Image.Image, random.Random], Image.Image]


def rendered(data: bytes, scale: float = DOTS) -> list[Image.Image]:
    """The pages of a PDF as a printer of 300 dots an inch puts them on paper."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [document[number].render(scale=scale).to_pil().convert("L") for number in range(len(document))]
    finally:
        document.close()


def cut(page: Image.Image, left: float, top: float, width: float, height: float, scale: float = DOTS) -> Image.Image:
    """One label out of a page, with a hand's breadth around it; millimetres."""
    dots = scale * 72 / 25.4
    edge = 3 * dots
    box = (left * dots - edge, top * dots - edge, (left + width) * dots + edge, (top + height) * dots + edge)
    return page.crop(tuple(int(value) for value in box))  # type: ignore[arg-type]


def read(image: Image.Image) -> list[str]:
    """What a scanner reads in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(image)]


def _at_camera(image: Image.Image) -> Image.Image:
    """On a table, as large as a camera shows it."""
    share = FRAME * 0.5 / max(image.size)
    small = image.resize((int(image.width * share), int(image.height * share)), Image.Resampling.LANCZOS)
    table = Image.new("L", (int(small.width * 1.5), int(small.height * 1.5)), 120)
    table.paste(small, (small.width // 4, small.height // 4))
    return table


def tilted(image: Image.Image, rng: random.Random) -> Image.Image:
    """Seen from the side: the far edge is about a third shorter, and it is turned."""
    wide, tall = image.size
    near, far = 0.0, rng.uniform(0.12, 0.2)
    corners = ((near, 0), (near, 1), (1, 1 - far), (1, far))  # where the corners of the picture come to lie
    quad = _coefficients([(x * wide, y * tall) for x, y in corners], wide, tall)
    seen = image.transform((wide, tall), Image.Transform.PERSPECTIVE, quad, Image.Resampling.BICUBIC, fillcolor=120)
    squeezed = seen.resize((int(wide * 0.72), tall), Image.Resampling.LANCZOS)
    return squeezed.rotate(rng.uniform(-40, 40), Image.Resampling.BICUBIC, expand=True, fillcolor=120)


def blurred(image: Image.Image, rng: random.Random) -> Image.Image:
    """Out of focus."""
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(2.0, 3.0)))


def noisy(image: Image.Image, rng: random.Random) -> Image.Image:
    """Grain of a small sensor."""
    grain = Image.effect_noise(image.size, rng.uniform(50, 70))
    return Image.blend(image, grain, 0.35)


def dim(image: Image.Image, rng: random.Random) -> Image.Image:
    """A corridor at night: an eighth of the light, and grain on it."""
    dark = ImageEnhance.Brightness(image).enhance(rng.uniform(0.1, 0.15))
    return Image.blend(dark, Image.effect_noise(image.size, 30).point(lambda value: value / 6), 0.3)


def pressed(image: Image.Image, rng: random.Random) -> Image.Image:
    """Sent through a chat: JPEG of the worst sort."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=rng.randint(10, 18))
    return Image.open(out).convert("L")


def worn(image: Image.Image, rng: random.Random) -> Image.Image:
    """Scratched: white lines as wide as a square across the label."""
    spoilt = image.copy()
    for _ in range(3):
        left = rng.randrange(image.width)
        spoilt.paste(230, (left, 0, left + image.width // 200, image.height))
    return spoilt


def all_together(image: Image.Image, rng: random.Random) -> Image.Image:
    """At an angle, a little out of focus, in a dim room, sent as JPEG."""
    soft = tilted(image, rng).filter(ImageFilter.GaussianBlur(1.2))
    half_light = ImageEnhance.Brightness(soft).enhance(0.35)
    return pressed(Image.blend(half_light, Image.effect_noise(soft.size, 25), 0.12), rng)


SPOILT: dict[str, Spoil] = {
    "as printed": lambda image, _rng: image,
    "at an angle": tilted,
    "out of focus": blurred,
    "grain": noisy,
    "dim light": dim,
    "JPEG": pressed,
    "scratched": worn,
    "all together": all_together,
}


def photographed(image: Image.Image, how: str, seed: int) -> Image.Image:
    """A label as a phone's camera has it."""
    return SPOILT[how](_at_camera(image), random.Random(seed))


def _coefficients(corners: list[tuple[float, float]], wide: float, tall: float) -> list[float]:
    """The eight numbers of a perspective that brings the picture's corners there (solved by elimination)."""
    targets = [(0, 0), (0, tall), (wide, tall), (wide, 0)]
    rows = list(_rows(corners, targets))
    for place in range(8):
        pivot = max(range(place, 8), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for other in range(8):
            if other != place:
                factor = rows[other][place]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[8] for row in rows]


def _rows(corners: list[tuple[float, float]], targets: list[tuple[float, float]]) -> Iterator[list[float]]:
    for (x, y), (u, v) in zip(corners, targets, strict=True):
        yield [x, y, 1, 0, 0, 0, -u * x, -u * y, u]
        yield [0, 0, 0, x, y, 1, -v * x, -v * y, v]
