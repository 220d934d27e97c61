"""What a store should hold of an item and where it lies; and what jobs wait for."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, Quantity, SiteId, Time, UtcDateTime
from crew_app.people.models import Person
from crew_app.stock.models import Account, Item
from crew_app.tickets.models import Ticket


class StockLevel(Base):
    """How much of an item a store keeps, in the item's unit, and its bin (库位).

    At `reorder_point` or below it is ordered again, up to `maximum`; zero means that nobody set it.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        CheckConstraint("0 <= minimum AND minimum <= reorder_point AND reorder_point <= maximum", name="in_order"),
        CheckConstraint("lead_time_days BETWEEN 0 AND 365", name="lead_time_range"),
    )

    store_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    site_id: Mapped[SiteId]
    bin: Mapped[str] = mapped_column(String(30), default="")
    minimum: Mapped[Quantity] = mapped_column(default=Decimal(0))
    reorder_point: Mapped[Quantity] = mapped_column(default=Decimal(0))
    maximum: Mapped[Quantity] = mapped_column(default=Decimal(0))
    lead_time_days: Mapped[int] = mapped_column(default=0)

    store: Mapped[Account] = relationship()
    item: Mapped[Item] = relationship()


_OPEN = text("closed_at IS NULL")


class Demand(Base):
    """An item a job waits for, in the item's unit.

    `reserved` lies in the stores for it, `handed` its owner has got already; what is left is still missing. It counts
    until `closed_at`, or until the job is finished or cancelled (`demand.counts`).
    """

    __tablename__ = "demands"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("reserved >= 0 AND handed >= 0 AND reserved + handed <= quantity", name="never_too_much"),
        Index("ix_demands_site_id_item_id_closed_at", "site_id", "item_id", "closed_at"),
        Index("ix_demands_open", "site_id", "item_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), index=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    quantity: Mapped[Quantity]
    reserved: Mapped[Quantity] = mapped_column(default=Decimal(0))
    handed: Mapped[Quantity] = mapped_column(default=Decimal(0))
    urgent: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when all of it is there."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[Item] = relationship()
    ticket: Mapped[Ticket] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def missing(self) -> Decimal:
        """What is neither reserved nor handed out yet."""
        return self.quantity - self.reserved - self.handed
