"""The worker lets go what is not to be kept any longer: positions, pictures, and the bytes of what was removed."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.config import Settings
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Unavailable
from crew_app.evidence import positions, removing
from crew_app.evidence.models import Photo
from crew_app.evidence.rule_models import EvidenceKind
from crew_app.evidence.site_rules import positions_since, retentions
from crew_app.people.models import Site
from crew_app.rounds import positions as walkers
from crew_app.web.photo_kinds import due
from crew_app.web.pictures import store

NIGHT = range(1, 5)
"""Hours of a site's own day in which its rule is carried out: what was set by mistake can be set right before."""
AT_ONCE, MOST_BATCHES = 100, 50


def let_go(_settings: Settings, at: datetime) -> int:
    """At night: forget positions and remove photos whose time is over; how many."""
    sites = session.scalars(select(Site).order_by(Site.code)).all()
    ids = [site.id for site in sites if at.astimezone(site.zone).hour in NIGHT]
    session.rollback()
    return sum(let_go_at(site_id, at) for site_id in ids)


def let_go_at(site_id: UUID, at: datetime) -> int:
    """The same at one site, now."""
    before, days = positions_since(site_id, at), retentions(site_id)
    done = _again(lambda: positions.forget(site_id, before, AT_ONCE))
    done += _again(lambda: walkers.forget(site_id, before, AT_ONCE, at=at))
    for kind in days:
        done += _again(lambda kind=kind: _remove(site_id, kind, days, at))  # type: ignore[misc]
    return done


def _again(step: Callable[[], int]) -> int:
    """A batch a transaction, until nothing is left; the rest has another night."""
    done = 0
    for _ in range(MOST_BATCHES):
        with write_transaction():
            batch = step()
        done += batch
        if batch < AT_ONCE:
            break
    return done


def _remove(site_id: UUID, kind: EvidenceKind, days: dict[EvidenceKind, int], at: datetime) -> int:
    ids = session.scalars(due(site_id, kind, days, at).order_by(Photo.id).limit(AT_ONCE)).all()
    for photo_id in ids:
        removing.take_away(session.get_one(Photo, photo_id), removing.rule_words(kind, days[kind]), at=at)
    return len(ids)


def delete_removed(_settings: Settings, at: datetime) -> int:
    """Delete the bytes of what was removed; a store that does not answer is asked again. How many were deleted."""
    found = [(one.id, one.sha256, removing.still_needed(one)) for one in removing.to_delete(at, AT_ONCE)]
    session.rollback()
    done = [photo_id for photo_id, sha256, needed in found if needed or _deleted(sha256)]
    if done:
        with write_transaction():
            for photo in session.scalars(select(Photo).where(Photo.id.in_(done))):
                photo.stored_at = None
    return len(done)


def _deleted(sha256: str) -> bool:
    try:
        removing.delete_bytes(sha256, store())
    except (OSError, Unavailable):
        return False
    return True
