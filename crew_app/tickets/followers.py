"""Who had the fault and follows the job, what they may read of its story, and how they rate it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.hints import unindexed
from crew_app.core.ids import secret_hash
from crew_app.core.newest import newest_ids
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.tickets.follower_models import TicketFollower, TicketRating, TicketVoice
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import TOLD, Kind, State, Verb

A_WEEK = timedelta(days=7)
"""So long after the end a reporter is heard; later it is another fault."""
_VOICES = frozenset({Verb.COMMENT, Verb.NOT_FIXED, Verb.RATE, Verb.CONFIRM})
_CARD = (
    joinedload(Ticket.job_kind),
    joinedload(Ticket.place),
    joinedload(Ticket.asset),
    joinedload(Ticket.owner).options(*NAMED),
    joinedload(Ticket.assignee).options(*NAMED),
    selectinload(Ticket.events),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who had the fault: its reporter, or a follower; with an account or with a secret link."""

    ticket: Ticket
    person: Person | None = None
    follower: TicketFollower | None = None

    @property
    def id(self) -> UUID:
        """The same for everything this voice says about its ticket."""
        return self.follower.id if self.follower else self.ticket.id


def by_secret(secret: str, *, lock: bool = False) -> Voice:
    """Whoever holds a secret link; `Unseen` when it was never given."""
    hashed = secret_hash(secret)
    follower = session.scalar(select(TicketFollower).where(TicketFollower.secret_hash == hashed))
    mine = Ticket.id == follower.ticket_id if follower else Ticket.follow_hash == hashed
    query = select(Ticket).where(mine)
    query = query.with_for_update() if lock else query.options(*_CARD)
    found = session.scalar(query.execution_options(populate_existing=lock))
    if found is None:
        raise Unseen("unknown-report", N_("This link leads to no report."))
    return Voice(found, follower=follower)


def voice_of(person: Person, ticket: Ticket) -> Voice | None:
    """A person as a voice about a ticket: its reporter, or a follower with an account."""
    if ticket.reporter_id == person.id:
        return Voice(ticket, person)
    query = select(TicketFollower).filter_by(ticket_id=ticket.id, person_id=person.id)
    follower = session.scalar(query)
    return Voice(ticket, person, follower) if follower else None


def of_person(person: Person, tickets: Sequence[Ticket]) -> set[UUID]:
    """Which of these tickets a person reported or joined."""
    if not tickets:
        return set()
    joined = session.scalars(_FOLLOWED, {"me": person.id, "ids": [ticket.id for ticket in tickets]})
    return {*joined, *(ticket.id for ticket in tickets if ticket.reporter_id == person.id)}


_FOLLOWED = select(TicketFollower.ticket_id).where(
    TicketFollower.person_id == bindparam("me"), TicketFollower.ticket_id.in_(bindparam("ids", expanding=True))
)


def own_voice(person: Person, ticket: Ticket) -> Voice:
    """The same; `Unseen` for anybody else."""
    found = voice_of(person, ticket)
    if found is None:
        raise Unseen("unknown-report", N_("You did not report this job."))
    return found


def joinable(person: Person, ticket_id: UUID) -> Ticket:
    """A live job that somebody who may report there can join, locked."""
    sites = person.sites_with(Right.REPORT)
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.site_id.in_(sites)).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Unseen("unknown-ticket", N_("This job is not known here."))
    return found


def others(ticket: Ticket) -> int:
    """How many others have the same fault: those who follow it, and those who called."""
    query = select(func.count(TicketEvent.id)).where(TicketEvent.ticket_id == ticket.id, TicketEvent.verb == Verb.JOIN)
    return session.scalar(query) or 0


def counts(tickets: Sequence[Ticket]) -> dict[UUID, int]:
    """The same for several tickets."""
    if not tickets:
        return {}
    rows = session.execute(_JOINED, {"ids": [ticket.id for ticket in tickets]})
    return {row[0]: row[1] for row in rows}


_JOINED = (
    select(TicketEvent.ticket_id, func.count(TicketEvent.id))
    .where(TicketEvent.verb == Verb.JOIN, TicketEvent.ticket_id.in_(bindparam("ids", expanding=True)))
    .group_by(TicketEvent.ticket_id)
)


def people(ticket: Ticket) -> list[Person]:
    """Those who had the fault and have an account."""
    query = select(Person).join(TicketFollower, TicketFollower.person_id == Person.id)
    found = list(session.scalars(query.where(TicketFollower.ticket_id == ticket.id)))
    return [*([ticket.reporter] if ticket.reporter else []), *found]


def heard(ticket: Ticket, at: datetime) -> bool:
    """Whether the work can still be accepted, refused or rated."""
    return ticket.closed_at is None or ticket.closed_at >= at - A_WEEK


def said(ticket: Ticket, since: datetime) -> int:
    """How much those who had the fault said since then."""
    query = select(func.count(TicketEvent.id)).where(TicketEvent.ticket_id == ticket.id, TicketEvent.verb.in_(_VOICES))
    return session.scalar(query.where(TicketEvent.received_at >= since)) or 0


def confirmed(voice: Voice) -> bool:
    """Whether this voice has accepted the work as it stands now."""
    position = select(func.max(TicketEvent.position)).where(
        TicketEvent.ticket_id == voice.ticket.id, TicketEvent.verb == Verb.FINISH
    )
    query = select(TicketEvent.id).where(
        TicketEvent.ticket_id == voice.ticket.id,
        TicketEvent.verb == Verb.CONFIRM,
        TicketEvent.position > func.coalesce(position.scalar_subquery(), 0),
        _spoken_by(voice),
    )
    return session.scalar(query.limit(1)) is not None


def rating_of(voice: Voice) -> TicketRating | None:
    """The rating of this voice that counts."""
    query = select(TicketRating).where(TicketRating.ticket_id == voice.ticket.id, TicketRating.voice == voice.id)
    return session.scalar(query.order_by(TicketRating.number.desc()).limit(1))


def story(voice: Voice) -> list[tuple[TicketEvent, str]]:
    """What a voice is told, the newest first, each with the words it may read: its own, and those meant for it."""
    query = select(TicketEvent.id).where(TicketEvent.ticket_id == voice.ticket.id, _spoken_by(voice))
    own = set(session.scalars(query))
    told = [event for event in reversed(voice.ticket.events) if event.verb in TOLD]
    kept = [event for event in told if event.id in own or event.verb not in (Verb.COMMENT, Verb.RATE)]
    mine = own | {event.id for event in kept if event.verb is Verb.TELL}
    return [(event, event.note if event.id in mine and event.verb is not Verb.OPEN else "") for event in kept]


def to_judge(person: Person, at: datetime, limit: int = 5) -> list[Ticket]:
    """Finished work that the person reported and has neither accepted nor refused yet, newest first.

    What was carried or driven has arrived; nobody is asked whether it is fixed.
    """
    joined = select(TicketFollower.ticket_id).where(TicketFollower.person_id == person.id)
    done = (
        select(Ticket)
        .where(unindexed(Ticket.state).in_((State.FINISHED, State.VERIFIED)))
        .where(Ticket.kind.not_in((Kind.DELIVERY, Kind.TRIP)))
        .where(or_(unindexed(Ticket.closed_at).is_(None), unindexed(Ticket.closed_at) >= at - A_WEEK))
    )
    heaps = (Ticket.reporter_id == person.id, Ticket.id.in_(joined))
    order = (Ticket.finished_at, Ticket.id)
    query = select(Ticket).where(newest_ids(done, Ticket.id, heaps, order, limit * 2)).options(*_CARD)
    found = session.scalars(query.order_by(*(column.desc() for column in order)).limit(limit * 2)).all()
    return [ticket for ticket in found if _unjudged(ticket, person)][:limit]


def _unjudged(ticket: Ticket, person: Person) -> bool:
    since = max((event.position for event in ticket.events if event.verb is Verb.FINISH), default=0)
    own = [event for event in ticket.events if event.person_id == person.id]
    worked = any(event.verb in (Verb.ACCEPT, Verb.FINISH) for event in own)
    return not worked and not any(event.verb is Verb.CONFIRM and event.position > since for event in own)


def _spoken_by(voice: Voice) -> ColumnElement[bool]:
    """Events of this voice: of a follower by its mark; of the reporter those of nobody, or of that person."""
    if voice.follower:
        marked = select(TicketVoice.event_id).where(TicketVoice.follower_id == voice.follower.id)
        return TicketEvent.id.in_(marked)
    if voice.person:
        return TicketEvent.person_id == voice.person.id
    known = select(TicketVoice.event_id).join(TicketFollower, TicketFollower.id == TicketVoice.follower_id)
    others_said = known.where(TicketFollower.ticket_id == voice.ticket.id)
    return TicketEvent.person_id.is_(None) & TicketEvent.id.not_in(others_said)


def ratings(site_id: UUID, start: datetime, end: datetime) -> Sequence[Row[TicketRating, UUID]]:
    """The ratings of a period, with the kind of job; of what a voice said about a job only its last word counts."""
    later = aliased(TicketRating)
    newer = select(later.id).where(
        later.ticket_id == TicketRating.ticket_id, later.voice == TicketRating.voice, later.number > TicketRating.number
    )
    query = select(TicketRating, Ticket.job_kind_id).join(Ticket, Ticket.id == TicketRating.ticket_id)
    query = query.where(TicketRating.site_id == site_id, TicketRating.made_at >= start, TicketRating.made_at < end)
    return session.execute(query.where(~newer.exists())).all()
