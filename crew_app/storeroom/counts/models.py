"""Stock counts: what is to be counted, who found how much where and when, and what became of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Money, PersonId, Quantity, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.stock.models import Account, Item, Posting, value_of


class Scope(StrEnum):
    """How much of an account is counted."""

    FULL = "full"
    BIN = "bin"
    CATEGORY = "category"
    ITEMS = "items"


class CountState(StrEnum):
    """Where a count stands. What is approved or cancelled never changes again."""

    OPEN = "open"
    PROPOSED = "proposed"
    APPROVED = "approved"
    CANCELLED = "cancelled"


SCOPE_LABELS = {
    Scope.FULL: N_("Everything"),
    Scope.BIN: N_("One bin"),
    Scope.CATEGORY: N_("One category"),
    Scope.ITEMS: N_("Single materials"),
}

COUNT_STATE_LABELS = {
    CountState.OPEN: N_("Being counted"),
    CountState.PROPOSED: N_("To be approved"),
    CountState.APPROVED: N_("Approved"),
    CountState.CANCELLED: N_("Cancelled"),
}


class StockCount(Base):
    """One count of a store, a bag or loans. `part` names the bin or the category when only one is counted.

    Whoever counts blind is not shown what the books say. `due` is the day by which it should be done.
    """

    __tablename__ = "stock_counts"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        CheckConstraint("state IN ('open', 'proposed', 'approved', 'cancelled')", name="state_known"),
        Index("ix_stock_counts_account_id_state", "account_id", "state"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[str] = mapped_column(String(20))
    scope: Mapped[Scope] = mapped_column(enum(Scope))
    part: Mapped[str] = mapped_column(String(40), default="")
    blind: Mapped[bool]
    state: Mapped[CountState] = mapped_column(enum(CountState))
    due: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(2000), default="")
    opened_by_id: Mapped[PersonId] = mapped_column()
    opened_at: Mapped[Time]
    received_at: Mapped[Time]
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(2000), default="")
    posting_id: Mapped[UUID | None] = mapped_column(ForeignKey("postings.id"), unique=True)

    account: Mapped[Account] = relationship()
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    posting: Mapped[Posting | None] = relationship()


class CountItem(Base):
    """An item that is on the list of a count: what the account held when the count began."""

    __tablename__ = "count_items"

    count_id: Mapped[UUID] = mapped_column(ForeignKey("stock_counts.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), primary_key=True)
    site_id: Mapped[SiteId]

    item: Mapped[Item] = relationship()


class CountEntry(Base):
    """How much somebody found of an item in a bin; never changed, a later one counts instead.

    `at` is the device's time, corrected. `assumed` marks the zero of what nobody found, booked on somebody's word.
    """

    __tablename__ = "count_entries"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        Index("ix_count_entries_count_id_item_id", "count_id", "item_id"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    count_id: Mapped[UUID] = mapped_column(ForeignKey("stock_counts.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    bin: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[PersonId]
    quantity: Mapped[Quantity]
    assumed: Mapped[bool] = mapped_column(default=False)
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    item: Mapped[Item] = relationship()
    person: Mapped[Person] = relationship()


class CountResult(Base):
    """What an approved count found of an item, and what the books had at that moment; `difference` was booked.

    `received_at` is when the server approved it: what arrived later was not in `book`.
    """

    __tablename__ = "count_results"
    __table_args__ = (Index("ix_count_results_account_id_item_id", "account_id", "item_id"),)

    count_id: Mapped[UUID] = mapped_column(ForeignKey("stock_counts.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), primary_key=True)
    site_id: Mapped[SiteId]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    counted: Mapped[Quantity]
    counted_at: Mapped[Time]
    book: Mapped[Quantity]
    difference: Mapped[Quantity]
    unit_cost: Mapped[Money]
    superseded: Mapped[bool]
    received_at: Mapped[Time]

    item: Mapped[Item] = relationship()
    count: Mapped[StockCount] = relationship()

    @property
    def at(self) -> datetime:
        """When it was counted."""
        return self.counted_at

    @property
    def value(self) -> Decimal:
        """The difference in yuan, below zero for a shortage."""
        return value_of(self.difference, self.unit_cost)


class CountNumber(Base):
    """The last number given to a count at a site on a day of the site's own calendar."""

    __tablename__ = "count_numbers"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
