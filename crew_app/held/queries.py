"""Which late entries there are, within what the asking person may see."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.held.models import HeldEntry
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.models import TicketEvent

MOST = 200


def undecided(person: Person) -> Sequence[HeldEntry]:
    """What the person has to decide, in the order of arrival."""
    query = _with_people().where(HeldEntry.decided_at.is_(None), _to_decide(person))
    return session.scalars(query.order_by(*_ORDER).limit(MOST)).all()


def count_undecided(person: Person) -> int:
    """How many questions (jobs, or single entries) wait for the person."""
    query = select(func.count(HeldEntry.subject_id.distinct()))
    return session.scalar(query.where(HeldEntry.decided_at.is_(None), _to_decide(person))) or 0


def own(person: Person, since: datetime) -> Sequence[HeldEntry]:
    """The person's own entries that wait, or were decided since then, newest first."""
    query = _with_people().where(
        HeldEntry.person_id == person.id, or_(HeldEntry.decided_at.is_(None), HeldEntry.decided_at >= since)
    )
    return session.scalars(query.order_by(HeldEntry.received_at.desc()).limit(MOST)).all()


def question(person: Person, key: UUID, *, lock: bool = False) -> Sequence[HeldEntry]:
    """All entries that belong to the same question as this one: same job, same sender, decided together or not yet."""
    first = session.scalar(select(HeldEntry).where(HeldEntry.key == key))
    if first is None or (first.person_id != person.id and first.site_id not in person.sites_with(Right.VERIFY)):
        raise Unseen("unknown-entry", N_("This entry is not known here."))
    query = _with_people().where(
        HeldEntry.subject_id == first.subject_id,
        HeldEntry.person_id == first.person_id,
        HeldEntry.decided_at.is_(None) if first.decided_at is None else HeldEntry.decided_at == first.decided_at,
    )
    if lock:
        query = query.with_for_update(of=HeldEntry)
    return session.scalars(query.order_by(*_ORDER)).all()


def about(subject_id: UUID) -> Sequence[HeldEntry]:
    """What waits about a job."""
    query = _with_people().where(HeldEntry.subject_id == subject_id, HeldEntry.decided_at.is_(None))
    return session.scalars(query.order_by(*_ORDER)).all()


def entry(key: UUID) -> HeldEntry | None:
    """The entry held under this key."""
    return session.get(HeldEntry, key)


def outrun(ticket_id: UUID, person: Person, since: datetime) -> bool:
    """Whether somebody else's change of the job's state arrived after that moment."""
    query = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket_id,
        TicketEvent.received_at > since,
        TicketEvent.person_id.is_distinct_from(person.id),
        TicketEvent.from_state != TicketEvent.to_state,
    )
    return session.scalar(query.limit(1)) is not None


_ORDER = (HeldEntry.received_at, HeldEntry.key)


def _to_decide(person: Person) -> ColumnElement[bool]:
    return and_(HeldEntry.site_id.in_(person.sites_with(Right.VERIFY)), HeldEntry.person_id != person.id)


def _with_people() -> Select[HeldEntry]:
    return select(HeldEntry).options(joinedload(HeldEntry.person), joinedload(HeldEntry.decided_by))
