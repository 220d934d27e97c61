"""Who else follows a ticket, what they said, how they rate it; and what strangers did lately, to slow down floods."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime
from crew_app.people.models import Person
from crew_app.tickets.models import Ticket


class TicketFollower(Base):
    """Somebody else with the same fault: me too. A stranger has a secret link of their own, others their account."""

    __tablename__ = "ticket_followers"
    __table_args__ = (
        UniqueConstraint("ticket_id", "person_id"),
        CheckConstraint("(person_id IS NULL) <> (secret_hash IS NULL)", name="account_or_link"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    joined_at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()
    person: Mapped[Person | None] = relationship()


class TicketVoice(Base):
    """Which follower an event came from; what the reporter said has none."""

    __tablename__ = "ticket_voices"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_events.id"), primary_key=True)
    site_id: Mapped[SiteId]
    follower_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_followers.id"), index=True)


class TicketRating(Base):
    """How somebody who had the fault rates the work. Rows never change: of one voice the highest number counts."""

    __tablename__ = "ticket_ratings"
    __table_args__ = (
        UniqueConstraint("ticket_id", "voice", "number"),
        CheckConstraint("quality BETWEEN 1 AND 5 AND service BETWEEN 1 AND 5", name="score_range"),
        Index("ix_ticket_ratings_site_id_made_at", "site_id", "made_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    voice: Mapped[UUID]
    """The follower's id, or the ticket's own for its reporter."""
    number: Mapped[int]
    quality: Mapped[int]
    service: Mapped[int]
    words: Mapped[str] = mapped_column(String(2000), default="")
    made_at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()


class StrangerAct(Base):
    """That a stranger reported or joined at a tag; kept for a day, to count. `device` is a hash, or empty."""

    __tablename__ = "stranger_acts"
    __table_args__ = (
        Index("ix_stranger_acts_tag_code_at", "tag_code", "at"),
        Index("ix_stranger_acts_device_at", "device", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    tag_code: Mapped[str] = mapped_column(ForeignKey("tags.code"))
    device: Mapped[str] = mapped_column(String(64))
    joins: Mapped[bool]
    effort: Mapped[str | None] = mapped_column(String(40), unique=True)
    """The puzzle that paid for it; each pays once."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
