"""When shifts change: pure questions about times."""

import re
from datetime import datetime, time, timedelta

from crew_app.core.errors import Refused
from crew_app.core.words import N_

GRACE = timedelta(minutes=30)
"""So long after the planned end of a shift a hand-over without the relief's signature is overdue."""
MOST_CHANGES = 6
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


def parse_changes(text: str) -> str:
    """Times of relief as they are kept, "08:00 20:00"; `Refused` ("times") for anything else."""
    words = re.split(r"[\s,，、;；]+", text.strip()) if text.strip() else []
    found = [_TIME.fullmatch(word) for word in words]
    if not all(found) or len(found) > MOST_CHANGES:
        raise Refused("times", N_("Please write the times of relief like this: 08:00 20:00."))
    return " ".join(sorted({f"{int(match[1]):02d}:{match[2]}" for match in found if match}))


def planned_end(changes: str, at: datetime) -> datetime:
    """The change of shift that is nearest to a moment at the site; the moment itself where there are no times."""
    return min(_around(changes, at), key=lambda change: abs(change - at), default=at)


def last_change(changes: str, at: datetime) -> datetime | None:
    """The last change of shift before a moment at the site, if the post has times."""
    return max((change for change in _around(changes, at) if change <= at), default=None)


def overdue(ends_at: datetime, at: datetime) -> bool:
    """Whether the relief should have signed by now."""
    return at > ends_at + GRACE


def _around(changes: str, at: datetime) -> list[datetime]:
    """All changes of the day before, the day itself and the day after, in the zone of `at`."""
    days = [at.date() + timedelta(days=number) for number in (-1, 0, 1)]
    return [datetime.combine(day, time.fromisoformat(one), at.tzinfo) for day in days for one in changes.split()]
