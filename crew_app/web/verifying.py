"""The verification page: what it tells whom, and the comparison of a picture that somebody has."""

import hashlib
import io
from typing import Any

from PIL import Image

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.evidence import comparing
from crew_app.evidence.comparing import Known, Likeness
from crew_app.evidence.models import Photo
from crew_app.evidence.showing import Showing
from crew_app.evidence.verification import Record
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.web.belongings import belongings
from crew_app.web.people import person_or_none
from crew_app.web.photos import seen_photo
from crew_app.web.pictures import develop_outside, store
from crew_app.web.showing import not_here, picture
from crew_app.web.stamps import SOURCE_LABELS, claim, in_zone


def may_see(photo: Photo) -> bool:
    """Whether whoever asks sees this photo within the application, too."""
    if person_or_none() is None:
        return False
    try:
        return bool(seen_photo(photo.id))
    except Unseen:
        return False


def context(record: Record) -> dict[str, Any]:
    """What the page shows: to anybody what the stamp says, to whoever sees the photo anyway also the way to it."""
    photo, me = record.photo, person_or_none()
    site = session.get_one(Site, photo.site_id)
    seen = may_see(photo)
    return {
        "record": record,
        "photo": photo,
        "of": belongings([photo])[photo.id],
        "site": site,
        "taker": session.get(Person, photo.person_id) if photo.person_id else None,
        "source": SOURCE_LABELS[photo.source],
        "claimed": claim(photo, site),
        "seen": seen,
        "judge": me is not None and me.can(Right.VERIFY, photo.site_id),
        "at_site": lambda at: in_zone(at, site),
    }


def likeness(photo: Photo, data: bytes) -> Likeness:
    """How a picture that somebody chose compares with this photo. Nothing of it is kept."""
    if hashlib.sha256(data).hexdigest() == photo.sha256:
        return Likeness.ORIGINAL
    if not photo.stored:
        raise not_here(photo)
    stamped, plain = picture(photo, Showing.LARGE), picture(photo, Showing.PLAIN)
    if data in (stamped, plain, picture(photo, Showing.THUMB)):
        return Likeness.SHOWN
    with Image.open(io.BytesIO(stamped)) as image:
        size = image.size
    known = Known(store().get(f"large/{photo.sha256}"), plain, size)
    return develop_outside(comparing.look_closely, data, known)
