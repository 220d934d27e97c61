"""Job kinds, tickets, and everything that happened to them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade
from crew_app.places.models import Asset, Place
from crew_app.tickets.clocks import Hours
from crew_app.tickets.rules import LIVE, Due, HoldReason, Kind, Priority, State, Verb, due_status

_CALLED = text("reporter_phone <> ''")
_DONE = text("finished_at IS NOT NULL")
_CLOSED = text("closed_at IS NOT NULL")
_FINISHED = text("state = 'finished'")


class JobKind(Base):
    """What is wrong, in the words of the crews (灯具, 下水道, 门锁): one list for all sites."""

    __tablename__ = "job_kinds"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    trade: Mapped[Trade] = mapped_column(enum(Trade))
    priority: Mapped[int] = mapped_column(default=Priority.NORMAL)
    icon: Mapped[str] = mapped_column(String(40), default="wrench")
    position: Mapped[int] = mapped_column(default=0)
    offered: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether somebody who reports a fault may choose it; what the software opens by itself is not."""


class Ticket(Base):
    """One piece of work. The row says how it stands; `events` say how it came there."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        CheckConstraint("priority BETWEEN 1 AND 4", name="priority_range"),
        CheckConstraint(
            "state IN ('open', 'accepted', 'on_hold', 'finished', 'verified', 'cancelled')", name="state_known"
        ),
        CheckConstraint("(state = 'on_hold') = (hold_reason IS NOT NULL)", name="hold_has_reason"),
        Index("ix_tickets_site_id_state_resolution_due_at", "site_id", "state", "resolution_due_at"),
        Index("ix_tickets_site_id_opened_at_id", "site_id", "opened_at", "id"),
        Index("ix_tickets_done", "site_id", "finished_at", sqlite_where=_DONE, postgresql_where=_DONE),
        Index("ix_tickets_closed", "site_id", "closed_at", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index("ix_tickets_owner_id_state", "owner_id", "state"),
        Index("ix_tickets_reporter_id_opened_at", "reporter_id", "opened_at"),
        Index("ix_tickets_assignee_id_state", "assignee_id", "state"),
        Index("ix_tickets_place_id_opened_at", "place_id", "opened_at"),
        Index("ix_tickets_asset_id_opened_at", "asset_id", "opened_at"),
        Index("ix_tickets_job_kind_id_opened_at", "job_kind_id", "opened_at"),
        Index(
            "ix_tickets_review", "site_id", "risk", "finished_at", sqlite_where=_FINISHED, postgresql_where=_FINISHED
        ),
        Index("ix_tickets_called", "site_id", "changed_at", sqlite_where=_CALLED, postgresql_where=_CALLED),
    )

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[Kind] = mapped_column(enum(Kind), default=Kind.REPAIR)
    job_kind_id: Mapped[UUID] = mapped_column(ForeignKey("job_kinds.id"))
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    description: Mapped[str] = mapped_column(String(2000), default="")
    priority: Mapped[int]
    state: Mapped[State] = mapped_column(enum(State), default=State.OPEN)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who is to accept it while it is open: whoever it was dispatched to, or who answers for it until somebody fits.

    While somebody works on it: the colleague it is being handed to; until then it stays with its owner.
    """
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    help_wanted: Mapped[bool] = mapped_column(default=False, server_default="0")
    """Its owner asked for a second pair of hands, and nobody has come yet."""
    escalation: Mapped[int] = mapped_column(default=0, server_default="0")
    """How far up the chain it was taken; zero while nobody above had to be told."""
    reporter_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reporter_name: Mapped[str] = mapped_column(String(60), default="")
    reporter_phone: Mapped[str] = mapped_column(String(30), default="", server_default="")
    """Where to call back, if the reporter wants it."""
    follow_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    on_the_spot: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[Time]
    changed_at: Mapped[Time]
    response_due_at: Mapped[Time]
    resolution_due_at: Mapped[Time]
    hours: Mapped[Hours] = mapped_column(enum(Hours), default=Hours.ALWAYS, server_default=Hours.ALWAYS)
    """In which hours its clocks run."""
    target: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """The rule that set the deadlines (`Scope.key`), or that they were agreed."""
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_reason: Mapped[HoldReason | None] = mapped_column(enum(HoldReason))
    hold_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_seconds: Mapped[int] = mapped_column(default=0)
    sent_back_count: Mapped[int] = mapped_column(default=0)
    event_count: Mapped[int] = mapped_column(default=0)
    risk: Mapped[int] = mapped_column(default=0, server_default="0")
    """How much speaks for a closer look before it is verified; 0 nothing."""
    sampled: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether it was drawn to be looked at although nothing speaks for it."""

    site: Mapped[Site] = relationship()
    job_kind: Mapped[JobKind] = relationship()
    place: Mapped[Place] = relationship()
    asset: Mapped[Asset | None] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    reporter: Mapped[Person | None] = relationship(foreign_keys=[reporter_id])
    events: Mapped[list["TicketEvent"]] = relationship(order_by="TicketEvent.position", back_populates="ticket")
    photos: Mapped[list["TicketPhoto"]] = relationship(order_by="TicketPhoto.position", back_populates="ticket")

    def ask(self, person: Person | None, at: datetime | None = None) -> None:
        """From now on this person is to accept it; or nobody."""
        self.assignee, self.assignee_id, self.assigned_at = person, person.id if person else None, at

    @property
    def live(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in LIVE

    @property
    def sent_back(self) -> bool:
        """Whether it is with its owner again after a supervisor sent it back."""
        return self.sent_back_count > 0 and self.state in (State.ACCEPTED, State.ON_HOLD)

    @property
    def due_at(self) -> datetime | None:
        """The deadline that runs now: to be answered while open, to be done afterwards."""
        if self.state is State.OPEN:
            return self.response_due_at
        return self.resolution_due_at if self.state in (State.ACCEPTED, State.ON_HOLD) else None

    def due(self, at: datetime) -> Due:
        """How the running deadline stands at this moment."""
        if self.due_at is None:
            return Due.NONE
        return Due.PAUSED if self.state is State.ON_HOLD else due_status(self.opened_at, self.due_at, at)

    def photos_of(self, *roles: "PhotoRole") -> list["TicketPhoto"]:
        """The photos taken for these purposes, in order; what was drawn on stands beside its original."""
        places = {taken.photo_id: taken.position for taken in self.photos}
        chosen = [taken for taken in self.photos if taken.role in roles]
        return sorted(chosen, key=lambda taken: (places.get(_original_of(taken), taken.position), taken.position))

    @property
    def ghost_id(self) -> UUID | None:
        """What lies over the shot after the work: the newest picture before it, else the newest of the report."""
        here = [taken for taken in self.photos if taken.photo.stored and taken.photo.copy_of_id is None]
        for role in (PhotoRole.BEFORE, PhotoRole.REPORT):
            for taken in reversed(here):
                if taken.role is role:
                    return taken.photo_id
        return None


class TicketEvent(Base):
    """Who did what to a ticket, when by the phone and when by the server. Rows never change."""

    __tablename__ = "ticket_events"
    __table_args__ = (UniqueConstraint("ticket_id", "position"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    position: Mapped[int]
    verb: Mapped[Verb] = mapped_column(enum(Verb))
    from_state: Mapped[State | None] = mapped_column(enum(State))
    to_state: Mapped[State] = mapped_column(enum(State))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    clock_suspect: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(2000), default="")
    hold_reason: Mapped[HoldReason | None] = mapped_column(enum(HoldReason))
    receipt_key: Mapped[UUID | None]

    ticket: Mapped[Ticket] = relationship(back_populates="events")
    person: Mapped[Person | None] = relationship()


class PhotoRole(StrEnum):
    """What a photo of a ticket shows."""

    REPORT = "report"
    BEFORE = "before"
    AFTER = "after"
    SCENE = "scene"
    """While an emergency goes on."""
    RETURN = "return"
    """A supervisor's marks: what is still missing."""


PHOTO_LABELS = {
    PhotoRole.REPORT: N_("Report photo"),
    PhotoRole.BEFORE: N_("Before"),
    PhotoRole.AFTER: N_("After"),
    PhotoRole.SCENE: N_("On the spot"),
    PhotoRole.RETURN: N_("Still missing"),
}


class TicketPhoto(Base):
    """A photo bound to a ticket."""

    __tablename__ = "ticket_photos"
    __table_args__ = (UniqueConstraint("ticket_id", "position"),)

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    site_id: Mapped[SiteId]
    role: Mapped[PhotoRole] = mapped_column(enum(PhotoRole))
    position: Mapped[int]

    ticket: Mapped[Ticket] = relationship(back_populates="photos")
    photo: Mapped[Photo] = relationship()


class TicketNumber(Base):
    """The last number given at a site on a day (of the site's own calendar)."""

    __tablename__ = "ticket_numbers"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int]


def _original_of(taken: TicketPhoto) -> UUID:
    return taken.photo.copy_of_id or taken.photo_id
