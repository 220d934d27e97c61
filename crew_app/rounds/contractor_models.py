"""Contractors (外包单位), whose runs are about them, their findings, answers, deductions and rewards.

Findings, answers and entries are added and never changed; a wrong entry is taken back by another one.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Fixed, Id, Money, PersonId, SiteId, Time, enum
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person, Site
from crew_app.places.models import Place
from crew_app.rounds.models import READING, RoundTemplate, Run

WEIGHT = Fixed(2)


class EntryKind(StrEnum):
    """What an amount does to the bill."""

    DEDUCTION = "deduction"
    REWARD = "reward"


class AnswerKind(StrEnum):
    """What was said about a finding."""

    ANSWER = "answer"
    """The contractor says what was done."""
    ACCEPTED = "accepted"
    RETURNED = "returned"
    """Not settled yet."""


ENTRY_LABELS = {EntryKind.DEDUCTION: N_("Deduction"), EntryKind.REWARD: N_("Reward")}
ANSWER_LABELS = {
    AnswerKind.ANSWER: N_("Answered"),
    AnswerKind.ACCEPTED: N_("Put right"),
    AnswerKind.RETURNED: N_("Not settled yet"),
}


class Contractor(Base):
    """A firm that works at a site: cleaning, laundry, guards, lifts."""

    __tablename__ = "contractors"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    service: Mapped[str] = mapped_column(String(80), default="")
    active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Time]

    site: Mapped[Site] = relationship()
    people: Mapped[list["ContractorPerson"]] = relationship(cascade="all, delete-orphan")
    templates: Mapped[list["ContractorTemplate"]] = relationship(cascade="all, delete-orphan")


class ContractorPerson(Base):
    """Somebody who answers for a contractor."""

    __tablename__ = "contractor_people"

    contractor_id: Mapped[UUID] = mapped_column(ForeignKey("contractors.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    site_id: Mapped[SiteId]

    person: Mapped[Person] = relationship()


class ContractorTemplate(Base):
    """Runs of this template are about this contractor from now on, with this weight in the month's score."""

    __tablename__ = "contractor_templates"

    template_id: Mapped[UUID] = mapped_column(ForeignKey("round_templates.id"), primary_key=True)
    contractor_id: Mapped[UUID] = mapped_column(ForeignKey("contractors.id"), index=True)
    site_id: Mapped[SiteId]
    weight: Mapped[Decimal] = mapped_column(WEIGHT, default=Decimal(1))

    template: Mapped[RoundTemplate] = relationship()


class RunContractor(Base):
    """A run that is about a contractor, with its points so far and the most that could have been given for them."""

    __tablename__ = "run_contractors"
    __table_args__ = (Index("ix_run_contractors_contractor_id_opens_at", "contractor_id", "opens_at"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    contractor_id: Mapped[UUID] = mapped_column(ForeignKey("contractors.id"))
    site_id: Mapped[SiteId]
    opens_at: Mapped[Time]
    weight: Mapped[Decimal] = mapped_column(WEIGHT)
    points: Mapped[Decimal] = mapped_column(READING)
    most: Mapped[Decimal] = mapped_column(READING)

    run: Mapped[Run] = relationship()


class ContractorFinding(Base):
    """Something a contractor has to put right until a moment: a fault of a scored run, or found otherwise."""

    __tablename__ = "contractor_findings"
    __table_args__ = (
        UniqueConstraint("visit_id", "check_key"),
        Index("ix_contractor_findings_contractor_id_at", "contractor_id", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    contractor_id: Mapped[UUID] = mapped_column(ForeignKey("contractors.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    check_key: Mapped[str | None] = mapped_column(String(40))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id"))
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    words: Mapped[str] = mapped_column(String(2000))
    due_at: Mapped[Time]
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    received_at: Mapped[Time]

    contractor: Mapped[Contractor] = relationship()
    place: Mapped[Place | None] = relationship()
    person: Mapped[Person] = relationship()
    answers: Mapped[list["ContractorAnswer"]] = relationship(
        order_by="(ContractorAnswer.received_at, ContractorAnswer.id)", back_populates="finding"
    )
    photos: Mapped[list["ContractorPhoto"]] = relationship(order_by="ContractorPhoto.position")

    @property
    def last(self) -> "ContractorAnswer | None":
        """What was said last."""
        return self.answers[-1] if self.answers else None

    @property
    def settled(self) -> bool:
        """Whether it was accepted as put right."""
        return self.last is not None and self.last.kind is AnswerKind.ACCEPTED

    @property
    def answered(self) -> bool:
        """Whether it waits for somebody to look at the answer."""
        return self.last is not None and self.last.kind is AnswerKind.ANSWER

    def overdue(self, at: datetime) -> bool:
        """Whether its time is over without an answer; what was answered in time waits for others."""
        if self.settled:
            return False
        waiting_since = self.last.at if self.last and self.answered else at
        return waiting_since > self.due_at


class ContractorAnswer(Base):
    """What the contractor says to a finding, or what was decided about that."""

    __tablename__ = "contractor_answers"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("contractor_findings.id"), index=True)
    kind: Mapped[AnswerKind] = mapped_column(enum(AnswerKind))
    words: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    received_at: Mapped[Time]

    finding: Mapped[ContractorFinding] = relationship(back_populates="answers")
    person: Mapped[Person] = relationship()
    photos: Mapped[list["ContractorPhoto"]] = relationship(order_by="ContractorPhoto.position")


class ContractorEntry(Base):
    """A deduction or a reward in yuan on a day; `reverses_id` names the entry that this one takes back."""

    __tablename__ = "contractor_entries"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("reverses_id"),
        Index("ix_contractor_entries_contractor_id_day", "contractor_id", "day"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    contractor_id: Mapped[UUID] = mapped_column(ForeignKey("contractors.id"))
    kind: Mapped[EntryKind] = mapped_column(enum(EntryKind))
    amount: Mapped[Money]
    day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(500))
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor_entries.id"))
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    received_at: Mapped[Time]

    contractor: Mapped[Contractor] = relationship()
    person: Mapped[Person] = relationship()
    photos: Mapped[list["ContractorPhoto"]] = relationship(order_by="ContractorPhoto.position")

    @property
    def effect(self) -> Decimal:
        """What it adds to the bill in yuan: a deduction takes away, and taking back turns it round."""
        adds = (self.kind is EntryKind.REWARD) == (self.reverses_id is None)
        return self.amount if adds else -self.amount


class ContractorPhoto(Base):
    """A photo of a finding, an answer or an entry."""

    __tablename__ = "contractor_photos"
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    site_id: Mapped[SiteId]
    contractor_id: Mapped[UUID] = mapped_column(ForeignKey("contractors.id"))
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor_findings.id"), index=True)
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor_answers.id"), index=True)
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor_entries.id"), index=True)
    position: Mapped[int]

    photo: Mapped[Photo] = relationship()
