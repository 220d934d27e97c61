"""Templates and their versions, plans, dated runs with their stops, visits, answers, flags, findings.

Visits and answers are facts: they are added and never changed. The rows of runs and stops say how it stands.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Fixed, Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.evidence.models import Photo
from crew_app.people.models import Person, Site
from crew_app.people.rules import Role, Trade
from crew_app.phones.models import Device
from crew_app.places.models import Asset, Place
from crew_app.rounds.content import Category, CheckKind, Content, StopPlan
from crew_app.rounds.reading import read
from crew_app.rounds.rules import Challenge, FlagRule, How, Outcome, RunState, StopState
from crew_app.tickets.models import Ticket

READING = Fixed(4)
AT_ONCE = timedelta(minutes=1)
_MISSED = text("state IN ('missed', 'incomplete')")
_FAILED = text("outcome = 'fail'")


class RoundTemplate(Base):
    """A kind of round at a site. What it says is in its versions; `version` is the one new runs are made with."""

    __tablename__ = "round_templates"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    category: Mapped[Category] = mapped_column(enum(Category))
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    version: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    versions: Mapped[list["RoundVersion"]] = relationship(order_by="RoundVersion.number", back_populates="template")


class RoundVersion(Base):
    """What a template said from then on; rows never change, so that a run keeps what it was made with."""

    __tablename__ = "round_versions"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    template_id: Mapped[UUID] = mapped_column(ForeignKey("round_templates.id"))
    number: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    """The content as `crew-round/1` JSON."""
    note: Mapped[str] = mapped_column(String(500), default="")
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Time]

    template: Mapped[RoundTemplate] = relationship(back_populates="versions")
    made_by: Mapped[Person | None] = relationship()

    @cached_property
    def content(self) -> Content:
        """What it says, as typed values."""
        return read(self.document)


class RoundPlan(Base):
    """When runs of a template are made, and for whom.

    `rule` is an RRULE (RFC 5545) over days of the site's calendar; `times` are times of day, separated by commas.
    `floating` counts from the last completion instead. With `every` a run is due whenever the meter
    (`meter_asset_id`, `meter_check`) has moved on by so much. `planned_until`: runs are made up to this moment.
    """

    __tablename__ = "round_plans"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    template_id: Mapped[UUID] = mapped_column(ForeignKey("round_templates.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    rule: Mapped[str] = mapped_column(String(200), default="")
    times: Mapped[str] = mapped_column(String(300), default="08:00")
    minutes: Mapped[int] = mapped_column(default=120)
    grace_minutes: Mapped[int] = mapped_column(default=15)
    days: Mapped[str] = mapped_column(String(10), default="all")
    """Which days count: all, working, off."""
    shift_to: Mapped[str] = mapped_column(String(10), default="skip")
    """What becomes of a date on a day that does not count: skip, before, after."""
    floating: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    """Stops that name a kind of asset are looked for here; the whole site without it."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role | None] = mapped_column(enum(Role))
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    meter_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    meter_check: Mapped[str] = mapped_column(String(40), default="")
    every: Mapped[Decimal | None] = mapped_column(READING)
    meter_base: Mapped[Decimal | None] = mapped_column(READING)
    """The multiple of `every` up to which runs were made; from the first reading on when nothing is said."""
    remind: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Days before an asset's due date (statutory test) at which a run is made, separated by commas."""
    active: Mapped[bool] = mapped_column(default=True)
    counted_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the plan was made, changed or resumed the last time: what would have been before that is not made up."""
    trouble: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why the last run could not be made, in the words of the refusal; empty when it could."""
    planned_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Time]

    template: Mapped[RoundTemplate] = relationship()
    site: Mapped[Site] = relationship()
    area: Mapped[Place | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class Run(Base):
    """One dated round. To be walked between `opens_at` and `closes_at`; after the grace what is missing is missed."""

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("site_id", "number"),
        UniqueConstraint("plan_id", "slot"),
        CheckConstraint("closes_at > opens_at", name="window"),
        Index("ix_runs_site_id_state_opens_at", "site_id", "state", "opens_at"),
        Index("ix_runs_site_id_opens_at_id", "site_id", "opens_at", "id"),
        Index("ix_runs_template_id_opens_at", "template_id", "opens_at"),
        Index("ix_runs_missed", "site_id", "closes_at", sqlite_where=_MISSED, postgresql_where=_MISSED),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    number: Mapped[str] = mapped_column(String(20))
    template_id: Mapped[UUID] = mapped_column(ForeignKey("round_templates.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("round_versions.id"))
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("round_plans.id"))
    slot: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The moment of the plan that this run stands for; a plan never makes two runs for one."""
    occasion: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """What it was made for, beyond the calendar: a meter reading, the due date of an asset."""
    state: Mapped[RunState] = mapped_column(enum(RunState), default=RunState.DUE)
    opens_at: Mapped[Time]
    closes_at: Mapped[Time]
    grace_minutes: Mapped[int] = mapped_column(default=15)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Who is to walk it; anybody with the role and trade when nobody is named."""
    role: Mapped[Role | None] = mapped_column(enum(Role))
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    stop_count: Mapped[int] = mapped_column(default=0)
    visited_count: Mapped[int] = mapped_column(default=0)
    missed_count: Mapped[int] = mapped_column(default=0)
    fault_count: Mapped[int] = mapped_column(default=0)
    flag_count: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Time]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Time]

    site: Mapped[Site] = relationship()
    template: Mapped[RoundTemplate] = relationship()
    version: Mapped[RoundVersion] = relationship()
    plan: Mapped[RoundPlan | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    begun_by: Mapped[Person | None] = relationship(foreign_keys=[begun_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])
    stops: Mapped[list["RunStop"]] = relationship(order_by="RunStop.position", back_populates="run")


class RunStop(Base):
    """One stop of a run, with the place or asset it turned out to be when the run was made."""

    __tablename__ = "run_stops"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        Index("ix_run_stops_place_id_state", "place_id", "state"),
        Index("ix_run_stops_asset_id_state", "asset_id", "state"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    """The stop of the version that says what to check here."""
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"))
    state: Mapped[StopState] = mapped_column(enum(StopState), default=StopState.WAITING)
    opens_at: Mapped[Time]
    closes_at: Mapped[Time]
    challenge: Mapped[Challenge | None] = mapped_column(enum(Challenge))
    visited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault_count: Mapped[int] = mapped_column(default=0)

    run: Mapped[Run] = relationship(back_populates="stops")
    place: Mapped[Place | None] = relationship()
    asset: Mapped[Asset | None] = relationship()
    visits: Mapped[list["Visit"]] = relationship(order_by="Visit.at", back_populates="stop")

    @property
    def plan(self) -> StopPlan:
        """What is to be done here, by the version of the run."""
        return self.run.version.content.stop(self.key)

    @property
    def subject(self) -> Asset | Place | None:
        """The asset or the place."""
        return self.asset or self.place


class Visit(Base):
    """Somebody was at a stop, or left it out with a reason. What was seen, how, when; rows never change."""

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_stop_id_at", "stop_id", "at"),
        Index("ix_visits_person_id_at", "person_id", "at"),
        Index("ix_visits_tag_code_at", "tag_code", "at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id"), index=True)
    stop_id: Mapped[UUID] = mapped_column(ForeignKey("run_stops.id"))
    person_id: Mapped[PersonId]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"))
    skipped: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(500), default="")
    how: Mapped[How] = mapped_column(enum(How))
    tag_code: Mapped[str | None] = mapped_column(ForeignKey("tags.code"))
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the tag was scanned, in corrected time; `at` is when the stop was finished."""
    frame_hash: Mapped[str] = mapped_column(String(16), default="")
    """64 bits of what the camera saw at the scan (difference hash, hexadecimal)."""
    frame_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"))
    challenge_answer: Mapped[str] = mapped_column(String(60), default="")
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    """Metres."""
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    clock_suspect: Mapped[bool] = mapped_column(default=False)
    receipt_key: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(String(2000), default="")

    run: Mapped[Run] = relationship()
    stop: Mapped[RunStop] = relationship(back_populates="visits")
    person: Mapped[Person] = relationship()
    device: Mapped[Device | None] = relationship()
    frame: Mapped[Photo | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.position", back_populates="visit")
    photos: Mapped[list["VisitPhoto"]] = relationship(order_by="VisitPhoto.position", back_populates="visit")
    flags: Mapped[list["Flag"]] = relationship(back_populates="visit")
    findings: Mapped[list["Finding"]] = relationship(back_populates="visit")

    @property
    def offline(self) -> bool:
        """Whether it was recorded more than a minute before the server heard of it."""
        return self.received_at - self.at > AT_ONCE


class Answer(Base):
    """The answer to one check. `subject_id` is the asset, or else the place, that a series of readings belongs to."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("visit_id", "position"),
        Index("ix_answers_subject_id_check_key_at", "subject_id", "check_key", "at"),
        Index("ix_answers_failed", "site_id", "at", sqlite_where=_FAILED, postgresql_where=_FAILED),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    position: Mapped[int]
    check_key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[CheckKind] = mapped_column(enum(CheckKind))
    subject_id: Mapped[UUID | None]
    number: Mapped[Decimal | None] = mapped_column(READING)
    value: Mapped[str] = mapped_column(Text, default="")
    """What was chosen, written or signed; keys for choices and grades, a path for signatures."""
    outcome: Mapped[Outcome] = mapped_column(enum(Outcome))
    note: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[Time]

    visit: Mapped[Visit] = relationship(back_populates="answers")


class VisitPhoto(Base):
    """A photo taken at a stop, for a check or for the stop as a whole."""

    __tablename__ = "visit_photos"
    __table_args__ = (UniqueConstraint("visit_id", "position"),)

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    site_id: Mapped[SiteId]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    check_key: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int]

    visit: Mapped[Visit] = relationship(back_populates="photos")
    photo: Mapped[Photo] = relationship()


class Flag(Base):
    """Something that looks odd about a visit, with the facts its words are made of (JSON)."""

    __tablename__ = "visit_flags"
    __table_args__ = (
        UniqueConstraint("visit_id", "rule"),
        Index("ix_visit_flags_site_id_made_at", "site_id", "made_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    rule: Mapped[FlagRule] = mapped_column(enum(FlagRule))
    facts: Mapped[str] = mapped_column(String(500), default="{}")
    made_at: Mapped[Time]

    visit: Mapped[Visit] = relationship(back_populates="flags")


class Finding(Base):
    """A failed check became a job, or joined one that was open already."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("visit_id", "check_key"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    check_key: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    joined: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[Time]

    visit: Mapped[Visit] = relationship(back_populates="findings")
    ticket: Mapped[Ticket] = relationship()


class RunNumber(Base):
    """The last number given at a site on a day of the site's own calendar."""

    __tablename__ = "run_numbers"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
