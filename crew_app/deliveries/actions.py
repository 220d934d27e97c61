"""Verbs of carrying: asked for, picked up, dropped; both ends proved by a scan of the place's tag."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.deliveries.models import Delivery, Proof
from crew_app.deliveries.rules import Cargo, Need, deadlines
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.places import queries as places
from crew_app.places.models import Place
from crew_app.tickets import actions as tickets
from crew_app.tickets.deadlines import agree
from crew_app.tickets.events import change_state, in_order, record
from crew_app.tickets.kinds import service_kind
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Kind, Priority, State, Verb


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be carried, from where to where; `ticket_id` was made on the phone."""

    ticket_id: UUID
    from_place: Place
    to_place: Place
    cargo: Cargo
    needs: Iterable[Need] = ()
    priority: Priority = Priority.NORMAL
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the porter stands: the place whose tag was scanned, if one was; the reason when it is another place."""

    place: Place | None = None
    note: str = ""


def ask(wish: Wish, *, by: Person, at: Moment) -> Delivery:
    """Ask for something to be carried."""
    if wish.from_place.id == wish.to_place.id:
        raise Refused("same-place", N_("From and to are the same place."))
    if wish.from_place.site_id != wish.to_place.site_id:
        raise Refused("other-site", N_("Carrying stays within a site. For another site, ask for a vehicle."))
    kind = service_kind("carrying", "运送", "Carrying", Trade.PORTER, "footprints")
    report = tickets.Report(
        wish.ticket_id,
        wish.from_place,
        kind,
        description=wish.note,
        priority=wish.priority,
        kind=Kind.DELIVERY,
    )
    ticket = tickets.open_ticket(report, by=by, at=at)
    due = deadlines(wish.priority, at.at)
    ticket.response_due_at = due.response
    agree(ticket, due.resolution)
    needs = " ".join(need.value for need in Need if need in set(wish.needs))
    delivery = Delivery(
        ticket_id=ticket.id, site_id=ticket.site_id, to_place_id=wish.to_place.id, cargo=wish.cargo, needs=needs
    )
    session.add(delivery)
    session.flush()
    return delivery


def pick_up(delivery: Delivery, seen: Seen, *, by: Person, at: Moment) -> None:
    """Fetch it; whoever picks it up has the job."""
    ticket, at = delivery.ticket, in_order(delivery.ticket, at)
    _need_worker(ticket, by)
    if ticket.owner_id and ticket.owner_id != by.id and ticket.live:
        raise Refused("not-owner", N_("This job is in other hands now. What you entered is kept."))
    if delivery.picked_up_at:
        raise Refused("wrong-state", N_("It was picked up already."))
    proof = _proof(seen, ticket.place)
    before = ticket.state
    change_state(ticket, Verb.PICK_UP, by=by, at=at, note=_words(seen))
    ticket.owner_id = by.id
    ticket.accepted_at = ticket.accepted_at or at.at
    if before is State.OPEN:
        ticket.assignee_id = None
    delivery.picked_up_at, delivery.picked_up_by_id, delivery.picked_up_proof = at.at, by.id, proof
    session.flush()


def drop(delivery: Delivery, seen: Seen, *, by: Person, at: Moment) -> None:
    """Hand it over where it goes.

    Scans of both places prove it, and the job is closed; otherwise a supervisor looks at it like at any other job.
    """
    ticket, at = delivery.ticket, in_order(delivery.ticket, at)
    _need_worker(ticket, by)
    if ticket.owner_id != by.id:
        raise Refused("not-owner", N_("This job is in other hands now. What you entered is kept."))
    if not delivery.picked_up_at:
        raise Refused("not-picked-up", N_("Please pick it up first."))
    proof = _proof(seen, delivery.to_place)
    if proof is Proof.SCAN and delivery.picked_up_proof is Proof.SCAN:
        ticket.finished_at = ticket.closed_at = at.at
        change_state(ticket, Verb.DROP, by=by, at=at)
    else:
        tickets.finish(ticket, _words(seen), by=by, at=at)
        record(ticket, Verb.DROP, by=by, at=at, note=_words(seen))
    delivery.dropped_at, delivery.dropped_proof = at.at, proof
    session.flush()


def within(place: Place, around: Place) -> bool:
    """Whether a place is another one, or lies in it."""
    step: Place | None = place
    while step is not None and step.id != around.id:
        step = step.parent
    return step is not None


def late(delivery: Delivery, at: datetime) -> bool:
    """Whether it came, or comes, after its time."""
    return (delivery.dropped_at or at) > delivery.ticket.resolution_due_at


def seen_at(person: Person, code: str, site_id: UUID, note: str) -> Seen:
    """Where somebody stands, from the code of a tag; an empty one says nothing."""
    if not code:
        return Seen(None, note)
    tag = places.current(places.tag(code))
    if tag.site_id != site_id or tag.site_id not in person.site_ids:
        raise Refused("wrong-site", N_("This tag belongs to another site."))
    return Seen(tag.where, note)


def _proof(seen: Seen, wanted: Place) -> Proof:
    if seen.place is None:
        return Proof.TAP
    if within(seen.place, wanted):
        return Proof.SCAN
    if not seen.note.strip():
        raise Refused(
            "wrong-place",
            N_("This is the tag of %(here)s, but it should be %(there)s. If that is right, please say why."),
            here=seen.place.name,
            there=wanted.name,
        )
    return Proof.OTHER_PLACE


def _words(seen: Seen) -> str:
    place = seen.place.path or seen.place.name if seen.place else ""
    return "\n".join(filter(None, [place if seen.note else "", seen.note.strip()]))


def _need_worker(ticket: Ticket, by: Person) -> None:
    if not by.can(Right.WORK, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
