"""Evidence sheets as PDF: the one module that knows fpdf2. The typeface is embedded as far as it is used."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode
from fpdf.fonts import FontFace
from PIL import Image

from crew_app.evidence.papers import Group, Paper, Shot, Signature, Table
from crew_app.evidence.stamp import FONT, qr

MARGIN, GAP = 12.0, 5.0
ACROSS = (210 - 2 * MARGIN - GAP) / 2
TALLEST = 96.0
CODE = 17.0
LINE = 3.6
"""Millimetres all."""
INK, MUTED, EDGE = (18, 32, 30), (72, 90, 86), (150, 165, 161)


class _Sheet(FPDF):
    """A4 with the number of the job and of the page at the foot of each."""

    def __init__(self, paper: Paper) -> None:
        super().__init__("P", "mm", "A4")
        self.paper = paper
        self.wrap = WrapMode.CHAR if paper.chinese else WrapMode.WORD
        self.add_font("noto", "", FONT)
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=16)
        self.set_title(f"{paper.title} · {paper.site}")
        self.set_lang("zh-CN" if paper.chinese else "en")

    def footer(self) -> None:
        """Called by the library at the end of each page."""
        self.set_y(-12)
        self.set_font("noto", size=7)
        self.set_text_color(*MUTED)
        self.cell(0, 4, f"{self.paper.title} · {self.page_no()}/{{nb}}", align="R")

    def words(self, text: str, size: float, colour: tuple[int, int, int] = INK, width: float = 0) -> None:
        """A paragraph."""
        self.set_font("noto", size=size)
        self.set_text_color(*colour)
        self.multi_cell(width, size * 0.5, text, wrapmode=self.wrap, align="L", new_x="LMARGIN", new_y="NEXT")


@dataclass(frozen=True, slots=True)
class _Fit:
    """A picture and how large it stands on the page."""

    data: bytes
    width: float
    height: float


def pdf(paper: Paper, pictures: Mapping[UUID, bytes], made_at: datetime) -> bytes:
    """The sheet with these pictures (JPEG, taken over as they are)."""
    sheet = _Sheet(paper)
    sheet.set_creation_date(made_at)
    sheet.add_page()
    sheet.words(paper.title, 16)
    sheet.words(paper.site, 10, MUTED)
    sheet.ln(2)
    _facts(sheet, paper)
    for table in paper.tables:
        _table(sheet, table)
    for group in paper.groups:
        _group(sheet, group, pictures)
    _signatures(sheet, paper.signatures)
    sheet.ln(4)
    for line in paper.foot:
        sheet.words(line, 7.5, MUTED)
    return bytes(sheet.output())


def _facts(sheet: _Sheet, paper: Paper) -> None:
    sheet.set_font("noto", size=9)
    layout = TableBordersLayout.NONE
    with sheet.table(col_widths=(14, 86), borders_layout=layout, first_row_as_headings=False, line_height=4.6) as rows:
        for term, value in paper.facts:
            row = rows.row()
            row.cell(term, style=FontFace(color=MUTED))
            row.cell(value, style=FontFace(color=INK))


def _heading(sheet: _Sheet, text: str) -> None:
    if sheet.will_page_break(30):
        sheet.add_page()
    sheet.ln(3)
    sheet.words(text, 11)
    sheet.ln(1)


def _table(sheet: _Sheet, table: Table) -> None:
    _heading(sheet, table.heading)
    sheet.set_font("noto", size=7.5)
    sheet.set_draw_color(*EDGE)
    heads = FontFace(emphasis="", color=MUTED, fill_color=(236, 242, 240))
    layout = TableBordersLayout.HORIZONTAL_LINES
    with sheet.table(
        col_widths=table.widths,
        borders_layout=layout,
        headings_style=heads,
        line_height=LINE,
        wrapmode=sheet.wrap,
        text_align="LEFT",
    ) as rows:
        for texts in (table.columns, *table.rows):
            row = rows.row()
            for text in texts:
                row.cell(text)


def _group(sheet: _Sheet, group: Group, pictures: Mapping[UUID, bytes]) -> None:
    _heading(sheet, group.heading)
    for first in range(0, len(group.shots), 2):
        pair = group.shots[first : first + 2]
        fits = [_fit(pictures.get(shot.photo_id)) if shot else None for shot in pair]
        tall = max((fit.height for fit in fits if fit), default=24.0)
        below = CODE + 14
        if sheet.will_page_break(tall + below):
            sheet.add_page()
        top = sheet.get_y()
        for place, (shot, fit) in enumerate(zip(pair, fits, strict=True)):
            _shot(sheet, shot, fit, MARGIN + place * (ACROSS + GAP), top, tall)
        sheet.set_xy(MARGIN, top + tall + below)


def _fit(data: bytes | None) -> _Fit | None:
    if data is None:
        return None
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    scale = min(ACROSS / width, TALLEST / height)
    return _Fit(data, width * scale, height * scale)


def _shot(sheet: _Sheet, shot: Shot | None, fit: _Fit | None, left: float, top: float, tall: float) -> None:
    if fit:
        sheet.image(io.BytesIO(fit.data), left, top, fit.width, fit.height)
    else:
        sheet.set_draw_color(*EDGE)
        sheet.rect(left, top, ACROSS, min(tall, 24.0))
        _at(sheet, left + 3, top + 8, (shot.missing if shot else "") or sheet.paper.empty, 8, ACROSS - 6)
    if shot is None:
        return
    under = top + tall + 1.5
    sheet.image(qr(shot.address, 200), left, under, CODE, CODE)
    y = _at(sheet, left + CODE + 2, under, f"{shot.heading} · {shot.code}", 8, ACROSS - CODE - 2)
    for line in shot.said:
        y = _at(sheet, left + CODE + 2, y, line, 7, ACROSS - CODE - 2)
    _at(sheet, left, max(y, under + CODE + 0.5), shot.fingerprint, 5.6, ACROSS)


def _at(sheet: _Sheet, left: float, top: float, text: str, size: float, width: float) -> float:
    """Write at a place; where it ends."""
    sheet.set_xy(left, top)
    sheet.set_font("noto", size=size)
    sheet.set_text_color(*INK)
    sheet.multi_cell(width, size * 0.45, text, wrapmode=sheet.wrap, align="L", new_x="LEFT", new_y="NEXT")
    return float(sheet.get_y())


def _signatures(sheet: _Sheet, signatures: tuple[Signature, ...]) -> None:
    for first in range(0, len(signatures), 2):
        if sheet.will_page_break(22):
            sheet.add_page()
        top = sheet.get_y() + 3
        for place, one in enumerate(signatures[first : first + 2]):
            left = MARGIN + place * (ACROSS + GAP)
            _at(sheet, left, top + 11, f"{one.words}: {one.name}", 8, ACROSS)
            sheet.set_draw_color(*EDGE)
            sheet.line(left + 40, top + 15, left + ACROSS, top + 15)
            if one.path:
                sheet.image(io.BytesIO(_drawn(one.path)), left + 50, top, 36, 14.4)
        sheet.set_xy(MARGIN, top + 18)


def _drawn(path: str) -> bytes:
    line = f'<path d="{path}" fill="none" stroke="#12201e" stroke-width="3"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120">{line}</svg>'.encode()
