"""What came of an attempt to send something."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class Came(Enum):
    """How it ended, and what follows."""

    SENT = "sent"
    GONE = "gone"
    """There is nobody at this address any more."""
    LATER = "later"
    """Worth another try."""
    NEVER = "never"
    """Will not work as it stands, however often."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended; `reason` is short, in English, without names or addresses."""

    came: Came
    reason: str = ""
    wait: timedelta | None = None
    """At least so long, says the other side."""


SENT = Outcome(Came.SENT)
