"""Lists as files (.xlsx, .csv): the one module that knows openpyxl, loaded when one is made.

What people typed never becomes a formula.
"""

import csv
import re
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, request, send_file, stream_with_context
from flask_babel import to_user_timezone

from crew_app.core.db import session

if TYPE_CHECKING:
    from openpyxl.cell import Cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so would be calculated by some program, were it not marked as text."""
LONGEST_TEXT, LONGEST_TITLE, LONGEST_NAME = 32_000, 31, 80
AT_ONCE = 200
"""Rows of a CSV file that are sent at once."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_FILES = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff/\\:*?"<>|]')
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
Row = TypeVar("Row")
Value = str | Decimal | int | date | datetime | None


class Format(StrEnum):
    """How a column's values are shown."""

    TEXT = "@"
    QUANTITY = "#,##0.###"
    MONEY = "#,##0.00"
    PRICE = "#,##0.00##"
    DAY = "yyyy-mm-dd"
    TIME = "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in the person's language, its width in characters, and how its values are shown."""

    heading: str
    width: int = 14
    format: Format = Format.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its title, its columns, and its rows, each as wide as the columns."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def sheet(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Response:
    """A list as a workbook with one sheet, or as CSV where the address ends so.

    Numbers are numbers, times are in the site's zone, and every text is plain text, whatever it begins with.
    """
    table = Table(title, columns, rows)
    return _csv(table) if request.path.endswith(".csv") else workbook(title, [table])


def workbook(name: str, tables: Iterable[Table]) -> Response:
    """A workbook with a sheet for each table: a bold heading that stays when one scrolls, then the rows."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for table in tables:
        page: Any = book.create_sheet(_NOT_IN_TITLES.sub(" ", table.title)[:LONGEST_TITLE])
        page.freeze_panes = "A2"
        for number, column in enumerate(table.columns, 1):
            page.column_dimensions[get_column_letter(number)].width = column.width
        page.append([_heading(page, column) for column in table.columns])
        for row in table.rows:
            page.append([_cell(page, value, column) for value, column in zip(row, table.columns, strict=True)])
    session.rollback()  # building may have taken long; the answer needs no snapshot any more
    file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed when the answer is sent
    book.save(file)
    file.seek(0)
    response = send_file(file, MEDIA_TYPE, as_attachment=True, download_name=f"{file_name(name)}.xlsx")
    response.headers["Cache-Control"] = "private, no-store"
    response.call_on_close(file.close)  # also where no byte of it is read
    return response


def _csv(table: Table) -> Response:
    """The rows as they are read: UTF-8 with the mark that Excel looks for, nothing held in memory."""
    response = Response(stream_with_context(_lines(table)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{file_name(table.title)}.csv")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name(text: str) -> str:
    """A name for a file out of what people call things: one line, without signs that a header or a disk forbids."""
    return " ".join(_NOT_IN_FILES.sub(" ", text).split())[:LONGEST_NAME]


def _lines(table: Table) -> Iterator[bytes]:
    yield BOM_UTF8 + _line([column.heading for column in table.columns])
    batch = []
    for row in table.rows:
        batch.append(_line([_said(value) for value in row]))
        if len(batch) == AT_ONCE:
            yield b"".join(batch)
            batch = []
    yield b"".join(batch)


def _line(cells: Sequence[str]) -> bytes:
    file = StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue().encode()


def _said(value: Value) -> str:
    """A cell of a CSV file. A text that some program would calculate gets an apostrophe before it."""
    if isinstance(value, datetime):
        return f"{to_user_timezone(value):%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        safe = plain(value)
        return f"'{safe}" if safe.startswith(FORMULA) else safe
    return "" if value is None else str(value)


def in_pages(fetch: Callable[[Any], Sequence[Row]], key: Callable[[Row], Any]) -> Iterator[Row]:
    """Rows of a long list, a page at a time: `fetch` gives what follows a key (None at first), nothing at the end.

    Between two pages the read transaction ends, so that no long snapshot keeps the database from tidying up. What a
    page gives must not be looked at after the next one was asked for.
    """
    after = None
    while True:
        page = fetch(after)
        if not page:
            return
        yield from page
        after = key(page[-1])
        session.rollback()


def plain(text: str) -> str:
    """A text as a cell can hold it: without signs that XML forbids, in the length that programs read."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_TEXT]


def _heading(page: Any, column: Column) -> "Cell":
    from openpyxl.styles import Alignment, Font

    cell = _text(page, column.heading)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Value, column: Column) -> "Cell":
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        return _text(page, value)
    if isinstance(value, datetime):
        value = to_user_timezone(value).replace(tzinfo=None)
    cell: Cell = WriteOnlyCell(page, value)  # type: ignore[arg-type]
    cell.number_format = column.format.value
    return cell


def _text(page: Any, value: str) -> "Cell":
    from openpyxl.cell import WriteOnlyCell

    safe = plain(value)
    cell = WriteOnlyCell(page, safe)
    cell.data_type = "s"  # openpyxl takes what begins with "=" for a formula
    cell.number_format = Format.TEXT.value
    if safe.startswith(FORMULA):
        cell.quotePrefix = True
    return cell
