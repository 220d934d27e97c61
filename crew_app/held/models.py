"""Entries that wait for a supervisor's decision."""

from datetime import datetime
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.clock import Moment
from crew_app.core.db import Base
from crew_app.core.types import SiteId, Time, UtcDateTime, enum
from crew_app.held.rules import Decision, Why
from crew_app.people.models import Person


class HeldEntry(Base):
    """One command as it arrived, with everything needed to carry it out later; the key is that of its receipt.

    `subject_id` is the job it is about, or the entry itself.
    """

    __tablename__ = "held_entries"
    __table_args__ = (Index("ix_held_entries_undecided", "site_id", "decided_at"),)

    key: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    why: Mapped[Why] = mapped_column(enum(Why))
    code: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    suspect: Mapped[bool]
    decision: Mapped[Decision | None] = mapped_column(enum(Decision))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(2000), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def fields(self) -> dict[str, str]:
        """What was entered: the last value of each field."""
        return dict(parse_qsl(self.body))

    @property
    def photo_ids(self) -> list[UUID]:
        """The photos it announced."""
        return [UUID(value) for name, value in parse_qsl(self.body) if name == "photo_id"]

    @property
    def moment(self) -> Moment:
        """When it happened, as it was known when it arrived."""
        return Moment(self.at, self.received_at, self.device_at, suspect=self.suspect, receipt=self.key)
