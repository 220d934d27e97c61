"""Documents as PDF, with the embedded typeface of the evidence sheets."""

from datetime import datetime

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode
from fpdf.fonts import FontFace, TextStyle

from crew_app.evidence.stamp import FONT
from crew_app.reports.documents import Document, Part, Table

MEDIA_TYPE = "application/pdf"
MARGIN = 20.0
INK, MUTED, EDGE, SHADE = (18, 32, 30), (72, 90, 86), (150, 165, 161), (236, 242, 240)


class _Sheets(FPDF):
    """A4 with title and page number at the foot; headings become the outline of the file."""

    def __init__(self, document: Document) -> None:
        super().__init__("P", "mm", "A4")
        self.document = document
        self.wrap = WrapMode.CHAR if document.chinese else WrapMode.WORD
        self.add_font("noto", "", FONT)
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=18)
        self.set_title(document.title)
        self.set_lang("zh-CN" if document.chinese else "en")
        self.set_section_title_styles(TextStyle("noto", "", 13, INK, t_margin=4, b_margin=1))

    def footer(self) -> None:
        """Called by the library at the end of each page."""
        self.set_y(-13)
        self.set_font("noto", size=8)
        self.set_text_color(*MUTED)
        self.cell(0, 4, f"{self.document.title} · {self.page_no()}/{{nb}}", align="C")

    def words(self, text: str, size: float, align: str = "L", colour: tuple[int, int, int] = INK) -> None:
        """A paragraph."""
        self.set_font("noto", size=size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.62, text, wrapmode=self.wrap, align=align, new_x="LMARGIN", new_y="NEXT")


def pdf_file(document: Document, made_at: datetime) -> bytes:
    """The document as a PDF."""
    sheets = _Sheets(document)
    sheets.set_creation_date(made_at)
    sheets.add_page()
    sheets.words(document.title, 18, "C")
    sheets.ln(4)
    for text in document.opening:
        _paragraph(sheets, text)
    for part in document.parts:
        _part(sheets, part)
    sheets.ln(6)
    for line in document.foot:
        sheets.words(line, 11, "R")
    for line in document.notes:
        sheets.words(line, 8, colour=MUTED)
    return bytes(sheets.output())


def _part(sheets: _Sheets, part: Part) -> None:
    if sheets.will_page_break(28):
        sheets.add_page()
    sheets.set_text_color(*INK)
    sheets.start_section(part.heading)
    for text in part.paragraphs:
        _paragraph(sheets, text)
    for table in part.tables:
        _table(sheets, table)


def _paragraph(sheets: _Sheets, text: str) -> None:
    indent = "\u3000\u3000" if sheets.document.chinese else ""
    sheets.words(indent + text, 11)
    sheets.ln(1.2)


def _table(sheets: _Sheets, table: Table) -> None:
    if sheets.will_page_break(24):
        sheets.add_page()
    sheets.ln(1)
    sheets.words(table.caption, 9, colour=MUTED)
    sheets.ln(0.6)
    sheets.set_font("noto", size=9)
    sheets.set_text_color(*INK)
    sheets.set_draw_color(*EDGE)
    others = len(table.columns) - 1
    with sheets.table(
        col_widths=(max(4 - others // 2, 2), *([1.2] * others)),
        borders_layout=TableBordersLayout.ALL,
        headings_style=FontFace(emphasis="", color=INK, fill_color=SHADE),
        line_height=5,
        wrapmode=sheets.wrap,
        text_align=("LEFT", *(["RIGHT"] * others)),
    ) as rows:
        for texts in (table.columns, *table.rows):
            row = rows.row()
            for text in texts:
                row.cell(text)
    sheets.ln(2)
