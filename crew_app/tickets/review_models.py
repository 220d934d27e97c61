"""What a site asks to be photographed, and what makes a finished job worth a closer look."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.tickets.models import JobKind, Ticket


class ShotRule(Base):
    """How many photos before and after a job of this kind needs at a site; the row without a kind is for all others."""

    __tablename__ = "shot_rules"
    __table_args__ = (
        CheckConstraint("before BETWEEN 0 AND 5 AND after BETWEEN 0 AND 5", name="shots_range"),
        Index("ix_shot_rules_site_id_job_kind_id", "site_id", "job_kind_id", unique=True),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    job_kind_id: Mapped[UUID | None] = mapped_column(ForeignKey("job_kinds.id"))
    before: Mapped[int] = mapped_column(default=0)
    after: Mapped[int] = mapped_column(default=0)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    job_kind: Mapped[JobKind | None] = relationship()


class Risk(StrEnum):
    """Why a finished job is looked at first."""

    FLAG = "flag"
    """A picture looks odd."""
    SHOTS = "shots"
    """Photos that the site asks for are missing."""
    SAFETY = "safety"
    """A hazard, an incident, or an emergency."""
    SENT_BACK = "sent_back"
    COSTLY = "costly"
    NEW_PERSON = "new_person"
    UNUSUAL = "unusual"
    """Far more material than such jobs usually take."""
    NOT_FIXED = "not_fixed"
    """Whoever reported it said so before."""


class TicketRisk(Base):
    """One reason why a finished job is looked at first, as it was when the job was finished or flagged."""

    __tablename__ = "ticket_risks"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    reason: Mapped[Risk] = mapped_column(enum(Risk), primary_key=True)
    site_id: Mapped[SiteId]
    at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()
