"""Announcements: outages (停水停电通知) and notices; whom they are for, and who has read them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Role, Trade
from crew_app.places.models import Department, Place


class AnnouncementKind(StrEnum):
    """What is announced."""

    OUTAGE = "outage"
    NOTICE = "notice"


class Utility(StrEnum):
    """What does not work."""

    WATER = "water"
    POWER = "power"
    OXYGEN = "oxygen"
    LIFT = "lift"
    AIR = "air"
    NETWORK = "network"
    OTHER = "other"


class Stage(StrEnum):
    """How far it is."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What somebody did with an announcement."""

    ANNOUNCE = "announce"
    CHANGE = "change"
    END = "end"
    CANCEL = "cancel"
    REMIND = "remind"
    BRIEF = "brief"


UTILITY_LABELS = {
    Utility.WATER: N_("Water off"),
    Utility.POWER: N_("Power off"),
    Utility.OXYGEN: N_("Oxygen off"),
    Utility.LIFT: N_("Lift out of service"),
    Utility.AIR: N_("Air conditioning off"),
    Utility.NETWORK: N_("Network off"),
    Utility.OTHER: N_("Something else is off"),
}
STAGE_LABELS = {
    Stage.PLANNED: N_("Planned"),
    Stage.RUNNING: N_("Running"),
    Stage.OVER: N_("Over"),
    Stage.CANCELLED: N_("Called off"),
}
ACT_LABELS = {
    Act.ANNOUNCE: N_("Announced"),
    Act.CHANGE: N_("Changed"),
    Act.END: N_("Ended"),
    Act.CANCEL: N_("Called off"),
    Act.REMIND: N_("Reminded"),
    Act.BRIEF: N_("Recorded as a briefing"),
}


class Announcement(Base):
    """Something people have to know. An outage says what, where and when; a notice says it in words."""

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("kind <> 'outage' OR (utility IS NOT NULL AND ends_at IS NOT NULL)", name="outage_is_whole"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="starts_before_end"),
        Index("ix_announcements_site_id_kind_ends_at", "site_id", "kind", "ends_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    kind: Mapped[AnnouncementKind] = mapped_column(enum(AnnouncementKind))
    utility: Mapped[Utility | None] = mapped_column(enum(Utility))
    title: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(String(2000), default="")
    starts_at: Mapped[Time]
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    """Counts what people have to be told; who has read an earlier one has not read this."""
    training_id: Mapped[UUID | None] = mapped_column(ForeignKey("trainings.id"))
    """The record of the briefing in which it was read out."""
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Time]

    site: Mapped[Site] = relationship()
    made_by: Mapped[Person] = relationship()
    places: Mapped[list["AnnouncementPlace"]] = relationship(order_by="AnnouncementPlace.position", lazy="selectin")
    audience: Mapped[list["AnnouncementAudience"]] = relationship(lazy="selectin")
    readers: Mapped[list["AnnouncementReader"]] = relationship(back_populates="announcement")
    story: Mapped[list["AnnouncementEntry"]] = relationship(order_by="AnnouncementEntry.id")

    @property
    def outage(self) -> bool:
        """Whether something does not work; otherwise it is a notice."""
        return self.kind is AnnouncementKind.OUTAGE

    def stage(self, at: datetime) -> Stage:
        """How far it is at a moment."""
        if self.cancelled_at:
            return Stage.CANCELLED
        if self.ended_at or (self.ends_at is not None and self.ends_at <= at):
            return Stage.OVER
        return Stage.RUNNING if self.starts_at <= at else Stage.PLANNED

    def live(self, at: datetime) -> bool:
        """Whether it still has to be known at a moment."""
        return self.stage(at) in (Stage.PLANNED, Stage.RUNNING)


class AnnouncementPlace(Base):
    """A place in which something is off, with all that is inside; none at all means the whole site."""

    __tablename__ = "announcement_places"

    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), primary_key=True)
    site_id: Mapped[SiteId]
    position: Mapped[int] = mapped_column(default=0)

    place: Mapped[Place] = relationship(lazy="joined")


class AnnouncementAudience(Base):
    """For whom a notice is: one role, trade or department a row; no row at all means everybody."""

    __tablename__ = "announcement_audiences"
    __table_args__ = (
        CheckConstraint(
            "(role IS NOT NULL AND trade IS NULL AND department_id IS NULL)"
            " OR (role IS NULL AND trade IS NOT NULL AND department_id IS NULL)"
            " OR (role IS NULL AND trade IS NULL AND department_id IS NOT NULL)",
            name="one_group",
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), index=True)
    role: Mapped[Role | None] = mapped_column(enum(Role))
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))

    department: Mapped[Department | None] = relationship(lazy="joined")


class AnnouncementReader(Base):
    """Somebody who has to know; `read_version` is the last one they said they have read."""

    __tablename__ = "announcement_readers"

    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    site_id: Mapped[SiteId]
    told_at: Mapped[Time]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_version: Mapped[int] = mapped_column(default=0)

    announcement: Mapped[Announcement] = relationship(back_populates="readers")
    person: Mapped[Person] = relationship()


class AnnouncementEntry(Base):
    """What somebody did with an announcement, with its times as they stood afterwards. Rows never change."""

    __tablename__ = "announcement_entries"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    announcement_id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), index=True)
    act: Mapped[Act] = mapped_column(enum(Act))
    version: Mapped[int]
    starts_at: Mapped[Time]
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(String(2000), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    received_at: Mapped[Time]

    person: Mapped[Person] = relationship()
