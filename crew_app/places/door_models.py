"""What was changed about what to know before a door."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time
from crew_app.people.models import Person


class PlaceContextChange(Base):
    """One field of a place's context that somebody changed. Rows never change."""

    __tablename__ = "place_context_changes"
    __table_args__ = (Index("ix_place_context_changes_place_id_at", "place_id", "at"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    field: Mapped[str] = mapped_column(String(20))
    old: Mapped[str] = mapped_column(String(200), default="")
    new: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]

    person: Mapped[Person] = relationship()
