"""What was removed under a rule: the record stays, the chain knows it, and the check tells it from tampering."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.chain import COVERS, CURRENT, Cover, Link, content_of
from crew_app.core.db import Base, session
from crew_app.core.ids import new_id
from crew_app.core.types import Id, Time, enum


class Removed(StrEnum):
    """What was taken away."""

    BYTES = "bytes"
    """The picture itself; its row and fingerprint are still there."""
    POSITION = "position"
    RULE = "rule"
    """Nothing: a site wanted something else kept; now such changes have a table of their own (`core/changes.py`)."""


EMPTIED: dict[Removed, tuple[str, ...]] = {Removed.POSITION: ("latitude", "longitude", "accuracy")}
"""What has to be empty afterwards in a row whose content was changed; nothing else may change what a row says."""


class Removal(Base):
    """Something was taken out of a sealed row, by whom and why. Rows never change and never go (triggers)."""

    __tablename__ = "removals"
    __table_args__ = (Index("ix_removals_subject_kind", "subject", "kind"),)

    id: Mapped[Id]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """The kind of the sealed row, as its link in the chain says it."""
    subject: Mapped[UUID]
    what: Mapped[Removed] = mapped_column(enum(Removed))
    content_before: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what the row said."""
    content_after: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what it says now; the same when only bytes went."""
    reason: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Nobody: the retention rule."""
    at: Mapped[Time]


@contextmanager
def removing(
    row: Base, what: Removed, *, reason: str, at: datetime, person_id: UUID | None = None
) -> Iterator[Removal]:
    """Take something out of a sealed row within the block; that it was done is sealed with it, in one transaction."""
    found = sealed_as(row)
    subject = getattr(row, found.key)
    removal = Removal(id=new_id(), site_id=getattr(row, "site_id", None), kind=found.kind, subject=subject, what=what)
    removal.content_before = content_of(found, row)
    removal.reason, removal.person_id, removal.at = reason[:200], person_id, at
    yield removal
    session.flush()
    removal.content_after = content_of(found, row)
    session.add(removal)
    session.flush()


def sealed_as(row: Base) -> Cover:
    """How a row was sealed: by the kind that its link names."""
    current = CURRENT[type(row)]
    kinds = [one.kind for one in COVERS.values() if one.model is type(row)]
    query = select(Link.kind).where(Link.subject == getattr(row, current.key), Link.kind.in_(kinds))
    return COVERS.get(session.scalar(query) or "", current)


def sealed_removals(kind: str, subjects: list[UUID]) -> Mapping[UUID, list[Removal]]:
    """What was removed from these rows, in the order of the chain; one that is not sealed as it stands is none."""
    seal = CURRENT[Removal]
    kinds = [one.kind for one in COVERS.values() if one.model is Removal]
    query = select(Removal, Link.content).join(Link, Link.subject == Removal.id)
    query = query.where(Removal.kind == kind, Removal.subject.in_(subjects), Link.kind.in_(kinds))
    found: dict[UUID, list[Removal]] = {}
    for removal, content in session.execute(query.where(Link.adopted.is_(False)).order_by(Link.position)):
        if content == content_of(seal, removal):
            found.setdefault(removal.subject, []).append(removal)
    return found


def follow(content: str, row: Base, removals: list[Removal]) -> str:
    """What a row has to say now that once said `content`, after what was removed from it."""
    for removal in removals:
        emptied = EMPTIED.get(removal.what, ())
        gone = bool(emptied) and all(getattr(row, name, 0) is None for name in emptied)
        if removal.content_before == content and gone:
            content = removal.content_after
    return content
