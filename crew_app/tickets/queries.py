"""Which tickets there are, always within what the asking person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.hints import unindexed
from crew_app.core.newest import newest_ids
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Asset, Place
from crew_app.stock.models import Account, Item, Move
from crew_app.tickets.follower_models import TicketFollower
from crew_app.tickets.models import JobKind, PhotoRole, Ticket, TicketEvent, TicketPhoto
from crew_app.tickets.rules import LIVE, UNDER_WORK, Kind, State, Verb

PAGE = 50
WORKING = frozenset({Verb.ACCEPT, Verb.HOLD, Verb.RESUME, Verb.FINISH, Verb.MATERIAL, Verb.REVERSE, Verb.HELP})
"""Events that mean a person had a hand in the work; taking a picture of it before or after counts too."""
_SHOTS = (PhotoRole.BEFORE.value, PhotoRole.AFTER.value)


KINDS_OFFERED = select(JobKind).where(JobKind.offered).order_by(JobKind.position, JobKind.code)


def visible(person: Person) -> ColumnElement[bool]:
    """All of a site for its crew; only what they reported or joined themselves for anybody else."""
    return or_(Ticket.site_id.in_(person.sites_with(Right.SEE_SITE)), *_own(person))


def _own(person: Person) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    joined = select(TicketFollower.ticket_id).where(TicketFollower.person_id == person.id)
    return Ticket.reporter_id == person.id, Ticket.id.in_(joined)


def ticket(person: Person, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """A ticket the person may see; `lock` holds it until the transaction ends, to decide on its state."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible(person))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


def by_ids(ids: set[UUID]) -> dict[UUID, Ticket]:
    """Tickets by id, for rows that were limited to what the person may see before."""
    found = session.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(*CARD))
    return {ticket.id: ticket for ticket in found}


def whole(person: Person, ticket_id: UUID) -> Ticket:
    """A ticket with all that its page shows, in a fixed number of queries."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible(person)).options(*CARD, *_STORY)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


CARD = (
    joinedload(Ticket.job_kind),
    joinedload(Ticket.place),
    joinedload(Ticket.asset),
    joinedload(Ticket.owner).options(*NAMED),
    joinedload(Ticket.assignee).options(*NAMED),
)
REPORTER = joinedload(Ticket.reporter).options(*NAMED)
"""For lists as files: pages of lists do not show it."""
_STORY = (
    REPORTER,
    joinedload(Ticket.site),
    selectinload(Ticket.events).joinedload(TicketEvent.person).options(*NAMED),
    selectinload(Ticket.photos).joinedload(TicketPhoto.photo),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of tickets is narrowed to."""

    state: State | None = None
    mine: bool = False
    live: bool = False
    text: str = ""


def newest(
    person: Person,
    chosen: Filter,
    before: tuple[datetime, UUID] | None = None,
    also: Sequence[ColumnElement[bool]] = (),
    more: Sequence[ExecutableOption] = (),
) -> Sequence[Ticket]:
    """Tickets from the newest on, a page at a time; `before` is opening time and id of the last one seen.

    `also`: more conditions, for the list behind a figure. `more`: what is loaded beside what a row of a page shows.
    """
    query = _narrowed(select(Ticket).where(*also), person, chosen)
    if before:
        query = query.where(tuple_(Ticket.opened_at, Ticket.id) < before)
    order = (Ticket.opened_at, Ticket.id)
    heaps = [*(Ticket.site_id == site_id for site_id in person.sites_with(Right.SEE_SITE)), *_own(person)]
    found = select(Ticket).where(newest_ids(query, Ticket.id, heaps, order, PAGE)).options(*CARD, *more)
    return session.scalars(found.order_by(*(column.desc() for column in order)).limit(PAGE)).all()


def _narrowed(query: Select[Ticket], person: Person, chosen: Filter) -> Select[Ticket]:
    if chosen.state:  # most are closed: their state narrows nothing
        state = Ticket.state if chosen.state in LIVE else unindexed(Ticket.state)
        query = query.where(state == chosen.state)
    if chosen.live:
        query = query.where(Ticket.state.in_(LIVE))
    if chosen.mine:
        query = query.where(or_(Ticket.owner_id == person.id, Ticket.reporter_id == person.id))
    if chosen.text:
        query = query.where(Ticket.number.startswith(chosen.text.strip().upper(), autoescape=True))
    return query


def open_at(place_id: UUID, asset_id: UUID | None = None) -> Sequence[Ticket]:
    """Live tickets of an asset, or of a place with all its assets."""
    return here(place_id, asset_id, past=False)[0]


def here(place_id: UUID, asset_id: UUID | None = None, *, past: bool = True) -> tuple[list[Ticket], list[Ticket]]:
    """Live tickets of an asset, or of a place with all its assets, and the last closed ones: its history.

    Which they are is asked first: at most places there are none, and what takes time is to make ready for rows.
    """
    ids = session.scalars(_IDS_HERE[bool(asset_id), past], {"subject": asset_id or place_id}).all()
    found = session.scalars(_WITH_IDS, {"ids": ids}).all() if ids else ()
    live = [ticket for ticket in found if ticket.state in LIVE]
    return live, [ticket for ticket in found if ticket.state not in LIVE]


def _ids_here(*, of_asset: bool, past: bool) -> Select[UUID]:
    """A statement that is made once: to put it together takes longer than to ask it."""
    own = (Ticket.asset_id if of_asset else Ticket.place_id) == bindparam("subject")
    of_states = [(Ticket.state.in_(LIVE), 20), *([(Ticket.state == State.VERIFIED, 5)] if past else [])]
    order = Ticket.opened_at.desc()
    parts = [select(Ticket.id).where(own, state).order_by(order).limit(most).subquery() for state, most in of_states]
    return select(union_all(*(select(part.c.id) for part in parts)).subquery().c.id)


_IDS_HERE = {
    (of_asset, past): _ids_here(of_asset=of_asset, past=past) for of_asset in (False, True) for past in (False, True)
}
_WITH_IDS = (
    select(Ticket)
    .where(Ticket.id.in_(bindparam("ids", expanding=True)))
    .order_by(Ticket.opened_at.desc())
    .options(*CARD)
)


def open_at_places(place_ids: set[UUID]) -> Sequence[Ticket]:
    """Live tickets of several places and what stands in them."""
    query = select(Ticket).where(Ticket.place_id.in_(place_ids), Ticket.state.in_(LIVE)).options(*CARD)
    return session.scalars(query.order_by(Ticket.opened_at.desc()).limit(200)).all()


def recent_at(place_id: UUID, asset_id: UUID | None = None) -> Sequence[Ticket]:
    """The last closed tickets of an asset or place: its history."""
    return here(place_id, asset_id)[1]


def live_at(place_id: UUID, asset_id: UUID | None, ticket_id: UUID) -> Ticket:
    """One of the live tickets of an asset or place, locked; `Unseen` when it is elsewhere or closed."""
    column = Ticket.asset_id == asset_id if asset_id else Ticket.place_id == place_id
    query = select(Ticket).where(Ticket.id == ticket_id, column, Ticket.state.in_(LIVE)).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


def same_fault(place_id: UUID, asset_id: UUID | None, job_kind_id: UUID, kind: Kind) -> Ticket | None:
    """A live job of the same kind at the same asset or place: reported already."""
    here = open_at(place_id, asset_id)
    same = (one for one in here if (one.job_kind_id, one.asset_id, one.kind) == (job_kind_id, asset_id, kind))
    return next(same, None)


def owned(person: Person) -> Sequence[Ticket]:
    """What the person has in hand: jobs sent back first, then by priority and deadline, those on hold last."""
    query = select(Ticket).where(Ticket.owner_id == person.id, Ticket.state.in_((State.ACCEPTED, State.ON_HOLD)))
    order = (Ticket.state, (Ticket.sent_back_count > 0).desc(), Ticket.priority, Ticket.resolution_due_at)
    return session.scalars(query.options(*CARD).order_by(*order).limit(PAGE)).all()


def reported_by(person: Person, limit: int = 5) -> Sequence[Ticket]:
    """What the person reported or joined and somebody is still working on, newest first."""
    live, order = select(Ticket).where(unindexed(Ticket.state).in_(LIVE)), (Ticket.opened_at, Ticket.id)
    query = select(Ticket).where(newest_ids(live, Ticket.id, _own(person), order, limit)).options(*CARD)
    return session.scalars(query.order_by(*(column.desc() for column in order)).limit(limit)).all()


def for_me(person: Person, limit: int = PAGE) -> Sequence[Ticket]:
    """What was dispatched or is being handed to the person and waits for an answer, the most pressing first."""
    waiting = (*UNDER_WORK, State.OPEN)
    query = select(Ticket).where(Ticket.assignee_id == person.id, Ticket.state.in_(waiting)).options(*CARD)
    return session.scalars(query.order_by(Ticket.priority, Ticket.response_due_at).limit(limit)).all()


def help_wanted(person: Person, limit: int = 10) -> Sequence[Ticket]:
    """Jobs of the person's trades whose owner asked for a second pair of hands."""
    query = (
        select(Ticket)
        .join(JobKind)
        .where(Ticket.site_id.in_(person.sites_with(Right.WORK)), Ticket.state.in_(UNDER_WORK))
        .where(Ticket.help_wanted.is_(True), Ticket.owner_id != person.id, JobKind.trade.in_(person.trade_set))
    )
    return session.scalars(query.options(*CARD).order_by(Ticket.priority, Ticket.changed_at).limit(limit)).all()


def waiting_for(person: Person, limit: int = 10) -> Sequence[Ticket]:
    """Open tickets in the person's trades (all trades when none are named) that nobody has accepted.

    What was dispatched to the person stands in a list of its own; what nobody was asked to accept comes first.
    """
    query = (
        select(Ticket)
        .join(JobKind)
        .where(Ticket.state == State.OPEN, Ticket.site_id.in_(person.sites_with(Right.WORK)))
        .where(Ticket.assignee_id.is_distinct_from(person.id))
    )
    if person.trade_set:
        query = query.where(JobKind.trade.in_(person.trade_set))
    return session.scalars(query.options(*CARD).order_by(Ticket.priority, Ticket.response_due_at).limit(limit)).all()


def in_state(person: Person, state: State, right: Right, limit: int = 10) -> Sequence[Ticket]:
    """Tickets in a state at the sites where the person has a right, the most pressing first."""
    query = select(Ticket).where(Ticket.state == state, Ticket.site_id.in_(person.sites_with(right))).options(*CARD)
    return session.scalars(query.order_by(Ticket.priority, Ticket.resolution_due_at).limit(limit)).all()


def overdue(person: Person, at: datetime, limit: int = 10) -> Sequence[Ticket]:
    """Tickets past a deadline that runs, longest overdue first."""
    late = or_(
        and_(Ticket.state == State.OPEN, Ticket.response_due_at < at),
        and_(Ticket.state == State.ACCEPTED, Ticket.resolution_due_at < at),
    )
    query = select(Ticket).where(late, Ticket.site_id.in_(person.sites_with(Right.VERIFY))).options(*CARD)
    return session.scalars(query.order_by(Ticket.resolution_due_at).limit(limit)).all()


def finished_for(person: Person) -> Select[Ticket]:
    """Finished work the person may verify: never work they had a hand in."""
    own = select(TicketEvent.ticket_id).where(TicketEvent.ticket_id == Ticket.id, _work_of(person))
    return select(Ticket).where(
        Ticket.state == State.FINISHED, Ticket.site_id.in_(person.sites_with(Right.VERIFY)), ~own.exists()
    )


def last_change(found: Ticket) -> Verb | None:
    """What brought a ticket into the state in which it is."""
    query = select(TicketEvent.verb).where(
        TicketEvent.ticket_id == found.id, TicketEvent.from_state != TicketEvent.to_state
    )
    return session.scalar(query.order_by(TicketEvent.position.desc()).limit(1))


def had_a_hand_in(found: Ticket, person: Person) -> bool:
    """Whether the person did any of the work."""
    query = select(TicketEvent.id).where(TicketEvent.ticket_id == found.id, _work_of(person))
    return session.scalar(query.limit(1)) is not None


def _work_of(person: Person) -> ColumnElement[bool]:
    shot = and_(TicketEvent.verb == Verb.PHOTO, TicketEvent.note.in_(_SHOTS))
    return and_(TicketEvent.person_id == person.id, or_(TicketEvent.verb.in_(WORKING), shot))


def photo(person: Person, photo_id: UUID, *, own: bool = False) -> Photo:
    """A photo of a ticket the person may see, or of a late entry of a site whose work the person verifies.

    `own` for one that the person announced.
    """
    query = select(Photo).where(Photo.id == photo_id)
    if own:
        found = session.scalar(query.where(Photo.person_id == person.id))
    else:
        sites = Photo.site_id.in_(person.sites_with(Right.VERIFY))
        found = session.scalar(query.outerjoin(TicketPhoto).outerjoin(Ticket).where(or_(visible(person), sites)))
    if found is None:
        raise Unseen("unknown-photo", N_("This photo is not known here."))
    return found


def job_kinds() -> Sequence[JobKind]:
    """The job kinds that are offered to who reports, the most frequent first."""
    return session.scalars(KINDS_OFFERED).all()


def job_kind(code: str) -> JobKind | None:
    """The job kind with this code."""
    return session.scalar(select(JobKind).filter_by(code=code))


def usual_items(job_kind_id: UUID, site_ids: frozenset[UUID], limit: int = 6) -> Sequence[Item]:
    """Items that the last hundred jobs of this kind used, the most used first."""
    last = (
        select(Ticket.id)
        .where(Ticket.job_kind_id == job_kind_id, Ticket.site_id.in_(site_ids))
        .order_by(Ticket.opened_at.desc())
        .limit(100)
        .subquery()
    )
    counted = (
        select(Move.item_id)
        .join(Account, Account.id == Move.to_account_id)
        .join(last, last.c.id == Account.ticket_id)
        .group_by(Move.item_id)
        .order_by(func.count(Move.id).desc(), Move.item_id)
        .limit(limit)
    )
    ids = session.scalars(counted).all()
    found = {found.id: found for found in session.scalars(select(Item).where(Item.id.in_(ids)))}
    return [found[item_id] for item_id in ids]


def where(person: Person, place_id: UUID | None, asset_id: UUID | None) -> tuple[Place, Asset | None]:
    """Place and asset of a new ticket, from whichever was scanned."""
    if asset_id:
        found = places.asset(person, asset_id)
        return found.place, found
    if place_id is None:
        raise Unseen("unknown-place", N_("This place is not known."))
    return places.place(person, place_id), None
