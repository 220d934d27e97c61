"""Items, accounts, moves, and the balances that are kept beside them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import QUANTITY, Id, Money, PersonId, Quantity, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person


class AccountKind(StrEnum):
    """Where a quantity can be."""

    SUPPLIER = "supplier"
    STORE = "store"
    BAG = "bag"
    TICKET = "ticket"
    SCRAP = "scrap"
    DIFFERENCE = "difference"


class Reason(StrEnum):
    """Why a posting was made."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    USE = "use"
    REVERSAL = "reversal"


ACCOUNT_LABELS = {
    AccountKind.SUPPLIER: N_("Supplier"),
    AccountKind.STORE: N_("Store"),
    AccountKind.BAG: N_("Bag"),
    AccountKind.TICKET: N_("Job"),
    AccountKind.SCRAP: N_("Scrap"),
    AccountKind.DIFFERENCE: N_("Count difference"),
}


class Item(Base):
    """A material in the catalogue: one list for all sites. Price in yuan per unit."""

    __tablename__ = "items"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    spec: Mapped[str] = mapped_column(String(120), default="")
    unit: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(40), default="")
    price: Mapped[Money]
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    """Full pinyin and initials of name and specification, lower case, for typing."""


class Account(Base):
    """A place in the books: supplier, store, a person's bag, a ticket, scrap, count differences."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "person_id"),
        CheckConstraint("(kind = 'bag') = (person_id IS NOT NULL)", name="bag_has_person"),
        CheckConstraint("(kind = 'ticket') = (ticket_id IS NOT NULL)", name="ticket_has_ticket"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    kind: Mapped[AccountKind] = mapped_column(enum(AccountKind))
    name: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(80), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"), unique=True)

    person: Mapped[Person | None] = relationship()


class Posting(Base):
    """Moves that belong together: why, by whom, when by both clocks, under which receipt."""

    __tablename__ = "postings"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    reason: Mapped[Reason] = mapped_column(enum(Reason))
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(String(500), default="")


class Move(Base):
    """A quantity of one item from one account into another. Rows never change and never go (triggers)."""

    __tablename__ = "moves"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        Index("ix_moves_from_account_id_item_id", "from_account_id", "item_id"),
        Index("ix_moves_to_account_id_item_id", "to_account_id", "item_id"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    posting_id: Mapped[UUID] = mapped_column(ForeignKey("postings.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), index=True)
    from_account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    to_account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    quantity: Mapped[Quantity]
    unit_cost: Mapped[Money]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("moves.id"), unique=True)

    posting: Mapped[Posting] = relationship()
    item: Mapped[Item] = relationship()
    from_account: Mapped[Account] = relationship(foreign_keys=[from_account_id])
    to_account: Mapped[Account] = relationship(foreign_keys=[to_account_id])

    @property
    def cost(self) -> Decimal:
        """Quantity times unit cost, in yuan."""
        return self.quantity * self.unit_cost


class Balance(Base):
    """How much of an item an account holds; kept with each move, and provable from the moves."""

    __tablename__ = "balances"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    site_id: Mapped[SiteId]
    quantity: Mapped[Quantity]

    item: Mapped[Item] = relationship()
    account: Mapped[Account] = relationship()


class Discrepancy(Base):
    """The book says there was less than somebody physically took; a storekeeper settles it."""

    __tablename__ = "discrepancies"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    move_id: Mapped[UUID] = mapped_column(ForeignKey("moves.id"), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    missing: Mapped[Decimal] = mapped_column(QUANTITY)
    opened_at: Mapped[Time]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    move: Mapped[Move] = relationship()
    item: Mapped[Item] = relationship()
    account: Mapped[Account] = relationship()
