"""Which announcements there are, within what somebody may see."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.revisions import apart, kept
from crew_app.core.words import N_
from crew_app.desk.announcement_models import Announcement, AnnouncementEntry, AnnouncementKind, AnnouncementReader
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.doors import outwards
from crew_app.places.models import Place

PAGE = 50
DAY = timedelta(days=1)
AHEAD = timedelta(days=2)
"""So long before it begins a planned outage stands on the pages of its places."""


def visible(person: Person) -> ColumnElement[bool]:
    """All of one's sites for their crew; only what one was told for anybody else."""
    told = select(AnnouncementReader.announcement_id).where(AnnouncementReader.person_id == person.id)
    return or_(Announcement.site_id.in_(person.sites_with(Right.SEE_SITE)), Announcement.id.in_(told))


def announcement(person: Person, announcement_id: UUID, *, lock: bool = False) -> Announcement:
    """An announcement somebody may see."""
    query = select(Announcement).where(Announcement.id == announcement_id, visible(person))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-announcement", N_("This announcement is not known here."))
    return found


def readers(found: Announcement) -> Sequence[AnnouncementReader]:
    """Everybody who has to know, by name."""
    query = (
        select(AnnouncementReader).filter_by(announcement_id=found.id).options(joinedload(AnnouncementReader.person))
    )
    return sorted(session.scalars(query).all(), key=lambda one: (one.person.name, one.person.login))


def story(found: Announcement) -> Sequence[AnnouncementEntry]:
    """What was done with it."""
    query = select(AnnouncementEntry).filter_by(announcement_id=found.id).options(joinedload(AnnouncementEntry.person))
    return session.scalars(query.order_by(AnnouncementEntry.id)).all()


def current(person: Person, at: datetime) -> Sequence[Announcement]:
    """What holds now or will, outages first by their beginning, then notices from the newest on."""
    query = select(Announcement).where(visible(person), _holding(at))
    found = session.scalars(query.order_by(Announcement.made_at.desc()).limit(200)).all()
    outages = sorted((one for one in found if one.outage), key=lambda one: one.starts_at)
    return [*outages, *(one for one in found if not one.outage)]


def past(person: Person, at: datetime, before: UUID | None = None) -> Sequence[Announcement]:
    """What is over or was called off, the newest first, a page at a time."""
    query = select(Announcement).where(visible(person), ~_holding(at))
    if before:
        query = query.where(Announcement.id < before)
    return session.scalars(query.order_by(Announcement.id.desc()).limit(PAGE)).all()


def unread(person: Person, ids: Collection[UUID]) -> set[UUID]:
    """Those among these that somebody was told and has not read as they stand now."""
    if not ids:
        return set()
    query = select(Announcement.id).join(AnnouncementReader).where(Announcement.id.in_(ids))
    return set(session.scalars(query.where(AnnouncementReader.person_id == person.id, _is_unread())))


def to_know(person: Person, at: datetime) -> Sequence[Announcement]:
    """What somebody was told: outages that run or begin soon, and whatever holds that they have not read."""
    soon = and_(Announcement.kind == AnnouncementKind.OUTAGE, Announcement.starts_at <= at + AHEAD)
    query = select(Announcement).join(AnnouncementReader).where(AnnouncementReader.person_id == person.id)
    query = query.where(_holding(at), or_(soon, _is_unread()), Announcement.site_id.in_(person.site_ids))
    return session.scalars(query.order_by(Announcement.kind.desc(), Announcement.starts_at).limit(20)).all()


def outages(site_ids: Collection[UUID], at: datetime) -> Sequence[Announcement]:
    """Outages that run at these sites, or begin soon; they belong to no session, to be read only."""
    found = (one for site_id in site_ids for one in _outages_of(site_id, at))
    near = (one for one in found if one.live(at) and one.starts_at <= at + AHEAD)
    return sorted(near, key=lambda one: (one.starts_at, one.id))


def _outages_of(site_id: UUID, at: datetime) -> Sequence[Announcement]:
    """Those of a site that were not over a day ago."""
    query = select(Announcement).where(Announcement.site_id == site_id, Announcement.kind == AnnouncementKind.OUTAGE)
    query = query.where(_holding(at - DAY)).options(joinedload(Announcement.site))
    topics, day = ("announcements", "places"), at.date()
    return kept(topics, ("outages", site_id), lambda: apart(lambda own: own.scalars(query).all()), also=day)


def facts(person: Person, at: datetime) -> list[object]:
    """What the first page says of announcements: changes whenever it does."""
    found = to_know(person, at)
    new = unread(person, [one.id for one in found])
    return [(one.id, one.version, one.stage(at), one.id in new) for one in found]


def read_count(found: Announcement) -> int:
    """How many have read it as it stands."""
    query = select(func.count()).select_from(AnnouncementReader).filter_by(announcement_id=found.id)
    return session.scalar(query.where(AnnouncementReader.read_version >= found.version)) or 0


def covers(found: Announcement, place: Place) -> bool:
    """Whether a place lies within what an outage is about."""
    if not found.places:
        return found.site_id == place.site_id
    around = set(outwards(place.path))
    return any(
        one.place_id == place.id or (one.place.site_id == place.site_id and one.place.path in around)
        for one in found.places
    )


def _holding(at: datetime) -> ColumnElement[bool]:
    ends = or_(Announcement.ends_at.is_(None), Announcement.ends_at > at)
    return and_(Announcement.cancelled_at.is_(None), Announcement.ended_at.is_(None), ends)


def _is_unread() -> ColumnElement[bool]:
    return AnnouncementReader.read_version < Announcement.version
