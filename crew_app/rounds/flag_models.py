"""What people say about flags; rows are added and never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime
from crew_app.people.models import Person
from crew_app.rounds.models import Flag


class FlagRemark(Base):
    """Words about a flag, by whom it is about or by who watches. `explained`: nothing is left to ask."""

    __tablename__ = "flag_remarks"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    flag_id: Mapped[UUID] = mapped_column(ForeignKey("visit_flags.id"), index=True)
    person_id: Mapped[PersonId]
    explained: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)

    flag: Mapped[Flag] = relationship()
    person: Mapped[Person] = relationship()
