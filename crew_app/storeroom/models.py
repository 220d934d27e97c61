"""Slips (单据): what is asked for, handed out, taken in, moved and written off, with lines and signatures."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import MONEY, QUANTITY, Id, PersonId, Quantity, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.places.models import Department
from crew_app.stock.models import Account, Item, Posting


class SlipKind(StrEnum):
    """What a slip is for."""

    REQUEST = "request"
    ISSUE = "issue"
    RECEIPT = "receipt"
    RETURN = "return"
    TRANSFER = "transfer"
    SCRAP = "scrap"
    PURCHASE = "purchase"


class SlipState(StrEnum):
    """Where a slip stands. What is done or declined never changes again."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    DONE = "done"
    CANCELLED = "cancelled"


class Signer(StrEnum):
    """For what somebody signed."""

    RECEIVER = "receiver"
    STOREKEEPER = "storekeeper"
    APPROVER = "approver"


SLIP_LABELS = {
    SlipKind.REQUEST: N_("Request for issue"),
    SlipKind.ISSUE: N_("Issue slip"),
    SlipKind.RECEIPT: N_("Receipt slip"),
    SlipKind.RETURN: N_("Return slip"),
    SlipKind.TRANSFER: N_("Transfer slip"),
    SlipKind.SCRAP: N_("Write-off"),
    SlipKind.PURCHASE: N_("Purchase list"),
}

SLIP_STATE_LABELS = {
    SlipState.PROPOSED: N_("To be approved"),
    SlipState.APPROVED: N_("Approved"),
    SlipState.DECLINED: N_("Declined"),
    SlipState.DONE: N_("Done"),
    SlipState.CANCELLED: N_("Cancelled"),
}

SIGNER_LABELS = {
    Signer.RECEIVER: N_("Receiver"),
    Signer.STOREKEEPER: N_("Storekeeper"),
    Signer.APPROVER: N_("Approved by"),
}

SLIP_PREFIX = {
    SlipKind.REQUEST: "LY",
    SlipKind.ISSUE: "CK",
    SlipKind.RECEIPT: "RK",
    SlipKind.RETURN: "TK",
    SlipKind.TRANSFER: "DB",
    SlipKind.SCRAP: "BF",
    SlipKind.PURCHASE: "CG",
}


class Slip(Base):
    """One slip. `store` is the storeroom it is about, `other` the account on the other side.

    A request may name a department and a month; a receipt a supplier and the number of the delivery note; an issue
    the request it answers (`based_on`), a receipt the purchase list.
    """

    __tablename__ = "slips"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        CheckConstraint("state IN ('proposed', 'approved', 'declined', 'done', 'cancelled')", name="state_known"),
        Index("ix_slips_site_id_kind_state", "site_id", "kind", "state"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[SlipKind] = mapped_column(enum(SlipKind))
    state: Mapped[SlipState] = mapped_column(enum(SlipState))
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("slips.id"), index=True)
    month: Mapped[date | None] = mapped_column(Date)
    """The first day of the month a request or a purchase list is for."""
    supplier: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[str] = mapped_column(String(60), default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[PersonId] = mapped_column(index=True)
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(500), default="")
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posting_id: Mapped[UUID | None] = mapped_column(ForeignKey("postings.id"), unique=True)

    store: Mapped[Account | None] = relationship(foreign_keys=[store_id])
    other: Mapped[Account | None] = relationship(foreign_keys=[other_id])
    department: Mapped[Department | None] = relationship()
    based_on: Mapped["Slip | None"] = relationship(remote_side="Slip.id")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id])
    posting: Mapped[Posting | None] = relationship()
    lines: Mapped[list["SlipLine"]] = relationship(order_by="SlipLine.position", back_populates="slip")
    signatures: Mapped[list["Signature"]] = relationship(order_by="Signature.id", back_populates="slip")
    photos: Mapped[list["SlipPhoto"]] = relationship(order_by="SlipPhoto.position", back_populates="slip")


class SlipLine(Base):
    """One item of a slip, in the item's unit: how much was asked for or delivered, and how much of it counts.

    `granted` is what was approved, issued or accepted; nothing while that is not decided. `entered` is what was typed
    where that was packs ("3 盒"). `reason` says why less was granted or what was wrong with the rest.
    """

    __tablename__ = "slip_lines"
    __table_args__ = (
        UniqueConstraint("slip_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("granted IS NULL OR granted >= 0", name="granted_not_negative"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    slip_id: Mapped[UUID] = mapped_column(ForeignKey("slips.id"))
    position: Mapped[int]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), index=True)
    quantity: Mapped[Quantity]
    granted: Mapped[Decimal | None] = mapped_column(QUANTITY)
    unit_cost: Mapped[Decimal | None] = mapped_column(MONEY)
    entered: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")

    slip: Mapped[Slip] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()


class Signature(Base):
    """A signature as it was drawn on the screen: an SVG path in a box of 300 by 120, and who signed when.

    An empty path stands for a signature on paper.
    """

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("slip_id", "signer"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    slip_id: Mapped[UUID] = mapped_column(ForeignKey("slips.id"))
    signer: Mapped[Signer] = mapped_column(enum(Signer))
    name: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    path: Mapped[str] = mapped_column(Text)
    at: Mapped[Time]

    slip: Mapped[Slip] = relationship(back_populates="signatures")


class SlipPhoto(Base):
    """A photo of goods that were rejected, returned or written off."""

    __tablename__ = "slip_photos"
    __table_args__ = (UniqueConstraint("slip_id", "position"),)

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    slip_id: Mapped[UUID] = mapped_column(ForeignKey("slips.id"))
    site_id: Mapped[SiteId]
    position: Mapped[int]

    slip: Mapped[Slip] = relationship(back_populates="photos")
    photo: Mapped[Photo] = relationship()


class SlipNumber(Base):
    """The last number given to a kind of slip at a site on a day (of the site's own calendar)."""

    __tablename__ = "slip_numbers"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    kind: Mapped[SlipKind] = mapped_column(enum(SlipKind), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
