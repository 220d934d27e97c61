"""Photos of a ticket."""

from collections.abc import Sequence

from sqlalchemy import func, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement, announce, known_photo
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.events import record
from crew_app.tickets.models import PhotoRole, Ticket, TicketPhoto
from crew_app.tickets.rules import Verb

MOST = {PhotoRole.REPORT: 10, PhotoRole.BEFORE: 20, PhotoRole.AFTER: 20, PhotoRole.SCENE: 100, PhotoRole.RETURN: 20}
"""Photos a ticket may have of each sort; beyond that something is wrong with the phone, not with the lamp."""


def attach(
    ticket: Ticket, role: PhotoRole, announcements: Sequence[Announcement], *, by: Person | None, at: Moment
) -> None:
    """Bind announced photos to a ticket."""
    if not announcements:
        return
    first = _count(ticket)
    most = MOST[role]
    if _count(ticket, role) + len(announcements) > most:
        raise Refused("too-many-photos", N_("This job already has %(most)s photos."), most=most)
    for position, announcement in enumerate(announcements, first):
        if session.get(TicketPhoto, announcement.photo_id):
            raise known_photo()
        photo = announce(announcement, ticket.site_id, ticket.place_id, by=by, at=at)
        session.add(
            TicketPhoto(photo_id=photo.id, ticket_id=ticket.id, site_id=ticket.site_id, role=role, position=position)
        )
    session.flush()


def _count(ticket: Ticket, role: PhotoRole | None = None) -> int:
    query = select(func.count()).select_from(TicketPhoto).where(TicketPhoto.ticket_id == ticket.id)
    return session.scalar(query.where(TicketPhoto.role == role) if role else query) or 0


def add_photos(
    ticket: Ticket, role: PhotoRole, announcements: Sequence[Announcement], *, by: Person, at: Moment
) -> None:
    """Add photos to a ticket in whatever state it is: evidence always appends.

    Before and after photos come from those who may work here; a reporter may add report photos.
    """
    if role is not PhotoRole.REPORT and not by.can(Right.WORK, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    if not announcements:
        raise Refused("photo-missing", N_("Please take or choose a photo first."))
    attach(ticket, role, announcements, by=by, at=at)
    record(ticket, Verb.PHOTO, by=by, at=at, note=role.value)
