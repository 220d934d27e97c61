"""Shifts: who is on duty or on call, from when until when; the patterns they come from; swaps and what was changed."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy import Time as TimeOfDay
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade


class Duty(StrEnum):
    """How somebody is there."""

    PRESENT = "present"
    ON_CALL = "on_call"
    """At home, comes when called (听班)."""


DUTY_LABELS = {Duty.PRESENT: N_("On duty"), Duty.ON_CALL: N_("On call")}


class DutyShift(Base):
    """One shift of one person. `trade` narrows what they are there for; without one it is all they know."""

    __tablename__ = "duty_shifts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_end"),
        Index("ix_duty_shifts_site_id_ends_at", "site_id", "ends_at"),
        Index("ix_duty_shifts_person_id_starts_at", "person_id", "starts_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[Time]
    ends_at: Mapped[Time]
    duty: Mapped[Duty] = mapped_column(enum(Duty), default=Duty.PRESENT)
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    name: Mapped[str] = mapped_column(String(40), default="")
    rota_id: Mapped[UUID | None] = mapped_column(ForeignKey("rotas.id"), index=True)
    """What it was made from; nothing once somebody has changed it by hand or swapped it."""

    person: Mapped[Person] = relationship()
    site: Mapped[Site] = relationship()


class ShiftPattern(Base):
    """A shift that comes again (班次): its times, on which days, for which trade.

    One that ends before it starts crosses midnight; one that ends when it starts lasts a day.
    """

    __tablename__ = "shift_patterns"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40), default="")
    starts: Mapped[time] = mapped_column(TimeOfDay)
    ends: Mapped[time] = mapped_column(TimeOfDay)
    weekdays: Mapped[str] = mapped_column(String(7), default="1234567")
    """1 is Monday."""
    on_holidays: Mapped[bool] = mapped_column(default=True)
    """Also on days that the site's calendar has off."""
    duty: Mapped[Duty] = mapped_column(enum(Duty), default=Duty.PRESENT)
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    active: Mapped[bool] = mapped_column(default=True)

    site: Mapped[Site] = relationship()
    rotas: Mapped[list["Rota"]] = relationship(back_populates="pattern", order_by="Rota.from_on, Rota.id")


class Rota(Base):
    """Somebody put into a pattern, from a day on: every day of it, or every so many days (轮班)."""

    __tablename__ = "rotas"
    __table_args__ = (CheckConstraint("every BETWEEN 1 AND 31", name="every_range"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    pattern_id: Mapped[UUID] = mapped_column(ForeignKey("shift_patterns.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(index=True)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    every: Mapped[int] = mapped_column(default=1)
    made_until: Mapped[date | None] = mapped_column(Date)
    """The last day whose shift is made, so that one taken out by hand does not come back."""

    pattern: Mapped[ShiftPattern] = relationship(back_populates="rotas")
    person: Mapped[Person] = relationship()


class SwapState(StrEnum):
    """How far a swap is."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    """Both want it; a supervisor has to say yes."""
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SWAP_LABELS = {
    SwapState.PROPOSED: N_("Proposed"),
    SwapState.AGREED: N_("Both agree"),
    SwapState.DONE: N_("Swapped"),
    SwapState.REFUSED: N_("Swap refused"),
    SwapState.WITHDRAWN: N_("Taken back"),
}


class ShiftSwap(Base):
    """A shift offered to somebody (换班), for one of theirs or for nothing. `words` keep what it was about."""

    __tablename__ = "shift_swaps"
    __table_args__ = (Index("ix_shift_swaps_site_id_state", "site_id", "state"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty_shifts.id"), index=True)
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty_shifts.id"), index=True)
    from_id: Mapped[PersonId] = mapped_column(index=True)
    to_id: Mapped[PersonId] = mapped_column(index=True)
    state: Mapped[SwapState] = mapped_column(enum(SwapState), default=SwapState.PROPOSED)
    note: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[Time]
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    shift: Mapped[DutyShift | None] = relationship(foreign_keys=[shift_id])
    other: Mapped[DutyShift | None] = relationship(foreign_keys=[other_id])
    giver: Mapped[Person] = relationship(foreign_keys=[from_id])
    taker: Mapped[Person] = relationship(foreign_keys=[to_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class RosterVerb(StrEnum):
    """What was done to a shift by hand."""

    ADD = "add"
    REMOVE = "remove"
    SWAP = "swap"


ROSTER_VERB_LABELS = {
    RosterVerb.ADD: N_("Put on the roster"),
    RosterVerb.REMOVE: N_("Taken off the roster"),
    RosterVerb.SWAP: N_("Swapped"),
}


class RosterChange(Base):
    """The trace of a change by hand: whose shift, what was done, by whom; for a swap also who had it before."""

    __tablename__ = "roster_changes"
    __table_args__ = (Index("ix_roster_changes_site_id_at", "site_id", "at"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    verb: Mapped[RosterVerb] = mapped_column(enum(RosterVerb))
    person_id: Mapped[PersonId] = mapped_column()
    before_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[Time]
    ends_at: Mapped[Time]
    name: Mapped[str] = mapped_column(String(40), default="")
    by_id: Mapped[PersonId] = mapped_column()
    at: Mapped[Time]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    before: Mapped[Person | None] = relationship(foreign_keys=[before_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class RosterRules(Base):
    """What holds at a site; without a row, what stands in `rules.Rules`."""

    __tablename__ = "roster_rules"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    swap_approval: Mapped[bool]
    """Whether a swap needs a supervisor."""
    rest_hours: Mapped[int]
    """Less between two shifts of one person is warned of."""
    dispatching: Mapped[bool]
    """Whether jobs are dispatched by themselves."""


class Responsibility(Base):
    """Who answers for a place and all within it (网格, 责任到人): a person, or the crew of a trade.

    With both, the person answers for the jobs of that trade.
    """

    __tablename__ = "responsibilities"
    __table_args__ = (CheckConstraint("person_id IS NOT NULL OR trade IS NOT NULL", name="somebody"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))

    person: Mapped[Person | None] = relationship()
