"""Rows of a text file (CSV): the one module that knows charset-normalizer."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from charset_normalizer import from_bytes

MOST_ROWS = 250_000
MOST_COLUMNS = 100
LONGEST_CELL = 2000
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5")
_SAMPLE = 1 << 18
_DELIMITERS = ",;\t|"
_COMMON = 0.6
"""So much of what is above ASCII must be everyday Chinese for a text to be taken for GB18030 without a doubt."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MARKED = ("'=", "'+", "'-", "'@")
_PAGE = ("<html", "<!doctype html", "<table", "<?xml")


class Unreadable(Exception):
    """A file that cannot be taken, with a code for why, and where."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code, self.where = code, where


def rows_of_text(source: BinaryIO, encoding: str = "") -> Iterator[Any]:
    """What the file is, then its rows as the reader process says them. Without an encoding it is found out."""
    sample = source.read(_SAMPLE)
    encoding = encoding if encoding in ENCODINGS else guess_encoding(sample)
    source.seek(0)
    start = sample.decode(encoding, errors="ignore").lstrip("\ufeff").lstrip()
    if start.casefold().startswith(_PAGE):
        raise Unreadable("web-page")
    if "\x00" in start:
        raise Unreadable("no-table")
    delimiter = guess_delimiter(start)
    yield {"kind": "csv", "sheets": [], "sheet": "", "encoding": encoding, "delimiter": delimiter}
    csv.field_size_limit(1 << 16)
    lines = csv.reader(io.TextIOWrapper(source, encoding, errors="strict", newline=""), delimiter=delimiter)
    yield from _rows(lines)


def _rows(lines: Any) -> Iterator[Any]:
    number = 0
    try:
        for number, row in enumerate(lines, 1):
            if number > MOST_ROWS:
                raise Unreadable("too-many-rows", str(MOST_ROWS))
            cells = [_plain(cell)[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
            if any(cells):
                yield [number, cells]
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", str(number + 1)) from error
    except csv.Error as error:
        raise Unreadable("no-table", str(number + 1)) from error


def _plain(cell: str) -> str:
    """A cell without what stands before a text that would be calculated (our own lists have it)."""
    cell = cell.strip().lstrip("\ufeff")
    return cell[1:] if cell.startswith(_MARKED) else cell


def guess_encoding(sample: bytes) -> str:
    """How the text is encoded: by its mark, as UTF-8 when it can be, as Chinese systems write it, or the best guess."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    if _decodes(sample, "utf-8"):
        return "utf-8-sig"
    nulls = sample[:4000].count(0)
    if nulls > len(sample[:4000]) // 8:
        odd = sample[1:4000:2].count(0)
        return "utf-16-le" if odd * 2 > nulls else "utf-16-be"
    if _decodes(sample, "gb18030") and _everyday(sample) >= _COMMON:
        return "gb18030"
    best = from_bytes(sample, cp_isolation=["gb18030", "big5", "utf_16_le", "utf_16_be"]).best()
    found = (best.encoding if best else "gb18030").replace("_", "-")
    return found if found in ENCODINGS else "gb18030"


def guess_delimiter(text: str) -> str:
    """What stands between the cells: whatever gives the most cells in most lines."""
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    return max(_DELIMITERS, key=lambda sign: sorted(_cells(lines, sign))[len(lines) // 2] if lines else 0)


def _cells(lines: list[str], sign: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=sign)] or [0]
    except csv.Error:
        return [0] * len(lines)


def _decodes(sample: bytes, encoding: str) -> bool:
    """Whether it is text in this encoding; what the sample cuts in two is no fault."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return False
    return True


def _everyday(sample: bytes) -> float:
    """How much of what is above ASCII are signs of the first level of GB 2312, or its punctuation."""
    text = sample.decode("gb18030", errors="ignore")
    above = [sign for sign in text if sign > "\x7f"]
    common = 0
    for sign in above:
        try:
            lead = sign.encode("gb2312")[0]
        except UnicodeEncodeError:
            continue
        common += 0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)  # noqa: PLR2004 - rows of the standard
    return common / len(above) if above else 1.0
