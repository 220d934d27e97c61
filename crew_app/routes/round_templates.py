"""Templates of rounds: the list, what one says and said, the editor, copies, retirement."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds import queries as rounds
from crew_app.rounds import template_queries as queries
from crew_app.rounds import templates
from crew_app.rounds.content import Category, Content
from crew_app.rounds.differences import differences
from crew_app.rounds.models import RoundTemplate, RoundVersion
from crew_app.rounds.writing import write
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment, without_receipt
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.round_documents import read_document, set_apart, words_of
from crew_app.web.round_editor import blank, names, offers
from crew_app.web.sheets import file_name

blueprint = Blueprint("round_templates", __name__, url_prefix="/rounds/templates")
blueprint.add_app_template_filter(words_of, "words_of")
blueprint.add_app_template_filter(set_apart, "set_apart")
ORDER = list(Category)
LONGEST_NUMBER = 6


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Templates in use by category, and the door to those that are not any more."""
    me, words = person(), request.args.get("q", "").strip()[:80]
    retired = "retired" in request.args
    found = queries.templates(me, words, retired=retired)
    return render_template(
        "round_templates/index.html",
        groups=grouped(found),
        runs=queries.run_counts(one.id for one in found),
        text=words,
        retired=retired,
        any_retired=retired or bool(queries.templates(me, retired=True)),
    )


@blueprint.get("/<uuid:template_id>")
@needs(Right.SEE_SITE)
def show(template_id: UUID) -> str:
    """What a template says as the crew will see it, and what it said before."""
    template = rounds.template(person(), template_id)
    chosen = _number("version")
    version = queries.version(template.id, chosen or template.version)
    history = queries.versions(template.id, _number("before"))
    return render_template(
        "round_templates/show.html",
        template=template,
        version=version,
        content=version.content,
        known=queries.known(template.site_id, version.content),
        runs=queries.run_counts([template.id]).get(template.id, 0),
        history=_history(history),
        more=history[queries.PAGE - 1].number if len(history) > queries.PAGE else None,
    )


@blueprint.get("/<uuid:template_id>/document")
@needs(Right.SEE_SITE)
def export(template_id: UUID) -> Response:
    """A version as a JSON file, to be kept or handed to another hospital."""
    template = rounds.template(person(), template_id)
    version = queries.version(template.id, _number("version") or template.version)
    response = Response(version.document + "\n", mimetype="application/json")
    name = f"{template.code}-v{version.number}.json"
    response.headers.set("Content-Disposition", "attachment", filename=file_name(name))
    return response


@blueprint.get("/new")
@needs(Right.PLAN_ROUNDS)
def new() -> str:
    """The editor with an empty template."""
    return render_template("round_templates/edit.html", **_editor(None, write(blank())))


@blueprint.get("/<uuid:template_id>/editor")
@needs(Right.PLAN_ROUNDS)
def edit(template_id: UUID) -> str:
    """The editor with what a template says now, or said in an older version."""
    template = rounds.template(person(), template_id, Right.PLAN_ROUNDS)
    version = queries.version(template.id, _number("version") or template.version)
    return render_template("round_templates/edit.html", **_editor(template, version.document))


@blueprint.post("")
@needs(Right.PLAN_ROUNDS)
@command
def create() -> Done:
    """Make a template."""
    content = read_document(request.form.get("document", ""))
    made = templates.create(
        site_of(person()),
        content,
        text(request.form, "note"),
        by=person(),
        at=this_moment(),
        template_id=uuid(request.form, "template_id"),
    )
    return done(made, status=201)


@blueprint.post("/<uuid:template_id>/versions")
@needs(Right.PLAN_ROUNDS)
@command
def save(template_id: UUID) -> Done:
    """Let a template say something else; after a clash: over the newer version, or as a copy of its own."""
    me = person()
    template = rounds.template(me, template_id, Right.PLAN_ROUNDS, lock=True)
    content, clash = read_document(request.form.get("document", "")), request.form.get("clash", "")
    if clash == "copy":
        made = templates.copy(
            template, content, by=me, at=this_moment(), template_id=optional_uuid(request.form, "copy_id")
        )
        return done(made, status=201)
    based_on = None if clash == "over" else _whole(request.form.get("based_on", ""))
    if based_on is None and clash != "over":
        raise Refused("version-missing", N_("This request is incomplete. Please load the page again."))
    templates.change(template, content, text(request.form, "note"), by=me, at=this_moment(), based_on=based_on)
    return done(template)


@blueprint.post("/<uuid:template_id>/copies")
@needs(Right.PLAN_ROUNDS)
@command
def copy(template_id: UUID) -> Done:
    """Make another template that says the same."""
    template = rounds.template(person(), template_id, Right.PLAN_ROUNDS)
    copy_id = uuid(request.form, "copy_id")
    return done(templates.copy(template, by=person(), at=this_moment(), template_id=copy_id), status=201)


@blueprint.post("/<uuid:template_id>/retirement")
@needs(Right.PLAN_ROUNDS)
@command
def retire(template_id: UUID) -> Done:
    """Use a template no more."""
    template = rounds.template(person(), template_id, Right.PLAN_ROUNDS, lock=True)
    templates.retire(template, by=person(), at=this_moment())
    return done(template)


@blueprint.post("/<uuid:template_id>/restoration")
@needs(Right.PLAN_ROUNDS)
@command
def restore(template_id: UUID) -> Done:
    """Use a retired template again."""
    template = rounds.template(person(), template_id, Right.PLAN_ROUNDS, lock=True)
    templates.restore(template, by=person())
    return done(template)


@blueprint.post("/preview")
@needs(Right.PLAN_ROUNDS)
@without_receipt("It changes nothing: it shows what is being written as the crew will see it.")
@online_only("It shows what the server makes of a template; saving it works without a network.")
def preview() -> str:
    """A template that is being written, as the crew will see it, or where it is wrong."""
    me, template_id = person(), optional_uuid(request.form, "template_id")
    template = rounds.template(me, template_id) if template_id else None
    site_id = template.site_id if template else site_of(me)
    based_on = _whole(request.form.get("based_on", ""))
    newer = templates.current(template) if template and based_on and based_on != template.version else None
    content, wrong = _read(request.form.get("document", ""))
    return render_template(
        "round_templates/preview.html",
        content=content,
        wrong=wrong,
        known=queries.known(site_id, content) if content else queries.Known(),
        chosen=_whole(request.form.get("stop", "")) or 0,
        newer=newer,
        differences=differences(queries.version(newer.template_id, based_on or 1).content, newer.content)
        if newer
        else (),
    )


@blueprint.get("/places")
@needs(Right.SEE_SITE)
def search() -> str:
    """Places, assets and kinds of assets for a stop, by code or name."""
    words = request.args.get("q", "")[:80]
    found = queries.search(person(), optional_uuid(request.args, "site_id"), words)
    return render_template("round_templates/places.html", found=found, text=words)


def done(template: RoundTemplate, status: int = 200) -> Done:
    """The answer to every change of a template: its page."""
    return Done(url_for("round_templates.show", template_id=template.id), template.site_id, status)


def site_of(me: Person) -> UUID:
    """The site that was chosen, or the first one where the person plans rounds."""
    sites = [found for found, _ in site_choices(me)]
    site_id = optional_uuid(request.form, "site_id") or sites[0]
    if site_id not in sites:
        raise Refused("site-missing", N_("Please choose the site."))
    return site_id


def site_choices(me: Person) -> list[tuple[UUID, str]]:
    """The sites where the person plans rounds, their own first."""
    sites = me.sites_with(Right.PLAN_ROUNDS)
    return list({one.site_id: named(one.site) for one in me.memberships if one.site_id in sites}.items())


def grouped(found: Any) -> list[tuple[Category, list[Any]]]:
    """Templates by category, in the order of the categories."""
    ordered = sorted(found, key=lambda one: ORDER.index(one.category))
    return [(category, list(group)) for category, group in groupby(ordered, lambda one: one.category)]


def _history(found: Any) -> list[tuple[RoundVersion, list[Any]]]:
    """Versions with what each changed."""
    pairs = zip(found[: queries.PAGE], [*found[1:], None], strict=False)
    return [(one, differences(before.content, one.content) if before else []) for one, before in pairs]


def _editor(template: RoundTemplate | None, document: str) -> dict[str, Any]:
    content = read_document(document) if template else blank()
    known = queries.known(template.site_id, content) if template else queries.Known()
    return {
        "template": template,
        "document": document,
        "names": names(known),
        "sites": site_choices(person()),
        **offers(),
    }


def _read(document: str) -> tuple[Content | None, Refused | None]:
    try:
        return read_document(document), None
    except Refused as wrong:
        return None, wrong


def _number(name: str) -> int | None:
    return _whole(request.args.get(name, ""))


def _whole(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER else None
