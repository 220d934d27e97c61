"""Rows of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods): the one module that knows calamine.

Values are taken, formulas and macros never run. An archive is unpacked once into nothing, before calamine sees it:
what it really holds is then known.
"""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from crew_app.imports.reader_text import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Unreadable

MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 3000
MOST_RATIO = 400
"""Unpacked by packed; a large sheet of equal rows comes to about 100."""
MOST_CELLS = 12_000_000
MOST_MERGED = 200_000
_PART = 1 << 20
_BOMB = (b"<!DOCTYPE", b"<!ENTITY")


def rows_of_workbook(source: BinaryIO, wanted: str = "") -> Iterator[Any]:
    """What the workbook is, then the rows of a sheet: of the one that is wanted, else of the first with any."""
    if source.read(2) == b"PK":
        _measure(source)
    source.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(source)
        names = [meta.name for meta in book.sheets_metadata if _shown(meta)]
        sheet, name = _sheet(book, names, wanted)
        yield {"kind": "excel", "sheets": [one[:80] for one in names], "sheet": name[:80], "encoding": ""}
        yield from _rows(sheet)
    except PasswordError as error:
        raise Unreadable("password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("damaged") from error


def _measure(source: BinaryIO) -> None:
    """Refuse what would be far larger than it looks, and XML that defines entities."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            packed = sum(part.compress_size for part in parts)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unreadable("too-large")
            if sum(part.file_size for part in parts) > MOST_RATIO * max(packed, _PART // 8):
                raise Unreadable("bomb")
            for part in parts:
                _unpack(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Unreadable("damaged") from error


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end; its sum proves that it holds no more than it says."""
    before = b""
    with archive.open(part) as data:
        while found := data.read(_PART):
            if part.filename.endswith((".xml", ".rels")) and any(sign in before + found for sign in _BOMB):
                raise Unreadable("bomb")
            before = found[-16:]


def _shown(meta: Any) -> bool:
    return bool(meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible)


def _sheet(book: CalamineWorkbook, names: list[str], wanted: str) -> tuple[Any, str]:
    for name in names:
        if wanted and name[:80] != wanted:
            continue
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet, name
    raise Unreadable("empty")


def _rows(sheet: Any) -> Iterator[Any]:
    if sheet.width * sheet.height > MOST_CELLS:
        raise Unreadable("too-large")
    first, inside = sheet.start[1], _merged(sheet)
    filled: dict[int, tuple[int, str]] = {}  # column: (last row, text) of a merged cell that goes on downwards
    found = 0
    for number, row in enumerate(sheet.iter_rows()):
        cells = [""] * min(first, MOST_COLUMNS) + [_said(value)[:LONGEST_CELL] for value in row[:MOST_COLUMNS]]
        own = any(cells)
        for column, last in inside.get(number, ()):
            filled[column] = (last, cells[column] if column < len(cells) else "")
        for column, (last, text) in filled.items():
            if number <= last and column < len(cells) and own:
                cells[column] = cells[column] or text
        if not own:
            continue
        found += 1
        if found > MOST_ROWS:
            raise Unreadable("too-many-rows", str(MOST_ROWS))
        yield [number + 1, cells[:MOST_COLUMNS]]


def _merged(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """By row where a merged cell begins: its column, and the last row that it covers."""
    ranges: list[Any] = []
    with suppress(CalamineError):
        ranges = sheet.merged_cell_ranges or []
    if len(ranges) > MOST_MERGED:
        raise Unreadable("too-large")
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _right) in ranges:
        if bottom > top and left < MOST_COLUMNS:
            found.setdefault(top, []).append((left, bottom))
    return found


def _said(value: Any) -> str:
    """A cell as text: whole numbers without a point, times without what is zero."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 - exact up to here
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value.total_seconds() / 86400) if isinstance(value, timedelta) else ""
