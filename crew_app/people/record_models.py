"""What signing in leaves behind: who came in and what was refused, counted guesses, passwords from before."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Time, UtcDateTime, enum
from crew_app.core.words import N_
from crew_app.people.models import Person


class What(StrEnum):
    """What happened."""

    IN = "in"
    REFUSED = "refused"
    """A wrong password, PIN or code."""
    HELD_UP = "held_up"
    """So many wrong tries that the next ones have to wait."""
    OUT = "out"
    ENDED = "ended"
    """Sign-ins were ended: a password, a role or access changed, or somebody ended them."""
    RIGHTS = "rights"
    """What somebody may do, or how they come in, was changed."""
    EXPORT = "export"
    UNLOCKED = "unlocked"


ACCESS_LABELS = {
    What.IN: N_("Signed in"),
    What.REFUSED: N_("Refused"),
    What.HELD_UP: N_("Has to wait"),
    What.OUT: N_("Signed out"),
    What.ENDED: N_("Sign-ins ended"),
    What.RIGHTS: N_("Access changed"),
    What.EXPORT: N_("Data taken out"),
    What.UNLOCKED: N_("May try again"),
}


class AccessRecord(Base):
    """One line of the record. Rows never change; none goes before 180 days are over (triggers)."""

    __tablename__ = "access_records"
    __table_args__ = (
        Index("ix_access_records_at", "at", "id"),
        Index("ix_access_records_person_id_at", "person_id", "at"),
    )

    id: Mapped[Id]
    at: Mapped[Time]
    what: Mapped[What] = mapped_column(enum(What))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """About whom; nobody for a name that is not known here."""
    login: Mapped[str] = mapped_column(String(60), default="")
    """The log-in name then, or what was typed as one."""
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who did it, when that was somebody else."""
    how: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])


class Guess(Base):
    """Wrong tries of one kind, and until when the next one has to wait."""

    __tablename__ = "guesses"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    login: Mapped[str] = mapped_column(String(60), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    free_at: Mapped[Time]


class FormerPassword(Base):
    """What somebody's password was, where a new one must differ from the last ones."""

    __tablename__ = "former_passwords"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    until: Mapped[Time]
