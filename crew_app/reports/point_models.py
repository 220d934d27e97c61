"""Performance (绩效): the formula of a site, points per job kind, objections, months that are settled."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.people.models import Person
from crew_app.tickets.models import JobKind, Ticket


class PointRule(Base):
    """What a site adds and takes away, in percent of the points of a job; a site without a row has the defaults."""

    __tablename__ = "point_rules"
    __table_args__ = (CheckConstraint("repeat_days BETWEEN 1 AND 365", name="repeat_days_range"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    basic: Mapped[int] = mapped_column(default=10)
    """Points of a job whose kind has none of its own."""
    late_percent: Mapped[int] = mapped_column(default=20)
    """Taken away when it was done after its deadline."""
    sent_back_percent: Mapped[int] = mapped_column(default=30)
    """Taken away for each time it was sent back."""
    repeat_percent: Mapped[int] = mapped_column(default=50)
    """Taken away when the same fault came back at the same place within `repeat_days`."""
    repeat_days: Mapped[int] = mapped_column(default=30)
    star_percent: Mapped[int] = mapped_column(default=10)
    """Added for each star above three, taken away for each below."""
    helper_percent: Mapped[int] = mapped_column(default=50)
    """What each second pair of hands gets of the points of the job, besides its owner."""
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobPoints(Base):
    """What a job of a kind is worth at a site."""

    __tablename__ = "job_points"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    job_kind_id: Mapped[UUID] = mapped_column(ForeignKey("job_kinds.id"), primary_key=True)
    points: Mapped[int]

    job_kind: Mapped[JobKind] = relationship()


class ObjectionState(StrEnum):
    """How an objection stands."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PointObjection(Base):
    """Somebody says that a row of their own points is wrong; whoever decides may give other points for it."""

    __tablename__ = "point_objections"
    __table_args__ = (
        Index("ix_point_objections_site_id_state", "site_id", "state"),
        Index("ix_point_objections_ticket_id_person_id", "ticket_id", "person_id", unique=True),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[PersonId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    text: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[Time]
    state: Mapped[ObjectionState] = mapped_column(enum(ObjectionState), default=ObjectionState.OPEN)
    points: Mapped[int | None]
    """What it counts instead, when it was granted."""
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys="PointObjection.person_id")
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    ticket: Mapped[Ticket] = relationship()


class PointMonth(Base):
    """A month that is settled: what each person got, as it stood then."""

    __tablename__ = "point_months"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    """Its first day."""
    rows: Mapped[str] = mapped_column(Text)
    """JSON: the formula, and per person the jobs with their points."""
    closed_by_id: Mapped[PersonId]
    closed_at: Mapped[Time]
