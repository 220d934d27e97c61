"""Scenes of the plumbers: a tap, a floor drain."""

from random import Random

from crew_app.demo.paint import (
    BLACK,
    CHROME,
    STEEL,
    WHITE,
    Colour,
    Fade,
    Fill,
    Sheet,
    band,
    box,
    curve,
    moved,
    oval,
)

WATER: Colour = (206, 226, 236)
GROUT: Colour = (176, 174, 166)


def tap(sheet: Sheet, *, fixed: bool) -> None:
    """A tap over a basin: dripping with a rusty streak, or new and dry."""
    _tiles(sheet)
    _basin(sheet)
    if not fixed:
        _leak_marks(sheet)
    _spout(sheet, dull=not fixed)
    if not fixed:
        _drops(sheet)


def _tiles(sheet: Sheet) -> None:
    dice = Random(21)  # noqa: S311 - the same tiles every time
    for row in range(4):
        for column in range(-1, 5):
            shade = dice.randint(-6, 6)
            tone = Fade(((232 + shade, 238 + shade, 238 + shade), (216 + shade, 224 + shade, 226 + shade)))
            sheet.shape(box(column * 290 - 30, row * 290 - 60, 282, 282, 3), tone)
    for column in range(-1, 5):
        sheet.soft(band(((column * 290 + 10, -40), (column * 290 + 60, 900)), 26), WHITE, 16, 0.25)


def _basin(sheet: Sheet) -> None:
    sheet.soft(box(-60, 1010, 1320, 60), BLACK, 34, 0.45)
    sheet.shape(oval(600, 1130, 760, 130), Fade(((252, 252, 252), (226, 230, 232))))
    sheet.shape(box(-160, 1130, 1520, 560), Fade(((244, 246, 247), (196, 202, 206))))
    sheet.shape(oval(600, 1300, 560, 235), Fade(((150, 158, 164), (214, 220, 224), (246, 248, 249))))
    sheet.soft(oval(600, 1220, 470, 90), (110, 120, 128), 50, 0.5)
    sheet.shape(oval(600, 1390, 62, 28), CHROME)
    sheet.shape(oval(600, 1392, 36, 15), (40, 44, 48))


def _leak_marks(sheet: Sheet) -> None:
    rust = curve((790, 1150), (800, 1290), (640, 1384))
    sheet.soft(band(rust, 84, 46), (150, 92, 44), 22, 0.5)
    sheet.soft(band(rust, 30, 20), (116, 62, 26), 12, 0.55)
    sheet.soft(oval(240, 1090, 150, 26), (150, 170, 180), 14, 0.7)
    sheet.shape(oval(240, 1088, 120, 17), WATER, 0.65)
    sheet.soft(band(((160, 1080), (240, 1076)), 8), WHITE, 3, 0.9)


def _spout(sheet: Sheet, *, dull: bool) -> None:
    steel = tuple((r // 2 + 74, g // 2 + 72, b // 2 + 64) for r, g, b in STEEL) if dull else STEEL
    neck = [(430, 1080), (430, 600), *oval(605, 600, 175, turns=(0.5, 1)), (780, 690)]
    sheet.soft(moved(band(neck, 96), 60, 40), BLACK, 40, 0.25)
    sheet.tube(neck, 104, steel)
    sheet.tube(((780, 670), (780, 770)), 122, steel)
    sheet.shape(oval(780, 772, 54, 15), (52, 56, 60))
    sheet.shape(oval(430, 1090, 128, 36), _dulled(CHROME) if dull else CHROME)
    sheet.tube(((430, 930), (300, 880), (170, 862)), 58, steel)
    sheet.soft(oval(585, 436, 60, 10), WHITE, 6, 0.2 if dull else 0.9)


def _dulled(metal: Fade) -> Fade:
    """Limescale takes the shine away."""
    return Fade(tuple((r // 2 + 78, g // 2 + 76, b // 2 + 68) for r, g, b in metal.colours), metal.across)


def _drops(sheet: Sheet) -> None:
    for y, size in ((806, 15), (900, 19), (1040, 21)):
        sheet.shape([(780, y - size * 2.1), *oval(780, y, size, size * 1.15, (-0.07, 0.57))], (150, 184, 204))
        sheet.soft(oval(774, y - 3, size * 0.3, size * 0.45), WHITE, 3, 0.95)
    sheet.shapes([oval(x, 1170 + (x % 7) * 6, 7, 5) for x in (710, 745, 830, 862)], WATER, 0.9)


def drain(sheet: Sheet, *, fixed: bool) -> None:
    """A floor drain among small tiles: under dirty water, or clean and dry."""
    sheet.shape(box(-60, -60, 1320, 1720), GROUT)
    _mosaic(sheet, wet=not fixed)
    _grate(sheet, _dulled(CHROME) if not fixed else CHROME)
    if fixed:
        sheet.glow(420, 520, 500, 420, WHITE, 0.3)
    else:
        _flood(sheet)


def _mosaic(sheet: Sheet, *, wet: bool) -> None:
    dice = Random(8)  # noqa: S311 - the same floor every time
    for row in range(9):
        for column in range(7):
            shade = dice.randint(-9, 9) - (34 if wet else 0)
            tone = (188 + shade, 190 + shade, 186 + shade)
            sheet.shape(box(column * 190 - 60, row * 190 - 60, 181, 181, 4), tone)
    sheet.rough(box(-60, -60, 1320, 1720), (110, 104, 92), 15, (200, 260), 0.3)


def _grate(sheet: Sheet, metal: Fill) -> None:
    sheet.soft(box(372, 582, 470, 470, 16), BLACK, 16, 0.5)
    sheet.shape(box(365, 570, 470, 470, 14), metal)
    sheet.shape(box(385, 590, 430, 430, 8), Fade(((206, 210, 213), (172, 177, 181))))
    rings = ((60, 6), (112, 12), (164, 18))
    spots = [oval(600, 805, ring, turns=(step / count, 1))[0] for ring, count in rings for step in range(count)]
    sheet.shapes([oval(x, y, 15) for x, y in spots], (30, 30, 30))
    for x, y in ((412, 617), (788, 617), (412, 993), (788, 993)):
        sheet.shape(oval(x, y, 12), (120, 124, 128))
        sheet.shape(band(((x - 9, y - 3), (x + 9, y + 3)), 4), (50, 52, 54))


def _flood(sheet: Sheet) -> None:
    puddle = [
        (120, 640),
        (300, 420),
        (600, 380),
        (930, 430),
        (1110, 700),
        (1060, 1010),
        (860, 1250),
        (520, 1290),
        (210, 1120),
    ]
    sheet.soft(puddle, (74, 68, 52), 60, 0.82)
    sheet.soft(moved(puddle, 0, -6), (128, 122, 100), 90, 0.4)
    sheet.soft(band(((330, 560), (520, 480), (700, 500)), 60), (226, 232, 234), 26, 0.65)
    sheet.soft(band(((760, 1120), (930, 1010)), 40), (214, 220, 222), 22, 0.5)
    dice = Random(5)  # noqa: S311 - the same dirt every time
    hairs = []
    for _ in range(26):
        x, y = dice.randint(430, 780), dice.randint(640, 960)
        bend = (x + dice.randint(-120, 120), y + dice.randint(-90, 90))
        end = (x + dice.randint(-140, 140), y + dice.randint(-60, 60))
        hairs.append(band(curve((x, y), bend, end), 4, 2))
    sheet.shapes(hairs, (30, 24, 18), 0.85)
    for _ in range(40):
        spot = oval(dice.randint(220, 1000), dice.randint(480, 1180), dice.randint(3, 13), dice.randint(2, 8))
        sheet.shape(spot, dice.choice(((52, 44, 32), (186, 178, 156), (90, 82, 60))), 0.8)
