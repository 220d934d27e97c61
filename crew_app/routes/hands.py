"""Whose hands a job is in: dispatched, declined, handed over, taken over, helped with."""

from uuid import UUID

from flask import Blueprint, request, url_for

from crew_app.desk import hands
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers import sites
from crew_app.routes.tickets import done
from crew_app.tickets import forms, queries
from crew_app.tickets.models import Ticket
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("hands", __name__, url_prefix="/tickets/<uuid:ticket_id>")


@blueprint.post("/assignment")
@needs(Right.DISPATCH)
@command
def assign(ticket_id: UUID) -> Done:
    """Dispatch the job to somebody by hand."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    to = _worker(ticket)
    hands.assign(ticket, to, _note(), all_the_same=_all_the_same(), by=person(), at=this_moment())
    if request.form.get("from") == "board":
        return Done(url_for("board.index"), ticket.site_id)
    return done(ticket)


@blueprint.post("/refusal")
@needs(Right.WORK)
@command
def decline(ticket_id: UUID) -> Done:
    """Say no to a job that was dispatched or offered to oneself."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    hands.decline(ticket, _note(), by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/hand-over")
@needs(Right.WORK)
@command
def hand_over(ticket_id: UUID) -> Done:
    """Offer one's job to a colleague."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    to = _worker(ticket)
    hands.hand_over(ticket, to, _note(), all_the_same=_all_the_same(), by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/take-over")
@needs(Right.WORK)
@command
def take_over(ticket_id: UUID) -> Done:
    """Take a job that is handed to oneself."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    hands.take_over(ticket, by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/help-request")
@needs(Right.WORK)
@command
def ask_for_help(ticket_id: UUID) -> Done:
    """Ask for a second pair of hands."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    hands.ask_for_help(ticket, _note(), by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/help")
@needs(Right.WORK)
@command
def help_with(ticket_id: UUID) -> Done:
    """Lend a hand."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    hands.help_with(ticket, by=person(), at=this_moment())
    return done(ticket)


def _worker(ticket: Ticket) -> Person:
    chosen = forms.optional_uuid(request.form, "other_id") or forms.optional_uuid(request.form, "person_id")
    return sites.member(ticket.site_id, chosen, Right.WORK)


def _all_the_same() -> bool:
    return request.form.get("all_the_same") == "1"


def _note() -> str:
    return forms.text(request.form, "note")
