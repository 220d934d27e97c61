"""Training and drills (培训/演练): what is planned, and what was recorded of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import QUANTITY, Id, PersonId, Quantity, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person


class TrainingKind(StrEnum):
    """What it was."""

    TRAINING = "training"
    DRILL = "drill"
    TEST = "test"
    BRIEFING = "briefing"


TRAINING_LABELS = {
    TrainingKind.TRAINING: N_("Training"),
    TrainingKind.DRILL: N_("Drill"),
    TrainingKind.TEST: N_("Examination"),
    TrainingKind.BRIEFING: N_("Safety briefing"),
}


class Training(Base):
    """A training or a drill on a day of the site's own calendar."""

    __tablename__ = "trainings"
    __table_args__ = (Index("ix_trainings_site_id_held_on", "site_id", "held_on"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    kind: Mapped[TrainingKind] = mapped_column(enum(TrainingKind))
    held_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(80), default="")
    trainer: Mapped[str] = mapped_column(String(80), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    received_at: Mapped[Time]

    person: Mapped[Person] = relationship()
    records: Mapped[list["TrainingRecord"]] = relationship(order_by="TrainingRecord.id", back_populates="training")
    photos: Mapped[list["TrainingPhoto"]] = relationship(order_by="TrainingPhoto.photo_id")

    @property
    def record(self) -> "TrainingRecord | None":
        """What counts of it: the last thing recorded."""
        return self.records[-1] if self.records else None


class TrainingRecord(Base):
    """How it went; never changed, a later record counts instead. `headcount` includes those who are named."""

    __tablename__ = "training_records"
    __table_args__ = (
        CheckConstraint("headcount >= 0 AND passed >= 0 AND passed <= headcount", name="heads_in_order"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    training_id: Mapped[UUID] = mapped_column(ForeignKey("trainings.id"), index=True)
    headcount: Mapped[int]
    hours: Mapped[Quantity]
    score: Mapped[Decimal | None] = mapped_column(QUANTITY)
    passed: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    training: Mapped[Training] = relationship(back_populates="records")
    person: Mapped[Person] = relationship()
    people: Mapped[list["TrainingPerson"]] = relationship()


class TrainingPerson(Base):
    """Somebody who took part."""

    __tablename__ = "training_people"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("training_records.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    site_id: Mapped[SiteId]

    person: Mapped[Person] = relationship()


class TrainingPhoto(Base):
    """A photo of it: the list with signatures, the drill."""

    __tablename__ = "training_photos"

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    training_id: Mapped[UUID] = mapped_column(ForeignKey("trainings.id"), index=True)
    site_id: Mapped[SiteId]

    photo: Mapped[Photo] = relationship()
