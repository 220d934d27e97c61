"""Scenes of the other crews: a door lock, a call unit, an air vent, an extinguisher."""

from random import Random

from crew_app.demo.paint import (
    BLACK,
    CHROME,
    CHROME_ACROSS,
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
    turned,
)

OAK = Fade(((186, 148, 104), (172, 132, 90), (190, 152, 108), (164, 124, 84)), across=True)
CORD: tuple[Colour, ...] = ((168, 170, 166), (206, 208, 204), (236, 237, 234))
RUBBER: tuple[Colour, ...] = ((14, 14, 16), (30, 30, 33), (58, 59, 63), (96, 98, 103))
RED = Fade(((120, 12, 14), (214, 34, 34), (240, 92, 84), (206, 28, 28), (104, 8, 10)), across=True)


def lock(sheet: Sheet, *, fixed: bool) -> None:
    """A door with a lever lock: hanging down without its cylinder, or new with a key in it."""
    _door(sheet)
    if not fixed:
        _scratches(sheet)
    sheet.soft(moved(box(440, 480, 170, 720, 24), 22, 20), BLACK, 26, 0.5)
    sheet.shape(
        box(430, 460, 170, 720, 24),
        CHROME_ACROSS if fixed else Fade(((92, 92, 90), (150, 149, 144), (84, 84, 82)), across=True),
    )
    _screw(sheet, 515, 500, missing=not fixed)
    _screw(sheet, 515, 1140, missing=False)
    _lever(sheet, 0 if fixed else 52, CHROME if fixed else Fade(((104, 104, 102), (176, 175, 170), (90, 90, 88))))
    _cylinder(sheet) if fixed else _broken_cylinder(sheet)


def _door(sheet: Sheet) -> None:
    sheet.shape(box(-60, -60, 1320, 1720), OAK)
    sheet.rough(box(-60, -60, 1320, 1720), (104, 70, 42), 31, (150, 5), 0.5)
    sheet.rough(box(-60, -60, 1320, 1720), (226, 190, 146), 32, (90, 7), 0.35)
    sheet.shape(box(-60, -60, 270, 1720), Fade(((206, 206, 202), (222, 222, 219), (188, 188, 184)), across=True))
    sheet.soft(box(200, -60, 36, 1720), BLACK, 14, 0.7)


def _screw(sheet: Sheet, x: float, y: float, *, missing: bool) -> None:
    sheet.shape(oval(x, y, 15), BLACK if missing else (196, 199, 202))
    if not missing:
        sheet.shape(band(((x - 11, y - 4), (x + 11, y + 4)), 4), (70, 72, 74))
        sheet.shape(band(((x - 4, y + 11), (x + 4, y - 11)), 4), (70, 72, 74))


def _lever(sheet: Sheet, droop: float, metal: Fill) -> None:
    hub = (515, 690)
    arm = turned(box(500, 650, 440, 80, 36), hub, droop)
    sheet.soft(moved(arm, 18, 30), BLACK, 24, 0.5)
    sheet.shape(oval(*hub, 74), (120, 123, 127))
    sheet.shape(oval(*hub, 66), metal)
    sheet.shape(arm, metal)
    sheet.soft(turned(box(540, 662, 360, 12), hub, droop), WHITE, 5, 0.75)


def _cylinder(sheet: Sheet) -> None:
    sheet.shape(oval(515, 960, 50), (108, 110, 114))
    sheet.shape(oval(515, 960, 44), Fade(((236, 214, 150), (176, 142, 74))))
    sheet.soft(moved(box(480, 955, 70, 190, 20), 20, 18), BLACK, 14, 0.5)
    sheet.shape(box(506, 950, 18, 60), (198, 200, 203))
    sheet.shape(oval(515, 1060, 46, 58), CHROME_ACROSS)
    sheet.shape(oval(515, 1085, 14), (90, 70, 46))


def _broken_cylinder(sheet: Sheet) -> None:
    sheet.shape(oval(515, 950, 44), BLACK)
    sheet.shape(box(490, 960, 50, 84, 18), BLACK)
    sheet.soft(oval(520, 960, 20, 30), (86, 78, 60), 8, 0.8)


def _scratches(sheet: Sheet) -> None:
    dice = Random(17)  # noqa: S311 - the same scratches every time
    for ink in ((226, 204, 168), (92, 64, 40)):
        starts = [(dice.randint(590, 680), dice.randint(880, 1080)) for _ in range(9)]
        ends = [(x + dice.randint(-60, 60), y + dice.randint(-26, 26)) for x, y in starts]
        sheet.shapes([band(pair, 4, 1) for pair in zip(starts, ends, strict=True)], ink, 0.6)


def call(sheet: Sheet, *, fixed: bool) -> None:
    """A bedside call unit: its cord torn, or the handset in its place and the lamp green."""
    sheet.rough(box(-60, -60, 1320, 1720), (190, 196, 190), 41, (60, 80), 0.3)
    _rail(sheet)
    sheet.soft(box(330, 380, 430, 620, 34), BLACK, 30, 0.4)
    sheet.shape(box(310, 350, 430, 620, 34), Fade(((250, 250, 248), (226, 228, 226))))
    sheet.shape(box(345, 385, 360, 210, 16), Fade(((56, 62, 70), (34, 38, 44))))
    for row in range(5):
        sheet.shape(box(400, 425 + row * 30, 250, 9, 4), (96, 104, 114))
    _buttons(sheet, lit=fixed)
    _handset(sheet) if fixed else _torn_cord(sheet)


def _rail(sheet: Sheet) -> None:
    sheet.soft(box(-60, 1090, 1320, 60), BLACK, 26, 0.3)
    sheet.shape(box(-60, 1040, 1320, 96), Fade(((222, 224, 226), (176, 180, 184))))
    sheet.shape(box(-60, 1052, 1320, 12), WHITE, 0.8)


def _buttons(sheet: Sheet, *, lit: bool) -> None:
    sheet.shape(oval(435, 740, 74), (198, 198, 196))
    sheet.shape(oval(435, 736, 64), Fade(((236, 70, 62), (178, 30, 26))))
    sheet.shape(oval(610, 740, 74), (198, 198, 196))
    sheet.shape(oval(610, 736, 64), Fade(((90, 150, 214), (44, 96, 160))))
    if lit:
        sheet.glow(525, 880, 130, 130, (70, 255, 130), 0.9)
    sheet.shape(oval(525, 880, 16), (150, 255, 180) if lit else (70, 78, 72))


def _handset(sheet: Sheet) -> None:
    cord = curve((600, 960), (620, 1500), (880, 1180))
    sheet.soft(moved(band(cord, 22), 16, 22), BLACK, 14, 0.4)
    sheet.tube(cord, 24, CORD)
    body = turned(box(830, 560, 130, 640, 60), (895, 880), 8)
    sheet.soft(moved(body, 22, 26), BLACK, 24, 0.45)
    sheet.shape(body, Fade(((252, 252, 250), (216, 219, 217)), across=True))
    sheet.shape(oval(915, 690, 44), Fade(((236, 70, 62), (178, 30, 26))))


def _torn_cord(sheet: Sheet) -> None:
    cord = curve((600, 960), (590, 1180), (700, 1270))
    sheet.soft(moved(band(cord, 24), 14, 22), BLACK, 14, 0.4)
    sheet.tube(cord, 24, CORD)
    wires: tuple[tuple[Colour, float, float], ...] = (
        ((196, 44, 36), 800, 1240),
        ((44, 92, 170), 790, 1320),
        ((214, 176, 60), 740, 1370),
    )
    for ink, x, y in wires:
        sheet.shape(band(curve((694, 1264), (740, 1280), (x, y)), 9), ink)
        sheet.shape(oval(x, y, 7), (206, 126, 70))


def vent(sheet: Sheet, *, fixed: bool) -> None:
    """A return-air grille of a fan coil: furred with dust, or washed."""
    sheet.shape(box(-60, -60, 1320, 1720), Fade(((222, 221, 216), (198, 197, 192))))
    sheet.rough(box(-60, -60, 1320, 1720), (150, 148, 142), 52, (240, 320), 0.25)
    if not fixed:
        sheet.glow(600, 800, 800, 900, (92, 84, 70), 0.7)
    sheet.soft(box(140, 380, 940, 860, 10), BLACK, 26, 0.4)
    sheet.shape(box(120, 350, 940, 860, 10), Fade(((246, 246, 244), (220, 220, 217))))
    sheet.shape(box(170, 400, 840, 760), (40, 41, 43))
    for step in range(14):
        _louvre(sheet, 408 + step * 54, fixed=fixed)
    for x, y in ((145, 375), (1035, 375), (145, 1185), (1035, 1185)):
        sheet.shape(oval(x, y, 11), (150, 152, 153))
    if not fixed:
        _dust(sheet)


def _louvre(sheet: Sheet, y: float, *, fixed: bool) -> None:
    clean, dirty = Fade(((252, 252, 251), (206, 207, 206))), Fade(((186, 178, 160), (122, 114, 98)))
    sheet.shape(box(170, y, 840, 38), clean if fixed else dirty)
    sheet.shape(box(170, y + 36, 840, 4), (98, 98, 96))


def _dust(sheet: Sheet) -> None:
    sheet.rough(box(170, 400, 840, 760), (98, 90, 74), 55, (90, 60), 0.95)
    sheet.rough(box(120, 350, 940, 860), (120, 112, 96), 56, (40, 40), 0.5)
    dice = Random(9)  # noqa: S311 - the same fluff every time
    for _ in range(70):
        x, y = dice.randint(190, 960), 446 + 54 * dice.randrange(13)
        sheet.soft(oval(x, y, dice.randint(14, 46), dice.randint(5, 15)), (84, 78, 66), 5, 0.8)


def extinguisher(sheet: Sheet, *, fixed: bool) -> None:
    """The head of an extinguisher: needle in the red, dust on the shoulder; or in the green with a fresh label."""
    sheet.shape(box(-60, 1180, 1320, 480), Fade(((150, 150, 146), (118, 118, 114))))
    sheet.soft(moved(box(330, 640, 540, 1080, 180), 70, 30), BLACK, 60, 0.5)
    sheet.shape(box(330, 640, 540, 1080, 190), RED)
    sheet.shape(box(520, 520, 160, 150), CHROME_ACROSS)
    _grips(sheet)
    _hose(sheet)
    _gauge(sheet, fixed=fixed)
    _label(sheet, fixed=fixed)
    if not fixed:
        sheet.rough(box(330, 640, 540, 420, 190), (190, 180, 164), 61, (70, 60), 0.4)


def _grips(sheet: Sheet) -> None:
    for grip in (((480, 500), (600, 470), (930, 420)), ((500, 420), (620, 380), (900, 300))):
        sheet.soft(moved(band(grip, 46, 40), 14, 24), BLACK, 16, 0.4)
        sheet.shape(band(grip, 46, 40), Fade(((60, 60, 62), (24, 24, 26))))
    sheet.shape(oval(560, 452, 26), (206, 180, 60))
    sheet.shape(oval(560, 452, 16), (40, 40, 42))


def _hose(sheet: Sheet) -> None:
    hose = curve((520, 560), (120, 620), (230, 1640))
    sheet.soft(moved(band(hose, 58), 20, 20), BLACK, 24, 0.4)
    sheet.tube(hose, 58, RUBBER)


def _gauge(sheet: Sheet, *, fixed: bool) -> None:
    sheet.soft(oval(612, 612, 104), BLACK, 18, 0.5)
    sheet.shape(oval(600, 595, 104), CHROME)
    sheet.shape(oval(600, 595, 86), (244, 244, 240))
    for start, end, ink in ((0.40, 0.60, (206, 40, 34)), (0.60, 0.82, (40, 160, 74)), (0.82, 1.04, (230, 180, 40))):
        sheet.shape([*oval(600, 595, 74, turns=(start, end)), *reversed(oval(600, 595, 50, turns=(start, end)))], ink)
    needle = turned(band(((600, 607), (600, 528)), 10, 3), (600, 595), -4 if fixed else -78)
    sheet.shape(needle, BLACK)
    sheet.shape(oval(600, 595, 10), BLACK)
    sheet.soft(band(((548, 560), (600, 528)), 16), WHITE, 7, 0.7)


def _label(sheet: Sheet, *, fixed: bool) -> None:
    paper = Fade(((252, 251, 246), (236, 234, 226))) if fixed else Fade(((206, 190, 160), (176, 158, 128)))
    sheet.shape(box(420, 960, 360, 460, 10), paper)
    ink: Colour = (60, 70, 90) if fixed else (128, 112, 90)
    for row in range(7):
        sheet.shape(box(456, 1010 + row * 52, 288 - (row * 67) % 120, 13, 5), ink)
    if fixed:
        sheet.shape(box(640, 1290, 110, 100, 6), (42, 150, 80))
        sheet.shape(band(((664, 1342), (686, 1364), (728, 1314)), 14), WHITE)
    else:
        sheet.shape([(780, 960), (700, 960), (780, 1050)], (128, 20, 20))
