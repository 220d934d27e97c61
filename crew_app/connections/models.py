"""Tokens, webhooks and what is sent to them, calendar feeds."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.people.models import Person, Site


class ApiToken(Base):
    """What another system signs in with. It acts as its person, at one site, and only within its scopes."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    """In whose name it acts; without a right of theirs it has none."""
    name: Mapped[str] = mapped_column(String(60))
    hint: Mapped[str] = mapped_column(String(8))
    """How the token ends, so that people tell them apart."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(400))
    """Names with blanks between them, in order."""
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Time]
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    site: Mapped[Site] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    made_by: Mapped[Person] = relationship(foreign_keys="ApiToken.made_by_id")


class Webhook(Base):
    """An address that is told what happens at a site."""

    __tablename__ = "webhooks"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(400))
    secret: Mapped[str] = mapped_column(String(100))
    """What its messages are signed with."""
    topics: Mapped[str] = mapped_column(String(400))
    """Names with blanks between them."""
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Time]
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """By a person, or by itself after days without an answer."""
    pause_reason: Mapped[str] = mapped_column(String(200), default="")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    made_by: Mapped[Person] = relationship()


class SendState(StrEnum):
    """How a message to a webhook stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class WebhookMessage(Base):
    """One thing told to one webhook; written in the transaction in which it happened."""

    __tablename__ = "webhook_messages"
    __table_args__ = (
        Index("ix_webhook_messages_state_next_at", "state", "next_at"),
        Index("ix_webhook_messages_webhook_id_made_at", "webhook_id", "made_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"))
    topic: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    """JSON, as it is signed and sent."""
    state: Mapped[SendState] = mapped_column(enum(SendState), default=SendState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Time]
    status: Mapped[int | None]
    """The last answer."""
    failure: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[Time]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    took_ms: Mapped[int | None] = mapped_column(BigInteger)

    webhook: Mapped[Webhook] = relationship()


class CalendarFeed(Base):
    """The address under which somebody's calendar reads their rounds and deadlines. Whoever has it, reads it."""

    __tablename__ = "calendar_feeds"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(20), default="mine")
    """`mine`, or `site` for everything at the sites one may see."""
    made_at: Mapped[Time]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
