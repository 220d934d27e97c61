"""Licences of people (持证上岗) and certificates of assets (检测校验): papers that run out."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.people.rules import Trade
from crew_app.places.models import Asset, AssetKind


class Bearer(StrEnum):
    """Whose papers they are."""

    PERSON = "person"
    ASSET = "asset"


BEARER_LABELS = {Bearer.PERSON: N_("Licence of a person"), Bearer.ASSET: N_("Test of an asset")}


class CredentialKind(Base):
    """A kind of paper: valid for so many months (none: without end); somebody is reminded so many days ahead.

    `asset_kind` names the assets that must have one: those without any are listed as missing.
    """

    __tablename__ = "credential_kinds"
    __table_args__ = (
        CheckConstraint("months IS NULL OR months BETWEEN 1 AND 240", name="months_range"),
        CheckConstraint("advance_days BETWEEN 1 AND 365", name="advance_range"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    bearer: Mapped[Bearer] = mapped_column(enum(Bearer))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    months: Mapped[int | None]
    advance_days: Mapped[int] = mapped_column(default=60)
    asset_kind_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset_kinds.id"))
    active: Mapped[bool] = mapped_column(default=True)

    asset_kind: Mapped[AssetKind | None] = relationship()


class Credential(Base):
    """One paper, as it was issued; a renewal is another one. `expires_on` is the last day on which it counts.

    Only a withdrawal is written into it afterwards: revoked, or entered by mistake.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (asset_id IS NULL)", name="one_bearer"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("credential_kinds.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), default="")
    issuer: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(500), default="")
    written_by_id: Mapped[PersonId] = mapped_column()
    at: Mapped[Time]
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")

    kind: Mapped[CredentialKind] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    asset: Mapped[Asset | None] = relationship()
    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])
    photos: Mapped[list["CredentialPhoto"]] = relationship(order_by="CredentialPhoto.photo_id")


class CredentialPhoto(Base):
    """A photo of the paper."""

    __tablename__ = "credential_photos"

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.id"), index=True)
    site_id: Mapped[SiteId]

    photo: Mapped[Photo] = relationship()


class LicenceNeed(Base):
    """That the jobs of a trade need a licence at a site."""

    __tablename__ = "licence_needs"
    __table_args__ = (UniqueConstraint("site_id", "trade", "kind_id"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    trade: Mapped[Trade] = mapped_column(enum(Trade))
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("credential_kinds.id"))

    kind: Mapped[CredentialKind] = relationship()
