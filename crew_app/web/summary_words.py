"""Sentences and tables of a summary in a language: as texts, and on pages with a link behind every figure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from flask_babel import force_locale, get_locale, gettext, ngettext
from markupsafe import Markup, escape

from crew_app.reports.figures import Figure, Form, Row
from crew_app.reports.periods import Period
from crew_app.reports.summary_models import Span
from crew_app.reports.summary_prose import CHANGE as YEAR_ON_YEAR
from crew_app.reports.summary_prose import THEN
from crew_app.reports.summary_words import Grid, Listing, Name, Said
from crew_app.web.languages import in_chinese, named, translate

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
"""Languages of summaries, and their catalogues."""
NOTHING = "–"
TYPED = "*"
"""Marks a figure of the year before that somebody typed in."""
_CLOSERS = ("，", ",", "。", ".")
_DIGITS = "〇一二三四五六七八九十"
Show = Callable[[Figure], str]


def in_language(language: str) -> Any:
    """Everything within is said in this language, whatever the reader's own is."""
    return force_locale(LOCALES[language])


def number(figure: Figure) -> str:
    """A figure as it is written, with its unit where that belongs to it."""
    value = figure.value
    if value is None:
        return NOTHING
    match figure.form:
        case Form.COUNT:
            return f"{value:,.0f}"
        case Form.MONEY:
            return f"{value:,.2f}"
        case Form.PERCENT | Form.SCORE:
            return _short(value, 2) + ("%" if figure.form is Form.PERCENT else "")
        case Form.MINUTES:
            return _short(value, 1)
        case Form.AMOUNT:
            return f"{_short(value, 1)} {figure.unit}".strip()


def linked(figure: Figure) -> Markup:
    """The same as a link to the rows behind it."""
    words = number(figure)
    if not figure.link or figure.value is None:
        return escape(words)
    return Markup('<a href="{}">{}</a>').format(figure.link, words)


def paragraph(said: Sequence[Said], show: Show) -> Markup:
    """Sentences one after the other; Chinese ones without a space between them."""
    words = Markup("")
    for one in said:
        part = _sentence(one, show)
        spaced = words and not part.startswith(_CLOSERS) and not in_chinese()
        words += Markup(" ") + part if spaced else part
    return words


def plain(said: Sequence[Said]) -> str:
    """The same as plain text."""
    return paragraph(said, number).unescape()


def known(grid: Grid) -> Grid:
    """The table without the columns of the year before where nothing is known of it."""
    if THEN not in grid.columns or any(row.cells[0].then is not None for row in grid.rows):
        return grid
    return replace(grid, columns=[one for one in grid.columns if one not in (THEN, YEAR_ON_YEAR)])


def cells(grid: Grid, row: Row) -> list[Figure | str]:
    """The cells of a line after its name; where the table says so, with the year before and the change."""
    first, *others = row.cells
    more: list[Figure | str] = [_then(first), change(first)] if THEN in grid.columns else []
    return [first, *more, *others][: len(grid.columns) - 1]


def change(figure: Figure) -> str:
    """By how much a figure went up or down."""
    found = figure.change
    return NOTHING if found is None else f"{'+' if found > 0 else '−' if found < 0 else ''}{_short(abs(found), 2)}%"


def cell_words(cell: Figure | str) -> str:
    """A cell as plain text."""
    return cell if isinstance(cell, str) else number(cell)


def name_of(row: Row) -> str:
    """What a line is called; a name that is the same in both languages is one of the software's own words."""
    return str(gettext(row.name)) if row.name == row.name_en else named(row)


def period_words(span: Span, period: Period) -> str:
    """2026年11月, 2026年上半年, 2026年; November 2026, the first half of 2026, the year 2026."""
    first = period.first
    if span is Span.YEAR:
        return gettext("the year %(year)s", year=first.year)
    if span is Span.MONTH:
        return str(format_skeleton("yMMMM", first, locale=get_locale() or "zh_Hans_CN"))
    if first.month == 1:
        return gettext("the first half of %(year)s", year=first.year)
    return gettext("the second half of %(year)s", year=first.year)


def ordinal(place: int) -> str:
    """一、 二、 十二、 or 1. 2. 12."""
    if not in_chinese():
        return f"{place}."
    tens, ones = divmod(place, 10)
    words = ("十" if tens == 1 else f"{_DIGITS[tens]}十" if tens else "") + (_DIGITS[ones] if ones else "")
    return f"{words}、"


def point(place: int) -> str:
    """What stands before a numbered point of a section."""
    return f"{place}、" if in_chinese() else f"{place}. "


def rows_words(count: int) -> str:
    """How many rows a list has."""
    return str(ngettext("%(num)s row", "%(num)s rows", count))


def _then(figure: Figure) -> str:
    if figure.then is None:
        return NOTHING
    return number(Figure(figure.then, figure.form, unit=figure.unit)) + (TYPED if figure.typed else "")


def _sentence(said: Said, show: Show) -> Markup:
    values = {name: _value(value, show) for name, value in said.values.items()}
    text = escape(gettext(said.text))
    return text % values if values else text


def _value(value: object, show: Show) -> Markup:
    match value:
        case Figure():
            return Markup(show(value))  # noqa: S704 - a number, or a link that was escaped
        case Listing():
            return _listing(value, show)
        case Name():
            return escape(value.zh if in_chinese() else value.en or value.zh)
        case _:
            return escape(translate(str(value)))


def _listing(found: Listing, show: Show) -> Markup:
    parts = []
    for row in found.rows:
        words = escape(name_of(row))
        counted = row.cells[found.cell] if len(row.cells) > found.cell else None
        brackets = Markup("（{}）") if in_chinese() else Markup(" ({})")
        parts.append(words + brackets.format(_value(counted, show)) if counted else words)
    comma = Markup("、") if in_chinese() else Markup(", ")
    return comma.join(parts)


def _short(value: Decimal, places: int) -> str:
    """Without needless zeros after the point."""
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
