"""Sites: which there are, what they are called."""

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, render_template, request, url_for

from crew_app.people import queries, site_actions
from crew_app.people.rules import Right
from crew_app.tickets.forms import text
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.people import person

blueprint = Blueprint("sites", __name__, url_prefix="/admin/sites")
USUAL = "Asia/Shanghai"
WHOLE = "settings of a whole site; they must not arrive from a phone some days later"


@blueprint.get("")
@needs(Right.CONFIGURE)
def index() -> str:
    """The sites one administers."""
    me = person()
    return render_template(
        "sites/index.html",
        sites=queries.sites_where(me, Right.CONFIGURE),
        may_add=queries.everywhere(me, Right.CONFIGURE),
    )


@blueprint.get("/new")
@needs(Right.CONFIGURE)
def new() -> str:
    """The form for another site."""
    return render_template("sites/form.html", site=None, **_choices())


@blueprint.post("")
@needs(Right.CONFIGURE)
@online_only(WHOLE)
@command
def create() -> Done:
    """Add a site."""
    form = request.form
    site = site_actions.make(text(form, "code").lower(), site_actions.parse(form), by=person(), at=this_moment())
    return Done(url_for("sites.index"), site.id)


@blueprint.get("/<uuid:site_id>")
@needs(Right.CONFIGURE)
def show(site_id: UUID) -> str:
    """One site, to be changed."""
    site = queries.site_where(person(), Right.CONFIGURE, site_id)
    return render_template("sites/form.html", site=site, **_choices())


@blueprint.post("/<uuid:site_id>")
@needs(Right.CONFIGURE)
@online_only(WHOLE)
@command
def change(site_id: UUID) -> Done:
    """Change a site."""
    site = queries.site_where(person(), Right.CONFIGURE, site_id)
    site_actions.change(site, site_actions.parse(request.form), by=person(), at=this_moment())
    return Done(url_for("sites.index"), site.id)


def _choices() -> dict[str, Any]:
    return {
        "usual_zone": USUAL,
        "zones": sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
    }
