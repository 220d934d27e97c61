"""A photo: what the phone said of it, and what the server found."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.codes import make_code
from crew_app.core.db import Base
from crew_app.core.types import Id, Time, UtcDateTime, enum
from crew_app.people.models import Person

_WAITS = text("looked_at IS NULL AND stored_at IS NOT NULL")


class PhotoSource(StrEnum):
    """How the picture came into the phone's hands."""

    LIVE = "live"
    """The camera inside the application: fingerprint and time were made at the shutter."""
    CAMERA = "camera"
    """The phone's own camera, opened by the application."""
    GALLERY = "gallery"
    FILE = "file"


SHOT = frozenset({PhotoSource.LIVE, PhotoSource.CAMERA})
"""Taken for this purpose, as far as a phone can say."""


class Photo(Base):
    """A picture, known by its fingerprint before its bytes arrive.

    `taken_at` is the device's word; `at` is that time corrected by the measured offset. EXIF time and position
    are data for the reviewer and never part of a picture that is shown; the position is kept only where the site
    wants it (`EvidenceRule`), and for a limited time.
    """

    __tablename__ = "photos"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        Index("ix_photos_site_id_received_at", "site_id", "received_at"),
        Index("ix_photos_to_be_looked_at", "received_at", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
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
    code: Mapped[str] = mapped_column(String(14), unique=True, default=make_code)
    """Stands in the watermark and opens the page that says whether picture and code belong together."""
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    """Where it was taken, as far as what it belongs to says so."""
    copy_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"), index=True)
    """The picture that somebody drew marks on; this is the drawing."""
    challenge_id: Mapped[UUID | None] = mapped_column(unique=True)
    """The one-time capture challenge that came with its fingerprint, if it was good."""
    challenged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the server gave that challenge: the fingerprint was made after it and before `received_at`."""
    camera: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """Make and model, or the program, as the file says."""
    shape: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Type and size of the file as it was chosen ("image/png 1080x2400"), before the phone scaled it."""
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was compared with what was here before."""
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Grows whenever what is shown of it changes (faces blurred)."""
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its bytes were removed; the fingerprint stays, and a `Removal` says who and why."""

    person: Mapped[Person | None] = relationship()

    @property
    def stored(self) -> bool:
        """Whether the bytes have arrived, were found to match the announcement, and are still here."""
        return self.stored_at is not None and self.removed_at is None
