"""Scenes of the electricians: a ceiling light, a socket, an exit sign."""

from crew_app.demo.paint import BLACK, WHITE, Colour, Fade, Point, Sheet, band, box, moved, oval

PLATE = Fade(((246, 246, 243), (232, 232, 228)))
GREEN: Colour = (16, 170, 92)


def lamp(sheet: Sheet, *, fixed: bool) -> None:
    """A panel light in a ceiling of mineral tiles, dark or lit."""
    sheet.shape(box(-40, -40, 1280, 1680), CEILING_LIT if fixed else CEILING_DARK)
    sheet.rough(box(-40, -40, 1280, 1680), (90, 90, 88), 4, (240, 320), 0.22)
    _rails(sheet, fixed=fixed)
    _vent(sheet)
    _panel(sheet, fixed=fixed)


CEILING_LIT = Fade(((226, 225, 220), (238, 238, 236), (205, 203, 196)))
CEILING_DARK = Fade(((122, 121, 117), (108, 108, 106), (92, 91, 88)))


def _ceiling(u: float, v: float) -> Point:
    """A point of the ceiling as somebody sees it who looks up: far tiles are low and small."""
    return 600 + 1560 * u / v, 2350 - 4700 / v


def _tile(u: float, v: float, inset: float = 0.0) -> list[Point]:
    near, far = v + inset, v + 1 - inset
    return [
        _ceiling(x, y) for x, y in ((u + inset, near), (u + 1 - inset, near), (u + 1 - inset, far), (u + inset, far))
    ]


def _rails(sheet: Sheet, *, fixed: bool) -> None:
    ends = [((u / 2, 1.7), (u / 2, 9.6)) for u in range(-9, 11, 2)]
    ends += [((-4.5, 1.6 + step), (4.5, 1.6 + step)) for step in range(1, 8)]
    rails = [band((_ceiling(*start), _ceiling(*end)), 26 / start[1], 26 / end[1]) for start, end in ends]
    sheet.shapes([moved(rail, 0, 4) for rail in rails], (70, 70, 68), 0.4)
    sheet.shapes(rails, (244, 244, 242) if fixed else (150, 150, 147))


def _vent(sheet: Sheet) -> None:
    sheet.shape(_tile(-1.5, 4.6, 0.06), (150, 150, 147))
    slots = [4.74 + step * 0.16 for step in range(5)]
    sheet.shapes([band((_ceiling(-1.4, v), _ceiling(-0.6, v)), 7) for v in slots], (70, 70, 70))


def _panel(sheet: Sheet, *, fixed: bool) -> None:
    middle = _ceiling(0, 3.05)
    if fixed:
        sheet.glow(*middle, 1150, 950, (255, 252, 240), 0.75)
        sheet.shape(_tile(-0.5, 2.6, 0.02), (222, 224, 226))
        sheet.shape(_tile(-0.5, 2.6, 0.06), (255, 255, 253))
        sheet.glow(*middle, 640, 520, (255, 255, 252), 0.9)
        return
    sheet.shape(_tile(-0.5, 2.6, 0.02), (176, 177, 178))
    sheet.shape(_tile(-0.5, 2.6, 0.06), Fade(((132, 133, 136), (104, 105, 109), (88, 89, 94))))
    sheet.soft(
        [_ceiling(u, v) for u, v in ((-0.4, 2.7), (-0.2, 2.7), (-0.2, 3.5), (-0.38, 3.5))], (66, 60, 52), 26, 0.6
    )
    sheet.soft(band((_ceiling(-0.05, 2.72), _ceiling(0.3, 3.1)), 60), (190, 192, 196), 30, 0.45)


def socket(sheet: Sheet, *, fixed: bool) -> None:
    """A five-pin socket on a wall: scorched and cracked, or new."""
    sheet.rough(box(-40, -40, 1280, 1680), (176, 172, 160), 7, (60, 80), 0.35)
    _skirting(sheet)
    if not fixed:
        sheet.glow(600, 640, 520, 640, (38, 30, 24), 0.85)
    sheet.soft(box(352, 512, 520, 520, 20), BLACK, 30, 0.5)
    sheet.shape(box(340, 490, 520, 520, 26), PLATE if fixed else Fade(((222, 208, 176), (178, 156, 122))))
    sheet.shape(box(372, 522, 456, 456, 14), Fade(((236, 236, 233), (248, 248, 246))) if fixed else (208, 190, 156))
    _holes(sheet)
    _gloss(sheet) if fixed else _burn(sheet)


def _skirting(sheet: Sheet) -> None:
    sheet.shape(box(-40, 1400, 1280, 260), Fade(((132, 126, 116), (96, 90, 82))))
    sheet.shape(box(-40, 1392, 1280, 12), (200, 196, 186))


def _holes(sheet: Sheet) -> None:
    for x in (545, 655):
        sheet.shape(box(x - 30, 590, 60, 18, 8), BLACK)
        sheet.shape(oval(x, 599, 17), BLACK)
    sheet.shape(box(588, 718, 24, 76, 6), BLACK)
    for x, lean in ((500, 26), (700, -26)):
        sheet.shape(band(((x - lean, 826), (x + lean, 886)), 24), BLACK)


def _gloss(sheet: Sheet) -> None:
    sheet.soft(band(((390, 560), (520, 525)), 26), WHITE, 14, 0.8)
    for x in (365, 835):
        sheet.shape(oval(x, 750, 9), (206, 206, 204))


def _burn(sheet: Sheet) -> None:
    sheet.soft(oval(600, 640, 210, 190), BLACK, 60, 0.9)
    sheet.rough(oval(600, 680, 150, 150), BLACK, 11, (40, 40), 0.55)
    sheet.soft(oval(610, 730, 120, 130), BLACK, 60, 0.6)
    crack = ((650, 640), (700, 720), (690, 800), (760, 880), (800, 990))
    sheet.shape(band(crack, 9, 5), (26, 20, 16))
    sheet.shape(moved(band(crack, 4, 3), 6, 1), (230, 214, 184), 0.7)


def exit_sign(sheet: Sheet, *, fixed: bool) -> None:
    """An exit sign over a door, dark or lit."""
    sheet.shape(box(-40, 900, 1280, 760), Fade(((150, 146, 138), (112, 108, 100))))
    sheet.shape(box(180, 960, 840, 720), Fade(((120, 92, 66), (96, 72, 50)), across=True))
    sheet.rough(box(180, 960, 840, 720), (70, 50, 34), 3, (120, 6), 0.5)
    sheet.shape(box(594, 960, 12, 720), (58, 42, 30))
    if fixed:
        sheet.glow(600, 560, 900, 620, (70, 220, 140), 0.55)
    sheet.soft(box(170, 400, 880, 350, 20), BLACK, 34, 0.5)
    sheet.shape(box(150, 370, 900, 350, 26), Fade(((210, 212, 214), (150, 152, 156))))
    face = Fade(((40, 205, 120), GREEN, (20, 178, 98))) if fixed else Fade(((44, 84, 66), (34, 66, 52)))
    sheet.shape(box(182, 402, 836, 286, 12), face)
    _symbols(sheet, (244, 255, 248) if fixed else (128, 146, 138))
    if fixed:
        sheet.glow(600, 545, 520, 230, (190, 255, 220), 0.35)
    else:
        sheet.soft(band(((230, 660), (420, 420)), 70), (190, 200, 196), 30, 0.22)


def _symbols(sheet: Sheet, ink: Colour) -> None:
    """A running figure in a doorway, and an arrow."""
    sheet.shape(box(250, 440, 190, 210), ink)
    sheet.shape(box(268, 458, 154, 192), (24, 120, 70))
    sheet.shape(oval(372, 486, 22), ink)
    for limb in (((352, 516), (318, 566)), ((318, 566), (360, 596), (350, 644)), ((318, 566), (284, 596), (244, 590))):
        sheet.shape(band(limb, 26), ink)
    for arm in (((352, 522), (402, 548), (430, 530)), ((344, 520), (300, 512), (286, 546))):
        sheet.shape(band(arm, 17), ink)
    sheet.shape(band(((560, 545), (860, 545)), 54), ink)
    sheet.shape([(820, 455), (960, 545), (820, 635)], ink)
