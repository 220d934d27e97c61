"""Templates from elsewhere: the library of ready ones, and files of other hospitals."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, render_template, request

from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.rounds import template_queries as queries
from crew_app.rounds import templates
from crew_app.rounds.content import Category, Content, Presence, Where
from crew_app.rounds.reading import MOST_BYTES
from crew_app.rounds.ready import ready
from crew_app.routes.round_templates import done, grouped, site_choices, site_of
from crew_app.tickets.forms import uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.people import person
from crew_app.web.round_documents import read_document

blueprint = Blueprint("round_library", __name__, url_prefix="/rounds/templates")


@blueprint.get("/library")
@needs(Right.PLAN_ROUNDS)
def index() -> str:
    """What is ready to be used, by category; with `code` one of them, as the crew will see it."""
    me, code, text = person(), request.args.get("code", ""), request.args.get("q", "").strip()[:80]
    if code:
        content = _ready(code)
        sites = site_choices(me)
        first, _ = sites[0]
        return render_template(
            "round_templates/ready.html",
            content=content,
            known=queries.known(first, content),
            site_id=first,
            sites=sites,
        )
    category = request.args.get("category", "")
    found = [one for one in ready() if _matches(one, text) and category in ("", one.category)]
    return render_template(
        "round_templates/library.html",
        groups=grouped(found),
        categories=[one for one in Category if any(content.category is one for content in ready())],
        category=category,
        text=text,
        used={one.code for one in queries.templates(me)},
    )


@blueprint.post("/adoptions")
@needs(Right.PLAN_ROUNDS)
@command
def adopt() -> Done:
    """Make a template of the site from a ready one; stops without a fixed place may be given one."""
    me, content, site_id = person(), _ready(request.form.get("ready", "")), site_of(person())
    places = dict(zip(request.form.getlist("stop"), request.form.getlist("where"), strict=False))
    content = _placed(content, site_id, {key: code.strip() for key, code in places.items() if code.strip()})
    template_id = uuid(request.form, "template_id")
    return done(templates.create(site_id, content, by=me, at=this_moment(), template_id=template_id), status=201)


@blueprint.get("/import")
@needs(Right.PLAN_ROUNDS)
def choose() -> str:
    """Where a file is chosen."""
    return render_template("round_templates/import.html", sites=site_choices(person()))


@blueprint.post("/imports")
@needs(Right.PLAN_ROUNDS)
@online_only("A file is read by the server first; what is wrong with it has to be said at once.")
@command
def bring() -> Done:
    """Make a template of the site from a file."""
    content = read_document(_file())
    template_id = uuid(request.form, "template_id")
    made = templates.create(site_of(person()), content, by=person(), at=this_moment(), template_id=template_id)
    return done(made, status=201)


def _file() -> str:
    file = request.files.get("file")
    data = file.stream.read(MOST_BYTES + 1) if file and file.filename else b""
    if not data:
        raise Refused("file-missing", N_("Please choose a file."))
    if len(data) > MOST_BYTES:
        words = N_("This file is too large for a template (%(most)s kB at most).")
        raise Refused("file-too-large", words, most=MOST_BYTES // 1000)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("file-unreadable", N_("This file is no template: its text cannot be read (UTF-8).")) from error


def _ready(code: str) -> Content:
    found = next((one for one in ready() if one.code == code), None)
    if found is None:
        raise Unseen("unknown-template", N_("This template is not known."))
    return found


def _matches(content: Content, text: str) -> bool:
    said = f"{content.code} {content.name.zh} {content.name.en} {content.purpose.zh} {content.purpose.en}".casefold()
    return all(word in said for word in text.casefold().split())


def _placed(content: Content, site_id: UUID, places: dict[str, str]) -> Content:
    stops = tuple(
        replace(stop, where=_where(site_id, places[stop.key]), presence=Presence.SCAN)
        if stop.where.anywhere and stop.key in places
        else stop
        for stop in content.stops
    )
    return replace(content, stops=stops)


def _where(site_id: UUID, code: str) -> Where:
    """The place or asset with this code; `Refused` when the site has none."""
    found = queries.subject(site_id, code)
    if found is None:
        raise Refused("unknown-place", N_("This site has nothing with the code %(code_)s."), code_=code[:40])
    return found
