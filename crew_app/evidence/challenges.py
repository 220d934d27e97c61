"""One-time capture challenges: a picture that answers one was fingerprinted after the server gave it.

A challenge is a signed word for one person; a phone keeps a few for the basement. Nothing is written down when one is
given; the picture that answers it first uses it up (`Photo.challenge_id` is unique).
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

GOOD_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that was given to whoever answers it."""

    id: UUID
    given_at: datetime


def give(person_id: UUID, key: str, at: datetime) -> str:
    """A new challenge for this person, as the phone keeps it and sends it back."""
    said = f"{uuid4().hex}.{int(at.timestamp() * 1000)}"
    return f"{said}.{_seal(person_id, said, key)}"


def answered(token: str, person_id: UUID, key: str, at: datetime) -> Challenge | None:
    """The challenge in what a phone sent back; None when it is none of ours, not this person's, or too old."""
    said, _, seal = token.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(person_id, said, key).encode()):
        return None
    name, _, milliseconds = said.partition(".")
    given_at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    return Challenge(UUID(name), given_at) if at - GOOD_FOR <= given_at <= at else None


def _seal(person_id: UUID, said: str, key: str) -> str:
    words = f"capture challenge|{person_id.hex}|{said}"
    return hmac.new(key.encode(), words.encode(), sha256).hexdigest()[:32]
