"""Trips and vehicles, within what somebody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.places.models import Asset, AssetKind
from crew_app.roster import queries as roster
from crew_app.tickets.models import Ticket
from crew_app.tickets.queries import visible
from crew_app.tickets.rules import State
from crew_app.trips.actions import is_driver
from crew_app.trips.models import Filling, Trip, Vehicle
from crew_app.trips.rules import consumption

PAGE = 40
LIVE = (State.OPEN, State.ACCEPTED, State.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Use:
    """What a vehicle came to in a span of time."""

    trips: int
    km: int
    litres: Decimal
    yuan: Decimal
    per_100_km: Decimal | None


_CARD = (
    joinedload(Trip.ticket).options(
        joinedload(Ticket.place), joinedload(Ticket.owner), joinedload(Ticket.reporter), joinedload(Ticket.job_kind)
    ),
    joinedload(Trip.vehicle).joinedload(Vehicle.asset),
    joinedload(Trip.driver),
)


def trip(person: Person, ticket_id: UUID, *, lock: bool = False) -> Trip:
    """A trip the person may see; `lock` holds its ticket until the transaction ends."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible(person))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    ticket = session.scalar(query)
    found = session.get(Trip, ticket_id) if ticket else None
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


def of_ticket(ticket_id: UUID) -> Trip | None:
    """The trip a ticket stands for, if it does."""
    return session.scalar(select(Trip).where(Trip.ticket_id == ticket_id).options(*_CARD))


def live(person: Person) -> Sequence[Trip]:
    """What is to be dispatched or under way, by when it leaves: all of it for the crew, else one's own."""
    query = select(Trip).join(Ticket).where(Ticket.state.in_(LIVE), visible(person)).options(*_CARD)
    return session.scalars(query.order_by(Trip.leave_at, Trip.ticket_id).limit(100)).all()


def to_dispatch(person: Person) -> Sequence[Trip]:
    """What nobody drives yet, for those who name vehicles: the longest waiting first."""
    drives = frozenset(site for site in person.sites_with(Right.WORK) if is_driver(person, site))
    sites = person.sites_with(Right.VERIFY) | drives
    query = select(Trip).join(Ticket).where(Ticket.state == State.OPEN, Trip.dispatched_at.is_(None))
    query = query.where(Trip.site_id.in_(sites)).options(*_CARD)
    return session.scalars(query.order_by(Ticket.opened_at).limit(20)).all()


def driven_by(person: Person) -> Sequence[Trip]:
    """What the person is to drive, or drives."""
    query = select(Trip).join(Ticket).where(Ticket.state.in_(LIVE), Trip.driver_id == person.id)
    return session.scalars(query.options(*_CARD).order_by(Trip.leave_at).limit(20)).all()


def done(person: Person) -> Sequence[Trip]:
    """What is over, the newest first."""
    query = select(Trip).join(Ticket).where(Ticket.state.not_in(LIVE), visible(person)).options(*_CARD)
    return session.scalars(query.order_by(Trip.leave_at.desc()).limit(PAGE)).all()


def between(site_ids: frozenset[UUID], start: datetime, end: datetime) -> Sequence[Trip]:
    """The trips that left, or were to leave, in a span of time; those that were called off do not count."""
    query = select(Trip).join(Ticket).where(Trip.site_id.in_(site_ids), Ticket.state != State.CANCELLED)
    query = query.where(Trip.leave_at >= start, Trip.leave_at < end).options(*_CARD)
    return session.scalars(query.order_by(Trip.leave_at, Trip.ticket_id).limit(5_000)).all()


def vehicles(person: Person, right: Right = Right.SEE_SITE) -> Sequence[Vehicle]:
    """The vehicles of the sites where the person has this right."""
    query = select(Vehicle).join(Asset).where(Vehicle.site_id.in_(person.sites_with(right)))
    return session.scalars(query.options(joinedload(Vehicle.asset)).order_by(Asset.code)).all()


def vehicle(person: Person, asset_id: UUID, right: Right = Right.SEE_SITE, *, lock: bool = False) -> Vehicle:
    """A vehicle of a site where the person has this right."""
    query = select(Vehicle).where(Vehicle.asset_id == asset_id, Vehicle.site_id.in_(person.sites_with(right)))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-asset", N_("This asset is not known."))
    return found


def unlisted(person: Person) -> Sequence[Asset]:
    """Assets of the kind "vehicle" of which nothing more is written down."""
    query = select(Asset).join(AssetKind).where(AssetKind.code == "vehicle", Asset.retired_at.is_(None))
    query = query.where(Asset.site_id.in_(person.sites_with(Right.VERIFY)), Asset.id.not_in(select(Vehicle.asset_id)))
    return session.scalars(query.order_by(Asset.code).limit(50)).all()


def trips_of(found: Vehicle, limit: int = PAGE) -> Sequence[Trip]:
    """Where a vehicle went, the newest first."""
    query = select(Trip).join(Ticket).where(Trip.asset_id == found.asset_id, Ticket.state != State.CANCELLED)
    return session.scalars(query.options(*_CARD).order_by(Trip.leave_at.desc()).limit(limit)).all()


def fillings_of(found: Vehicle, since: datetime | None = None) -> Sequence[Filling]:
    """What was filled in, the newest first."""
    query = select(Filling).where(Filling.asset_id == found.asset_id).options(joinedload(Filling.person))
    if since:
        query = query.where(Filling.at >= since)
    return session.scalars(query.order_by(Filling.at.desc(), Filling.id.desc()).limit(200)).all()


def use(found: Vehicle, at: datetime, span: timedelta = timedelta(days=90)) -> Use:
    """Trips, kilometres, fuel and consumption of the last ninety days."""
    query = select(Trip.km_in, Trip.km_out).where(Trip.asset_id == found.asset_id, Trip.back_at >= at - span)
    ways = session.execute(query).all()
    filled = fillings_of(found, at - span)
    return Use(
        trips=len(ways),
        km=sum((row.km_in or 0) - (row.km_out or 0) for row in ways),
        litres=sum((one.litres for one in filled), Decimal(0)),
        yuan=sum((one.yuan for one in filled), Decimal(0)),
        per_100_km=consumption(filled),
    )


def drivers(site_id: UUID, at: datetime) -> list[Person]:
    """Who drives here: those on duty first."""
    there = roster.on_duty(site_id, at, Right.WORK)
    everybody = {one.id: one for one in [*there, *roster.with_right(site_id, Right.WORK)]}
    return [one for one in everybody.values() if is_driver(one, site_id)]


def busy(site_ids: frozenset[UUID]) -> frozenset[UUID]:
    """The vehicles that are out."""
    query = select(Trip.asset_id).join(Ticket).where(Trip.site_id.in_(site_ids), Ticket.state.in_(LIVE))
    query = query.where(Trip.left_at.is_not(None), Trip.back_at.is_(None), Trip.asset_id.is_not(None))
    return frozenset(found for found in session.scalars(query) if found)


@dataclass(frozen=True, slots=True)
class Dispatching:
    """Who may be sent, with what; `out` are vehicles that are on the road."""

    vehicles: Sequence[Vehicle]
    drivers: list[Person]
    out: frozenset[UUID]


def dispatching(person: Person, found: Trip, at: datetime) -> Dispatching | None:
    """What somebody who may send a vehicle can choose from."""
    leads = person.can(Right.VERIFY, found.site_id)
    if found.left_at or not (leads or is_driver(person, found.site_id)):
        return None
    mine = [one for one in vehicles(person) if one.site_id == found.site_id and not one.out_of_use]
    people = drivers(found.site_id, at) if leads else [person]
    return Dispatching(mine, people, busy(frozenset({found.site_id})))


def counts_for(person: Person) -> tuple[int, int]:
    """How many trips wait for a vehicle, and how many one is to drive."""
    drives = Trade.DRIVER in person.trade_set
    sends = drives or person.can(Right.VERIFY)
    return len(to_dispatch(person)) if sends else 0, len(driven_by(person)) if drives else 0
