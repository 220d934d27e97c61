"""Changes of a ticket's state, each a resource of its own."""

from decimal import Decimal
from uuid import UUID, uuid5

from flask import Blueprint, request, url_for
from flask_babel import gettext

from crew_app.people.rules import Right
from crew_app.routes.tickets import done
from crew_app.stock import queries as stock
from crew_app.stock.accounts import own_bag
from crew_app.stock.models import Item
from crew_app.storeroom import demand
from crew_app.tickets import actions, forms, materials, queries, reviewing, urgency
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Priority
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("ticket_states", __name__, url_prefix="/tickets/<uuid:ticket_id>")


@blueprint.post("/acceptance")
@needs(Right.WORK)
@command
def accept(ticket_id: UUID) -> Done:
    """Take the job into one's own hands."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    actions.accept(ticket, by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/release")
@needs(Right.WORK)
@command
def release(ticket_id: UUID) -> Done:
    """Give the job back."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    actions.release(ticket, _note(), by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/hold")
@needs(Right.WORK)
@command
def hold(ticket_id: UUID) -> Done:
    """Stop the clock, with the reason."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    reason, wanted = forms.parse_hold(request.form), _wanted()
    words = "\n".join(filter(None, [materials.words_for(*wanted) if wanted else "", _note()]))
    actions.hold(ticket, reason, words, by=person(), at=this_moment())
    if wanted:
        demand.ask(ticket, *wanted, by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/resumption")
@needs(Right.WORK)
@command
def resume(ticket_id: UUID) -> Done:
    """Let the clock run again."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    actions.resume(ticket, _note(), by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/completion")
@needs(Right.WORK)
@command
def finish(ticket_id: UUID) -> Done:
    """Report the work as done, with what was used from the bag if that was counted here."""
    ticket, used = queries.ticket(person(), ticket_id, lock=True), forms.parse_used(request.form)
    if used:
        _use(ticket, used)
    actions.finish(ticket, _note(), _excuse(), by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/verification")
@needs(Right.VERIFY)
@command
def verify(ticket_id: UUID) -> Done:
    """Accept finished work; goes on to the next one of the queue."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    actions.verify(ticket, _note(), by=person(), at=this_moment())
    return Done(_next(), ticket.site_id)


@blueprint.post("/return")
@needs(Right.VERIFY)
@prepared_command(arrive_with_form)
def send_back(ticket_id: UUID) -> Done:
    """Send finished work back, with the reason and marks on a copy of the picture."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    reviewing.send_back(ticket, _note(), arrived_photos(prepared()), by=person(), at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return Done(_next(), ticket.site_id)


@blueprint.post("/urgency")
@needs(Right.VERIFY)
@command
def change_urgency(ticket_id: UUID) -> Done:
    """Make the job more or less urgent, or another kind of job."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    priority, kind = forms.parse_priority(request.form), queries.job_kind(request.form.get("job_kind", ""))
    asked = urgency.Asked(priority or Priority(ticket.priority), kind or ticket.job_kind, _note())
    urgency.change(ticket, asked, by=person(), at=this_moment())
    return done(ticket)


@blueprint.post("/cancellation")
@signed_in
@command
def cancel(ticket_id: UUID) -> Done:
    """Close the ticket without work."""
    ticket = queries.ticket(person(), ticket_id, lock=True)
    actions.cancel(ticket, _note(), by=person(), at=this_moment())
    return done(ticket)


def _use(ticket: Ticket, used: dict[UUID, Decimal]) -> None:
    """Take what was used from one's bag; each entry has an id that follows from the command and the item."""
    key, bag = this_moment().receipt or ticket.id, own_bag(person(), ticket.site_id)
    lines = [
        materials.Used(stock.item(item_id), quantity, uuid5(key, str(item_id))) for item_id, quantity in used.items()
    ]
    materials.log_materials(ticket, lines, bag, by=person(), at=this_moment())
    demand.used(ticket, used, at=this_moment())


def _wanted() -> tuple[Item, Decimal] | None:
    """What the job waits for; words are enough, so it may be left out."""
    form = forms.parse_wanted(request.form)
    return (stock.item(form.item_id), form.quantity) if form else None


def _excuse() -> str:
    """Why there is no photo, as it stands in the job's story."""
    reason = forms.text(request.form, "no_photo_reason")
    return gettext("No photo: %(reason)s", reason=reason) if reason else ""


def _note() -> str:
    return forms.text(request.form, "note")


def _next() -> str:
    """The job that stood behind this one in the queue, or the first."""
    try:
        return url_for("review.index", job=UUID(request.form.get("next_id", "")))
    except ValueError:
        return url_for("review.index")
