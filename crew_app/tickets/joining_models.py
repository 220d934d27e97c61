"""Who called about a job that was known already."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time
from crew_app.tickets.models import Ticket


class JoinedCaller(Base):
    """Somebody who called about what another had reported before; they hear of the outcome, too."""

    __tablename__ = "joined_callers"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    person_id: Mapped[PersonId]
    """Who took the call."""
    at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()
