"""Positions of walkers: a visit is sealed with its position, so forgetting it leaves a sealed record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.removals import Removed, removing
from crew_app.rounds.models import Visit

REASON = "rule: position"


def forget(site_id: UUID, before: datetime, most: int, *, at: datetime) -> int:
    """Forget where walkers were at visits from before then; how many."""
    query = select(Visit).where(Visit.site_id == site_id, Visit.latitude.is_not(None), Visit.at <= before)
    found = session.scalars(query.limit(most)).all()
    for visit in found:
        with removing(visit, Removed.POSITION, reason=REASON, at=at):
            visit.latitude = visit.longitude = visit.accuracy = None
    return len(found)
