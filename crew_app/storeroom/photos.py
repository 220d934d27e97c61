"""Photos of goods that were rejected, handed back or written off."""

from collections.abc import Sequence

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement, announce, known_photo
from crew_app.people.models import Person
from crew_app.storeroom.models import Slip, SlipPhoto

MOST = 20


def attach(slip: Slip, announcements: Sequence[Announcement], *, by: Person, at: Moment) -> None:
    """Bind announced photos to a slip."""
    first = len(slip.photos)
    if first + len(announcements) > MOST:
        raise Refused("too-many-photos", N_("A slip has %(most)s photos at most."), most=MOST)
    for position, announcement in enumerate(announcements, first):
        if session.get(SlipPhoto, announcement.photo_id):
            raise known_photo()
        photo = announce(announcement, slip.site_id, by=by, at=at)
        slip.photos.append(SlipPhoto(photo_id=photo.id, site_id=slip.site_id, position=position))
    session.flush()
