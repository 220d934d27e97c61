"""Which photos a site asks for, by kind of job."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for

from crew_app.people.models import Site
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.tickets import queries, shots
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("shot_rules", __name__, url_prefix="/shot-rules")


@blueprint.get("")
@needs(Right.SET_TARGETS)
def index() -> str:
    """Kinds of jobs with the photos they need before and after the work."""
    site = _site(request.args)
    return render_template(
        "shot_rules/index.html",
        site=site,
        sites=sites.sites(person(), Right.SET_TARGETS),
        kinds=queries.job_kinds(),
        rules={rule.job_kind_id: rule for rule in shots.rules_of([site.id])},
        most=shots.MOST,
    )


@blueprint.post("")
@needs(Right.SET_TARGETS)
@command
def put() -> Done:
    """Set the numbers of a site."""
    site = _site(request.form)
    shots.put(site.id, shots.parse(request.form, queries.job_kinds()), by=person(), at=this_moment())
    return Done(url_for("shot_rules.index", site_id=site.id), site.id)


def _site(fields: Mapping[str, str]) -> Site:
    return sites.chosen(person(), Right.SET_TARGETS, fields)
