"""Positions of cameras are kept only where a site wants them, and only for so long."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from crew_app.core.db import session
from crew_app.evidence.models import Photo


def forget(site_id: UUID, before: datetime, most: int) -> int:
    """Forget where photos from before then were taken; how many. The original's bytes are never altered."""
    query = select(Photo.id).where(Photo.site_id == site_id, Photo.latitude.is_not(None), Photo.at <= before)
    ids = session.scalars(query.limit(most)).all()
    if ids:
        session.execute(update(Photo).where(Photo.id.in_(ids)).values(latitude=None, longitude=None))
    return len(ids)
