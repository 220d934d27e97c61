"""The registers: four doors, each with the number that matters."""

from flask import Blueprint, render_template

from crew_app.people.rules import Right
from crew_app.registers import gate_queries
from crew_app.web.access import needs
from crew_app.web.people import person

blueprint = Blueprint("registers", __name__, url_prefix="/registers")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Where the registers are."""
    me = person()
    return render_template("registers/index.html", inside=gate_queries.inside_count(me.sites_with(Right.SEE_GATE)))
