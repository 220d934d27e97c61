"""Patterns of shifts, and who is in them."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.people import queries as people
from crew_app.people.rules import Right, Trade
from crew_app.registers import sites
from crew_app.roster import actions, forms, queries
from crew_app.roster.days import days_off
from crew_app.routes.roster import chosen_site
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("shift_patterns", __name__, url_prefix="/roster")


@blueprint.get("/patterns")
@needs(Right.DISPATCH)
def index() -> str:
    """The patterns of shifts, and who is in them."""
    site, at = chosen_site(person(), Right.DISPATCH), now()
    today = at.astimezone(site.zone).date()
    return render_template(
        "roster/patterns.html",
        patterns=queries.patterns(site.id),
        site=site,
        sites=people.sites_where(person(), Right.DISPATCH),
        crew=sites.members([site.id], Right.SEE_SITE),
        trades=list(Trade),
        today=today,
    )


@blueprint.post("/patterns")
@needs(Right.DISPATCH)
@command
def create() -> Done:
    """Add a pattern."""
    site = sites.site(person(), Right.DISPATCH, optional_uuid(request.form, "site_id"))
    actions.add_pattern(uuid(request.form, "pattern_id"), site, forms.parse_pattern(request.form))
    return _done(site.id, 201)


@blueprint.post("/patterns/<uuid:pattern_id>")
@needs(Right.DISPATCH)
@command
def change(pattern_id: UUID) -> Done:
    """Change a pattern; shifts to come are made anew."""
    found = queries.pattern(person(), pattern_id)
    actions.change_pattern(found, forms.parse_pattern(request.form), off=days_off(found.site_id), at=this_moment())
    return _done(found.site_id)


@blueprint.post("/patterns/<uuid:pattern_id>/people")
@needs(Right.DISPATCH)
@command
def put_in(pattern_id: UUID) -> Done:
    """Put somebody into a pattern."""
    found = queries.pattern(person(), pattern_id)
    whose = sites.member(found.site_id, optional_uuid(request.form, "person_id"), Right.SEE_SITE)
    place, off = forms.parse_place(request.form), days_off(found.site_id)
    actions.put_in(uuid(request.form, "rota_id"), found, whose, place, off=off, at=this_moment())
    return _done(found.site_id, 201)


@blueprint.post("/rotas/<uuid:rota_id>/end")
@needs(Right.DISPATCH)
@command
def take_out(rota_id: UUID) -> Done:
    """Take somebody out of a pattern."""
    rota = queries.rota(person(), rota_id)
    actions.take_out(rota, at=this_moment())
    return _done(rota.site_id)


def _done(site_id: UUID, status: int = 200) -> Done:
    return Done(url_for("shift_patterns.index", site=site_id), site_id, status)
