"""Copies of a picture as people make them to pass off an old one, each from a number."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

Copy = Callable[[Image.Image, Random], Image.Image]


def _again(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def same(image: Image.Image, dice: Random) -> Image.Image:
    """Encoded again."""
    return _again(image, dice.randint(40, 90))


def scaled(image: Image.Image, dice: Random) -> Image.Image:
    """Another size."""
    share = dice.uniform(0.35, 0.9)
    size = (round(image.width * share), round(image.height * share))
    return _again(image.resize(size, Image.Resampling.BICUBIC), dice.randint(60, 90))


def brighter(image: Image.Image, dice: Random) -> Image.Image:
    """Lighter, with other contrast."""
    lighter = ImageEnhance.Brightness(image).enhance(dice.uniform(1.1, 1.35))
    return _again(ImageEnhance.Contrast(lighter).enhance(dice.uniform(0.8, 1.3)), 80)


def darker(image: Image.Image, dice: Random) -> Image.Image:
    """Darker, with other contrast and colour."""
    dark = ImageEnhance.Brightness(image).enhance(dice.uniform(0.6, 0.85))
    return _again(ImageEnhance.Color(ImageEnhance.Contrast(dark).enhance(dice.uniform(0.8, 1.3))).enhance(0.5), 80)


def cropped(share: float) -> Copy:
    """A part of it, anywhere in it, as large as before."""

    def crop(image: Image.Image, dice: Random) -> Image.Image:
        w, h = image.width * share, image.height * share
        x, y = dice.uniform(0, image.width - w), dice.uniform(0, image.height - h)
        part = image.resize(image.size, Image.Resampling.BICUBIC, box=(x, y, x + w, y + h))
        return _again(part, 80)

    return crop


def turned(degrees: float) -> Copy:
    """Turned a little and cut so that no corner is empty."""

    def turn(image: Image.Image, dice: Random) -> Image.Image:
        angle = degrees * dice.choice((-1, 1))
        lost = abs(degrees) * 0.02
        whole = image.rotate(angle, Image.Resampling.BICUBIC)
        box = (image.width * lost, image.height * lost, image.width * (1 - lost), image.height * (1 - lost))
        return _again(whole.resize(image.size, Image.Resampling.BICUBIC, box=box), 80)

    return turn


def mirrored(image: Image.Image, _dice: Random) -> Image.Image:
    """Left is right."""
    return _again(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 80)


def stamped(image: Image.Image, dice: Random) -> Image.Image:
    """A watermark along the bottom."""
    copy = image.copy()
    pen = ImageDraw.Draw(copy, "RGBA")
    top = int(image.height * dice.uniform(0.86, 0.92))
    pen.rectangle((0, top, image.width, image.height), fill=(0, 0, 0, 170))
    for line in range(2):
        pen.text((20, top + 8 + 26 * line), "2026-11-22 08:15  LAMP-0071  7F3K-9Q2M", fill=(255, 255, 255, 255))
    return _again(copy, 80)


def marked(image: Image.Image, dice: Random) -> Image.Image:
    """Circles and arrows drawn on it."""
    copy = image.copy()
    pen = ImageDraw.Draw(copy)
    for _ in range(dice.randint(1, 3)):
        x, y, r = dice.uniform(0.2, 0.8) * image.width, dice.uniform(0.2, 0.8) * image.height, dice.uniform(60, 150)
        pen.ellipse((x - r, y - r, x + r, y + r), outline=(230, 20, 20), width=12)
        pen.line((x + r, y, x + 2 * r, y + r), fill=(230, 20, 20), width=12)
    return _again(copy, 80)


def screenshot(image: Image.Image, dice: Random) -> Image.Image:
    """A phone's screen with the picture in the middle of it, bars above and below."""
    wide, tall = dice.choice(((720, 1600), (720, 1560), (720, 1480)))
    ground = dice.choice(((0, 0, 0), (255, 255, 255), (18, 18, 20)))
    screen = Image.new("RGB", (wide, tall), ground)
    shown = image.resize((wide, round(image.height * wide / image.width)), Image.Resampling.BICUBIC)
    screen.paste(shown, (0, (tall - shown.height) // 2))
    pen = ImageDraw.Draw(screen)
    ink = (255, 255, 255) if sum(ground) < 300 else (20, 20, 20)
    pen.text((24, 14), "08:15", fill=ink)
    for x in (600, 630, 660):
        pen.rectangle((x, 14, x + 18, 26), fill=ink)
    for x in (120, 340, 560):
        pen.ellipse((x, tall - 60, x + 30, tall - 30), outline=ink, width=3)
    return screen


def off_screen(image: Image.Image, dice: Random) -> Image.Image:
    """A photo of a screen: its grid of dots seen through another grid, at an angle, with a reflection."""
    w, h = image.size
    pitch = dice.choice((2, 3))
    big = image.resize((w * pitch, h * pitch), Image.Resampling.NEAREST)
    cell = Image.new("RGB", (pitch, pitch), (40, 40, 40))
    for x in range(pitch):
        for y in range(pitch - 1):
            cell.putpixel((x, y), tuple(255 if c == x % 3 else 120 for c in range(3)))
    grid = Image.new("RGB", big.size)
    strip = Image.new("RGB", (big.width, pitch))
    for x in range(0, big.width, pitch):
        strip.paste(cell, (x, 0))
    for y in range(0, big.height, pitch):
        grid.paste(strip, (0, y))
    seen = ImageChops.multiply(big, grid)
    bend = [dice.uniform(0, 0.05) * w * pitch for _ in range(8)]
    corners: tuple[float, ...] = (
        bend[0],
        bend[1],
        bend[2],
        big.height - bend[3],
        big.width - bend[4],
        big.height - bend[5],
    )
    corners += (big.width - bend[6], bend[7])
    share = dice.uniform(0.75, 1.25)
    size = (round(w * share), round(h * share))
    photo = seen.transform(size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)
    photo = ImageEnhance.Brightness(photo).enhance(1.7).filter(ImageFilter.GaussianBlur(dice.uniform(0.2, 0.5)))
    return _again(photo, 85)


COPIES: dict[str, Copy] = {
    "encoded again": same,
    "scaled": scaled,
    "brighter": brighter,
    "darker": darker,
    "cropped to 0.9": cropped(0.9),
    "cropped to 0.8": cropped(0.8),
    "turned by 1 degree": turned(1),
    "turned by 2 degrees": turned(2),
    "mirrored": mirrored,
    "stamped": stamped,
    "marked": marked,
    "screenshot": screenshot,
    "off a screen": off_screen,
}
WANTED = ("encoded again", "scaled", "brighter", "darker", "cropped to 0.9")
"""Of these 95 of 100 have to be found."""
