"""Maintenance by meter: which multiple a reading has passed, and when the next one is to be expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.rounds.models import Answer

USE_OVER = timedelta(days=120)
LEAST = timedelta(days=1)
FARTHEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter showed."""

    at: datetime
    number: Decimal


def readings(subject_id: UUID, check_key: str, limit: int = 200) -> list[Reading]:
    """The newest readings of a meter, the newest first."""
    query = select(Answer.at, Answer.number).where(
        Answer.subject_id == subject_id, Answer.check_key == check_key, Answer.number.is_not(None)
    )
    rows = session.execute(query.order_by(Answer.at.desc()).limit(limit)).all()
    return [Reading(at, number) for at, number in rows if number is not None]


def multiple(number: Decimal, every: Decimal) -> Decimal:
    """The multiple of `every` that was passed last: 3,417 h with 250 h gives 3,250 h."""
    return number // every * every


def base_after(base: Decimal | None, number: Decimal, every: Decimal) -> Decimal:
    """From which multiple to count on: never back, except when the meter was exchanged (far below the last one)."""
    if base is None or number < base - every:
        return multiple(number, every)
    return base + max(Decimal(0), (number - base) // every) * every


def expected(found: Sequence[Reading], target: Decimal) -> datetime | None:
    """When the meter will show this, by its average use in the last months; nothing when that is unknown.

    `found` is newest first. A meter that ran backwards (exchanged) counts from there on.
    """
    if not found:
        return None
    oldest = found[0]
    for before in found[1:]:
        if before.number > oldest.number or found[0].at - before.at > USE_OVER:
            break
        oldest = before
    span, use = found[0].at - oldest.at, found[0].number - oldest.number
    if span < LEAST or use <= 0:
        return None
    ahead = float((target - found[0].number) / use) * span if target > found[0].number else timedelta(0)
    return found[0].at + ahead if ahead <= FARTHEST else None
