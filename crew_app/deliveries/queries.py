"""What is to be carried, within what somebody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.deliveries.models import Delivery
from crew_app.deliveries.rules import Waiting, average, distance, fetching_order
from crew_app.people.models import Person
from crew_app.people.rules import Right, Trade
from crew_app.places import queries as places
from crew_app.places.models import Place, PlaceKind
from crew_app.storeroom.ward_models import DepartmentPerson
from crew_app.tickets.models import Ticket
from crew_app.tickets.queries import visible
from crew_app.tickets.rules import State

MOST = 100
MONTH = timedelta(days=30)
UNDER_WAY = (State.ACCEPTED, State.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Times:
    """How it went on average: from the call until it was picked up, and from there until it was there."""

    count: int
    wait: timedelta | None
    way: timedelta | None
    on_time: int


def delivery(person: Person, ticket_id: UUID, *, lock: bool = False) -> Delivery:
    """Something to carry that the person may see; `lock` holds its ticket until the transaction ends."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible(person))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    ticket = session.scalar(query)
    found = session.get(Delivery, ticket_id) if ticket else None
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


def of_ticket(ticket_id: UUID) -> Delivery | None:
    """What a ticket carries, if it does."""
    query = select(Delivery).where(Delivery.ticket_id == ticket_id).options(joinedload(Delivery.to_place))
    return session.scalar(query)


_CARD = (
    joinedload(Delivery.ticket).options(
        joinedload(Ticket.place), joinedload(Ticket.owner), joinedload(Ticket.reporter), joinedload(Ticket.job_kind)
    ),
    joinedload(Delivery.to_place),
)


def to_fetch(person: Person) -> list[tuple[Delivery, int]]:
    """What nobody has picked up, at the sites where the person works: the urgent first, then what is near."""
    found = session.scalars(_to_fetch(person)).all()
    here = _way_down(last_place(person))
    ranked = [(one, distance(here, _way_down(one.ticket.place)) if here else 0) for one in found]
    return sorted(
        ranked,
        key=lambda pair: fetching_order(Waiting(pair[0].ticket.priority, pair[1], pair[0].ticket.opened_at)),
    )


def _to_fetch(person: Person) -> Select[Delivery]:
    states = or_(Ticket.state == State.OPEN, Ticket.owner_id == person.id)
    query = select(Delivery).join(Ticket).where(states, Ticket.state.in_((State.OPEN, *UNDER_WAY)))
    query = query.where(Delivery.picked_up_at.is_(None), Ticket.site_id.in_(person.sites_with(Right.WORK)))
    return query.options(*_CARD).order_by(Ticket.priority, Ticket.opened_at).limit(MOST)


def carrying(person: Person) -> Sequence[Delivery]:
    """What the person has picked up and not dropped."""
    query = select(Delivery).join(Ticket).where(Ticket.owner_id == person.id, Ticket.state.in_(UNDER_WAY))
    query = query.where(Delivery.picked_up_at.is_not(None)).options(*_CARD)
    return session.scalars(query.order_by(Delivery.picked_up_at)).all()


def count_for(person: Person) -> tuple[int, int]:
    """How much a porter carries now, and how much there is to fetch."""
    if Trade.PORTER not in person.trade_set:
        return 0, 0
    return len(carrying(person)), len(to_fetch(person))


def asked_by(person: Person, limit: int = 20) -> Sequence[Delivery]:
    """What the person asked for, the newest first."""
    query = select(Delivery).join(Ticket).where(Ticket.reporter_id == person.id).options(*_CARD)
    return session.scalars(query.order_by(Ticket.opened_at.desc()).limit(limit)).all()


def under_way(person: Person) -> Sequence[Delivery]:
    """What anybody carries now at the sites whose work the person verifies."""
    query = select(Delivery).join(Ticket).where(Ticket.state.in_(UNDER_WAY), Ticket.owner_id != person.id)
    query = query.where(Ticket.site_id.in_(person.sites_with(Right.VERIFY))).options(*_CARD)
    return session.scalars(query.order_by(Ticket.opened_at).limit(MOST)).all()


def here(person: Person, place: Place) -> tuple[list[Delivery], list[Delivery], list[Delivery]]:
    """At a scanned place: what to pick up here, what to drop here, and what the person carries to another place."""
    around = places.around(place)
    asked = {"me": person.id, "sites": list(person.sites_with(Right.WORK)), "around": around}
    if session.scalar(_ANYTHING_HERE, asked) is None:
        return [], [], []
    fetch = list(session.scalars(_to_fetch(person).where(Ticket.place_id.in_(around))).all())
    mine = carrying(person)
    drop = [one for one in mine if one.to_place_id in around]
    return fetch, drop, [one for one in mine if one.to_place_id not in around]


_ANYTHING_HERE = union_all(
    select(Delivery.ticket_id)
    .join(Ticket)
    .where(
        Ticket.state.in_((State.OPEN, *UNDER_WAY)),
        Ticket.place_id.in_(bindparam("around", expanding=True)),
        Ticket.site_id.in_(bindparam("sites", expanding=True)),
        or_(Ticket.state == State.OPEN, Ticket.owner_id == bindparam("me")),
        Delivery.picked_up_at.is_(None),
    ),
    select(Delivery.ticket_id)
    .join(Ticket)
    .where(Ticket.owner_id == bindparam("me"), Ticket.state.in_(UNDER_WAY), Delivery.picked_up_at.is_not(None)),
).limit(1)
"""Whether there is something to fetch here or anything in their hands: for most people at most places nothing."""


def last_place(person: Person) -> Place | None:
    """Where the person was last, from what they picked up or dropped."""
    query = select(Delivery).join(Ticket).where(Ticket.owner_id == person.id, Delivery.picked_up_at.is_not(None))
    last = func.coalesce(Delivery.dropped_at, Delivery.picked_up_at)
    found = session.scalar(query.order_by(last.desc()).limit(1))
    if found is None:
        return None
    return found.to_place if found.dropped_at else found.ticket.place


def times(person: Person, at: datetime) -> Times:
    """The averages of the last thirty days at the sites the person sees."""
    query = (
        select(Ticket.opened_at, Delivery.picked_up_at, Delivery.dropped_at, Ticket.resolution_due_at)
        .join(Ticket)
        .where(Delivery.site_id.in_(person.sites_with(Right.SEE_SITE)), Delivery.dropped_at >= at - MONTH)
    )
    rows = session.execute(query.limit(20_000)).all()
    return Times(
        count=len(rows),
        wait=average(row.picked_up_at - row.opened_at for row in rows),
        way=average(row.dropped_at - row.picked_up_at for row in rows),
        on_time=sum(row.dropped_at <= row.resolution_due_at for row in rows),
    )


def own_places(person: Person, site_ids: frozenset[UUID]) -> Sequence[Place]:
    """The places of the wards the person asks for."""
    wards = select(DepartmentPerson.department_id).where(DepartmentPerson.person_id == person.id)
    query = select(Place).where(Place.department_id.in_(wards), Place.site_id.in_(site_ids))
    query = query.where(Place.retired_at.is_(None))
    return session.scalars(query.order_by(Place.code).limit(80)).all()


def broad_places(site_ids: frozenset[UUID]) -> Sequence[Place]:
    """Floors, buildings and areas, to choose from."""
    kinds = (PlaceKind.BUILDING, PlaceKind.FLOOR, PlaceKind.AREA)
    query = select(Place).where(Place.site_id.in_(site_ids), Place.kind.in_(kinds), Place.retired_at.is_(None))
    return session.scalars(query.order_by(Place.code).limit(400)).all()


def usual_goals(site_ids: frozenset[UUID], limit: int = 6) -> Sequence[Place]:
    """Where things are carried most often."""
    counted = (
        select(Delivery.to_place_id)
        .where(Delivery.site_id.in_(site_ids))
        .group_by(Delivery.to_place_id)
        .order_by(func.count().desc(), Delivery.to_place_id)
        .limit(limit)
    )
    ids = session.scalars(counted).all()
    found = {place.id: place for place in session.scalars(select(Place).where(Place.id.in_(ids)))}
    return [found[place_id] for place_id in ids if not found[place_id].retired_at]


def moving_to(site_ids: frozenset[UUID]) -> dict[UUID, UUID]:
    """What is under way and where it goes, for phones that scan without a network."""
    query = select(Delivery.ticket_id, Delivery.to_place_id).join(Ticket)
    query = query.where(Delivery.site_id.in_(site_ids), Ticket.state.in_(UNDER_WAY))
    rows = session.execute(query.where(Delivery.picked_up_at.is_not(None)).limit(500)).all()
    return {row.ticket_id: row.to_place_id for row in rows}


def _way_down(place: Place | None) -> list[UUID]:
    return list(reversed(places.around(place))) if place else []
