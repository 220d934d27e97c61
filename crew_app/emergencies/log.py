"""The log of an emergency: one line for everything that happens, never changed."""

from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.emergencies.models import Emergency, EmergencyEntry
from crew_app.emergencies.rules import Answer, EntryKind
from crew_app.people.models import Person


def write(
    emergency: Emergency,
    kind: EntryKind,
    *,
    by: Person | None,
    at: Moment,
    note: str = "",
    step_key: str = "",
    answer: Answer | None = None,
    entry_id: UUID | None = None,
) -> EmergencyEntry:
    """Write a line: who, what, when by the phone and when by the server."""
    if entry_id and session.get(EmergencyEntry, entry_id):
        raise Refused("entry-known", N_("This entry was already sent."))
    entry = EmergencyEntry(
        id=entry_id or new_id(),
        site_id=emergency.site_id,
        ticket_id=emergency.ticket_id,
        kind=kind,
        step_key=step_key,
        answer=answer,
        note=note.strip()[:2000],
        person_id=by.id if by else None,
        at=max(at.at, emergency.started_at),
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    emergency.entries.append(entry)
    session.flush()
    return entry
