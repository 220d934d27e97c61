"""Hazards: what is still there, who answers for it, what has to be looked at again, the rate."""

from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.rounds import hazards, queries
from crew_app.rounds.rules import HAZARD_LABELS, HazardGrade
from crew_app.tickets import queries as tickets
from crew_app.tickets.forms import optional_uuid, text, uuid
from crew_app.tickets.models import Ticket
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("hazards", __name__, url_prefix="/rounds/hazards")


@blueprint.get("")
@needs(Right.SEE_SITE)
def index() -> str:
    """What is still there, what was put right and has to be looked at, the rate of the last months."""
    me, at = person(), now()
    live = hazards.open_hazards(me)
    waiting = hazards.to_check(me) if me.can(Right.VERIFY) else []
    known = hazards.assessments([*live, *waiting])
    rates = hazards.rates(me, at)
    return render_template("hazards/index.html", live=live, waiting=waiting, known=known, rates=rates, at=at)


@blueprint.get("/<uuid:ticket_id>")
@needs(Right.SEE_SITE)
def show(ticket_id: UUID) -> str:
    """One hazard: where it was found, what was decided, who looked again."""
    me = person()
    ticket = hazards.hazard(me, ticket_id)
    return render_template(
        "hazards/show.html",
        ticket=ticket,
        hazard=hazards.assessments([ticket]).get(ticket.id),
        checks=hazards.checks_of(ticket),
        found=queries.findings_of(ticket.id),
        crew=hazards.crew(me) if me.can(Right.PLAN_ROUNDS, ticket.site_id) else [],
        grades=HAZARD_LABELS,
        own_work=tickets.had_a_hand_in(ticket, me),
        rectified=ticket.state in hazards.RECTIFIED,
        at=now(),
    )


@blueprint.post("/<uuid:ticket_id>/assessment")
@needs(Right.PLAN_ROUNDS)
@command
def assess(ticket_id: UUID) -> Done:
    """Grade it, and say who answers for it until when."""
    ticket = hazards.hazard(person(), ticket_id, lock=True)
    asked = hazards.Assessment(_grade(), optional_uuid(request.form, "responsible_id"), _day())
    hazards.assess(ticket, asked, by=person(), at=this_moment())
    return _done(ticket)


@blueprint.post("/<uuid:ticket_id>/re-checks")
@needs(Right.VERIFY)
@command
def check_again(ticket_id: UUID) -> Done:
    """Look at it again."""
    ticket = hazards.hazard(person(), ticket_id, lock=True)
    passed = request.form.get("passed") == "yes"
    if request.form.get("passed") not in ("yes", "no"):
        raise Refused("check-missing", N_("Please say whether it is put right."))
    check_id, note = uuid(request.form, "check_id"), text(request.form, "note")
    hazards.check_again(ticket, check_id, note, passed=passed, by=person(), at=this_moment())
    return _done(ticket, 201)


def _grade() -> HazardGrade:
    try:
        return HazardGrade(request.form.get("grade", ""))
    except ValueError as error:
        raise Refused("grade", N_("Please say how grave the hazard is.")) from error


def _day() -> date | None:
    typed = request.form.get("due_on", "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise Refused("day", N_("Please check the date.")) from error


def _done(ticket: Ticket, status: int = 200) -> Done:
    return Done(url_for("hazards.show", ticket_id=ticket.id), ticket.site_id, status)
