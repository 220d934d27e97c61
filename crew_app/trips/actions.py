"""Verbs of trips: asked for, dispatched within ten minutes, left, back; fuel and upkeep of the vehicles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.places.models import Asset, Place
from crew_app.tickets import actions as tickets
from crew_app.tickets.deadlines import agree
from crew_app.tickets.events import record
from crew_app.tickets.kinds import service_kind
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Kind, Priority, State, Verb
from crew_app.trips.mileage import known_km
from crew_app.trips.models import Filling, Trip, Vehicle
from crew_app.trips.rules import DISPATCH_WITHIN, Check, plausible

AWAY = timedelta(hours=8)
EARLIEST, LATEST = timedelta(days=1), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who needs a vehicle, from where to where, when; `ticket_id` was made on the phone."""

    ticket_id: UUID
    place: Place
    goal: str
    leave_at: datetime
    passengers: int = 0
    goods: str = ""
    note: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the driver writes at the start or the end: mileage, what was not in order, words."""

    km: int
    failed: Collection[Check] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fuel:
    """What was filled in."""

    filling_id: UUID
    litres: Decimal
    yuan: Decimal
    km: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a vehicle."""

    plate: str
    seats: int
    next_km: int | None = None
    next_on: date | None = None
    out_of_use: bool = False
    km: int | None = None
    """What the odometer shows when the vehicle is first written down."""


def ask(wish: Wish, *, by: Person, at: Moment) -> Trip:
    """Ask for a vehicle; from now on ten minutes count until one is named."""
    if not wish.goal:
        raise Refused("words-missing", N_("Please say where to."))
    if not -EARLIEST <= wish.leave_at - at.received_at <= LATEST:
        raise Refused("leave-at", N_("Please check when the vehicle is needed."))
    kind = service_kind("trip", "用车", "Trip", Trade.DRIVER, "truck")
    priority = Priority.URGENT if wish.urgent else Priority.NORMAL
    report = tickets.Report(wish.ticket_id, wish.place, kind, None, wish.note, priority, Kind.TRIP)
    ticket = tickets.open_ticket(report, by=by, at=at)
    ticket.response_due_at = at.at + DISPATCH_WITHIN
    agree(ticket, max(wish.leave_at, at.at) + AWAY)
    trip = Trip(
        ticket_id=ticket.id,
        site_id=ticket.site_id,
        goal=wish.goal,
        leave_at=wish.leave_at,
        passengers=wish.passengers,
        goods=wish.goods,
        failed_before="",
        failed_after="",
    )
    session.add(trip)
    session.flush()
    return trip


def dispatch(trip: Trip, vehicle: Vehicle, driver: Person, *, by: Person, at: Moment) -> None:
    """Name vehicle and driver: by a supervisor, or by a driver who takes it; again until it has left."""
    ticket = trip.ticket
    if not (by.can(Right.VERIFY, trip.site_id) or (driver.id == by.id and is_driver(by, trip.site_id))):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    if trip.left_at or ticket.state not in (State.OPEN, State.ACCEPTED):
        raise Refused("wrong-state", N_("This trip has left already, or is cancelled."))
    if vehicle.site_id != trip.site_id or vehicle.out_of_use:
        raise Refused("vehicle", N_("This vehicle is not available."))
    if not is_driver(driver, trip.site_id):
        raise Refused("driver", N_("Please choose a driver."))
    _hand(ticket, driver, by, at)
    trip.asset_id, trip.driver_id = vehicle.asset_id, driver.id
    trip.dispatched_at, trip.dispatched_by_id = trip.dispatched_at or at.at, by.id
    record(ticket, Verb.ASSIGN, by=by, at=at, note=f"{vehicle.plate or vehicle.asset.name} · {driver.name}")
    session.flush()
    _tell_driver(trip, driver, by, at)


def leave(trip: Trip, reading: Reading, *, by: Person, at: Moment) -> None:
    """Set off, after the check; the mileage never runs backwards."""
    vehicle = _vehicle_of(trip, by)
    if trip.left_at:
        raise Refused("wrong-state", N_("This trip has left already, or is cancelled."))
    plausible(known_km(vehicle, at.at), reading.km, reading.note)
    _need_words(reading)
    if trip.ticket.state is State.OPEN:
        tickets.accept(trip.ticket, by=by, at=at)
    vehicle.km = max(vehicle.km, reading.km)
    trip.left_at, trip.km_out, trip.failed_before = at.at, reading.km, _listed(reading)
    record(trip.ticket, Verb.NOTE, by=by, at=at, note=_noted(reading))
    session.flush()
    _tell_failed(trip, reading, at)


def come_back(trip: Trip, reading: Reading, fuel: Fuel | None = None, *, by: Person, at: Moment) -> None:
    """Come back: mileage, check, fuel; a supervisor looks at it afterwards."""
    vehicle = _vehicle_of(trip, by)
    if trip.left_at is None or trip.km_out is None:
        raise Refused("not-left", N_("Please write down the departure first."))
    plausible(trip.km_out, reading.km, reading.note)
    _need_words(reading)
    vehicle.km = max(vehicle.km, reading.km)
    trip.back_at, trip.km_in, trip.failed_after = max(at.at, trip.left_at), reading.km, _listed(reading)
    session.flush()
    if fuel:
        fill(vehicle, fuel, trip=trip, by=by, at=at)
    tickets.finish(trip.ticket, _noted(reading), by=by, at=at)
    _tell_failed(trip, reading, at)


def fill(vehicle: Vehicle, fuel: Fuel, *, trip: Trip | None = None, by: Person, at: Moment) -> Filling:
    """Write down what was filled."""
    if session.get(Filling, fuel.filling_id):
        raise Refused("filling-known", N_("This entry was already sent."))
    if not by.can(Right.WORK, vehicle.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    if not trip:
        plausible(known_km(vehicle, at.at), fuel.km, fuel.note)
    vehicle.km = max(vehicle.km, fuel.km)
    filling = Filling(
        id=fuel.filling_id,
        site_id=vehicle.site_id,
        asset_id=vehicle.asset_id,
        ticket_id=trip.ticket_id if trip else None,
        litres=fuel.litres,
        yuan=fuel.yuan,
        km=fuel.km,
        note=fuel.note[:200],
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(filling)
    session.flush()
    return filling


def set_details(asset: Asset, details: Details) -> Vehicle:
    """Write down what is known of a vehicle; an asset becomes one by it."""
    vehicle = session.get(Vehicle, asset.id) or Vehicle(asset_id=asset.id, site_id=asset.site_id, km=0)
    vehicle.plate, vehicle.seats = details.plate, details.seats
    if details.km is not None and not vehicle.km:
        plausible(0, details.km, "")
        vehicle.km = details.km
    vehicle.next_km, vehicle.next_on, vehicle.out_of_use = details.next_km, details.next_on, details.out_of_use
    session.add(vehicle)
    session.flush()
    return vehicle


def is_driver(person: Person, site_id: UUID) -> bool:
    """Whether somebody drives here."""
    return person.active and person.can(Right.WORK, site_id) and Trade.DRIVER in person.trade_set


def _hand(ticket: Ticket, driver: Person, by: Person, at: Moment) -> None:
    """The job goes to the driver; who had accepted it before gives it up."""
    if ticket.state is State.ACCEPTED and ticket.owner_id != driver.id:
        ticket.owner_id = driver.id
        record(ticket, Verb.HAND_OVER, by=by, at=at, note=driver.name)
    if ticket.state is State.OPEN:
        ticket.assignee_id, ticket.assigned_at = driver.id, at.at


def _vehicle_of(trip: Trip, by: Person) -> Vehicle:
    if trip.driver_id != by.id:
        raise Refused("not-owner", N_("This trip is given to somebody else. What you entered is kept."))
    found = session.get(Vehicle, trip.asset_id, with_for_update=True, populate_existing=True) if trip.asset_id else None
    if found is None:
        raise Refused("vehicle", N_("This vehicle is not available."))
    return found


def _need_words(reading: Reading) -> None:
    if reading.failed and not reading.note.strip():
        raise Refused("words-missing", N_("Something is not in order. Please say what."))


def _listed(reading: Reading) -> str:
    return " ".join(check.value for check in Check if check in reading.failed)


def _noted(reading: Reading) -> str:
    return "\n".join(filter(None, [f"{reading.km} km", reading.note.strip()]))


def _tell_driver(trip: Trip, driver: Person, by: Person, at: Moment) -> None:
    if driver.id == by.id:
        return
    message = Message(trip.site_id, Topic.JOB, N_("Trip for you: %(goal)s"), {"goal": trip.goal}, _href(trip))
    tell([driver], message, key=f"trip:{trip.ticket_id}:{trip.asset_id}", at=at.received_at)


def _tell_failed(trip: Trip, reading: Reading, at: Moment) -> None:
    """Whoever sent the vehicle hears what is not in order."""
    if not reading.failed or not trip.dispatched_by_id:
        return
    sender = session.get_one(Person, trip.dispatched_by_id)
    plate = trip.vehicle.plate if trip.vehicle else ""
    words = {"plate": plate, "note": reading.note[:120]}
    message = Message(trip.site_id, Topic.JOB, N_("Vehicle %(plate)s is not in order: %(note)s"), words, _href(trip))
    phase = "in" if trip.back_at else "out"
    tell([sender], message, key=f"trip-check:{trip.ticket_id}:{phase}", at=at.received_at)


def _href(trip: Trip) -> str:
    return f"/tickets/{trip.ticket_id}"
