"""The chain of escalation of a site, and the steps that were taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.desk.chain import Clock, Step, Told


class EscalationStep(Base):
    """One step of a site's own chain; a site without any has the usual ones."""

    __tablename__ = "escalation_steps"
    __table_args__ = (
        UniqueConstraint("site_id", "key"),
        CheckConstraint("percent IS NULL OR percent > 0", name="percent_positive"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    key: Mapped[str] = mapped_column(String(60))
    clock: Mapped[Clock] = mapped_column(enum(Clock))
    told: Mapped[Told] = mapped_column(enum(Told))
    percent: Mapped[int | None]
    minutes: Mapped[int] = mapped_column(default=0)
    off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Taken out of the chain; the row stays, so that an emptied chain is not taken for one never touched."""
    changed_at: Mapped[Time]
    changed_by_id: Mapped[PersonId]

    @property
    def step(self) -> Step:
        """The step as it is counted with."""
        return Step(self.clock, self.told, self.percent, self.minutes)


class Escalation(Base):
    """A step that was taken for a ticket. One row for one step and occasion, whoever tries how often."""

    __tablename__ = "escalations"
    __table_args__ = (UniqueConstraint("ticket_id", "step", "occasion"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    step: Mapped[str] = mapped_column(String(60))
    occasion: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    at: Mapped[Time]
