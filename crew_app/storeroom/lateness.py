"""Whether something had happened already when the server heard of it."""

from datetime import timedelta

from crew_app.core.clock import Moment

WAY = timedelta(minutes=1)


def late(at: Moment) -> bool:
    """Whether it was recorded without a network: it has physically happened, so it is booked as it was."""
    return at.received_at - at.at > WAY
