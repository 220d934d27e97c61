"""Verbs of late entries: hold one, decide about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.held.models import HeldEntry
from crew_app.held.rules import Decision, Why
from crew_app.people.models import Person


@dataclass(frozen=True, slots=True)
class Late:
    """A command as it arrived: why it is held, the code of its refusal, and what was asked for."""

    key: UUID
    site_id: UUID
    subject_id: UUID
    why: Why
    code: str
    action: str
    path: str
    body: str


def hold(late: Late, *, by: Person, at: Moment) -> HeldEntry:
    """Keep a command for a supervisor of its site."""
    entry = HeldEntry(
        key=late.key,
        site_id=late.site_id,
        person_id=by.id,
        subject_id=late.subject_id,
        why=late.why,
        code=late.code,
        action=late.action,
        path=late.path,
        body=late.body,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        offset_ms=at.offset_ms,
        suspect=at.suspect,
        note="",
    )
    session.add(entry)
    session.flush()
    return entry


def decide(entries: Sequence[HeldEntry], decision: Decision, note: str, *, by: Person, at: Moment) -> None:
    """Write down what became of entries; never one's own, and never twice."""
    for entry in entries:
        if entry.person_id == by.id:
            raise Refused("own-entry", N_("Somebody else has to decide about your own entries."))
        entry.decision, entry.note = decision, note.strip()[:2000]
        entry.decided_by_id, entry.decided_at = by.id, at.at
    session.flush()
