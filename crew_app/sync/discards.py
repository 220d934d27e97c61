"""Entries discarded on a phone: told to the server, kept as facts, shown to supervisors."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment, plausible
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.receipts import Receipt
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.sync.models import Discard
from crew_app.tickets.events import record
from crew_app.tickets.models import Ticket, TicketPhoto
from crew_app.tickets.queries import visible
from crew_app.tickets.rules import Verb

SHOWN = 50
LONGEST_LABEL, LONGEST_URL = 200, 300
MOST_PHOTOS, LARGEST = 100, 10**12
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_OF_A_TICKET = re.compile(r"/tickets/([0-9a-f-]{36})/[a-z/0-9-]+")
_OF_A_PHOTO = re.compile(r"/photos/([0-9a-f-]{36})/original")


@dataclass(frozen=True, slots=True)
class Discarded:
    """What the phone tells about an entry it no longer has."""

    key: UUID
    sha256: str
    label: str
    url: str
    made_at: datetime | None
    size: int
    photos: int


def parse(form: Mapping[str, str]) -> Discarded:
    """Read the request. Only what identifies the entry must be right; the rest is cut to what can be kept."""
    try:
        key = UUID(form.get("discarded_key", ""))
    except ValueError as error:
        raise _incomplete() from error
    if not _SHA256.fullmatch(form.get("sha256", "")):
        raise _incomplete()
    return Discarded(
        key=key,
        sha256=form["sha256"],
        label=_words(form.get("label", ""), LONGEST_LABEL),
        url=_words(form.get("url", ""), LONGEST_URL),
        made_at=_time(form.get("made_at", "")),
        size=_number(form.get("size", ""), LARGEST),
        photos=_number(form.get("photos", ""), MOST_PHOTOS),
    )


def ticket_of(told: Discarded, person: Person) -> Ticket | None:
    """The ticket the entry belonged to, if there is one that this person may see."""
    found = _OF_A_TICKET.fullmatch(told.url) or _OF_A_PHOTO.fullmatch(told.url)
    if not found:
        return None
    try:
        subject = UUID(found[1])
    except ValueError:
        return None
    query = select(Ticket).where(visible(person)).with_for_update(of=Ticket)
    if found.re is _OF_A_PHOTO:
        query = query.where(Ticket.id.in_(select(TicketPhoto.ticket_id).where(TicketPhoto.photo_id == subject)))
    else:
        query = query.where(Ticket.id == subject)
    return session.scalar(query)


def keep(told: Discarded, ticket: Ticket | None, words: str, *, by: Person, at: Moment) -> None:
    """Keep the fact, and tell it in the ticket's story with these words. Told twice, it is kept once."""
    known = select(Discard.id).filter_by(person_id=by.id, discarded_key=told.key)
    if session.scalar(known):
        return
    session.add(
        Discard(
            site_id=ticket.site_id if ticket else _home(by),
            person_id=by.id,
            ticket_id=ticket.id if ticket else None,
            discarded_key=told.key,
            sha256=told.sha256,
            label=told.label,
            url=told.url,
            size=told.size,
            photos=told.photos,
            made_at=told.made_at,
            at=at.at,
            device_at=at.device_at,
            received_at=at.received_at,
            offset_ms=at.offset_ms,
            clock_suspect=at.suspect,
            receipt_key=at.receipt,
        )
    )
    session.flush()
    if ticket:
        record(ticket, Verb.DISCARD, by=by, at=at, note=words)


def arrived(keys: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these entries the server has carried out all the same: their answer was lost on the way."""
    return frozenset(session.scalars(select(Receipt.key).where(Receipt.key.in_(keys))))


def recent(person: Person) -> Sequence[Discard]:
    """The last entries discarded by the crews this person supervises, newest first."""
    query = (
        select(Discard)
        .where(Discard.site_id.in_(person.sites_with(Right.VERIFY)))
        .options(joinedload(Discard.person), joinedload(Discard.ticket))
        .order_by(Discard.at.desc(), Discard.id.desc())
    )
    return session.scalars(query.limit(SHOWN)).all()


def _home(person: Person) -> UUID | None:
    """Whose supervisors hear of what belongs to no ticket: the person's (first) site."""
    return person.memberships[0].site_id if person.memberships else None


def _words(text: str, longest: int) -> str:
    return _UNREADABLE.sub(" ", text).strip()[:longest].strip()


def _number(text: str, largest: int) -> int:
    return min(int(text), largest) if text.isascii() and text.isdigit() and len(text) <= len(str(largest)) else 0


def _time(text: str) -> datetime | None:
    try:
        return plausible(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _incomplete() -> Refused:
    return Refused("discard-incomplete", N_("The phone did not say what was discarded."))
