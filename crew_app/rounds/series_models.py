"""What lists show of each series of readings, so that nobody has to look through history for it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.people.models import Site
from crew_app.places.models import Asset, Place
from crew_app.rounds.content import CheckKind
from crew_app.rounds.models import READING, RoundTemplate
from crew_app.rounds.rules import Outcome


class ReadingSeries(Base):
    """The readings of one check at one asset or place, with the newest one; brought up to date by every visit.

    The readings themselves are answers. Label, unit and limits are those of the newest one.
    """

    __tablename__ = "reading_series"
    __table_args__ = (
        UniqueConstraint("subject_id", "check_key"),
        Index("ix_reading_series_site_id_alarm_at", "site_id", "alarm_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    template_id: Mapped[UUID] = mapped_column(ForeignKey("round_templates.id"), index=True)
    subject_id: Mapped[UUID]
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    check_key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[CheckKind] = mapped_column(enum(CheckKind))
    label: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(40), default="")
    low: Mapped[Decimal | None] = mapped_column(READING)
    high: Mapped[Decimal | None] = mapped_column(READING)
    last_number: Mapped[Decimal] = mapped_column(READING)
    last_outcome: Mapped[Outcome] = mapped_column(enum(Outcome))
    last_at: Mapped[Time]
    odd: Mapped[bool] = mapped_column(default=False)
    """Whether the newest value is an anomaly."""
    alarm_number: Mapped[Decimal | None] = mapped_column(READING)
    alarm_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The newest value outside the limits, and when it was read."""

    site: Mapped[Site] = relationship()
    template: Mapped[RoundTemplate] = relationship()
    asset: Mapped[Asset | None] = relationship()
    place: Mapped[Place | None] = relationship()

    @property
    def subject(self) -> Asset | Place:
        """The asset or the place."""
        found = self.asset or self.place
        if found is None:
            raise LookupError(self.subject_id)
        return found
