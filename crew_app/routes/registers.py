"""The registers: their doors, each with the number that matters."""

from flask import Blueprint, render_template

from crew_app.core.clock import now
from crew_app.people.rules import Right
from crew_app.registers import credential_queries, gate_queries, hand_over_queries, sites, trainings
from crew_app.registers.credential_rules import Standing
from crew_app.web.access import needs
from crew_app.web.people import person

blueprint = Blueprint("registers", __name__, url_prefix="/registers")
BAD = (Standing.MISSING, Standing.EXPIRED)


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """Where the registers are, and what needs a look in each."""
    me, at = person(), now()
    here, kept = me.sites_with(Right.SEE_SITE), me.sites_with(Right.KEEP_REGISTERS)
    licences = credential_queries.licences(kept, at) if kept else credential_queries.of_person(me.id, at)
    certificates = credential_queries.certificates(here, at)
    upcoming = trainings.upcoming(here, sites.day_at(me.memberships[0].site, at))
    return render_template(
        "registers/index.html",
        inside=gate_queries.inside_count(me.sites_with(Right.SEE_GATE)),
        unsigned=len(hand_over_queries.waiting(here)) + len(hand_over_queries.missing(here, at)),
        licences=[sum(one.stand.state in states for one in licences) for states in (BAD, (Standing.SOON,))],
        certificates=[sum(one.stand.state in states for one in certificates) for states in (BAD, (Standing.SOON,))],
        upcoming=upcoming[0] if upcoming else None,
    )
