"""What phones tell of themselves and what the server keeps of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Time, UtcDateTime
from crew_app.people.models import Person
from crew_app.tickets.models import Ticket


class Discard(Base):
    """An entry that its owner discarded on the phone instead of sending it. Rows never change.

    `sha256` is that of the discarded content, so that whoever still has it (a file) can prove what it was.
    """

    __tablename__ = "discards"
    __table_args__ = (
        UniqueConstraint("person_id", "discarded_key"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("size >= 0 AND photos >= 0", name="counts_positive"),
        Index("ix_discards_site_id_at", "site_id", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    discarded_key: Mapped[UUID]
    sha256: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(BigInteger)
    photos: Mapped[int]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    clock_suspect: Mapped[bool] = mapped_column(default=False)
    receipt_key: Mapped[UUID | None]

    person: Mapped[Person] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
