"""Tickets: list, page, opening, notes, photos."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.deliveries import queries as deliveries
from crew_app.emergencies import queries as emergencies
from crew_app.evidence.flag_queries import flags_of
from crew_app.evidence.proof_models import PhotoFlag
from crew_app.held import queries as held
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers.credential_models import CredentialKind
from crew_app.registers.credential_queries import lacking
from crew_app.stock import queries as stock
from crew_app.storeroom.availability import open_demands
from crew_app.tickets import actions, followers, forms, hearing, materials, photos, queries, shots
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import UNDER_WORK, Kind
from crew_app.trips import queries as trips
from crew_app.trips.rules import AFTER, BEFORE
from crew_app.web.access import needs, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, prepared, prepared_command, this_moment
from crew_app.web.cursors import cursor, cursor_of
from crew_app.web.dispatch import hands_context
from crew_app.web.effort import effort
from crew_app.web.job_lists import asked_for
from crew_app.web.languages import named
from crew_app.web.people import person
from crew_app.web.pictures import arrive_with_form, arrived_photos, bind_arrivals

blueprint = Blueprint("tickets", __name__, url_prefix="/tickets")


@blueprint.get("")
@signed_in
def index() -> str:
    """Tickets from the newest on, narrowed by state, owner or number; those not closed unless asked otherwise."""
    asked = asked_for()
    tickets = asked.page(cursor(request.args.get("before", "")))
    more = cursor_of(tickets[-1].opened_at, tickets[-1].id) if len(tickets) == queries.PAGE else None
    return render_template(
        "tickets/index.html",
        tickets=tickets,
        chosen=asked.chosen,
        more=more,
        figure=asked.figure,
        count=asked.figure.count(asked.at) if asked.figure else 0,
        now_list=asked.now_list,
        at=asked.at,
    )


@blueprint.get("/<uuid:ticket_id>")
@signed_in
def show(ticket_id: UUID) -> str:
    """A ticket: what, where, how it stands, its story, and every action that may come next."""
    me = person()
    ticket = queries.whole(me, ticket_id)
    return render_template(
        "tickets/show.html",
        ticket=ticket,
        **work_context(me, ticket),
        **hands_context(me, ticket),
        late=held.about(ticket.id),
        unlicensed=_unlicensed(me, ticket),
        job_kinds=_job_kinds() if me.can(Right.VERIFY, ticket.site_id) else [],
        **_answers(me, ticket),
        effort=effort(me, ticket),
        at=now(),
    )


def _job_kinds() -> list[tuple[str, str]]:
    return [(kind.code, named(kind)) for kind in queries.job_kinds()]


def _answers(me: Person, ticket: Ticket) -> dict[str, object]:
    """What those who had the fault see and can say; nothing of it for others."""
    voice = followers.voice_of(me, ticket)
    return {
        "voice": voice,
        "others": followers.others(ticket),
        "confirmed": voice is not None and followers.confirmed(voice),
        "rating": followers.rating_of(voice) if voice else None,
        "heard": followers.heard(ticket, now()),
    }


def _unlicensed(me: Person, ticket: Ticket) -> tuple[Person, list[CredentialKind]] | None:
    """Whoever has the job, or would accept it now, with the licences it needs and they lack."""
    worker = ticket.owner if ticket.state in UNDER_WORK else me
    crew = me.can(Right.SEE_SITE, ticket.site_id)
    if worker is None or not (crew and ticket.live and worker.can(Right.WORK, ticket.site_id)):
        return None
    kinds = lacking(worker, ticket.job_kind.trade, ticket.site_id, now())
    return (worker, kinds) if kinds else None


def work_context(me: Person, ticket: Ticket) -> dict[str, object]:
    """What the working part of a ticket's page needs: materials, sources, usual items, whether it is mine to verify."""
    sites = frozenset({ticket.site_id})
    bag = stock.bag(me, ticket.site_id)
    moves = materials.moves_of(ticket)
    return {
        "moves": moves,
        "unsettled": stock.unsettled(move.id for move in moves),
        "cost": materials.cost_of(moves, ticket),
        "demands": open_demands(sites, ticket_ids=[ticket.id]),
        "bag": bag,
        "bag_items": stock.held(bag.id) if bag else [],
        "stores": stock.stores(sites) if me.can(Right.SEE_STOCK, ticket.site_id) else [],
        "usual": queries.usual_items(ticket.job_kind_id, sites),
        "own_work": queries.had_a_hand_in(ticket, me),
        "shots": shots.stand(ticket),
        "flags": _flags(me, ticket),
        **_service(me, ticket),
    }


def _flags(me: Person, ticket: Ticket) -> dict[UUID, list[PhotoFlag]]:
    """What looks odd about its photos, for whoever verifies."""
    seen = ticket.photos and me.can(Right.VERIFY, ticket.site_id)
    return flags_of(me, [taken.photo_id for taken in ticket.photos]) if seen else {}


def _service(me: Person, ticket: Ticket) -> dict[str, object]:
    """What a job is beyond a repair: carrying, a trip, an emergency."""
    trip = trips.of_ticket(ticket.id) if ticket.kind is Kind.TRIP else None
    return {
        "delivery": deliveries.of_ticket(ticket.id) if ticket.kind is Kind.DELIVERY else None,
        "emergency": emergencies.of_ticket(ticket.id) if ticket.kind is Kind.INCIDENT else None,
        "trip": trip,
        "trip_checks": {"before": BEFORE, "after": AFTER},
        "dispatching": trips.dispatching(me, trip, now()) if trip and ticket.live else None,
    }


@blueprint.post("")
@needs(Right.REPORT)
@prepared_command(arrive_with_form)
def create() -> Done:
    """Open a ticket, or register a repair done on the spot."""
    me, form = person(), forms.parse_open(request.form)
    place, asset = queries.where(me, form.place_id, form.asset_id)
    job_kind = queries.job_kind(form.job_kind)
    if job_kind is None:
        raise Refused("job-kind-missing", N_("Please choose what is wrong."))
    report = actions.Report(
        form.ticket_id, place, job_kind, asset, form.description, form.priority, photos=arrived_photos(prepared())
    )
    if form.fixed:
        ticket = actions.fix_on_the_spot(report, form.note, by=me, at=this_moment())
    else:
        ticket = actions.open_ticket(report, by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return done(ticket, status=201)


@blueprint.post("/<uuid:ticket_id>/photos")
@signed_in
@prepared_command(arrive_with_form)
def add_photos(ticket_id: UUID) -> Done:
    """Add before, after or report photos."""
    me = person()
    ticket = queries.ticket(me, ticket_id, lock=True)
    role = forms.parse_role(request.form)
    photos.add_photos(ticket, role, arrived_photos(prepared()), by=me, at=this_moment())
    bind_arrivals(prepared(), at=this_moment())
    return done(ticket)


@blueprint.post("/<uuid:ticket_id>/notes")
@signed_in
@command
def add_note(ticket_id: UUID) -> Done:
    """Add words, for the crew alone or for those who had the fault, too."""
    me = person()
    ticket = queries.ticket(me, ticket_id, lock=True)
    words = forms.text(request.form, "note")
    if request.form.get("tell") == "1":
        hearing.tell(ticket, words, by=me, at=this_moment())
    else:
        actions.add_note(ticket, words, by=me, at=this_moment())
    return done(ticket)


def done(ticket: Ticket, status: int = 200) -> Done:
    """The answer to every command on a ticket: look at the ticket."""
    return Done(url_for("tickets.show", ticket_id=ticket.id), ticket.site_id, status)
