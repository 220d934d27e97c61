"""Notices: what somebody is told, kept with the change that caused it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person


class Notice(Base):
    """One thing told to one person. `title` is an English key; `params` is JSON with what stands in it.

    A parameter is a text, or `{"zh": …, "en": …}` where it differs by language.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notices_person_id_made_at", "person_id", "made_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(String(120))
    """The same event is told once, however often it is said."""
    topic: Mapped[Topic] = mapped_column(enum(Topic))
    title: Mapped[str] = mapped_column(String(200))
    params: Mapped[str] = mapped_column(Text, default="{}")
    href: Mapped[str] = mapped_column(String(200), default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[Time]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
