"""Certificates of assets: statutory tests of lifts, pressure vessels, gauges, with their due dates."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.fixed_assets.codes import asset_of
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Asset
from crew_app.registers import credential_forms as forms
from crew_app.registers import credential_queries as queries
from crew_app.registers import credentials
from crew_app.registers.credential_models import Bearer, Credential
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.papers import COUNTS, columns, row
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals
from crew_app.web.sheets import sheet

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """What is due, the worst first, then what is coming up within 7, 30 and 60 days, then the rest."""
    held = queries.certificates(person().sites_with(Right.SEE_SITE), now())
    return render_template("certificates/index.html", held=held, counted=queries.counted(held), counts=COUNTS)


@blueprint.get("/new")
@needs(Right.KEEP_REGISTERS)
def new() -> str:
    """Enter a certificate; a newer one moves the due date."""
    me = person()
    asset_id = optional_uuid(request.args, "asset")
    return render_template(
        "certificates/new.html",
        kinds=queries.kinds(me.sites_with(Right.KEEP_REGISTERS), Bearer.ASSET),
        kind_id=optional_uuid(request.args, "kind"),
        asset=places.asset(me, asset_id, Right.KEEP_REGISTERS) if asset_id else None,
    )


@blueprint.post("")
@needs(Right.KEEP_REGISTERS)
@prepared_command(arrive_with_form)
def create() -> Done:
    """Enter a certificate."""
    me, form = person(), request.form
    kind = queries.kind(me, uuid(form, "kind_id"))
    paper, pictures = forms.parse_paper(form), arrived_photos(prepared())
    found = credentials.enter(kind, _asset(kind.site_id), paper, pictures, by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return _done(found, 201)


@blueprint.get("/all.xlsx")
@needs(Right.SEE_SITE)
def export() -> Response:
    """All certificates as they stand, as a spreadsheet."""
    held = queries.certificates(person().sites_with(Right.SEE_SITE), now())
    return sheet(gettext("Certificates"), columns(gettext("Asset")), map(row, held))


@blueprint.get("/<uuid:credential_id>")
@needs(Right.SEE_SITE)
def show(credential_id: UUID) -> str:
    """A certificate, and those before it."""
    paper = queries.paper(person(), credential_id, Bearer.ASSET)
    at = now()
    return render_template(
        "certificates/show.html", paper=paper, earlier=queries.earlier(paper), stand=queries.standing(paper, at), at=at
    )


@blueprint.post("/<uuid:credential_id>/withdrawal")
@needs(Right.KEEP_REGISTERS)
@command
def withdraw(credential_id: UUID) -> Done:
    """Say that a certificate does not count."""
    paper = queries.paper(person(), credential_id, Bearer.ASSET, keeping=True)
    credentials.withdraw(paper, text(request.form, "note")[:500], by=person(), at=this_moment())
    return _done(paper)


def _asset(site_id: UUID) -> Asset:
    """The asset that was chosen, or whose tag, number or code was typed."""
    asset_id, code = optional_uuid(request.form, "asset_id"), text(request.form, "code")
    found = places.asset(person(), asset_id, Right.KEEP_REGISTERS) if asset_id else asset_of(site_id, code)
    if found is None or found.site_id != site_id:
        raise Refused("asset", N_("No asset here has this code. Scan its tag, or type its number."))
    return found


def _done(found: Credential, status: int = 200) -> Done:
    return Done(url_for("certificates.show", credential_id=found.id), found.site_id, status)
