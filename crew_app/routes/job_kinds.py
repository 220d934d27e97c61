"""Job kinds: names, trade, urgency, whether they are offered, and in which order."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.people.rules import Right, Trade
from crew_app.tickets import kind_actions
from crew_app.tickets.forms import text
from crew_app.tickets.kind_actions import ICONS, parse
from crew_app.tickets.rules import Priority
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.filters import label
from crew_app.web.people import person

blueprint = Blueprint("job_kinds", __name__, url_prefix="/admin/job-kinds")
SHARED = "a list that all sites share; it must not arrive from a phone some days later"


@blueprint.get("")
@needs(Right.CONFIGURE)
def index() -> str:
    """All kinds in the order in which reporters see them."""
    kinds = kind_actions.all_kinds()
    return render_template("job_kinds/index.html", kinds=kinds, mine=kind_actions.may_change(person()))


@blueprint.get("/new")
@needs(Right.CONFIGURE)
def new() -> str:
    """The form for another kind."""
    return render_template("job_kinds/form.html", kind=None, **_choices())


@blueprint.post("")
@needs(Right.CONFIGURE)
@online_only(SHARED)
@command
def create() -> Done:
    """Add a kind."""
    kind_actions.make(text(request.form, "code").lower(), parse(request.form), by=person(), at=this_moment())
    return Done(url_for("job_kinds.index"))


@blueprint.get("/<uuid:kind_id>")
@needs(Right.CONFIGURE)
def show(kind_id: UUID) -> str:
    """One kind, to be changed."""
    return render_template("job_kinds/form.html", kind=kind_actions.kind(kind_id), **_choices())


@blueprint.post("/<uuid:kind_id>")
@needs(Right.CONFIGURE)
@online_only(SHARED)
@command
def change(kind_id: UUID) -> Done:
    """Change a kind."""
    kind_actions.change(kind_actions.kind(kind_id), parse(request.form), by=person(), at=this_moment())
    return Done(url_for("job_kinds.index"))


@blueprint.post("/<uuid:kind_id>/place")
@needs(Right.CONFIGURE)
@online_only(SHARED)
@command
def move(kind_id: UUID) -> Done:
    """Move a kind one place up or down."""
    up = request.form.get("way") == "up"
    kind_actions.move(kind_actions.kind(kind_id), up=up, by=person(), at=this_moment())
    return Done(url_for("job_kinds.index"))


def _choices() -> dict[str, Any]:
    return {
        "trades": [(trade.value, label(trade)) for trade in Trade],
        "priorities": [(one.value, label(one)) for one in Priority],
        "icons": ICONS,
        "mine": kind_actions.may_change(person()),
    }
