"""Where a list goes on: the time and the id of the last row that was shown."""

from datetime import UTC, datetime
from uuid import UUID

from crew_app.core.errors import Unseen
from crew_app.core.words import N_

Cursor = tuple[datetime, UUID]


def cursor(text: str) -> Cursor | None:
    """The place in a list that an address names; nothing at its beginning."""
    at, _, row_id = text.partition("_")
    if not text:
        return None
    try:
        return datetime.fromisoformat(at).astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError) as error:
        raise Unseen("bad-page", N_("This page does not exist, or not for you.")) from error


def cursor_of(at: datetime, row_id: UUID) -> str:
    """The same, as part of an address."""
    return f"{at.isoformat()}_{row_id}"
