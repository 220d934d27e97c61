"""Verdicts on more than one job, and with more than words."""

from collections.abc import Sequence

from crew_app.core.clock import Moment
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person
from crew_app.tickets import actions, photos
from crew_app.tickets.models import PhotoRole, Ticket


def pass_rest(tickets: Sequence[Ticket], note: str, *, by: Person, at: Moment) -> int:
    """Verify what was not drawn to be looked at; the story of each says so. How many they were."""
    for ticket in tickets:
        actions.verify(ticket, note, by=by, at=at)
    return len(tickets)


def send_back(ticket: Ticket, note: str, marked: Sequence[Announcement], *, by: Person, at: Moment) -> None:
    """Send finished work back with the reason, and with what is still missing marked on a copy of the picture."""
    actions.send_back(ticket, note, by=by, at=at)
    photos.attach(ticket, PhotoRole.RETURN, marked, by=by, at=at)
