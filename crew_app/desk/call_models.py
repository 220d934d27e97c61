"""Who was called back, about what."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, enum
from crew_app.people.models import Person
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import State


class CallBack(Base):
    """A call to somebody who had called: reached and told, or not. Rows never change."""

    __tablename__ = "call_backs"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    joined_id: Mapped[UUID | None] = mapped_column(ForeignKey("joined_callers.id"))
    """Which of those who joined was called; without one it was whoever reported it."""
    about: Mapped[State] = mapped_column(enum(State))
    told: Mapped[bool]
    person_id: Mapped[PersonId]
    at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()
    person: Mapped[Person] = relationship()
