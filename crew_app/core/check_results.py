"""What the last proof of the books came to: kept, so that watching does not mean proving."""

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base, session
from crew_app.core.types import Time, UtcDateTime

LEDGER, CHAIN = "ledger", "chain"
NAMES = (LEDGER, CHAIN)
GIVEN_UP = timedelta(hours=12)
"""After that a proof that has not ended is taken for one that died."""


class CheckResult(Base):
    """The latest proof of one kind; `ended_at` and what follows are those of the last one that ended."""

    __tablename__ = "check_results"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    begun_at: Mapped[Time]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[int] = mapped_column(default=0)
    problems: Mapped[int] = mapped_column(default=0)
    first: Mapped[str] = mapped_column(String(300), default="")
    """The first of the problems, in words for an administrator."""


def begin(name: str, at: datetime) -> None:
    """Write down that a proof began, within a write transaction."""
    found = session.get(CheckResult, name)
    if found is None:
        session.add(CheckResult(name=name, begun_at=at))
    else:
        found.begun_at = at


def end(name: str, at: datetime, problems: int, first: str) -> CheckResult:
    """Write down how it ended, within a write transaction."""
    found = session.get_one(CheckResult, name)
    found.ended_at, found.problems, found.first = at, problems, first[:300]
    found.seconds = max(0, round((at - found.begun_at).total_seconds()))
    return found


def due(name: str, at: datetime, after: timedelta) -> bool:
    """Whether the last proof is older than that, and none is under way."""
    found = session.get(CheckResult, name)
    if found is None:
        return True
    under_way = found.ended_at is None or found.ended_at < found.begun_at
    age = at - found.begun_at
    return age >= (GIVEN_UP if under_way else after)
