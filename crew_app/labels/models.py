"""Tags printed ahead of what they will be stuck on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime


class TagBatch(Base):
    """Blank tags that were printed together."""

    __tablename__ = "tag_batches"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    note: Mapped[str] = mapped_column(String(80), default="")
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Time]

    tags: Mapped[list["BlankTag"]] = relationship(back_populates="batch")


class BlankTag(Base):
    """A code that stands on a label and points to nothing yet. Claimed, it becomes a `Tag` with the same code."""

    __tablename__ = "blank_tags"
    __table_args__ = (Index("ix_blank_tags_site_id_claimed_at", "site_id", "claimed_at"),)

    code: Mapped[str] = mapped_column(String(14), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("tag_batches.id"), index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Spoilt or lost before it was stuck on: never to be claimed."""

    batch: Mapped[TagBatch] = relationship(back_populates="tags")
