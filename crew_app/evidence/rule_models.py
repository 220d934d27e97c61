"""What a site decides about its evidence: position, faces, how much is looked at, how long it is kept."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base
from crew_app.core.types import Money, UtcDateTime, enum


class EvidenceKind(StrEnum):
    """What photos belong to, for how long they are kept."""

    REPORT = "report"
    """What somebody reported."""
    WORK = "work"
    """Before and after, on the spot, marks of who sent it back."""
    ROUND = "round"
    PAPER = "paper"
    """Licences, certificates, trainings."""
    STORE = "store"
    """Slips of the storeroom, cards and checks of assets."""


class EvidenceRule(Base):
    """One row a site; a site without one has what the defaults say."""

    __tablename__ = "evidence_rules"
    __table_args__ = (
        CheckConstraint("sample_percent BETWEEN 0 AND 100", name="sample_is_a_share"),
        CheckConstraint("position_days BETWEEN 0 AND 3650", name="position_days_range"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    position_days: Mapped[int] = mapped_column(default=0, server_default="0")
    """For so many days positions are kept; 0: they are not kept at all."""
    blur_faces: Mapped[bool] = mapped_column(default=False, server_default=false())
    sample_percent: Mapped[int] = mapped_column(default=100, server_default="100")
    """So much of the finished work that nothing speaks against is looked at."""
    costly: Mapped[Money] = mapped_column(default=Decimal(200), server_default="2000000")
    """From this value of materials on, in yuan, a job counts as costly."""
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Retention(Base):
    """How long photos of a kind are kept at a site; without a row: for good."""

    __tablename__ = "photo_retentions"
    __table_args__ = (CheckConstraint("days BETWEEN 30 AND 36500", name="days_range"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    kind: Mapped[EvidenceKind] = mapped_column(enum(EvidenceKind), primary_key=True)
    days: Mapped[int]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
