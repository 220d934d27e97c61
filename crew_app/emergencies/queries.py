"""Which emergencies there are, within what somebody may see, and what they came to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.emergencies.models import Emergency, EmergencyCall, EmergencyEntry, PlaybookVersion
from crew_app.emergencies.rules import StepStand, ended_at, first_there, minutes_between, stands
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, AssetKind, Place, PlaceKind
from crew_app.tickets.models import Ticket, TicketPhoto

PAST = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an emergency came to: minutes from the call, and steps."""

    first_there: int | None
    ended: int | None
    ended_at: datetime | None
    closed: int | None
    late: list[StepStand]
    skipped: list[StepStand]
    open: list[StepStand]


def visible(person: Person) -> ColumnElement[bool]:
    """Those of the crew's sites, and what somebody started or was called to."""
    called = select(EmergencyCall.ticket_id).where(EmergencyCall.person_id == person.id)
    sites = Emergency.site_id.in_(person.sites_with(Right.SEE_SITE))
    return or_(sites, Emergency.started_by_id == person.id, Emergency.ticket_id.in_(called))


def emergency(person: Person, ticket_id: UUID, *, lock: bool = False) -> Emergency:
    """An emergency the person may see; `lock` holds its ticket and itself until the transaction ends."""
    query = select(Emergency).where(Emergency.ticket_id == ticket_id, visible(person))
    if lock:
        session.scalar(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update())
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise Unseen("unknown-emergency", N_("This emergency is not known here."))
    return found


def locked(ticket_id: UUID) -> Emergency:
    """An emergency, held until the transaction ends."""
    session.scalar(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update())
    return session.get_one(Emergency, ticket_id, with_for_update=True, populate_existing=True)


_WHAT = (
    joinedload(Emergency.version).joinedload(PlaybookVersion.playbook),
    joinedload(Emergency.ticket).options(joinedload(Ticket.place), joinedload(Ticket.asset)),
)
_WHOLE = (
    selectinload(Emergency.version).selectinload(PlaybookVersion.playbook),
    selectinload(Emergency.ticket).options(
        selectinload(Ticket.place),
        selectinload(Ticket.asset),
        selectinload(Ticket.photos).selectinload(TicketPhoto.photo),
    ),
    selectinload(Emergency.calls).selectinload(EmergencyCall.person),
    selectinload(Emergency.entries).selectinload(EmergencyEntry.person),
)


def of_ticket(ticket_id: UUID) -> Emergency | None:
    """The emergency a ticket stands for, if it does."""
    return session.scalar(select(Emergency).where(Emergency.ticket_id == ticket_id).options(*_WHAT))


def running(person: Person) -> Sequence[Emergency]:
    """What goes on now and the person may see, the newest first."""
    query = select(Emergency).where(Emergency.closed_at.is_(None), visible(person)).options(*_WHAT)
    return session.scalars(query.order_by(Emergency.started_at.desc())).unique().all()


def past(person: Person) -> Sequence[Emergency]:
    """What is over, the newest first."""
    query = select(Emergency).where(Emergency.closed_at.is_not(None), visible(person)).options(*_WHAT)
    return session.scalars(query.order_by(Emergency.started_at.desc()).limit(PAST)).unique().all()


def steps_of(found: Emergency) -> list[StepStand]:
    """How each step stands."""
    return stands(found.version.steps, found.entries, found.started_at)


def outcome(found: Emergency, at: datetime) -> Outcome:
    """The figures of the report, as they stand at a moment."""
    steps, start = steps_of(found), found.started_at
    until = found.closed_at or at
    over = ended_at(steps)
    return Outcome(
        first_there=minutes_between(start, first_there(found.entries)),
        ended=minutes_between(start, over),
        ended_at=over,
        closed=minutes_between(start, found.closed_at),
        late=[one for one in steps if one.late(until)],
        skipped=[one for one in steps if one.skipped],
        open=[one for one in steps if one.entry is None],
    )


def my_call(found: Emergency, person: Person) -> EmergencyCall | None:
    """Whether and for what somebody was called."""
    return next((call for call in found.calls if call.person_id == person.id), None)


def waiting_calls(person: Person) -> Sequence[UUID]:
    """Emergencies that go on, to which somebody was called and has not answered."""
    query = select(EmergencyCall.ticket_id).join(Emergency, Emergency.ticket_id == EmergencyCall.ticket_id)
    unanswered = EmergencyCall.answer.is_(None) & Emergency.closed_at.is_(None)
    return session.scalars(query.where(EmergencyCall.person_id == person.id, unanswered)).all()


def assets_of_kind(site_id: UUID, code: str) -> Sequence[Asset]:
    """The assets a playbook is about (lifts), to choose from."""
    query = select(Asset).join(AssetKind).where(Asset.site_id == site_id, AssetKind.code == code)
    query = query.where(Asset.retired_at.is_(None))
    return session.scalars(query.order_by(Asset.code).limit(200)).all()


def broad_places(site_ids: Collection[UUID]) -> Sequence[Place]:
    """Buildings, floors and areas: exact enough to begin with."""
    kinds = (PlaceKind.BUILDING, PlaceKind.FLOOR, PlaceKind.AREA)
    query = select(Place).where(Place.site_id.in_(site_ids), Place.kind.in_(kinds), Place.retired_at.is_(None))
    return session.scalars(query.order_by(Place.code).limit(400)).all()


def offered_first(found: Asset | None, offers: Sequence[PlaybookVersion]) -> list[PlaybookVersion]:
    """Playbooks about this kind of asset first."""
    code = found.kind.code if found else None
    return sorted(offers, key=lambda one: one.playbook.asset_kind != code or not code)


def entry_count(ticket_id: UUID) -> int:
    """How long the log is; lines are only ever added, so that every change counts."""
    return session.scalar(select(func.count()).where(EmergencyEntry.ticket_id == ticket_id)) or 0
