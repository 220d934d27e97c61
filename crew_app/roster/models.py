"""Shifts: who is on duty or on call, from when until when."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, enum
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Trade


class Duty(StrEnum):
    """How somebody is there."""

    PRESENT = "present"
    ON_CALL = "on_call"
    """At home, comes when called (听班)."""


DUTY_LABELS = {Duty.PRESENT: N_("On duty"), Duty.ON_CALL: N_("On call")}


class DutyShift(Base):
    """One shift of one person. `trade` narrows what they are there for; without one it is all they know."""

    __tablename__ = "duty_shifts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        Index("ix_duty_shifts_site_id_ends_at", "site_id", "ends_at"),
        Index("ix_duty_shifts_person_id_starts_at", "person_id", "starts_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[Time]
    ends_at: Mapped[Time]
    duty: Mapped[Duty] = mapped_column(enum(Duty), default=Duty.PRESENT)
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    name: Mapped[str] = mapped_column(String(40), default="")

    person: Mapped[Person] = relationship()
