"""What is decided about a hazard (隐患), and whether it was really put right."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, enum
from crew_app.people.models import Person
from crew_app.rounds.rules import HazardGrade
from crew_app.tickets.models import Ticket


class Hazard(Base):
    """How grave a hazard is and who answers for it. The deadline is that of its job."""

    __tablename__ = "hazards"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    site_id: Mapped[SiteId]
    grade: Mapped[HazardGrade] = mapped_column(enum(HazardGrade))
    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    graded_by_id: Mapped[PersonId]
    graded_at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()
    responsible: Mapped[Person | None] = relationship(foreign_keys=[responsible_id])
    graded_by: Mapped[Person] = relationship(foreign_keys="Hazard.graded_by_id")


class ReCheck(Base):
    """Somebody looked again (复查) at what was reported as put right. Rows are added, never changed."""

    __tablename__ = "hazard_checks"
    __table_args__ = (Index("ix_hazard_checks_ticket_id_at", "ticket_id", "at"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    person_id: Mapped[PersonId]
    passed: Mapped[bool]
    note: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[Time]
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    person: Mapped[Person] = relationship()
