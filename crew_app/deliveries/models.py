"""What a ticket for carrying knows beyond a ticket."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import SiteId, UtcDateTime, enum
from crew_app.deliveries.rules import Cargo, Need
from crew_app.people.models import Person
from crew_app.places.models import Place
from crew_app.tickets.models import Ticket


class Proof(StrEnum):
    """How well it is known that somebody stood at the place."""

    SCAN = "scan"
    TAP = "tap"
    OTHER_PLACE = "other_place"


class Delivery(Base):
    """From the ticket's place to another. `needs` are words of `Need`, with a space between."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("dropped_at IS NULL OR picked_up_at IS NOT NULL", name="picked_up_before_dropped"),
        Index("ix_deliveries_site_id_dropped_at", "site_id", "dropped_at"),
        Index("ix_deliveries_to_place_id", "to_place_id"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    site_id: Mapped[SiteId]
    to_place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    cargo: Mapped[Cargo] = mapped_column(enum(Cargo))
    needs: Mapped[str] = mapped_column(String(80), default="")
    picked_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    picked_up_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    picked_up_proof: Mapped[Proof | None] = mapped_column(enum(Proof))
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_proof: Mapped[Proof | None] = mapped_column(enum(Proof))

    ticket: Mapped[Ticket] = relationship()
    to_place: Mapped[Place] = relationship()
    picked_up_by: Mapped[Person | None] = relationship()

    @property
    def need_list(self) -> list[Need]:
        """What the porter has to bring, or to know."""
        return [Need(word) for word in self.needs.split()]
