"""What is known of a photo besides its bytes: what looks odd, how it looks, what is covered, who saw the original."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.evidence.models import Photo
from crew_app.people.models import Person

_FIRST = text("band = 0")


class Oddity(StrEnum):
    """What may be wrong with a picture as evidence. A flag asks a person to look; it decides nothing."""

    SAME_PICTURE = "same_picture"
    """The same picture is on another job or stop."""
    SAME_AS_BEFORE = "same_as_before"
    """The picture after is the picture before."""
    SCREENSHOT = "screenshot"
    SCREEN_PHOTO = "screen_photo"
    """A photo of a screen."""
    OLDER = "older"
    """Taken before the job was reported."""
    GALLERY = "gallery"
    """Chosen from the gallery, not taken for this."""
    UNCHALLENGED = "unchallenged"
    """From the camera inside the application, without a good capture challenge."""
    CLOCK = "clock"
    """Said to be taken before its challenge was given, or after it arrived."""


class PhotoFlag(Base):
    """One oddity of a photo, with the other picture if there is one. Rows never change but for the judgement."""

    __tablename__ = "photo_flags"
    __table_args__ = (
        UniqueConstraint("photo_id", "kind", "other_id"),
        Index("ix_photo_flags_site_id_made_at", "site_id", "made_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    kind: Mapped[Oddity] = mapped_column(enum(Oddity))
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"), index=True)
    score: Mapped[float] = mapped_column(default=1.0)
    """How sure, from 0 to 1."""
    made_at: Mapped[Time]
    judged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    harmless: Mapped[bool | None]
    """What whoever judged it said: nothing is wrong with the picture."""

    photo: Mapped[Photo] = relationship(foreign_keys=[photo_id])
    other: Mapped[Photo | None] = relationship(foreign_keys=[other_id])
    judged_by: Mapped[Person | None] = relationship(foreign_keys=[judged_by_id])


class PhotoPrint(Base):
    """A perceptual hash of a photo or of a part of it, findable by each of its four bands of 16 bits."""

    __tablename__ = "photo_prints"
    __table_args__ = (
        CheckConstraint("band BETWEEN 0 AND 3", name="band_range"),
        Index("ix_photo_prints_photo_id", "photo_id", sqlite_where=_FIRST, postgresql_where=_FIRST),
        {"sqlite_with_rowid": False},
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 the whole picture, above that its middle, ever smaller."""
    hash: Mapped[int] = mapped_column(BigInteger)
    """All 64 bits, as a signed number."""


class Cover(Base):
    """An area of a photo that is blurred in whatever is shown, in thousandths of its upright width and height."""

    __tablename__ = "photo_covers"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="has_area"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), index=True)
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Nobody: found by the machine."""
    made_at: Mapped[Time]
    lifted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OriginalView(Base):
    """Somebody fetched an original, with everything the camera wrote into it. Rows never change."""

    __tablename__ = "original_views"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), index=True)
    person_id: Mapped[PersonId]
    at: Mapped[Time]
    why: Mapped[str] = mapped_column(default="", server_default="")
    """What it was fetched for: "look", "archive"."""

    person: Mapped[Person] = relationship()
