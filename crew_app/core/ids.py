"""Identifiers: time-ordered UUIDs and unguessable secrets."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7: unique without asking anybody, and sorted by the time it was made."""
    return uuid7()


def id_of(moment: datetime) -> UUID:
    """The lowest time-ordered id (UUIDv7) of a moment."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


def new_secret() -> str:
    """192 random bits for a session or a follow link, safe in a URL."""
    return secrets.token_urlsafe(24)


def secret_hash(secret: str) -> str:
    """What is stored of a secret: enough to recognise it, not enough to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()
