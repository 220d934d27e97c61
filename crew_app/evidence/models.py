"""A photo: what the phone said of it, and what the server found."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum


class PhotoSource(StrEnum):
    """How the picture came into the phone's hands."""

    CAMERA = "camera"
    GALLERY = "gallery"
    FILE = "file"


class Photo(Base):
    """A picture, known by its fingerprint before its bytes arrive.

    `taken_at` is the device's word; `at` is that time corrected by the measured offset. EXIF time and position
    are data for the reviewer and never part of a picture that is shown.
    """

    __tablename__ = "photos"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_length"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    byte_size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(40))
    source: Mapped[PhotoSource] = mapped_column(enum(PhotoSource))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[Time]
    received_at: Mapped[Time]
    stored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    width: Mapped[int | None]
    height: Mapped[int | None]
    exif_at: Mapped[str | None] = mapped_column(String(30))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    @property
    def stored(self) -> bool:
        """Whether the bytes have arrived and were found to match the announcement."""
        return self.stored_at is not None
