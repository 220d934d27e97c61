"""The targets of a site, and its working hours."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, enum
from crew_app.places.models import Care
from crew_app.tickets.clocks import Hours
from crew_app.tickets.models import JobKind
from crew_app.tickets.rules import Kind, Priority
from crew_app.tickets.targets import Scope, Target


class TargetRule(Base):
    """How soon jobs of one scope are to be answered and done; `scope` is the conditions in one word."""

    __tablename__ = "target_rules"
    __table_args__ = (
        UniqueConstraint("site_id", "scope"),
        CheckConstraint("priority BETWEEN 1 AND 4", name="priority_range"),
        CheckConstraint("raise_to BETWEEN 1 AND 4", name="raise_range"),
        CheckConstraint("response_minutes > 0 AND response_minutes <= resolution_minutes", name="minutes_ordered"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    scope: Mapped[str] = mapped_column(String(100))
    care: Mapped[Care | None] = mapped_column(enum(Care))
    job_kind_id: Mapped[UUID | None] = mapped_column(ForeignKey("job_kinds.id"))
    kind: Mapped[Kind | None] = mapped_column(enum(Kind))
    priority: Mapped[int | None]
    response_minutes: Mapped[int]
    resolution_minutes: Mapped[int]
    hours: Mapped[Hours] = mapped_column(enum(Hours))
    raise_to: Mapped[int | None]
    changed_at: Mapped[Time]
    changed_by_id: Mapped[PersonId]

    job_kind: Mapped[JobKind | None] = relationship()

    @property
    def target(self) -> Target:
        """The rule as it is counted with."""
        return Target(
            Scope(
                self.care,
                self.job_kind.code if self.job_kind else None,
                self.kind,
                Priority(self.priority) if self.priority else None,
            ),
            timedelta(minutes=self.response_minutes),
            timedelta(minutes=self.resolution_minutes),
            self.hours,
            Priority(self.raise_to) if self.raise_to else None,
            own=True,
        )


class ServiceHours(Base):
    """The working hours of a site, as `clocks.parse_periods` reads them."""

    __tablename__ = "service_hours"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    periods: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[Time]
    changed_by_id: Mapped[PersonId]
