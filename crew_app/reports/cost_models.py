"""Costs per department and month, own works with their quotes, and the prices they are counted with."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Money, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.people.models import Person
from crew_app.people.rules import Trade
from crew_app.places.models import Department
from crew_app.rounds.contractor_models import Contractor
from crew_app.tickets.models import Ticket


class CostKind(StrEnum):
    """What money was spent on."""

    MATERIALS = "materials"
    LABOUR = "labour"
    CONTRACTORS = "contractors"
    METERS = "meters"
    """Water, power, steam, gas."""
    OTHER = "other"


class CostMonth(Base):
    """A month that is closed: from then on its lines stand as they are. Opening it again leaves its trace."""

    __tablename__ = "cost_months"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    """Its first day."""
    closed_by_id: Mapped[PersonId]
    closed_at: Mapped[Time]


class CostLine(Base):
    """What a department (none: the site itself) cost in a closed month, by kind and what of."""

    __tablename__ = "cost_lines"
    __table_args__ = (UniqueConstraint("site_id", "month", "department_id", "kind", "detail"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    month: Mapped[date] = mapped_column(Date)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[CostKind] = mapped_column(enum(CostKind))
    detail: Mapped[str] = mapped_column(String(60), default="")
    """Which medium, which firm; empty where the kind says it all."""
    amount: Mapped[Money]

    department: Mapped[Department | None] = relationship()


class CostBooking(Base):
    """An amount that no other part of the software knows (a contractor's bill, something else), charged by hand."""

    __tablename__ = "cost_bookings"
    __table_args__ = (
        UniqueConstraint("reverses_id"),
        Index("ix_cost_bookings_site_id_month", "site_id", "month"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    month: Mapped[date] = mapped_column(Date)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[CostKind] = mapped_column(enum(CostKind))
    contractor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractors.id"))
    amount: Mapped[Money]
    note: Mapped[str] = mapped_column(String(200), default="")
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("cost_bookings.id"))
    """The booking that this one takes back."""
    person_id: Mapped[PersonId]
    at: Mapped[Time]

    department: Mapped[Department | None] = relationship()
    contractor: Mapped[Contractor | None] = relationship()
    person: Mapped[Person] = relationship()


class LabourRate(Base):
    """What an hour of a trade costs, from a day on; trade empty: everybody else."""

    __tablename__ = "labour_rates"
    __table_args__ = (UniqueConstraint("site_id", "trade", "since"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    since: Mapped[date] = mapped_column(Date)
    per_hour: Mapped[Money]


class MeterPrice(Base):
    """What a unit of a medium costs, from a day on; the unit as the readings have it (kWh, m3, t)."""

    __tablename__ = "meter_prices"
    __table_args__ = (UniqueConstraint("site_id", "medium", "unit", "since"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    medium: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    price: Mapped[Money]


class WorkTime(Base):
    """How long somebody worked on a job, where the clock between accepting and finishing does not say it."""

    __tablename__ = "work_times"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 14400", name="minutes_range"),
        Index("ix_work_times_ticket_id", "ticket_id"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    person_id: Mapped[PersonId]
    minutes: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[Time]
    received_at: Mapped[Time]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    ticket: Mapped[Ticket] = relationship()


class WorksQuote(Base):
    """What a firm asked for works that the crew then did itself (自制): the saving is the quote less what it cost."""

    __tablename__ = "works_quotes"
    __table_args__ = (UniqueConstraint("ticket_id"), CheckConstraint("amount > 0", name="amount"))

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    firm: Mapped[str] = mapped_column(String(80))
    amount: Mapped[Money]
    note: Mapped[str] = mapped_column(String(500), default="")
    quoted_on: Mapped[date] = mapped_column(Date)
    person_id: Mapped[PersonId]
    at: Mapped[Time]

    ticket: Mapped[Ticket] = relationship()
    person: Mapped[Person] = relationship()
