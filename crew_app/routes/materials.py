"""Materials used on a ticket."""

from uuid import UUID

from flask import Blueprint, request

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.routes.tickets import done
from crew_app.stock import queries as stock
from crew_app.stock.accounts import own_bag
from crew_app.stock.models import Account
from crew_app.storeroom import demand
from crew_app.tickets import forms, materials, queries
from crew_app.tickets.models import Ticket
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, this_moment
from crew_app.web.people import person

blueprint = Blueprint("materials", __name__, url_prefix="/tickets/<uuid:ticket_id>/materials")


@blueprint.post("")
@needs(Right.WORK)
@command
def create(ticket_id: UUID) -> Done:
    """Record that material was used."""
    me, form = person(), forms.parse_material(request.form)
    ticket = queries.ticket(me, ticket_id, lock=True)
    source = _source(me, ticket, form.source_id)
    materials.log_material(
        ticket, stock.item(form.item_id), form.quantity, source, form.move_id, by=me, at=this_moment()
    )
    demand.used(ticket, [form.item_id], at=this_moment())
    return done(ticket)


@blueprint.post("/<uuid:move_id>/reversal")
@needs(Right.SEE_STOCK)
@command
def reverse(ticket_id: UUID, move_id: UUID) -> Done:
    """Correct a wrong entry by a counter-move."""
    me = person()
    ticket = queries.ticket(me, ticket_id, lock=True)
    counter = materials.take_back(ticket, move_id, by=me, at=this_moment())
    demand.taken_back(ticket, counter.item_id, at=this_moment())
    return done(ticket)


def _source(me: Person, ticket: Ticket, source_id: UUID | None) -> Account:
    source = stock.account(me, source_id) if source_id else own_bag(me, ticket.site_id)
    if source.site_id != ticket.site_id:
        raise Refused("wrong-source", N_("Material can only come from your own bag or a store of this site."))
    return source
