"""A summary as it is shown, and as a document for Word and PDF, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from markupsafe import Markup, escape

from crew_app.core.words import N_
from crew_app.reports import summaries
from crew_app.reports.documents import Document, Part, Table
from crew_app.reports.figures import Facts, Figure, Row
from crew_app.reports.summaries import Kept, Own
from crew_app.reports.summary_models import WorkSummary
from crew_app.reports.summary_outlook import outlook
from crew_app.reports.summary_prose import sections
from crew_app.reports.summary_words import Grid, Section, say
from crew_app.web import summary_words as words
from crew_app.web.languages import named

OPENING = "opening"


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table with its cells in words, linked to the rows behind them."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[tuple[Markup, Sequence[Markup]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as a page shows it.

    `drafted`: what the data say, as plain text; `text`: what stands there. `own`: somebody wrote it; `stale`: the data
    said something else at that time.
    """

    key: str
    heading: str
    number: str
    paragraphs: Sequence[Markup]
    tables: Sequence[ShownTable]
    drafted: str
    text: str
    own: Own | None = None

    @property
    def stale(self) -> bool:
        """Whether the data have moved on since somebody wrote it."""
        return self.own is not None and bool(self.own.base) and self.own.base != summaries.mark(self.drafted)


def shown(found: WorkSummary, facts: Facts, language: str) -> list[Shown]:
    """Its sections in a language, numbered; the opening words first, without a number. Empty ones are left out."""
    own = summaries.own_texts(found, language)
    kept = summaries.kept_texts(found).get(language)
    with words.in_language(language):
        listed = [_opening(found), *sections(facts), *outlook(facts)]
        result: list[Shown] = []
        for section in listed:
            if section.empty and section.key not in (kept if kept is not None else own):
                continue
            result.append(_shown(section, len(result), own.get(section.key), kept))
        return result


def left_out(found: WorkSummary, facts: Facts, language: str) -> list[tuple[str, str]]:
    """Key and heading of the sections about which there is nothing to say, and nobody wrote anything."""
    there = {one.key for one in shown(found, facts, language)}
    with words.in_language(language):
        listed = [*sections(facts), *outlook(facts)]
        return [(one.key, gettext(one.heading)) for one in listed if one.key not in there]


def section_of(found: WorkSummary, facts: Facts, language: str, key: str) -> Shown | None:
    """One section, also one that is left out; nothing for a key that is not known."""
    listed = {one.key: one for one in (_opening(found), *sections(facts), *outlook(facts))}
    if key not in listed:
        return None
    with words.in_language(language):
        return _shown(listed[key], 0, summaries.own_texts(found, language).get(key), None)


def title(found: WorkSummary, language: str) -> str:
    """What it is called."""
    period = summaries.scope_of(found).period
    with words.in_language(language):
        return gettext(
            "Work summary of logistics, %(period)s",
            period=words.period_words(found.span, period),
        )


def site_words(found: WorkSummary, language: str) -> str:
    """The name of its site."""
    with words.in_language(language):
        return named(found.site)


def heading(found: WorkSummary, language: str) -> str:
    """Site and title, as they stand above it."""
    space = "" if language == "zh" else ": "
    return site_words(found, language) + space + title(found, language)


def document(found: WorkSummary, facts: Facts, language: str) -> Document:
    """The whole summary as plain texts and tables."""
    parts = shown(found, facts, language)
    by_key = {one.key: one for one in (*sections(facts), *outlook(facts))}
    opening = next((one for one in parts if one.key == OPENING), None)
    with words.in_language(language):
        return Document(
            title=heading(found, language),
            opening=_lines(opening.text) if opening else (),
            parts=[
                Part(
                    one.number + (" " if language == "en" else "") + one.heading,
                    _lines(one.text),
                    _tables(by_key[one.key]),
                )
                for one in parts
                if one.key != OPENING
            ],
            foot=(
                named(found.site),
                (found.closed_at or found.changed_at).astimezone(found.site.zone).date().isoformat(),
            ),
            chinese=language == "zh",
            notes=notes(facts),
        )


def kept(found: WorkSummary, at: datetime) -> Kept:
    """What is kept when it is closed: its figures now, and every text in both languages."""
    facts = summaries.facts_of(found, at)
    texts = {language: {one.key: one.text for one in shown(found, facts, language)} for language in words.LOCALES}
    return Kept(facts, texts)


def _opening(found: WorkSummary) -> Section:
    period = summaries.scope_of(found).period
    text = N_(
        "In %(period)s the logistics department kept the hospital running. The work is summed up as follows; the "
        "figures are counted from its jobs, rounds, books and registers."
    )
    return Section(OPENING, N_("Opening words"), [[say(text, period=words.period_words(found.span, period))]])


def _shown(section: Section, place: int, own: Own | None, kept: Mapping[str, str] | None) -> Shown:
    points = [words.point(n) if section.numbered else "" for n in range(1, len(section.paragraphs) + 1)]
    pairs = list(zip(points, section.paragraphs, strict=True))
    drafted = "\n".join(point + words.plain(one) for point, one in pairs)
    text = own.text if own else drafted
    if kept is not None:
        text = kept.get(section.key, drafted)
    linked = [escape(point) + words.paragraph(one, words.linked) for point, one in pairs]
    paragraphs = linked if text == drafted else [escape(line) for line in _lines(text)]
    return Shown(
        section.key,
        gettext(section.heading),
        words.ordinal(place) if place else "",
        paragraphs,
        [_table(grid) for grid in map(words.known, section.grids)],
        drafted,
        text,
        own,
    )


def _table(grid: Grid) -> ShownTable:
    rows = [(_name(row), [_cell(cell) for cell in words.cells(grid, row)]) for row in grid.rows]
    return ShownTable(gettext(grid.caption), [gettext(column) for column in grid.columns], rows)


def _name(row: Row) -> Markup:
    name = words.name_of(row)
    return Markup('<a href="{}">{}</a>').format(row.link, name) if row.link.startswith("/") else escape(name)


def _cell(cell: Figure | str) -> Markup:
    return escape(cell) if isinstance(cell, str) else words.linked(cell)


def _tables(section: Section) -> list[Table]:
    return [
        Table(
            gettext(grid.caption),
            [gettext(column) for column in grid.columns],
            [[words.name_of(row), *(words.cell_words(cell) for cell in words.cells(grid, row))] for row in grid.rows],
        )
        for grid in map(words.known, section.grids)
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def notes(facts: Facts) -> list[str]:
    """Small print that belongs to its tables."""
    figures = [*facts.one.values(), *(cell for rows in facts.rows.values() for row in rows for cell in row.cells)]
    typed = any(figure.typed for figure in figures)
    return [gettext("* entered by hand; the software was not in use then.")] if typed else []
