"""Time: what the server's clock says, and what a phone's clock is worth."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

SUSPECT_OFFSET = timedelta(hours=1)
OLDEST = timedelta(days=90)
SLACK = timedelta(seconds=2)
CENTURY = (1970, 2100)


def now() -> datetime:
    """The server's time, aware, in UTC."""
    return datetime.now(UTC)


def plausible(at: datetime) -> datetime | None:
    """A time of a device in UTC, or nothing when it has no zone or is not of this century."""
    if at.tzinfo is None or not CENTURY[0] <= at.year < CENTURY[1]:
        return None
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, and under which receipt it was told.

    `at` is the time to count with: device time corrected by the measured offset, never after the receipt.
    Both raw clocks stay beside it. `suspect` marks a device clock that cannot be believed as it stands.
    """

    at: datetime
    received_at: datetime
    device_at: datetime | None = None
    offset: timedelta | None = None
    suspect: bool = False
    receipt: UUID | None = None

    @property
    def offset_ms(self) -> int | None:
        """Measured offset (server minus device) in milliseconds, if the device told its time."""
        return None if self.offset is None else round(self.offset / timedelta(milliseconds=1))


def server_moment(received_at: datetime | None = None) -> Moment:
    """The moment of something that happened on the server itself."""
    at = received_at or now()
    return Moment(at=at, received_at=at)


def moment(received_at: datetime, made_at: datetime | None, sent_at: datetime | None) -> Moment:
    """The moment of a command made on a device at `made_at` and sent at `sent_at`, both by the device's clock.

    The offset is receipt minus sending; the way over the network counts as part of it (some milliseconds).
    A command "made" after it was sent, or older than receipts are kept, cannot be placed in time: it counts
    from its receipt and is marked.
    """
    if made_at is None:
        return server_moment(received_at)
    offset = received_at - (sent_at or received_at)
    try:
        at = made_at + offset
    except OverflowError:
        return Moment(received_at, received_at, made_at, offset, suspect=True)
    if at > received_at + SLACK or at < received_at - OLDEST:
        return Moment(received_at, received_at, made_at, offset, suspect=True)
    return Moment(min(at, received_at), received_at, made_at, offset, suspect=abs(offset) > SUSPECT_OFFSET)
