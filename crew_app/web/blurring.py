"""The worker looks for faces where a site wants them blurred, as far as the optional package is installed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_

from crew_app.config import Settings
from crew_app.core import heartbeat
from crew_app.core.db import session, write_transaction
from crew_app.evidence import covers, faces
from crew_app.evidence.darkroom import develop_patiently
from crew_app.evidence.models import Photo
from crew_app.evidence.rule_models import EvidenceRule
from crew_app.web.pictures import store

AT_ONCE = 10
LAG = timedelta(minutes=1)
"""A photo may be committed a little later than its time says."""


def blur_faces(_settings: Settings, at: datetime) -> int:
    """Look at what has arrived since it was looked last; how many photos."""
    if not faces.available():
        return 0
    rules = session.scalars(select(EvidenceRule).where(EvidenceRule.blur_faces)).all()
    sites = [(rule.site_id, rule.changed_at or at) for rule in rules]
    session.rollback()
    return sum(_look_at(site_id, since, at) for site_id, since in sites)


def _look_at(site_id: UUID, since: datetime, at: datetime) -> int:
    name = f"faces {site_id.hex}"
    seen = heartbeat.last_beat(name)
    last = (seen.at, UUID(seen.where)) if seen and seen.at > since else (since, UUID(int=0))
    query = select(Photo).where(Photo.site_id == site_id, Photo.stored_at <= at - LAG, Photo.removed_at.is_(None))
    query = query.where(tuple_(Photo.stored_at, Photo.id) > last).order_by(Photo.stored_at, Photo.id)
    found = [(one.id, one.sha256, one.stored_at) for one in session.scalars(query.limit(AT_ONCE))]
    session.rollback()
    for photo_id, sha256, stored_at in found:
        areas = [covers.Area(*area) for area in _faces(sha256)]
        with write_transaction():
            if areas:
                covers.put(session.get_one(Photo, photo_id), areas, by_id=None, at=at)
            heartbeat.beat(stored_at or at, str(photo_id), name)
    return len(found)


def _faces(sha256: str) -> list[faces.Area]:
    """What is found; a picture that cannot be read shows nobody, and holds up no other."""
    try:
        return develop_patiently(faces.find, store().get(f"large/{sha256}"))
    except Exception:  # noqa: BLE001 - a cascade raises anything at all
        return []
