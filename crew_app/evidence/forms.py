"""Photos in a form: announced by fingerprint from an outbox, or sent along by a plain form."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from crew_app.core.clock import plausible
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.evidence.images import MAX_BYTES
from crew_app.evidence.models import PhotoSource

MOST_AT_ONCE = 10
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("photo_id", "photo_sha256", "photo_bytes", "photo_type", "photo_taken_at", "photo_source")
_MORE = ("photo_challenge", "photo_copy_of", "photo_shape")
"""Fields that phones of an earlier version do not send."""


class Fields(Protocol):
    """Form fields that may occur several times."""

    def getlist(self, key: str) -> list[str]:
        """All values of a field, in order."""


def announced(fields: Fields) -> list[Announcement]:
    """The photos a form announces; `Refused` ("photo-fields") when their fields make no sense together."""
    columns = [fields.getlist(name) for name in _FIELDS]
    columns += [fields.getlist(name) or [""] * len(columns[0]) for name in _MORE]
    if len({len(column) for column in columns}) > 1 or len(columns[0]) > MOST_AT_ONCE:
        raise _nonsense()
    try:
        return [_announcement(*values) for values in zip(*columns, strict=True)]
    except (ValueError, OverflowError) as error:
        raise _nonsense() from error


def sent_along(files: Sequence[bytes]) -> list[Announcement]:
    """Photos that came with a plain form, without the help of JavaScript."""
    if len(files) > MOST_AT_ONCE:
        raise Refused("too-many-photos", N_("Please send %(most)s photos at most at once."), most=MOST_AT_ONCE)
    return [
        Announcement(new_id(), hashlib.sha256(data).hexdigest(), len(data), "", PhotoSource.FILE, None, data)
        for data in files
    ]


def _announcement(*values: str) -> Announcement:
    photo_id, sha256, size, media_type, taken_at, source, token, copy_of, shape = values
    taken = datetime.fromisoformat(taken_at) if taken_at else None
    if not _SHA256.fullmatch(sha256) or not 0 < int(size) <= MAX_BYTES:
        raise _nonsense()
    return Announcement(
        UUID(photo_id),
        sha256,
        int(size),
        media_type[:40],
        PhotoSource(source),
        plausible(taken) if taken else None,
        token=token[:120],
        copy_of_id=UUID(copy_of) if copy_of else None,
        shape=shape[:40],
    )


def _nonsense() -> Refused:
    return Refused("photo-fields", N_("The photo could not be announced. Please choose it again."))
