"""What a command is to the web: who asks for what, when, and what is answered."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import request

from crew_app.core.clock import Moment

OWN_SECRET = "own-secret"  # noqa: S105 - a mark, no secret
"""Stands in a location for `commands.own_secret()`: what is kept of an answer must not hold a secret."""


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to a command: that it was carried out, and where to look now."""

    location: str
    site_id: UUID | None = None
    status: int = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class Command:
    """What identifies a change and places it in time."""

    key: UUID
    person_id: UUID | None
    fingerprint: str
    when: Moment


def from_outbox() -> bool:
    """Whether the request comes from a phone's outbox rather than from a plain form."""
    return "Crew-Outbox" in request.headers
