"""Items, accounts, moves, and the balances that are kept beside them."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import MONEY, QUANTITY, Id, Money, PersonId, Quantity, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person

FOUR_PLACES = Decimal("0.0001")
_OPEN = text("settled_at IS NULL")


class AccountKind(StrEnum):
    """Where a quantity can be."""

    SUPPLIER = "supplier"
    STORE = "store"
    BAG = "bag"
    LOAN = "loan"
    """Tools somebody has borrowed."""
    TICKET = "ticket"
    DEPARTMENT = "department"
    SCRAP = "scrap"
    DIFFERENCE = "difference"
    REMOVED = "removed"
    """Where old parts come from: out of what was repaired."""
    OWED = "owed"
    """Old parts somebody has taken out and not handed in yet (交旧领新)."""
    OFF_BOOK = "off_book"
    """Old parts handed in, and other goods kept apart without value (账外物资)."""


class Reason(StrEnum):
    """Why a posting was made."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    USE = "use"
    RETURN = "return"
    TRANSFER = "transfer"
    LOAN = "loan"
    SCRAP = "scrap"
    COUNT = "count"
    OLD_PART = "old_part"
    SETTLEMENT = "settlement"
    REVERSAL = "reversal"
    OPENING = "opening"
    """What lay in a store on the first day."""


ACCOUNT_LABELS = {
    AccountKind.SUPPLIER: N_("Supplier"),
    AccountKind.STORE: N_("Store"),
    AccountKind.BAG: N_("Bag"),
    AccountKind.LOAN: N_("Borrowed"),
    AccountKind.TICKET: N_("Job"),
    AccountKind.DEPARTMENT: N_("Department"),
    AccountKind.SCRAP: N_("Scrap"),
    AccountKind.DIFFERENCE: N_("Count difference"),
    AccountKind.REMOVED: N_("Taken out"),
    AccountKind.OWED: N_("Old parts owed"),
    AccountKind.OFF_BOOK: N_("Off the books"),
}

REASON_LABELS = {
    Reason.RECEIPT: N_("Receipt"),
    Reason.ISSUE: N_("Issue"),
    Reason.USE: N_("Used on a job"),
    Reason.RETURN: N_("Return"),
    Reason.TRANSFER: N_("Transfer"),
    Reason.LOAN: N_("Tool loan"),
    Reason.SCRAP: N_("Written off"),
    Reason.COUNT: N_("Stock count"),
    Reason.OLD_PART: N_("Old part"),
    Reason.SETTLEMENT: N_("Discrepancy settled"),
    Reason.REVERSAL: N_("Correction"),
    Reason.OPENING: N_("Opening stock"),
}

PERSONAL = (AccountKind.BAG, AccountKind.LOAN, AccountKind.OWED)
"""Accounts that belong to one person each."""
OWNED = frozenset({AccountKind.STORE, AccountKind.BAG, AccountKind.LOAN})
"""Accounts whose goods are the hospital's stock and have a value."""


class Outcome(StrEnum):
    """How a discrepancy was settled."""

    FOUND = "found"
    WRONG_ITEM = "wrong_item"
    COUNTED = "counted"
    TAKEN_BACK = "taken_back"
    """The entry itself was corrected."""


OUTCOME_LABELS = {
    Outcome.FOUND: N_("Found: there was more than the books had"),
    Outcome.WRONG_ITEM: N_("It was another material"),
    Outcome.COUNTED: N_("Counted"),
    Outcome.TAKEN_BACK: N_("The entry was taken back"),
}


class Item(Base):
    """A material in the catalogue: one list for all sites. Price in yuan per unit.

    `pack_size` is how many units one `pack_unit` holds (a box of 10); without packs it is 1.
    """

    __tablename__ = "items"
    __table_args__ = (CheckConstraint("pack_size > 0", name="pack_size_positive"),)

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
    pack_unit: Mapped[str] = mapped_column(String(10), default="", server_default="")
    pack_size: Mapped[Quantity] = mapped_column(default=Decimal(1), server_default="1000")
    old_for_new: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A new one is given for the old one (交旧领新)."""
    is_tool: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Lent, not used up."""
    requestable: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A low-value consumable that wards ask for themselves (低值易耗品)."""


class Account(Base):
    """A place in the books: supplier, store, a person's bag, a ticket, a department, scrap, count differences."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "person_id"),
        CheckConstraint("(kind IN ('bag', 'loan', 'owed')) = (person_id IS NOT NULL)", name="personal_has_person"),
        CheckConstraint("(kind = 'department') = (department_id IS NOT NULL)", name="department_has_department"),
        CheckConstraint("(kind = 'ticket') = (ticket_id IS NOT NULL)", name="ticket_has_ticket"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    kind: Mapped[AccountKind] = mapped_column(enum(AccountKind))
    name: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(80), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"), unique=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), unique=True)

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
    document_id: Mapped[UUID | None] = mapped_column(index=True)
    """The slip or the count it belongs to; `reason` says which."""

    person: Mapped[Person] = relationship()


class Entry(Base):
    """The place of a posting in its site's ledger. Rows never change and never go (triggers).

    `posted_at` never runs backwards; the days of the books are days of `posted_at`. `hash` is the SHA-256 of the
    entry before it and of all that the posting and its moves say (`chain.content`).
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_site_id_posted_at", "site_id", "posted_at"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posting_id: Mapped[UUID] = mapped_column(ForeignKey("postings.id"), unique=True)
    posted_at: Mapped[Time]
    hash: Mapped[str] = mapped_column(String(64))

    posting: Mapped[Posting] = relationship()


class Move(Base):
    """A quantity of one item from one account into another. Rows never change and never go (triggers)."""

    __tablename__ = "moves"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        Index("ix_moves_site_id_item_id_posting_id", "site_id", "item_id", "posting_id"),
        Index("ix_moves_from_account_id_item_id_posting_id", "from_account_id", "item_id", "posting_id"),
        Index("ix_moves_to_account_id_item_id_posting_id", "to_account_id", "item_id", "posting_id"),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
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
        """Quantity times unit cost in yuan, rounded half up to four places: the value the books count."""
        return value_of(self.quantity, self.unit_cost)


def value_of(quantity: Decimal, unit_cost: Decimal) -> Decimal:
    """Quantity times unit cost in yuan, to four places."""
    return (quantity * unit_cost).quantize(FOUR_PLACES, ROUND_HALF_UP)


class Valuation(Base):
    """What a site's stock of an item is worth, over all its stores, bags and loans; provable from the moves.

    The moving average is `value / quantity`; `last_price` is that of the latest receipt, both in yuan per unit.
    """

    __tablename__ = "valuations"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    quantity: Mapped[Quantity]
    value: Mapped[Money]
    last_price: Mapped[Decimal | None] = mapped_column(MONEY)

    item: Mapped[Item] = relationship()

    @property
    def average(self) -> Decimal | None:
        """The moving average in yuan per unit, to four places; nothing while there is no stock to average."""
        if self.quantity <= 0 or self.value < 0:
            return None
        return (self.value / self.quantity).quantize(FOUR_PLACES, ROUND_HALF_UP)


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
    """The book says there was less than somebody physically took; a storekeeper settles it.

    Or the move was counted in already: it arrived after the count (`count_id`) was approved.
    """

    __tablename__ = "discrepancies"
    __table_args__ = (
        UniqueConstraint("move_id", "account_id"),
        Index("ix_discrepancies_open", "site_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    move_id: Mapped[UUID] = mapped_column(ForeignKey("moves.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    missing: Mapped[Decimal] = mapped_column(QUANTITY)
    opened_at: Mapped[Time]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", name="fk_discrepancies_settled_by_id"))
    outcome: Mapped[Outcome | None] = mapped_column(enum(Outcome))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    count_id: Mapped[UUID | None]

    move: Mapped[Move] = relationship()
    item: Mapped[Item] = relationship()
    account: Mapped[Account] = relationship()
