"""Cards of fixed assets, their story, and the papers that change them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Money, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.evidence.models import Photo
from crew_app.fixed_assets.rules import (
    LONGEST_CODE,
    AssetState,
    AssetVerb,
    CheckResult,
    PhotoUse,
    ScrapState,
    TransferState,
)
from crew_app.people.models import Person, Site
from crew_app.places.models import Asset, Department, Place

_PROPOSED = text("state = 'proposed'")


class AssetCard(Base):
    """The card (卡片) that makes an asset a fixed asset. `value` is what was paid, in yuan."""

    __tablename__ = "asset_cards"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("years IS NULL OR years > 0", name="years_positive"),
        CheckConstraint("state IN ('in_use', 'transferring', 'scrapped', 'missing')", name="state_known"),
    )

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    site_id: Mapped[SiteId]
    number: Mapped[str] = mapped_column(String(40))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    value: Mapped[Money]
    bought_on: Mapped[date | None] = mapped_column(Date)
    years: Mapped[int | None]
    """Over how many years the value is written down."""
    supplier: Mapped[str] = mapped_column(String(120), default="")
    funded_by: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[AssetState] = mapped_column(enum(AssetState), default=AssetState.IN_USE)
    created_at: Mapped[Time]

    site: Mapped[Site] = relationship()
    asset: Mapped[Asset] = relationship()
    department: Mapped[Department | None] = relationship()
    keeper: Mapped[Person | None] = relationship()


class AssetEvent(Base):
    """One line of an asset's story; never changed, never deleted. `about_id` is the transfer, count, check or scrap."""

    __tablename__ = "asset_events"
    __table_args__ = (Index("ix_asset_events_asset_id_id", "asset_id", "id"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"))
    verb: Mapped[AssetVerb] = mapped_column(enum(AssetVerb))
    about_id: Mapped[UUID | None] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(2000), default="")
    before: Mapped[str] = mapped_column(String(240), default="")
    """Names of where it was, as they were then; `after` where it is now."""
    after: Mapped[str] = mapped_column(String(240), default="")
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    person: Mapped[Person] = relationship()


class AssetPhoto(Base):
    """A photo of an asset, for its card or for what `about_id` names."""

    __tablename__ = "asset_photos"

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    site_id: Mapped[SiteId]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    use: Mapped[PhotoUse] = mapped_column(enum(PhotoUse))
    about_id: Mapped[UUID | None] = mapped_column(index=True)

    photo: Mapped[Photo] = relationship()


class AssetTransfer(Base):
    """From one department to another. Both sides confirm, each a different person; then it counts."""

    __tablename__ = "asset_transfers"
    __table_args__ = (
        CheckConstraint("given_by_id IS NULL OR given_by_id <> taken_by_id", name="two_people"),
        Index("uq_asset_transfers_open", "asset_id", unique=True, sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"))
    state: Mapped[TransferState] = mapped_column(enum(TransferState))
    from_department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    to_department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    to_place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    giver_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who is asked to confirm for a side, besides those who always may."""
    taker_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[PersonId] = mapped_column(index=True)
    at: Mapped[Time]
    received_at: Mapped[Time]
    given_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    asset: Mapped[Asset] = relationship()
    from_department: Mapped[Department | None] = relationship(foreign_keys=[from_department_id])
    to_department: Mapped[Department] = relationship(foreign_keys=[to_department_id])
    to_place: Mapped[Place | None] = relationship()
    giver: Mapped[Person | None] = relationship(foreign_keys=[giver_id])
    taker: Mapped[Person | None] = relationship(foreign_keys=[taker_id])
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    given_by: Mapped[Person | None] = relationship(foreign_keys=[given_by_id])
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])


class AssetScrap(Base):
    """A proposal to scrap an asset, with the value it had on the card."""

    __tablename__ = "asset_scraps"
    __table_args__ = (
        Index("uq_asset_scraps_open", "asset_id", unique=True, sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"))
    state: Mapped[ScrapState] = mapped_column(enum(ScrapState))
    value: Mapped[Money]
    reason: Mapped[str] = mapped_column(String(2000))
    person_id: Mapped[PersonId] = mapped_column(index=True)
    at: Mapped[Time]
    received_at: Mapped[Time]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(2000), default="")

    asset: Mapped[Asset] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class AssetCount(Base):
    """A count (清查) of one department, or of a place with all that lies in it."""

    __tablename__ = "asset_counts"
    __table_args__ = (
        CheckConstraint("(department_id IS NULL) <> (place_id IS NULL)", name="one_scope"),
        Index("ix_asset_counts_site_id_closed_at", "site_id", "closed_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[Time]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(2000), default="")

    department: Mapped[Department | None] = relationship()
    place: Mapped[Place | None] = relationship()
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def scope(self) -> Department | Place:
        """What is counted."""
        found = self.department or self.place
        if found is None:
            raise LookupError(self.id)
        return found


class AssetSighting(Base):
    """Somebody saw a tag in a place; never changed, never deleted.

    Without an asset the code is unknown: kept until somebody says what it is, which is a row of its own (`claims_id`).
    """

    __tablename__ = "asset_sightings"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    count_id: Mapped[UUID] = mapped_column(ForeignKey("asset_counts.id"), index=True)
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"), index=True)
    code: Mapped[str] = mapped_column(String(LONGEST_CODE), default="")
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    expected_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    """Where the books had the asset at that time."""
    claims_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset_sightings.id"), unique=True)
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    asset: Mapped[Asset | None] = relationship()
    place: Mapped[Place | None] = relationship(foreign_keys=[place_id])
    expected: Mapped[Place | None] = relationship(foreign_keys=[expected_id])
    person: Mapped[Person] = relationship()


class AssetCheck(Base):
    """A spot check (抽查) of some cards of a department, picked by chance."""

    __tablename__ = "asset_checks"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    received_at: Mapped[Time]

    department: Mapped[Department] = relationship()
    person: Mapped[Person] = relationship()
    lines: Mapped[list["AssetCheckLine"]] = relationship(order_by="AssetCheckLine.position", back_populates="check")


class AssetCheckLine(Base):
    """One asset of a spot check and what was found, once."""

    __tablename__ = "asset_check_lines"
    __table_args__ = (UniqueConstraint("check_id", "position"), UniqueConstraint("check_id", "asset_id"))

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    check_id: Mapped[UUID] = mapped_column(ForeignKey("asset_checks.id"))
    position: Mapped[int]
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"))
    result: Mapped[CheckResult | None] = mapped_column(enum(CheckResult))
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    check: Mapped[AssetCheck] = relationship(back_populates="lines")
    asset: Mapped[Asset] = relationship()
    person: Mapped[Person | None] = relationship()
