"""The gate log (门卫登记): visits as they stand, and everything that was ever written about them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person


class GateVerb(StrEnum):
    """What a guard wrote down."""

    ENTER = "enter"
    LEAVE = "leave"
    CORRECT = "correct"
    VOID = "void"


GATE_VERB_LABELS = {
    GateVerb.ENTER: N_("Came in"),
    GateVerb.LEAVE: N_("Went out"),
    GateVerb.CORRECT: N_("Corrected"),
    GateVerb.VOID: N_("Written by mistake"),
}


class GateVisit(Base):
    """A vehicle or a person inside, or that was: how it stands after all that was written about it.

    `at` is when it was first written down. `entered_at` is missing where somebody only went out: the coming in was
    missed. `plate_key` is the plate without spaces and dots, in capitals.
    """

    __tablename__ = "gate_visits"
    __table_args__ = (
        Index("ix_gate_visits_site_id_left_at", "site_id", "left_at"),
        Index("ix_gate_visits_site_id_at_id", "site_id", "at", "id"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    plate: Mapped[str] = mapped_column(String(20), default="")
    plate_key: Mapped[str] = mapped_column(String(20), default="", index=True)
    visitor: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    host: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[Time]
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void: Mapped[bool] = mapped_column(default=False)

    entries: Mapped[list["GateEntry"]] = relationship(order_by="GateEntry.id", back_populates="visit")

    @property
    def who(self) -> str:
        """The plate, the name, or both."""
        return " · ".join(filter(None, (self.plate, self.visitor)))

    @property
    def inside(self) -> bool:
        """Whether it is still inside."""
        return self.left_at is None and not self.void


class GateEntry(Base):
    """One thing a guard wrote down; never changed. A correction names the entry it corrects."""

    __tablename__ = "gate_entries"
    __table_args__ = (Index("ix_gate_entries_site_id_received_at", "site_id", "received_at"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("gate_visits.id"), index=True)
    verb: Mapped[GateVerb] = mapped_column(enum(GateVerb))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("gate_entries.id"))
    plate: Mapped[str] = mapped_column(String(20), default="")
    visitor: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    host: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    visit: Mapped[GateVisit] = relationship(back_populates="entries")
    person: Mapped[Person] = relationship()

    @property
    def words(self) -> str:
        """What was written, in one line."""
        return " · ".join(filter(None, (self.plate, self.visitor, self.reason, self.host)))
