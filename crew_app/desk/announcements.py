"""Announcing outages and notices, changing and ending them; each version is told once to everybody concerned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.desk.announcement_models import (
    Act,
    Announcement,
    AnnouncementAudience,
    AnnouncementEntry,
    AnnouncementKind,
    AnnouncementPlace,
    AnnouncementReader,
    Utility,
)
from crew_app.desk.concerned import concerned
from crew_app.desk.telling import told
from crew_app.notifications import actions as notifications
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right, Role, Trade
from crew_app.places.models import Department, Place


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a notice is; all of it empty means everybody at the site."""

    roles: Sequence[Role] = ()
    trades: Sequence[Trade] = ()
    departments: Sequence[Department] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement as it was filled in."""

    announcement_id: UUID
    kind: AnnouncementKind
    site: Site
    words: str = ""
    title: str = ""
    utility: Utility | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    places: Sequence[Place] = ()
    audience: Audience = field(default_factory=Audience)


def announce(draft: Draft, *, by: Person, at: Moment) -> Announcement:
    """Tell everybody concerned; the device gave the id."""
    if session.get(Announcement, draft.announcement_id):
        raise Refused("announcement-known", N_("This was already announced."))
    made = Announcement(
        id=draft.announcement_id,
        site_id=draft.site.id,
        kind=draft.kind,
        utility=draft.utility,
        title=draft.title,
        words=draft.words,
        starts_at=draft.starts_at or at.at,
        ends_at=draft.ends_at,
        version=1,
        made_by_id=by.id,
        made_at=at.at,
    )
    may_announce(by, made)
    _need_whole(made, at)
    session.add(made)
    made.places = [
        AnnouncementPlace(site_id=made.site_id, place=place, position=position)
        for position, place in enumerate(draft.places)
    ]
    made.audience = list(_groups(draft))
    session.flush()
    _write(made, Act.ANNOUNCE, by=by, at=at)
    return made


def change(found: Announcement, times: tuple[datetime, datetime | None], words: str, *, by: Person, at: Moment) -> None:
    """Other times or words: a new version, which everybody has to read anew."""
    _need_live(found, by, at)
    starts_at, ends_at = times
    if (found.starts_at, found.ends_at, found.words) == (starts_at, ends_at, words):
        raise Refused("nothing-changed", N_("Nothing was changed."))
    found.starts_at, found.ends_at, found.words = starts_at, ends_at, words
    _need_whole(found, at)
    found.version += 1
    _write(found, Act.CHANGE, by=by, at=at)


def end(found: Announcement, note: str = "", *, by: Person, at: Moment) -> None:
    """It works again, or has been said long enough."""
    _need_live(found, by, at)
    found.ended_at = at.at
    _write(found, Act.END, note, by=by, at=at)


def cancel(found: Announcement, note: str, *, by: Person, at: Moment) -> None:
    """It does not happen, with the reason."""
    _need_live(found, by, at)
    if not note.strip():
        raise Refused("words-missing", N_("Please say why it is called off."))
    found.cancelled_at = at.at
    _write(found, Act.CANCEL, note, by=by, at=at)


def read(found: Announcement, version: int, *, by: Person, at: Moment) -> None:
    """Say that one has read this version; nobody can say so for somebody else."""
    reader = session.get(AnnouncementReader, (found.id, by.id), with_for_update=True)
    if reader is None:
        reader = AnnouncementReader(announcement_id=found.id, person_id=by.id, site_id=found.site_id, told_at=at.at)
        reader.read_version = 0
        session.add(reader)
    known = min(max(version, 1), found.version)
    if known > reader.read_version:
        reader.read_version, reader.read_at = known, at.at
    session.flush()


def remind(found: Announcement, *, by: Person, at: Moment) -> int:
    """Tell those again who have not read it; how many they are."""
    _need_live(found, by, at)
    unread = [reader.person for reader in found.readers if reader.read_version < found.version]
    if not unread:
        raise Refused("all-read", N_("Everybody has read it."))
    entry = note_down(found, Act.REMIND, "", by=by, at=at)
    notifications.tell(unread, told(found, Act.REMIND), key=f"announcement:{found.id}:r:{entry.id}", at=at.at)
    return len(unread)


def may_announce(by: Person, found: Announcement) -> None:
    """`Forbidden` for those who may only read."""
    if not by.can(Right.ANNOUNCE, found.site_id):
        raise Forbidden("may-not", N_("You may read this, but not announce or change it."))


def _need_live(found: Announcement, by: Person, at: Moment) -> None:
    may_announce(by, found)
    if not found.live(at.at):
        raise Refused("announcement-over", N_("This is over. Please announce it anew."))


def _need_whole(found: Announcement, at: Moment) -> None:
    if not found.outage:
        if not (found.title and found.words):
            raise Refused("words-missing", N_("A notice needs a title and a text."))
        return
    if found.utility is None:
        raise Refused("choice-missing", N_("Please choose what is off."))
    if found.ends_at is None or found.ends_at <= found.starts_at:
        raise Refused("times", N_("The end must be after the beginning."))
    if found.ends_at <= at.at:
        raise Refused("times-past", N_("The end is in the past."))


def _groups(draft: Draft) -> Iterable[AnnouncementAudience]:
    site_id, audience = draft.site.id, draft.audience
    yield from (AnnouncementAudience(site_id=site_id, role=role) for role in audience.roles)
    yield from (AnnouncementAudience(site_id=site_id, trade=trade) for trade in audience.trades)
    yield from (AnnouncementAudience(site_id=site_id, department_id=one.id) for one in audience.departments)


def _write(found: Announcement, act: Act, note: str = "", *, by: Person, at: Moment) -> None:
    """Write what was done, and tell everybody concerned: whoever is new among them, too."""
    entry = note_down(found, act, note, by=by, at=at)
    people = concerned(found)
    known = set(session.scalars(select(AnnouncementReader.person_id).filter_by(announcement_id=found.id)))
    for person in people:
        if person.id not in known:
            session.add(_reader(found, person, at))
    own = session.get(AnnouncementReader, (found.id, by.id))
    if own:
        own.read_version, own.read_at = found.version, at.at  # whoever writes it has read it
    others = [person for person in people if person.id != by.id]
    notifications.tell(others, told(found, act), key=f"announcement:{found.id}:{entry.id}", at=at.at)
    session.flush()
    session.expire(found, ["readers", "story"])


def _reader(found: Announcement, person: Person, at: Moment) -> AnnouncementReader:
    return AnnouncementReader(
        announcement_id=found.id, person_id=person.id, site_id=found.site_id, told_at=at.at, read_version=0
    )


def note_down(found: Announcement, act: Act, note: str, *, by: Person, at: Moment) -> AnnouncementEntry:
    """Write down what was done with an announcement."""
    entry = AnnouncementEntry(
        id=new_id(),
        site_id=found.site_id,
        announcement_id=found.id,
        act=act,
        version=found.version,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        words=found.words,
        note=note.strip()[:500],
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(entry)
    session.flush()
    return entry
