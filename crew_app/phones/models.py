"""Phones, what each of them holds of each person, and PINs."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Time, UtcDateTime
from crew_app.people.models import Person, Site
from crew_app.phones.rules import TRIES, Contact, Worry, clock_error, worry


class Device(Base):
    """A phone, or any other browser that somebody signed in with; known by the secret in its cookie."""

    __tablename__ = "devices"
    __table_args__ = (CheckConstraint("NOT shared OR site_id IS NOT NULL", name="shared_has_site"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(60), default="")
    shared: Mapped[bool] = mapped_column(default=False)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"), index=True)
    marked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[Time]
    seen_at: Mapped[Time]
    build: Mapped[str] = mapped_column(String(40), default="")
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)

    site: Mapped[Site | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    marked_by: Mapped[Person | None] = relationship(foreign_keys=[marked_by_id])
    people: Mapped[list["DevicePerson"]] = relationship(back_populates="device", cascade="all, delete-orphan")

    @property
    def clock_error(self) -> timedelta | None:
        """By how much its clock is fast (negative: slow), if that matters."""
        return clock_error(self.offset_ms)


class DevicePerson(Base):
    """One person on one phone: what of theirs it holds, as it said at the last contact in their hands."""

    __tablename__ = "device_people"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    unsent: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    oldest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[Time]
    password_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    device: Mapped[Device] = relationship(back_populates="people")
    person: Mapped[Person] = relationship()

    @property
    def contact(self) -> Contact:
        """What the rules need to know of it."""
        return Contact(self.seen_at, self.unsent, self.refused, signed_out=self.signed_out_at is not None)

    def worry(self, at: datetime) -> Worry:
        """Why it is worth a look, if it is."""
        return worry(self.contact, at)


class Pin(Base):
    """The short secret with which a person takes over a shared phone. `tries` counts the wrong ones in a row."""

    __tablename__ = "pins"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    tries: Mapped[int] = mapped_column(default=0)
    set_at: Mapped[Time]

    @property
    def locked(self) -> bool:
        """Whether it was guessed at too often: only the password helps now."""
        return self.tries >= TRIES
