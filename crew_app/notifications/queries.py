"""The notices of one person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, tuple_, update

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.notifications.models import Notice
from crew_app.people.models import Person

Cursor = tuple[datetime, UUID]
PAGE = 30
MOST_COUNTED = 100
KEPT_READ = timedelta(days=90)
UNREAD = Notice.read_at.is_(None)


def unread_count(person: Person) -> int:
    """How many notices were not read yet, as far as anybody cares: "99+" is enough."""
    return session.scalar(_UNREAD_COUNT, {"me": person.id}) or 0


_UNREAD_COUNT = select(func.count()).select_from(
    select(Notice.id).where(Notice.person_id == bindparam("me"), UNREAD).limit(MOST_COUNTED).subquery()
)


def unread(person: Person) -> Sequence[Notice]:
    """What was not read yet: the urgent first, then the newest."""
    query = select(Notice).where(Notice.person_id == person.id, UNREAD)
    return session.scalars(
        query.order_by(Notice.urgent.desc(), Notice.made_at.desc(), Notice.id.desc()).limit(PAGE)
    ).all()


def read(person: Person, after: Cursor | None = None) -> Sequence[Notice]:
    """What was read, the newest first; one more than a page."""
    query = select(Notice).where(Notice.person_id == person.id, ~UNREAD)
    if after:
        query = query.where(tuple_(Notice.made_at, Notice.id) < after)
    return session.scalars(query.order_by(Notice.made_at.desc(), Notice.id.desc()).limit(PAGE + 1)).all()


def own(person: Person, notice_id: UUID) -> Notice:
    """A notice of this person."""
    found = session.get(Notice, notice_id)
    if found is None or found.person_id != person.id:
        raise Unseen("unknown-notice", N_("This notice does not exist, or not for you."))
    return found


def stands(person: Person) -> tuple[object, ...]:
    """All that the list of notices depends on."""
    newest = select(func.max(Notice.made_at), func.max(Notice.read_at), func.count()).where(
        Notice.person_id == person.id
    )
    return tuple(session.execute(newest).one())


def mark_read(notice: Notice, at: datetime) -> None:
    """It was looked at; again changes nothing."""
    notice.read_at = notice.read_at or at


def mark_all_read(person: Person, at: datetime, until: datetime) -> None:
    """All that was told until then was looked at."""
    mine = Notice.person_id == person.id, UNREAD, Notice.made_at <= until
    session.execute(update(Notice).where(*mine).values(read_at=at))


def clean_up(at: datetime, limit: int = 1000) -> int:
    """Forget what was read long ago; how many."""
    ids = session.scalars(select(Notice.id).where(Notice.read_at < at - KEPT_READ).limit(limit)).all()
    session.execute(delete(Notice).where(Notice.id.in_(ids)))
    return len(ids)
