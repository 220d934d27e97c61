"""Work summaries (工作总结), as they were written and closed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.people.models import Person, Site


class Span(StrEnum):
    """How long a summary reaches."""

    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"


class WorkSummary(Base):
    """The summary of a site's span. While it is open its figures are counted anew whenever it is read."""

    __tablename__ = "work_summaries"
    __table_args__ = (UniqueConstraint("site_id", "span", "starts_on"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    span: Mapped[Span] = mapped_column(enum(Span))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    """The last day of it."""
    texts: Mapped[str] = mapped_column(Text, default="{}")
    """JSON: what people wrote instead of what was prefilled, by section and language."""
    figures: Mapped[str] = mapped_column(Text, default="")
    """JSON: the figures as they stood when it was closed; empty while it is open."""
    revision: Mapped[int] = mapped_column(default=0)
    """Grows with every change of its texts: two who write at once are told."""
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Time]
    changed_by_id: Mapped[PersonId]
    changed_at: Mapped[Time]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    changed_by: Mapped[Person] = relationship(foreign_keys="WorkSummary.changed_by_id")
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])
