"""What those with an account who had the fault say about the job, and how others of the crew join."""

from uuid import UUID

from flask import Blueprint, request

from crew_app.people.rules import Right
from crew_app.routes.tickets import done
from crew_app.tickets import followers, forms, hearing, queries
from crew_app.tickets.followers import Voice
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("ticket_answers", __name__, url_prefix="/tickets/<uuid:ticket_id>")


@blueprint.post("/followers")
@needs(Right.REPORT)
@command
def join(ticket_id: UUID) -> Done:
    """Me too: the same fault, reported already."""
    ticket = followers.joinable(person(), ticket_id)
    hearing.join(ticket, by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/comments")
@signed_in
@command
def comment(ticket_id: UUID) -> Done:
    """Say something about one's own report."""
    voice = _voice(ticket_id)
    hearing.comment(voice, forms.text(request.form, "note"), at=this_moment())
    return done(voice.ticket)


@blueprint.post("/confirmation")
@signed_in
@command
def confirm(ticket_id: UUID) -> Done:
    """Accept the work as its reporter."""
    voice = _voice(ticket_id)
    hearing.confirm(voice, at=this_moment())
    return done(voice.ticket)


@blueprint.post("/objection")
@signed_in
@prepared_command(arrive_with_form)
def object_(ticket_id: UUID) -> Done:
    """Say as its reporter that it is not fixed."""
    voice = _voice(ticket_id)
    hearing.not_fixed(voice, forms.text(request.form, "note"), arrived_photos(prepared()), at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return done(voice.ticket)


@blueprint.post("/ratings")
@signed_in
@command
def rate(ticket_id: UUID) -> Done:
    """Rate quality and service."""
    voice = _voice(ticket_id)
    hearing.rate(voice, *forms.parse_rating(request.form), at=this_moment())
    return done(voice.ticket)


def _voice(ticket_id: UUID) -> Voice:
    return followers.own_voice(person(), queries.ticket(person(), ticket_id, lock=True))
