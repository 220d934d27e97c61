"""Labels as PDF, written while they are drawn: a page at a time is in memory, however many there are.

Exact millimetres, codes as drawings and not as pictures, the typeface embedded as far as it is used.
"""

import zlib
from collections.abc import Iterable, Iterator

from crew_app.labels import typeface
from crew_app.labels.colours import WHITE, Colour
from crew_app.labels.layout import QUIET, Box, Label, Piece, Symbol, Words, pieces
from crew_app.labels.stocks import Setup
from crew_app.labels.symbols import runs, squares

POINT = 72 / 25.4
CATALOGUE, PAGES, FACE = 1, 2, 3
_TO_UNICODE = 100
"""Characters that one block of a table may list."""


class _File:
    """A PDF as it grows: what was written lies behind, only places of objects are kept."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}
        self.length = 0
        self.last = FACE

    def new(self) -> int:
        """A number for another object."""
        self.last += 1
        return self.last

    def raw(self, data: bytes) -> bytes:
        """Count what is sent."""
        self.length += len(data)
        return data

    def put(self, number: int, body: str) -> bytes:
        """An object."""
        self.places[number] = self.length
        return self.raw(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))

    def stream(self, number: int, data: bytes, more: str = "") -> bytes:
        """An object with data of its own."""
        packed = zlib.compress(data)
        head = f"{number} 0 obj\n<</Filter/FlateDecode/Length {len(packed)}{more}>>\nstream\n".encode()
        self.places[number] = self.length
        return self.raw(head + packed + b"\nendstream\nendobj\n")

    def end(self) -> bytes:
        """The table of all places."""
        rows = [f"{self.places[number]:010} 00000 n \n" for number in range(1, self.last + 1)]
        table = f"xref\n0 {self.last + 1}\n0000000000 65535 f \n{''.join(rows)}"
        tail = f"trailer\n<</Size {self.last + 1}/Root {CATALOGUE} 0 R>>\nstartxref\n{self.length}\n%%EOF\n"
        return self.raw((table + tail).encode())


def pdf(labels: Iterable[Label], setup: Setup, title: str = "") -> Iterator[bytes]:
    """The document in parts, each a page or so; one empty page when there are no labels."""
    file, used, numbers = _File(), set[str](), list[int]()
    yield file.raw(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    for content in _pages(labels, setup, used):
        drawn, page = file.new(), file.new()
        yield file.stream(drawn, content) + file.put(page, _page(setup, drawn))
        numbers.append(page)
    yield from _face(file, used)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    yield file.put(PAGES, f"<</Type/Pages/Count {len(numbers)}/Kids[{kids}]>>")
    information = f"/ViewerPreferences<</PrintScaling/None/DisplayDocTitle {'true' if title else 'false'}>>"
    yield file.put(CATALOGUE, f"<</Type/Catalog/Pages {PAGES} 0 R{information}>>")
    yield file.end()


def _page(setup: Setup, drawn: int) -> str:
    wide, tall = (size * POINT for size in setup.stock.page)
    box = f"/MediaBox[0 0 {wide:.3f} {tall:.3f}]"
    return f"<</Type/Page/Parent {PAGES} 0 R{box}/Resources<</Font<</F {FACE} 0 R>>>>/Contents {drawn} 0 R>>"


def _pages(labels: Iterable[Label], setup: Setup, used: set[str]) -> Iterator[bytes]:
    """The drawing of each page, in millimetres from its upper left corner."""
    start = f"{POINT:.6f} 0 0 {-POINT:.6f} 0 {setup.stock.page[1] * POINT:.3f} cm\n".encode()
    here, page = bytearray(start), 0
    for (number, left, top), label in zip(setup.stock.spots(setup.first), labels, strict=False):
        if number != page:
            yield bytes(here)
            here, page = bytearray(start), number
        here += f"q 1 0 0 1 {left + setup.right:.3f} {top + setup.lower:.3f} cm\n".encode()
        for piece in pieces(label, setup.stock):
            here += _drawn(piece, used)
        here += b"Q\n"
    yield bytes(here)


def _drawn(piece: Piece, used: set[str]) -> bytes:
    if isinstance(piece, Symbol):
        return _symbol(piece)
    if isinstance(piece, Words):
        return _text(piece, used)
    shape = f"{piece.left:.3f} {piece.top:.3f} {piece.width:.3f} {piece.height:.3f} re f\n"
    return (_fill(piece.colour) + shape).encode()


def _text(piece: Words, used: set[str]) -> bytes:
    used.update(piece.text)
    coded = "".join(f"{glyph:04X}" for glyph in typeface.glyphs(piece.text))
    place = f"1 0 0 -1 {piece.left:.3f} {piece.base:.3f} Tm"
    return f"{_fill(piece.colour)}BT /F {piece.size:.3f} Tf {place} <{coded}> Tj ET\n".encode()


def _symbol(piece: Symbol) -> bytes:
    grid = squares(piece.text)
    square = piece.side / (len(grid) + 2 * QUIET)
    white = _drawn(Box(piece.left, piece.top, piece.side, piece.side, WHITE), set()).decode()
    place = f"{square:.5f} 0 0 {square:.5f} {piece.left + QUIET * square:.3f} {piece.top + QUIET * square:.3f} cm"
    bars = "".join(f"{left} {down} {long} 1 re\n" for left, down, long in runs(grid))
    return f"{white}q {place} 0 g\n{bars}f Q\n".encode()


def _fill(colour: Colour) -> str:
    return f"{colour.red / 255:.3f} {colour.green / 255:.3f} {colour.blue / 255:.3f} rg "


def _face(file: _File, used: set[str]) -> Iterator[bytes]:
    child, about, data, words = (file.new() for _ in range(4))
    known = {glyph: character for character in sorted(used) for glyph in typeface.glyphs(character) if glyph}
    name = "/BaseFont/CREWAA+NotoSansSC"
    yield file.put(
        FACE,
        f"<</Type/Font/Subtype/Type0{name}/Encoding/Identity-H/DescendantFonts[{child} 0 R]/ToUnicode {words} 0 R>>",
    )
    widths = " ".join(f"{glyph}[{typeface.advance(glyph)}]" for glyph in sorted(known))
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    kind = f"/Subtype/CIDFontType2{name}{system}/CIDToGIDMap/Identity/DW 1000/W[{widths}]"
    yield file.put(child, f"<</Type/Font{kind}/FontDescriptor {about} 0 R>>")
    shape = "/Flags 4/FontBBox[-1000 -1000 2000 2000]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 733/StemV 80"
    yield file.put(about, f"<</Type/FontDescriptor/FontName/CREWAA+NotoSansSC{shape}/FontFile2 {data} 0 R>>")
    face = typeface.part(used)
    yield file.stream(data, face, f"/Length1 {len(face)}")
    yield file.stream(words, _unicode(known))


def _unicode(known: dict[int, str]) -> bytes:
    """The table by which words can be searched and copied."""
    rows = [f"<{glyph:04X}> <{character.encode('utf-16-be').hex()}>" for glyph, character in sorted(known.items())]
    blocks = [rows[start : start + _TO_UNICODE] for start in range(0, len(rows), _TO_UNICODE)]
    listed = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Crew def /CMapType 2 def\n"
    space = "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    return f"{head}{space}{listed}endcmap CMapName currentdict /CMap defineresource pop end end".encode()
