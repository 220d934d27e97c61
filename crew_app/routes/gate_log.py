"""The gate log: who is inside, in and out with one touch, corrections that erase nothing."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.registers import gate, gate_forms, gate_queries, sites
from crew_app.registers.gate_models import GateVisit
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person
from crew_app.web.sheets import Column, Format, Value, in_pages, sheet

blueprint = Blueprint("gate_log", __name__, url_prefix="/gate-log")


@blueprint.get("")
@needs(Right.SEE_GATE)
def index() -> str:
    """Who is inside first, then who comes often, then who went out."""
    me, words = person(), request.args.get("q", "")[:40]
    here, at = me.sites_with(Right.SEE_GATE), now()
    out = gate_queries.visits(here, words, optional_uuid(request.args, "before"))
    return render_template(
        "gate_log/index.html",
        inside=gate_queries.inside(here, words),
        out=out,
        more=out[-1].id if len(out) == gate_queries.PAGE else None,
        q=words,
        at=at,
        long_inside=gate.long_inside,
        **_to_write(),
    )


@blueprint.post("")
@needs(Right.KEEP_GATE)
@command
def create() -> Done:
    """Write in somebody who comes, or somebody who goes and was never written in."""
    me, form = person(), request.form
    site = sites.site(me, Right.KEEP_GATE, optional_uuid(form, "site_id"))
    only_out = form.get("direction") == "out"
    gate.enter(
        uuid(form, "visit_id"), site.id, gate_forms.parse_words(form), only_out=only_out, by=me, at=this_moment()
    )
    return Done(url_for("gate_log.index"), site.id, 201)


@blueprint.get("/all.xlsx")
@needs(Right.SEE_GATE)
def export() -> Response:
    """The whole log as a spreadsheet, the newest first."""
    columns = [
        Column(gettext("Plate"), 14),
        Column(gettext("Visitor"), 14),
        Column(gettext("Reason"), 24),
        Column(gettext("Visits"), 20),
        Column(gettext("Came in"), 18, Format.TIME),
        Column(gettext("Went out"), 18, Format.TIME),
        Column(gettext("Remark"), 18),
    ]
    here = person().sites_with(Right.SEE_GATE)
    rows = in_pages(lambda before: gate_queries.everything(here, before), lambda visit: visit.id)
    return sheet(gettext("Gate log"), columns, _rows(rows))


@blueprint.get("/<uuid:visit_id>")
@needs(Right.SEE_GATE)
def show(visit_id: UUID) -> str:
    """One visit: how it stands, and everything that was written about it."""
    visit = gate_queries.visit(person(), visit_id)
    return render_template("gate_log/visit.html", visit=visit, story=gate_queries.story(visit), at=now())


@blueprint.post("/<uuid:visit_id>/departure")
@needs(Right.KEEP_GATE)
@command
def leave(visit_id: UUID) -> Done:
    """Write out."""
    visit = _kept(visit_id)
    gate.leave(visit, by=person(), at=this_moment())
    return Done(url_for("gate_log.index"), visit.site_id)


@blueprint.post("/<uuid:visit_id>/corrections")
@needs(Right.KEEP_GATE)
@command
def correct(visit_id: UUID) -> Done:
    """Write what is right."""
    visit, form = _kept(visit_id), request.form
    words, note = gate_forms.parse_words(form), text(form, "note")[:500]
    gate.correct(visit, uuid(form, "entry_id"), words, note, by=person(), at=this_moment())
    return _done(visit)


@blueprint.post("/<uuid:visit_id>/mistakes")
@needs(Right.KEEP_GATE)
@command
def void(visit_id: UUID) -> Done:
    """Say that a coming or going was written by mistake."""
    visit, form = _kept(visit_id), request.form
    gate.void(visit, uuid(form, "entry_id"), text(form, "note")[:500], by=person(), at=this_moment())
    return _done(visit)


def _to_write() -> dict[str, Any]:
    """What a guard needs to write somebody in."""
    me = person()
    here = sites.sites(me, Right.KEEP_GATE)
    return {"sites": here, "known": gate_queries.known([site.id for site in here], now()) if here else []}


def _kept(visit_id: UUID) -> GateVisit:
    return gate_queries.visit(person(), visit_id, Right.KEEP_GATE, lock=True)


def _done(visit: GateVisit) -> Done:
    return Done(url_for("gate_log.show", visit_id=visit.id), visit.site_id)


def _rows(visits: Iterator[GateVisit]) -> Iterator[list[Value]]:
    for visit in visits:
        remark = gettext("Written by mistake") if visit.void else ""
        yield [visit.plate, visit.visitor, visit.reason, visit.host, visit.entered_at, visit.left_at, remark]
