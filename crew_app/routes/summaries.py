"""Work summaries: which there are, one of them, writing a section, closing, Word and PDF, the rows behind figures."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, send_file, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.reports import summaries, summary_rows
from crew_app.reports.figures import Scope, day_or
from crew_app.reports.measures import MEASURES
from crew_app.reports.periods import Period
from crew_app.reports.summaries import Draft
from crew_app.reports.summary_facts import TYPED
from crew_app.reports.summary_models import Span, WorkSummary
from crew_app.reports.summary_words import SECTIONS
from crew_app.tickets.forms import optional_uuid
from crew_app.web import summaries as pages
from crew_app.web import summary_words as words
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.languages import in_chinese
from crew_app.web.people import person

blueprint = Blueprint("summaries", __name__, url_prefix="/reports/summaries")


@blueprint.get("")
@needs(Right.SEE_FIGURES)
def index() -> str:
    """The summaries of a site, and which are due."""
    me = person()
    site = _site(request.args)
    found = summaries.summaries(site)
    return render_template(
        "summaries/index.html",
        site=site,
        sites=sites.sites(me, Right.SEE_FIGURES),
        summaries=found,
        due=summaries.due(site, found, now()),
        spans=[(span.value, SPANS[span]) for span in Span],
        period_words=words.period_words,
        scope_of=summaries.scope_of,
        today=now().astimezone(site.zone).date(),
    )


@blueprint.post("")
@needs(Right.WRITE_SUMMARIES)
@command
def create() -> Done:
    """Begin a summary."""
    me = person()
    site = sites.chosen(me, Right.WRITE_SUMMARIES, request.form)
    if request.form.get("span") not in set(Span):
        raise Refused("span", N_("Please choose a month, half-year or year."))
    day = day_or(request.form.get("day", ""), date.min)
    if day == date.min:
        raise Refused("day", N_("Please check the day."))
    found = summaries.make(site, Span(request.form["span"]), day, by=me, at=this_moment())
    return _done(found, status=201)


@blueprint.get("/<uuid:summary_id>")
@needs(Right.SEE_FIGURES)
def show(summary_id: UUID) -> str:
    """A summary in a language."""
    found, language = summaries.summary(person(), summary_id), _language(request.args)
    facts = summaries.facts_of(found, now())
    return render_template(
        "summaries/show.html",
        summary=found,
        language=language,
        html_lang=HTML_LANGUAGES[language],
        languages=[(key, tag, NAMES[key]) for key, tag in HTML_LANGUAGES.items()],
        files=FILES,
        title=pages.title(found, language),
        heading=pages.heading(found, language),
        site_words=pages.site_words(found, language),
        sections=pages.shown(found, facts, language),
        left_out=pages.left_out(found, facts, language),
        notes=pages.notes(facts),
        measures=MEASURES.values(),
        period=summaries.scope_of(found).period,
        at=now(),
    )


@blueprint.get("/<uuid:summary_id>/section")
@needs(Right.WRITE_SUMMARIES)
def edit(summary_id: UUID) -> str:
    """A section, to be written."""
    found, language = summaries.summary(person(), summary_id), _language(request.args)
    facts = summaries.facts_of(found, now())
    section = pages.section_of(found, facts, language, request.args.get("key", "shortcomings"))
    if section is None:
        raise Unseen("unknown-section", N_("A summary has no such section."))
    return render_template(
        "summaries/edit.html",
        summary=found,
        language=language,
        html_lang=HTML_LANGUAGES[language],
        section=section,
        mark=summaries.mark(section.drafted),
    )


@blueprint.post("/<uuid:summary_id>/section")
@needs(Right.WRITE_SUMMARIES)
@command
def write(summary_id: UUID) -> Done:
    """Put one's own words in place of what is drafted."""
    found, form = summaries.summary(person(), summary_id, lock=True), request.form
    revision = form.get("revision", "")
    draft = Draft(
        section=_section(form),
        language=_language(form),
        text=form.get("text", "").replace("\r\n", "\n").strip(),
        base=form.get("base", "")[:16],
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,  # noqa: PLR2004 - an integer
    )
    summaries.write(found, draft, by=person(), at=this_moment())
    return _done(found, draft.language, draft.section)


@blueprint.post("/<uuid:summary_id>/reset")
@needs(Right.WRITE_SUMMARIES)
@command
def reset(summary_id: UUID) -> Done:
    """Let a section say again what the data say."""
    found = summaries.summary(person(), summary_id, lock=True)
    section, language = _section(request.form), _language(request.form)
    summaries.reset(found, section, language, by=person(), at=this_moment())
    return _done(found, language, section)


@blueprint.get("/<uuid:summary_id>/year-before")
@needs(Right.WRITE_SUMMARIES)
def year_before(summary_id: UUID) -> str:
    """Figures of the year before, to be typed in where the software was not there yet."""
    found = summaries.summary(person(), summary_id)
    facts, typed = summaries.facts_of(found, now()), summaries.typed_of(found)
    media = [(f"media/{one.name}/{one.cells[0].unit}", one) for one in facts.rows["media"]]
    fields = [(key, FIGURES[key], facts[key], typed.get(key)) for key in TYPED]
    fields += [(key, one.name, one.cells[0], typed.get(key)) for key, one in media]
    return render_template("summaries/year_before.html", summary=found, fields=fields, number=words.number)


@blueprint.post("/<uuid:summary_id>/year-before")
@needs(Right.WRITE_SUMMARIES)
@command
def type_year_before(summary_id: UUID) -> Done:
    """Write them down."""
    found = summaries.summary(person(), summary_id, lock=True)
    typed = {
        name: text[:40]
        for name, text in request.form.items()
        if (name in TYPED or name.startswith("media/")) and len(name) < LONGEST_NAME
    }
    summaries.type_year_before(found, typed, by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:summary_id>/closure")
@needs(Right.WRITE_SUMMARIES)
@command
def close(summary_id: UUID) -> Done:
    """Keep figures and texts as they are."""
    found = summaries.summary(person(), summary_id, lock=True)
    summaries.close(found, pages.kept(found, this_moment().at), by=person(), at=this_moment())
    return _done(found)


@blueprint.post("/<uuid:summary_id>/reopening")
@needs(Right.WRITE_SUMMARIES)
@command
def open_again(summary_id: UUID) -> Done:
    """Let it be counted and written again."""
    found = summaries.summary(person(), summary_id, lock=True)
    summaries.open_again(found, by=person(), at=this_moment())
    return _done(found)


@blueprint.get("/<uuid:summary_id>/summary.docx")
@needs(Right.SEE_FIGURES)
def as_word(summary_id: UUID) -> Response:
    """As a Word file."""
    from crew_app.reports import word_files  # noqa: PLC0415 - only whoever asks for one has to carry what makes it

    found, language = summaries.summary(person(), summary_id), _language(request.args)
    at = now()
    paper = pages.document(found, summaries.facts_of(found, at), language)
    return _file(word_files.word_file(paper, at), word_files.MEDIA_TYPE, f"{paper.title}.docx")


@blueprint.get("/<uuid:summary_id>/summary.pdf")
@needs(Right.SEE_FIGURES)
def as_pdf(summary_id: UUID) -> Response:
    """As a PDF."""
    from crew_app.reports import pdf_files  # noqa: PLC0415 - 19 MB that only whoever asks for one has to carry

    found, language = summaries.summary(person(), summary_id), _language(request.args)
    at = now()
    paper = pages.document(found, summaries.facts_of(found, at), language)
    return _file(pdf_files.pdf_file(paper, at), pdf_files.MEDIA_TYPE, f"{paper.title}.pdf")


@blueprint.get("/rows")
@needs(Right.SEE_FIGURES)
def rows() -> str:
    """The rows behind a figure that is not one of jobs."""
    asked, scope = request.args, _scope(request.args)
    page = int(asked["page"]) if asked.get("page", "").isdecimal() and len(asked["page"]) < 6 else 0  # noqa: PLR2004
    found = summary_rows.rows(scope, asked.get("figure", "runs"), asked.get("of", "round"), page)
    if found is None:
        raise Unseen("unknown-figure", N_("There is no such figure."))
    more = str(page + 1) if (page + 1) * summary_rows.PAGE < found.number else ""
    return render_template(
        "summaries/rows.html",
        title=summary_rows.HEADINGS[asked.get("figure", "runs")],
        scope=scope,
        rows=found,
        more=more,
        number=words.number,
        rows_words=words.rows_words,
    )


HTML_LANGUAGES = {"zh": "zh-Hans", "en": "en"}
NAMES = {"zh": "中文", "en": "English"}
FILES = (("Word", "docx"), ("PDF", "pdf"))
SPANS = {Span.MONTH: N_("Month"), Span.HALF_YEAR: N_("Half-year"), Span.YEAR: N_("Year")}
FIGURES = {
    "reported": N_("Jobs reported"),
    "found": N_("Found on rounds"),
    "used": N_("Materials used, in yuan"),
    "bought": N_("Materials bought, in yuan"),
    "on_time_rate": N_("On-time rate"),
    "rating_rate": N_("Satisfaction by ratings"),
    "survey_rate": N_("Satisfaction by surveys"),
}
LONGEST_NAME = 100


def _site(asked: Mapping[str, str]) -> Site:
    """The site that is asked for, or the reader's own."""
    me = person()
    mine = [one.site_id for one in me.memberships if one.site_id in me.sites_with(Right.SEE_FIGURES)]
    return sites.site(me, Right.SEE_FIGURES, optional_uuid(asked, "site_id") or mine[0])


def _scope(asked: Mapping[str, str]) -> Scope:
    here = sites.sites(person(), Right.SEE_FIGURES)
    site = next((one for one in here if one.code == asked.get("site")), None) or _site({})
    today = now().astimezone(site.zone).date()
    last = day_or(asked.get("to", ""), today)
    first = min(day_or(asked.get("from", ""), last.replace(day=1)), last)
    return Scope(site, Period(first, last, site.zone))


def _language(fields: Mapping[str, str]) -> str:
    """The language that is asked for, or that of the reader."""
    asked = fields.get("lang", "")
    if asked in words.LOCALES:
        return asked
    return "zh" if in_chinese() else "en"


def _section(form: Mapping[str, str]) -> str:
    key = form.get("key", "")
    if key not in SECTIONS:
        raise Unseen("unknown-section", N_("A summary has no such section."))
    return key


def _done(found: WorkSummary, language: str = "", section: str = "", status: int = 200) -> Done:
    more: dict[str, Any] = {"lang": language} if language else {}
    if section:
        more["_anchor"] = section
    return Done(url_for("summaries.show", summary_id=found.id, **more), found.site_id, status)


def _file(data: bytes, kind: str, name: str) -> Response:
    response = send_file(BytesIO(data), kind, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
