"""The worker's heartbeat: a row that says when it last did its work, readable by every process on every host."""

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base, session
from crew_app.core.types import Time

WORKER = "worker"
SILENT = timedelta(minutes=3)


class Heartbeat(Base):
    """When something that must go on was last seen alive, and where."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[Time]
    where: Mapped[str] = mapped_column(String(120), default="")


def beat(at: datetime, where: str, name: str = WORKER) -> None:
    """Say that the worker is alive, or how far something else has come, within a write transaction."""
    found = session.get(Heartbeat, name)
    if found is None:
        session.add(Heartbeat(name=name, at=at, where=where[:120]))
    else:
        found.at, found.where = at, where[:120]


def last_beat(name: str = WORKER) -> Heartbeat | None:
    """The last sign of life."""
    return session.get(Heartbeat, name)


def silent(found: Heartbeat, at: datetime) -> bool:
    """Whether it has been too long; a beat from the future is a clock that jumped, and no comfort either."""
    return abs(at - found.at) > SILENT
