"""The record of who came in, who was refused, who signed out, whose access changed, and who took data out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select, tuple_
from sqlalchemy.orm import joinedload

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.people import queries
from crew_app.people.models import NAMED, Membership, Person
from crew_app.people.record_models import AccessRecord, What
from crew_app.people.rules import Right

PAGE = 50
AT_ONCE = 5000


def _nowhere() -> tuple[str, str]:
    return "", ""


_where: list[Callable[[], tuple[str, str]]] = [_nowhere]


def tell_where(asker: Callable[[], tuple[str, str]]) -> None:
    """Say how to learn the address and the browser of whoever asks."""
    _where[:] = [asker]


def record(
    what: What,
    person: Person | None = None,
    *,
    login: str = "",
    how: str = "",
    by_id: UUID | None = None,
    detail: str = "",
    where: tuple[str, str] | None = None,
) -> None:
    """Write one line; `by_id` when somebody else did it, `where` when no request is going on any more."""
    address, browser = where or _where[0]()
    session.add(
        AccessRecord(
            at=now(),
            what=what,
            person_id=person.id if person else None,
            login=(person.login if person else login)[:60],
            how=how,
            by_id=by_id if person is None or by_id != person.id else None,
            detail=detail[:300],
            address=address[:60],
            browser=browser[:200],
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines one asks for; empty parts ask for all."""

    what: What | None = None
    person_id: UUID | None = None


def records(by: Person, wanted: Wanted, after: tuple[datetime, UUID] | None = None) -> Sequence[AccessRecord]:
    """A page of the record, the newest first, behind the line at `after` (its time and id)."""
    query = _seen_by(by).options(joinedload(AccessRecord.person).options(*NAMED))
    query = query.options(joinedload(AccessRecord.by).options(*NAMED))
    if wanted.what:
        query = query.where(AccessRecord.what == wanted.what)
    if wanted.person_id:
        query = query.where(AccessRecord.person_id == wanted.person_id)
    if after:
        query = query.where(tuple_(AccessRecord.at, AccessRecord.id) < after)
    return session.scalars(query.order_by(AccessRecord.at.desc(), AccessRecord.id.desc()).limit(PAGE)).all()


def _seen_by(by: Person) -> Select[AccessRecord]:
    """Lines about people at one's sites; about names that nobody has only for those who administer all sites."""
    here = select(Membership.person_id).where(Membership.site_id.in_(by.sites_with(Right.MANAGE_PEOPLE)))
    about: ColumnElement[bool] = AccessRecord.person_id.in_(here)
    if queries.everywhere(by, Right.MANAGE_PEOPLE):
        about = or_(
            about, AccessRecord.person_id.is_(None), AccessRecord.person_id.not_in(select(Membership.person_id))
        )
    return select(AccessRecord).where(about)


def forget_old(at: datetime, days: int) -> int:
    """Let go of what is older than so many days (180 at least); how many lines."""
    old = select(AccessRecord.id).where(AccessRecord.at < at - timedelta(days=days, hours=1)).limit(AT_ONCE)
    ids = session.scalars(old).all()
    if ids:
        session.execute(delete(AccessRecord).where(AccessRecord.id.in_(ids)))
    return len(ids)
