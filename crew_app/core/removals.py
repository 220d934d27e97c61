"""What was removed under a rule: the record stays, the chain knows it, and the check tells it from tampering."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base
from crew_app.core.types import Id, Time, enum


class Removed(StrEnum):
    """What was taken away."""

    BYTES = "bytes"
    """The picture itself; its row and fingerprint are still there."""
    POSITION = "position"


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
