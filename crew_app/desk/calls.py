"""Verbs of the service desk: taking a call, calling back."""

from datetime import datetime
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.desk.call_models import CallBack
from crew_app.desk.forms import CallForm
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets import actions, queries
from crew_app.tickets.events import record
from crew_app.tickets.joining import join
from crew_app.tickets.joining_models import JoinedCaller
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State, Verb

TOLD, NOT_REACHED = "told", "not-reached"
"""How a call went; the first word of the note of its event, which pages put into words."""


def take(form: CallForm, *, by: Person, at: Moment) -> Ticket:
    """Enter a call: as a new job, or joined to one that is known already."""
    if form.join_id:
        known = queries.ticket(by, form.join_id, lock=True)
        _need(by, known.site_id)
        join(known, by=by, at=at, name=form.name, phone=form.phone, words=form.description)
        return known
    if not (form.place_id or form.asset_id):
        raise Refused("place-missing", N_("Please choose the place or the asset from the list first."))
    place, asset = queries.where(by, form.place_id, form.asset_id)
    job_kind = queries.job_kind(form.job_kind)
    if job_kind is None:
        raise Refused("job-kind-missing", N_("Please choose what is wrong."))
    _need(by, place.site_id)
    report = actions.Report(
        form.ticket_id,
        place,
        job_kind,
        asset,
        form.description,
        form.priority,
        reporter_name=form.name,
        reporter_phone=form.phone,
        for_caller=True,
    )
    return actions.open_ticket(report, by=by, at=at)


def call_back(
    ticket: Ticket, joined_id: UUID | None, note: str = "", *, told: bool, by: Person, at: Moment
) -> CallBack:
    """Write down that whoever had called was told how it stands, or could not be reached."""
    _need(by, ticket.site_id)
    caller = session.get(JoinedCaller, joined_id) if joined_id else None
    if joined_id and (caller is None or caller.ticket_id != ticket.id):
        raise Unseen("unknown-caller", N_("This caller is not known here."))
    name = caller.name if caller else ticket.reporter_name
    made = CallBack(
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        joined_id=joined_id,
        about=news(ticket),
        told=told,
        person_id=by.id,
        at=at.at,
    )
    session.add(made)
    words = [TOLD if told else NOT_REACHED, name, note]
    record(ticket, Verb.CALL_BACK, by=by, at=at, note=" · ".join(word for word in words if word))
    return made


def news(ticket: Ticket) -> State:
    """What a caller has to hear: that it is done is said once, whether or not it was verified meanwhile."""
    return State.FINISHED if ticket.state is State.VERIFIED else ticket.state


def since(ticket: Ticket) -> datetime:
    """Since when there is something to tell."""
    moments = {State.ON_HOLD: ticket.hold_since, State.FINISHED: ticket.finished_at, State.CANCELLED: ticket.closed_at}
    return moments.get(news(ticket)) or ticket.changed_at


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.KEEP_DESK, site_id):
        raise Forbidden("may-not", N_("Only the service desk does this."))
