"""Licences of people: what counts, what runs out, who lacks one; and the kinds of all papers."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.registers import credential_forms as forms
from crew_app.registers import credential_queries as queries
from crew_app.registers import credentials, sites
from crew_app.registers.credential_models import Bearer, Credential
from crew_app.registers.credential_queries import Held
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.papers import COUNTS, asset_kinds, columns, row
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals
from crew_app.web.sheets import sheet

blueprint = Blueprint("licences", __name__, url_prefix="/licences")


@blueprint.get("")
@signed_in
def index() -> str:
    """Licences as they stand, the worst first; one's own only, for whoever keeps no registers."""
    held = _held(person())
    return render_template("licences/index.html", held=held, counted=queries.counted(held), counts=COUNTS)


@blueprint.get("/new")
@needs(Right.KEEP_REGISTERS)
def new() -> str:
    """Enter a licence, or a renewed one."""
    here = person().sites_with(Right.KEEP_REGISTERS)
    return render_template(
        "licences/new.html",
        kinds=queries.kinds(here, Bearer.PERSON),
        people=sites.members(here),
        kind_id=optional_uuid(request.args, "kind"),
        person_id=optional_uuid(request.args, "person"),
    )


@blueprint.post("")
@needs(Right.KEEP_REGISTERS)
@prepared_command(arrive_with_form)
def create() -> Done:
    """Enter a licence."""
    me, form = person(), request.form
    kind = queries.kind(me, uuid(form, "kind_id"))
    holder = sites.member(kind.site_id, optional_uuid(form, "person_id"))
    paper, pictures = forms.parse_paper(form), arrived_photos(prepared())
    found = credentials.enter(kind, holder, paper, pictures, by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return _done(found, 201)


@blueprint.get("/all.xlsx")
@needs(Right.KEEP_REGISTERS)
def export() -> Response:
    """All licences as they stand, as a spreadsheet."""
    return sheet(gettext("Licences"), columns(gettext("Person")), map(row, _held(person())))


@blueprint.get("/<uuid:credential_id>")
@signed_in
def show(credential_id: UUID) -> str:
    """A licence, and those before it."""
    paper = queries.paper(person(), credential_id, Bearer.PERSON)
    at = now()
    return render_template(
        "licences/show.html", paper=paper, earlier=queries.earlier(paper), stand=queries.standing(paper, at), at=at
    )


@blueprint.post("/<uuid:credential_id>/withdrawal")
@needs(Right.KEEP_REGISTERS)
@command
def withdraw(credential_id: UUID) -> Done:
    """Say that a licence does not count."""
    paper = queries.paper(person(), credential_id, Bearer.PERSON, keeping=True)
    credentials.withdraw(paper, text(request.form, "note")[:500], by=person(), at=this_moment())
    return _done(paper)


@blueprint.get("/kinds")
@needs(Right.KEEP_REGISTERS)
def kinds() -> str:
    """The kinds of papers: how long they are valid, and who or what needs them."""
    here = sites.sites(person(), Right.KEEP_REGISTERS)
    ids = [site.id for site in here]
    groups = [(bearer, queries.kinds(ids, bearer, all_of_them=True)) for bearer in Bearer]
    found = [kind.id for _, group in groups for kind in group]
    return render_template(
        "licences/kinds.html",
        groups=groups,
        sites=here,
        trades=list(Trade),
        needs=queries.needs(found),
        asset_kinds=asset_kinds(),
    )


@blueprint.post("/kinds")
@needs(Right.KEEP_REGISTERS)
@command
def add_kind() -> Done:
    """Add a kind of paper."""
    form = request.form
    site = sites.site(person(), Right.KEEP_REGISTERS, optional_uuid(form, "site_id"))
    credentials.add_kind(uuid(form, "kind_id"), site, forms.parse_bearer(form), forms.parse_kind(form, form))
    return Done(url_for("licences.kinds"), site.id, 201)


@blueprint.post("/kinds/<uuid:kind_id>")
@needs(Right.KEEP_REGISTERS)
@command
def change_kind(kind_id: UUID) -> Done:
    """Change a kind of paper."""
    kind = queries.kind(person(), kind_id)
    credentials.change_kind(kind, forms.parse_kind(request.form, request.form))
    return Done(url_for("licences.kinds"), kind.site_id)


def _held(me: Person) -> list[Held]:
    here = me.sites_with(Right.KEEP_REGISTERS)
    return queries.licences(here, now()) if here else queries.of_person(me.id, now())


def _done(found: Credential, status: int = 200) -> Done:
    return Done(url_for("licences.show", credential_id=found.id), found.site_id, status)
