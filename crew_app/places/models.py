"""Departments, places, assets and tags."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy import Time as TimeOfDay
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Site


class PlaceKind(StrEnum):
    """How large a place is. A site is the root above all of them."""

    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"
    AREA = "area"


PLACE_LABELS = {
    PlaceKind.BUILDING: N_("Building"),
    PlaceKind.FLOOR: N_("Floor"),
    PlaceKind.ROOM: N_("Room"),
    PlaceKind.AREA: N_("Area"),
}


class Department(Base):
    """A ward or office (科室): who uses a room and to whom its costs are charged."""

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is not used any more; what it stands on stays."""


class Place(Base):
    """A building, floor, room or area. `path` is the way to it in words, kept so that lists need no climbing."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(enum(PlaceKind))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    path: Mapped[str] = mapped_column(String(240), default="")
    path_en: Mapped[str] = mapped_column(String(240), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is not used any more; its history stays."""

    site: Mapped[Site] = relationship()
    parent: Mapped["Place | None"] = relationship(remote_side="Place.id")
    department: Mapped[Department | None] = relationship()


class Care(StrEnum):
    """What happens in a place, as far as it decides how soon a fault must be answered."""

    THEATRE = "theatre"
    INTENSIVE = "intensive"
    EMERGENCY = "emergency"
    WARD = "ward"
    OUTPATIENT = "outpatient"
    PLANT = "plant"
    OTHER = "other"


CARE_LABELS = {
    Care.THEATRE: N_("Operating theatre"),
    Care.INTENSIVE: N_("Intensive care"),
    Care.EMERGENCY: N_("Emergency department"),
    Care.WARD: N_("Ward"),
    Care.OUTPATIENT: N_("Outpatients"),
    Care.PLANT: N_("Plant room"),
    Care.OTHER: N_("Other"),
}


class PlaceContext(Base):
    """What to know before the door. What is empty here holds as it does for the place around it."""

    __tablename__ = "place_contexts"

    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), primary_key=True)
    site_id: Mapped[SiteId]
    care: Mapped[Care | None] = mapped_column(enum(Care))
    isolation: Mapped[str] = mapped_column(String(200), default="")
    """Precautions (隔离要求): what to wear, what not to touch."""
    quiet_from: Mapped[time | None] = mapped_column(TimeOfDay)
    quiet_until: Mapped[time | None] = mapped_column(TimeOfDay)
    access: Mapped[str] = mapped_column(String(200), default="")
    """Who lets one in, and when not to come."""
    contact: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(30), default="")
    changed_at: Mapped[Time]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


class AssetKind(Base):
    """What an asset is (extinguisher, lift, pump): one list for all sites."""

    __tablename__ = "asset_kinds"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    icon: Mapped[str] = mapped_column(String(40), default="box")


class Asset(Base):
    """A thing that stands in a place and is looked after."""

    __tablename__ = "assets"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), index=True)
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("asset_kinds.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    serial: Mapped[str] = mapped_column(String(80), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is not there any more; its history stays."""

    place: Mapped[Place] = relationship()
    kind: Mapped[AssetKind] = relationship()


class Tag(Base):
    """A printed QR code. It points to exactly one place or asset; a retired one only says what replaced it."""

    __tablename__ = "tags"
    __table_args__ = (CheckConstraint("(place_id IS NULL) <> (asset_id IS NULL)", name="one_subject"),)

    code: Mapped[str] = mapped_column(String(14), primary_key=True)
    site_id: Mapped[SiteId]
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"), index=True)
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"), index=True)
    created_at: Mapped[Time]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    retired_reason: Mapped[str] = mapped_column(String(200), default="")
    replaced_by_code: Mapped[str | None] = mapped_column(ForeignKey("tags.code"))

    place: Mapped[Place | None] = relationship()
    asset: Mapped[Asset | None] = relationship()

    @property
    def subject(self) -> Place | Asset:
        """The place or asset this tag points to."""
        subject = self.place or self.asset
        if subject is None:
            raise LookupError(self.code)
        return subject

    @property
    def gone(self) -> bool:
        """Whether nothing is to be reported here any more: the tag, or what it is on, is retired."""
        return self.retired_at is not None or self.subject.retired_at is not None

    @property
    def where(self) -> Place:
        """The place one stands in when scanning this tag."""
        return self.asset.place if self.asset else self.place  # type: ignore[return-value]
