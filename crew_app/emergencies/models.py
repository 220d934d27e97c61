"""Playbooks with their versions; emergencies with their calls and their log."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.emergencies.rules import Answer, EntryKind, Step, Who
from crew_app.people.models import Person, Site
from crew_app.tickets.models import Ticket


class Playbook(Base):
    """What to do in one sort of emergency at a site; its words and steps stand in its versions."""

    __tablename__ = "playbooks"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    code: Mapped[str] = mapped_column(String(30))
    icon: Mapped[str] = mapped_column(String(40), default="siren")
    asset_kind: Mapped[str] = mapped_column(String(30), default="")
    """The kind of asset it is about (lift): its tags offer it first."""
    position: Mapped[int] = mapped_column(default=0)
    current_id: Mapped[UUID | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    versions: Mapped[list["PlaybookVersion"]] = relationship(order_by="PlaybookVersion.number")


class PlaybookVersion(Base):
    """A playbook as it was written at a time; never changed, an emergency keeps the one it began with."""

    __tablename__ = "playbook_versions"
    __table_args__ = (UniqueConstraint("playbook_id", "number"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    playbook_id: Mapped[UUID] = mapped_column(ForeignKey("playbooks.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Time]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    playbook: Mapped[Playbook] = relationship(back_populates="versions")
    made_by: Mapped[Person | None] = relationship()

    @property
    def steps(self) -> list[Step]:
        """The steps, in order."""
        return [Step(**one | {"who": Who(one["who"])}) for one in json.loads(self.content)["steps"]]

    @property
    def calls(self) -> list[Who]:
        """Who is called: whoever has a step, and the leaders in any case."""
        named = [step.who for step in self.steps if step.who is not Who.DESK]
        return list(dict.fromkeys([*named, Who.LEADER]))


class Emergency(Base):
    """An emergency or a drill: a ticket with a playbook and a clock that runs from the call."""

    __tablename__ = "emergencies"
    __table_args__ = (Index("ix_emergencies_site_id_closed_at", "site_id", "closed_at"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    site_id: Mapped[SiteId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("playbook_versions.id"))
    drill: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[Time]
    started_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    called_at: Mapped[Time]
    """When people were last called."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    false_alarm: Mapped[bool] = mapped_column(default=False)
    headcount: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(2000), default="")
    training_id: Mapped[UUID | None] = mapped_column(ForeignKey("trainings.id"))

    ticket: Mapped[Ticket] = relationship()
    version: Mapped[PlaybookVersion] = relationship()
    started_by: Mapped[Person] = relationship(foreign_keys=[started_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])
    calls: Mapped[list["EmergencyCall"]] = relationship(order_by="EmergencyCall.first_at, EmergencyCall.id")
    entries: Mapped[list["EmergencyEntry"]] = relationship(order_by="EmergencyEntry.at, EmergencyEntry.id")

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.closed_at is None


class EmergencyCall(Base):
    """Somebody who was called, and what they said."""

    __tablename__ = "emergency_calls"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("emergencies.ticket_id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    who: Mapped[Who] = mapped_column(enum(Who))
    first_at: Mapped[Time]
    last_at: Mapped[Time]
    times: Mapped[int] = mapped_column(default=1)
    answer: Mapped[Answer | None] = mapped_column(enum(Answer))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class EmergencyEntry(Base):
    """One line of the log. Rows never change."""

    __tablename__ = "emergency_entries"
    __table_args__ = (Index("ix_emergency_entries_ticket_id_at", "ticket_id", "at"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("emergencies.ticket_id"))
    kind: Mapped[EntryKind] = mapped_column(enum(EntryKind))
    step_key: Mapped[str] = mapped_column(String(40), default="")
    answer: Mapped[Answer | None] = mapped_column(enum(Answer))
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    person: Mapped[Person | None] = relationship()
