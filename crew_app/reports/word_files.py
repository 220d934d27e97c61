"""Documents as Word files (.docx): the one module that knows python-docx.

Headings are real headings, so that Word makes a table of contents of them. Chinese text is set in the typefaces that
office documents in China use (仿宋 for the body, 黑体 for headings); a machine without them shows its own.
"""

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from crew_app.reports.documents import Document, Part, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LATIN, BODY, HEADS = "Times New Roman", "仿宋", "黑体"
BODY_SIZE, TABLE_SIZE, HEAD_SIZE, TITLE_SIZE = Pt(12), Pt(10), Pt(14), Pt(18)
INDENT = Pt(24)
"""Two characters of the body."""


def word_file(document: Document, made_at: datetime) -> bytes:
    """The document as a Word file."""
    file = docx.Document()
    _page(file)
    _fonts(file)
    file.core_properties.title = document.title
    file.core_properties.author = ""
    file.core_properties.created = file.core_properties.modified = made_at.replace(tzinfo=None)
    title = file.add_heading(document.title, level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in document.opening:
        _paragraph(file, text, chinese=document.chinese)
    for part in document.parts:
        _part(file, part, chinese=document.chinese)
    for line in document.foot:
        file.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for line in document.notes:
        for run in file.add_paragraph(line).runs:
            run.font.size = TABLE_SIZE
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _page(file: Any) -> None:
    """A4 with the margins of Chinese office documents."""
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2.8)
    section.left_margin = section.right_margin = Cm(2.6)


def _fonts(file: Any) -> None:
    for name, face, size in (
        ("Normal", BODY, BODY_SIZE),
        ("Title", HEADS, TITLE_SIZE),
        ("Heading 1", HEADS, HEAD_SIZE),
        ("Caption", HEADS, TABLE_SIZE),
    ):
        style = file.styles[name]
        style.font.name, style.font.size = LATIN, size
        style.font.color.rgb = None
        style.font.bold = False if name == "Normal" else style.font.bold
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{slot}"), None)
        fonts.set(qn("w:eastAsia"), face)
    file.styles["Normal"].paragraph_format.space_after = Pt(4)
    file.styles["Normal"].paragraph_format.line_spacing = 1.4


def _part(file: Any, part: Part, *, chinese: bool) -> None:
    file.add_heading(part.heading, level=1)
    for text in part.paragraphs:
        _paragraph(file, text, chinese=chinese)
    for table in part.tables:
        _table(file, table)


def _paragraph(file: Any, text: str, *, chinese: bool) -> None:
    paragraph = file.add_paragraph(text)
    if chinese:
        paragraph.paragraph_format.first_line_indent = INDENT


def _table(file: Any, table: Table) -> None:
    caption = file.add_paragraph(table.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    grid = file.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    _cells(grid.rows[0], table.columns, head=True)
    _repeat(grid.rows[0])
    for texts in table.rows:
        _cells(grid.add_row(), texts, head=False)
    file.add_paragraph()


def _cells(row: Any, texts: Any, *, head: bool) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=False)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(text)
        run.font.size, run.font.bold = TABLE_SIZE, head


def _repeat(row: Any) -> None:
    """The columns are named again on every page that the table reaches."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
    mark = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(mark)
