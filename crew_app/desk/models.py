"""Who a job was given to, and why: one row for each dispatch, beside its event."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time
from crew_app.people.models import Person


class TicketDispatch(Base):
    """To whom an event gave a job. `reasons` is JSON: texts (English keys) with what stands in them."""

    __tablename__ = "ticket_dispatches"
    __table_args__ = (
        UniqueConstraint("ticket_id", "position"),
        Index("ix_ticket_dispatches_answering_at", "answering", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    position: Mapped[int]
    """Of the event in the story of the job."""
    person_id: Mapped[PersonId] = mapped_column()
    answering: Mapped[bool] = mapped_column(default=False)
    """Given to somebody who answers for it until somebody fits, not to do it."""
    reasons: Mapped[str] = mapped_column(Text, default="[]")
    licence_note: Mapped[str] = mapped_column(String(500), default="")
    """Why it was given to somebody without the licence it needs."""
    at: Mapped[Time]

    person: Mapped[Person] = relationship()
