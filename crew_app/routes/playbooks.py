"""Playbooks: the ready ones, one's own, rewritten without touching what runs."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.emergencies import forms, playbooks
from crew_app.emergencies.models import Playbook
from crew_app.emergencies.rules import Step, Who
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("playbooks", __name__, url_prefix="/playbooks")
BLANK = 3
"""So many empty rows stand at the end of a form."""
ROWS = ("step_key", "step_name", "step_name_en", "step_who", "step_minutes", "step_ends")


@blueprint.get("")
@needs(Right.LEAD_EMERGENCIES)
def index() -> str:
    """All playbooks, also those no longer offered."""
    me = person()
    return render_template(
        "playbooks/index.html",
        versions=playbooks.offered(me, Right.LEAD_EMERGENCIES, retired=True),
        sites=sites.sites(me, Right.LEAD_EMERGENCIES),
        ready=len(playbooks.ready()),
    )


@blueprint.get("/new")
@needs(Right.LEAD_EMERGENCIES)
def new() -> str:
    """Write one's own."""
    here = sites.sites(person(), Right.LEAD_EMERGENCIES)
    return render_template("playbooks/edit.html", version=None, sites=here, who=list(Who), blank=BLANK * 2)


@blueprint.post("")
@needs(Right.LEAD_EMERGENCIES)
@command
def create() -> Done:
    """Keep one's own."""
    me, form = person(), request.form
    site = sites.site(me, Right.LEAD_EMERGENCIES, optional_uuid(form, "site_id"))
    playbooks.create(uuid(form, "playbook_id"), site, forms.parse_playbook(form, _rows(), []), by=me, at=this_moment())
    return Done(url_for("playbooks.index"), site.id, 201)


@blueprint.post("/ready")
@needs(Right.LEAD_EMERGENCIES)
@command
def bring() -> Done:
    """Take over the ready ones that are missing."""
    me = person()
    site = sites.site(me, Right.LEAD_EMERGENCIES, optional_uuid(request.form, "site_id"))
    playbooks.bring_ready(site, by=me, at=this_moment())
    return Done(url_for("playbooks.index"), site.id, 201)


@blueprint.get("/<uuid:playbook_id>")
@needs(Right.LEAD_EMERGENCIES)
def show(playbook_id: UUID) -> str:
    """The steps of a playbook, to be rewritten."""
    version = playbooks.current(_own(playbook_id))
    return render_template("playbooks/edit.html", version=version, sites=[], who=list(Who), blank=BLANK)


@blueprint.post("/<uuid:playbook_id>/versions")
@needs(Right.LEAD_EMERGENCIES)
@command
def rewrite(playbook_id: UUID) -> Done:
    """Keep a new version."""
    playbook = _own(playbook_id)
    known: list[Step] = playbooks.current(playbook).steps
    playbooks.rewrite(playbook, forms.parse_playbook(request.form, _rows(), known), by=person(), at=this_moment())
    return _done(playbook)


@blueprint.post("/<uuid:playbook_id>/retirement")
@needs(Right.LEAD_EMERGENCIES)
@command
def retire(playbook_id: UUID) -> Done:
    """No longer offer it."""
    playbook = _own(playbook_id)
    playbooks.retire(playbook, at=this_moment())
    return _done(playbook)


@blueprint.post("/<uuid:playbook_id>/reinstatement")
@needs(Right.LEAD_EMERGENCIES)
@command
def reinstate(playbook_id: UUID) -> Done:
    """Offer it again."""
    playbook = _own(playbook_id)
    playbooks.reinstate(playbook)
    return _done(playbook)


def _rows() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in ROWS}


def _own(playbook_id: UUID) -> Playbook:
    return playbooks.playbook(person(), playbook_id, Right.LEAD_EMERGENCIES)


def _done(playbook: Playbook) -> Done:
    return Done(url_for("playbooks.show", playbook_id=playbook.id), playbook.site_id)
