"""Vehicles, trips and fillings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Money, Quantity, SiteId, Time, UtcDateTime
from crew_app.people.models import Person
from crew_app.places.models import Asset
from crew_app.tickets.models import Ticket
from crew_app.trips.rules import BEFORE_DUE_DAYS, BEFORE_DUE_KM, DISPATCH_WITHIN, Check


class Vehicle(Base):
    """What an asset that is a vehicle knows beyond an asset. `km` is the highest reading so far."""

    __tablename__ = "vehicles"
    __table_args__ = (CheckConstraint("km >= 0 AND seats >= 0", name="not_negative"),)

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    site_id: Mapped[SiteId]
    plate: Mapped[str] = mapped_column(String(20), default="")
    seats: Mapped[int] = mapped_column(default=5)
    km: Mapped[int] = mapped_column(default=0)
    next_km: Mapped[int | None]
    next_on: Mapped[date | None] = mapped_column(Date)
    out_of_use: Mapped[bool] = mapped_column(default=False)

    asset: Mapped[Asset] = relationship()

    def upkeep_due(self, today: date) -> bool:
        """Whether the next service is near or past."""
        by_km = self.next_km is not None and self.next_km - self.km <= BEFORE_DUE_KM
        return by_km or (self.next_on is not None and (self.next_on - today).days <= BEFORE_DUE_DAYS)


class Trip(Base):
    """What a ticket for a trip knows beyond a ticket. The driver is the ticket's owner, before that its assignee."""

    __tablename__ = "trips"
    __table_args__ = (
        CheckConstraint("km_in IS NULL OR km_in >= km_out", name="km_forward"),
        CheckConstraint("passengers >= 0", name="passengers_not_negative"),
        Index("ix_trips_site_id_leave_at", "site_id", "leave_at"),
        Index("ix_trips_asset_id_leave_at", "asset_id", "leave_at"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    site_id: Mapped[SiteId]
    goal: Mapped[str] = mapped_column(String(120))
    leave_at: Mapped[Time]
    passengers: Mapped[int] = mapped_column(default=0)
    goods: Mapped[str] = mapped_column(String(120), default="")
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicles.asset_id"))
    driver_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dispatched_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    km_out: Mapped[int | None]
    failed_before: Mapped[str] = mapped_column(String(120), default="")
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    km_in: Mapped[int | None]
    failed_after: Mapped[str] = mapped_column(String(120), default="")

    ticket: Mapped[Ticket] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    driver: Mapped[Person | None] = relationship(foreign_keys=[driver_id])

    @property
    def dispatch_due(self) -> datetime:
        """By when a vehicle has to be named."""
        return self.ticket.opened_at + DISPATCH_WITHIN

    @property
    def km(self) -> int | None:
        """How far it went."""
        return None if self.km_in is None or self.km_out is None else self.km_in - self.km_out

    @property
    def failed(self) -> list[Check]:
        """What was not in order, before or after."""
        return [Check(word) for word in f"{self.failed_before} {self.failed_after}".split()]


class Filling(Base):
    """Fuel or current that was bought for a vehicle. Rows never change."""

    __tablename__ = "vehicle_fillings"
    __table_args__ = (
        CheckConstraint("litres > 0 AND yuan >= 0 AND km >= 0", name="plausible"),
        Index("ix_vehicle_fillings_asset_id_at", "asset_id", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("vehicles.asset_id"))
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("trips.ticket_id"))
    litres: Mapped[Quantity]
    yuan: Mapped[Money]
    km: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[Time]
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    person: Mapped[Person] = relationship()
