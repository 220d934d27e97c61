"""Shift hand-over (交接班): posts, what one shift left to the next, who signed for it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade


class LineSource(StrEnum):
    """Where a line of a hand-over comes from."""

    RUNNING = "running"
    JOB = "job"
    STOCK = "stock"
    DISCREPANCY = "discrepancy"
    VISITOR = "visitor"
    ROUND = "round"
    READING = "reading"
    REMARK = "remark"


LINE_SOURCE_LABELS = {
    LineSource.RUNNING: N_("Running state"),
    LineSource.JOB: N_("Jobs"),
    LineSource.STOCK: N_("Low stock"),
    LineSource.DISCREPANCY: N_("Discrepancies"),
    LineSource.VISITOR: N_("Still inside"),
    LineSource.ROUND: N_("Missed on rounds"),
    LineSource.READING: N_("Last readings"),
    LineSource.REMARK: N_("Remarks"),
}


class Part(StrEnum):
    """On which side of a hand-over somebody signed."""

    OUTGOING = "outgoing"
    RELIEF = "relief"


PART_LABELS = {Part.OUTGOING: N_("Hands over"), Part.RELIEF: N_("Takes over")}


class ShiftPost(Base):
    """A post or crew that is relieved (岗位/班组). `changes` are its times of relief at the site ("08:00 20:00").

    `trade` narrows the jobs it hands over; without one all jobs of the site count.
    """

    __tablename__ = "shift_posts"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    changes: Mapped[str] = mapped_column(String(60), default="")
    trade: Mapped[Trade | None] = mapped_column(enum(Trade))
    tells_jobs: Mapped[bool] = mapped_column(default=True)
    tells_stock: Mapped[bool] = mapped_column(default=False)
    tells_visitors: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Time]

    site: Mapped[Site] = relationship()


class HandOver(Base):
    """One hand-over, signed by whoever leaves. Its lines and signatures never change; `relieved_at` says it is over."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        Index("ix_hand_overs_site_id_relieved_at", "site_id", "relieved_at"),
        Index("ix_hand_overs_post_id_ends_at", "post_id", "ends_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    post_id: Mapped[UUID] = mapped_column(ForeignKey("shift_posts.id"))
    ends_at: Mapped[Time]
    """The planned end of the shift; the moment of signing where the post has no times."""
    person_id: Mapped[PersonId] = mapped_column(index=True)
    at: Mapped[Time]
    received_at: Mapped[Time]
    relieved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    relieved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    post: Mapped[ShiftPost] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    relieved_by: Mapped[Person | None] = relationship(foreign_keys=[relieved_by_id])
    lines: Mapped[list["HandOverLine"]] = relationship(order_by="HandOverLine.position", back_populates="hand_over")
    signatures: Mapped[list["HandOverSignature"]] = relationship(
        order_by="HandOverSignature.id", back_populates="hand_over"
    )


class HandOverLine(Base):
    """One matter, in the words of whoever leaves; `href` is the page it is about, within this application."""

    __tablename__ = "hand_over_lines"
    __table_args__ = (UniqueConstraint("hand_over_id", "position"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    hand_over_id: Mapped[UUID] = mapped_column(ForeignKey("hand_overs.id"))
    position: Mapped[int]
    source: Mapped[LineSource] = mapped_column(enum(LineSource))
    text: Mapped[str] = mapped_column(String(2000))
    href: Mapped[str] = mapped_column(String(120), default="")

    hand_over: Mapped[HandOver] = relationship(back_populates="lines")
    notes: Mapped[list["HandOverNote"]] = relationship(order_by="HandOverNote.id", back_populates="line")


class HandOverNote(Base):
    """What the relief found about a line."""

    __tablename__ = "hand_over_notes"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    line_id: Mapped[UUID] = mapped_column(ForeignKey("hand_over_lines.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))
    person_id: Mapped[PersonId]
    at: Mapped[Time]

    line: Mapped[HandOverLine] = relationship(back_populates="notes")
    person: Mapped[Person] = relationship()


class HandOverSignature(Base):
    """A signature: an SVG path in a box of 300 by 120; an empty one stands for a signature on paper.

    `device_person_id` is who was signed in: somebody else, where both signed on one phone.
    """

    __tablename__ = "hand_over_signatures"
    __table_args__ = (UniqueConstraint("hand_over_id", "person_id"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    hand_over_id: Mapped[UUID] = mapped_column(ForeignKey("hand_overs.id"))
    part: Mapped[Part] = mapped_column(enum(Part))
    person_id: Mapped[PersonId] = mapped_column()
    device_person_id: Mapped[PersonId] = mapped_column()
    name: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(Text)
    at: Mapped[Time]
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[Time]
    receipt_key: Mapped[UUID | None]

    hand_over: Mapped[HandOver] = relationship(back_populates="signatures")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    device_person: Mapped[Person] = relationship(foreign_keys=[device_person_id])
