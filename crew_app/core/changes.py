"""What was decided about the installation: each change of a setting or a list, with the old and the new value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base, session
from crew_app.core.newest import newest_ids
from crew_app.core.types import Id, Time, enum

LONGEST_VALUE, PAGE = 2000, 50
NEW, REMOVED = "new", "removed"
"""Fields of a change that says that something was made, or taken off its list."""
PARTS, VALUE = "; ", ": "
"""What such a change may say of it: fields with their values."""


class How(StrEnum):
    """By which way a change came."""

    PAGE = "page"
    IMPORT = "import"
    API = "api"
    COMMAND = "command"
    """A `crew` command."""
    SIGN_IN = "sign_in"
    """From the hospital's own accounts, when somebody signed in."""


class Change(Base):
    """One value of one thing was changed, by whom, from what to what. Rows never change and never go (triggers)."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_site_id_at", "site_id", "at"),
        Index("ix_changes_subject_id_at", "subject_id", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    """Nowhere: lists that all sites share."""
    kind: Mapped[str] = mapped_column(String(40))
    """What sort of thing: the name of its table."""
    subject_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(120))
    """What it was called then."""
    field: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(String(LONGEST_VALUE), default="")
    after: Mapped[str] = mapped_column(String(LONGEST_VALUE), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Nobody: a command on the server, or the hospital's accounts."""
    how: Mapped[How] = mapped_column(enum(How))
    at: Mapped[Time]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes one asks for: at these sites and of what all sites share; empty parts ask for all."""

    site_ids: frozenset[UUID]
    kind: str = ""
    person_id: UUID | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """Who changes something, when, and by which way."""

    person_id: UUID | None
    at: datetime
    how: How = How.PAGE


def put(row: Any, values: Mapping[str, Any], trace: Trace, *, name: str | None = None) -> list[Change]:
    """Give a row these values; each that differs leaves a change. What stays as it was leaves none.

    Values are said as `said()` says them; the row's table, id, site and name are found by themselves.
    """
    differing = [field for field, value in values.items() if getattr(row, field) != value]
    found = []
    for field in differing:
        before = getattr(row, field)
        setattr(row, field, values[field])
        found.append(note(row, field, before, values[field], trace, name=name))
    return found


def note(row: Any, field: str, before: Any, after: Any, trace: Trace, *, name: str | None = None) -> Change:
    """Write down one change of a row, made elsewhere (`NEW` or `REMOVED` as the field for the row as a whole)."""
    change = Change(
        site_id=row.id if row.__tablename__ == "sites" else getattr(row, "site_id", None),
        kind=row.__tablename__,
        subject_id=getattr(row, "id", None),
        name=(name or _name(row))[:120],
        field=field,
        before=said(before)[:LONGEST_VALUE],
        after=said(after)[:LONGEST_VALUE],
        person_id=trace.person_id,
        how=trace.how,
        at=trace.at,
    )
    session.add(change)
    return change


def changes(wanted: Wanted, after: tuple[datetime, UUID] | None = None) -> list[Change]:
    """A page of what was changed, the newest first, behind the change at `after` (its time and id)."""
    query = select(Change)
    if wanted.kind:
        query = query.where(Change.kind == wanted.kind)
    if wanted.person_id:
        query = query.where(Change.person_id == wanted.person_id)
    if wanted.subject_id:
        query = query.where(Change.subject_id == wanted.subject_id)
    if after:
        query = query.where(tuple_(Change.at, Change.id) < after)
    heaps = [*(Change.site_id == site_id for site_id in wanted.site_ids), Change.site_id.is_(None)]
    order = (Change.at, Change.id)
    found = select(Change).where(newest_ids(query, Change.id, heaps, order, PAGE))
    return list(session.scalars(found.order_by(*(column.desc() for column in order)).limit(PAGE)))


def said(value: Any) -> str:
    """A value as it is written down: nothing as an empty text, yes and no in words, lists in order, no spare zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(map(said, value)))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(said, value))
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _name(row: Any) -> str:
    for field in ("name", "code", "login", "number"):
        if value := getattr(row, field, ""):
            return str(value)
    return ""
