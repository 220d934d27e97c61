"""Whether one person is on duty or on call, and when next."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.roster.models import DutyShift


def is_there(person_id: UUID, at: datetime) -> bool:
    """Whether they have a shift now; somebody who is on no roster at all counts as being there."""
    mine = select(DutyShift.id).where(DutyShift.person_id == person_id)
    within = mine.where(DutyShift.starts_at <= at, DutyShift.ends_at > at)
    return session.scalar(within.limit(1)) is not None or session.scalar(mine.limit(1)) is None


def next_start(person_id: UUID, at: datetime) -> datetime | None:
    """When their next shift begins, if that is known."""
    query = select(DutyShift.starts_at).where(DutyShift.person_id == person_id, DutyShift.starts_at > at)
    return session.scalar(query.order_by(DutyShift.starts_at).limit(1))
