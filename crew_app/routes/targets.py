"""Targets (时限) of a site: how soon jobs are to be answered and done, and its working hours."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.places.models import Care
from crew_app.registers import sites
from crew_app.tickets import queries, target_rules
from crew_app.tickets.clocks import Hours
from crew_app.tickets.deadlines import hours_text, targets_of
from crew_app.tickets.forms import text
from crew_app.tickets.rules import Kind, Priority
from crew_app.tickets.target_forms import parse_scope, parse_target
from crew_app.tickets.targets import Scope, best
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.filters import label
from crew_app.web.languages import named
from crew_app.web.people import person

blueprint = Blueprint("targets", __name__, url_prefix="/desk/targets")


@blueprint.get("")
@needs(Right.SET_TARGETS)
def index() -> str:
    """All rules, the most specific first; and which one applies to a case."""
    site, asked = _site(request.args), parse_scope(request.args)
    targets = targets_of(site.id)
    case = Scope(asked.care or Care.OTHER, asked.job_kind, asked.kind or Kind.REPAIR, asked.priority or Priority.NORMAL)
    return render_template(
        "targets/index.html",
        site=site,
        sites=sites.sites(person(), Right.SET_TARGETS),
        targets=targets,
        case=case,
        applies=best(targets, case),
        tried="care" in request.args,
        hours=hours_text(site.id),
        address=_address,
        **_choices(),
    )


@blueprint.get("/rule")
@needs(Right.SET_TARGETS)
def edit() -> str:
    """Make a rule, or change the one with these conditions."""
    site, scope = _site(request.args), parse_scope(request.args)
    target = next((one for one in targets_of(site.id) if one.scope == scope), None)
    return render_template(
        "targets/form.html", site=site, target=None if "new" in request.args else target, hours=Hours, **_choices()
    )


@blueprint.post("")
@needs(Right.SET_TARGETS)
@command
def put() -> Done:
    """Make or change a rule."""
    site = _site(request.form)
    target_rules.put(site.id, parse_target(request.form), by=person(), at=this_moment())
    return _done(site)


@blueprint.post("/removal")
@needs(Right.SET_TARGETS)
@command
def take_back() -> Done:
    """Take a site's own rule away."""
    site = _site(request.form)
    target_rules.take_back(site.id, parse_scope(request.form), by=person())
    return _done(site)


@blueprint.post("/hours")
@needs(Right.SET_TARGETS)
@command
def set_hours() -> Done:
    """Set the working hours."""
    site = _site(request.form)
    target_rules.set_hours(site.id, text(request.form, "periods"), by=person(), at=this_moment())
    return _done(site)


def _choices() -> dict[str, Any]:
    return {
        "cares": [(care.value, label(care)) for care in Care],
        "job_kinds": [(kind.code, named(kind)) for kind in queries.job_kinds()],
        "job_kind_names": {kind.code: named(kind) for kind in queries.job_kinds()},
        "kinds": [(kind.value, label(kind)) for kind in Kind],
        "priorities": [(priority.value, label(priority)) for priority in Priority],
    }


def _address(scope: Scope) -> str:
    """Where a rule is changed."""
    parts = {"care": scope.care, "job_kind": scope.job_kind, "kind": scope.kind}
    given = {name: str(value) for name, value in parts.items() if value}
    if scope.priority:
        given["priority"] = str(scope.priority.value)
    return f"{url_for('targets.edit')}?{urlencode(given)}"


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.SET_TARGETS, fields)


def _done(site: Site) -> Done:
    return Done(url_for("targets.index", site_id=site.id), site.id)
