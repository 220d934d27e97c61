"""Labels as drawings in a page: the same pieces at the same places as in the PDF."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from crew_app.labels.layout import QUIET, Label, Piece, Symbol, Words, pieces
from crew_app.labels.stocks import Setup
from crew_app.labels.symbols import runs, squares

FACES = "'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

_TEXT = Markup(
    '<text x="{:.3f}" y="{:.3f}" font-size="{:.3f}" font-family="{}" fill="{}" textLength="{:.3f}">{}</text>'
)
_BOX = Markup('<rect x="{:.3f}" y="{:.3f}" width="{:.3f}" height="{:.3f}" fill="{}"/>')


def sheets(labels: Iterable[Label], setup: Setup) -> Iterator[Markup]:
    """A drawing for each page."""
    here: list[Markup] = []
    page = 0
    for (number, left, top), label in zip(setup.stock.spots(setup.first), labels, strict=False):
        if number != page:
            yield _sheet(here, setup)
            here, page = [], number
        place = f"{left + setup.right:.3f} {top + setup.lower:.3f}"
        drawn = Markup("").join(map(_drawn, pieces(label, setup.stock)))
        here.append(Markup('<g transform="translate({})">{}</g>').format(place, drawn))
    if here:
        yield _sheet(here, setup)


def _sheet(drawn: list[Markup], setup: Setup) -> Markup:
    wide, tall = setup.stock.page
    head = Markup('<svg class="label-sheet" viewBox="0 0 {0} {1}" width="{0}mm" height="{1}mm" aria-hidden="true">')
    outlines = Markup("").join(_outline(setup, number) for number in range(setup.stock.per_page))
    return head.format(wide, tall) + outlines + Markup("").join(drawn) + Markup("</svg>")


def _outline(setup: Setup, number: int) -> Markup:
    """Where the label is, on the screen only."""
    _page, left, top = next(setup.stock.spots(number + 1))
    shape = Markup('<rect class="label-outline" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>')
    return shape.format(left, top, setup.stock.width, setup.stock.height)


def _drawn(piece: Piece) -> Markup:
    if isinstance(piece, Symbol):
        return _symbol(piece)
    if isinstance(piece, Words):
        width = max(piece.width, 0.1)
        return _TEXT.format(piece.left, piece.base, piece.size, FACES, str(piece.colour), width, piece.text)
    return _BOX.format(piece.left, piece.top, piece.width, piece.height, str(piece.colour))


def _symbol(piece: Symbol) -> Markup:
    grid = squares(piece.text)
    square = piece.side / (len(grid) + 2 * QUIET)
    bars = "".join(f"M{left} {down}h{long}v1h-{long}z" for left, down, long in runs(grid))
    place = f"translate({piece.left + QUIET * square:.3f} {piece.top + QUIET * square:.3f}) scale({square:.5f})"
    white = Markup('<rect x="{0:.3f}" y="{1:.3f}" width="{2:.3f}" height="{2:.3f}" fill="#fff"/>')
    return white.format(piece.left, piece.top, piece.side) + Markup('<path transform="{}" d="{}"/>').format(place, bars)
