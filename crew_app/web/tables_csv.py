"""Lists for other programs: CSV with a comma, UTF-8 with its mark (Excel needs it), nothing that becomes a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

from crew_app.web.sheets import FORMULA, Value, file_name, plain


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """A file to be downloaded; numbers stay numbers, a text that begins like a formula gets an apostrophe."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{file_name(name)}.csv")
    return response


def _cell(value: Value) -> str:
    if isinstance(value, str):
        safe = plain(value)
        return f"'{safe}" if safe.startswith(FORMULA) else safe
    return "" if value is None else str(value)
