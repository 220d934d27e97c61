"""The words of stamps: from what the photos belong to, in the site's language, whoever looks at them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import force_locale, gettext
from sqlalchemy import select

from crew_app.core.codes import grouped
from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.evidence.models import Photo, PhotoSource
from crew_app.evidence.stamp import Words
from crew_app.people.models import NAMED, Person, Site
from crew_app.web.belongings import Belonging, belongings
from crew_app.web.languages import named
from crew_app.web.qr import public_address

LANGUAGE = "zh_Hans_CN"
"""Of every stamp: one picture is one picture, whoever looks at it. Sites have no language of their own."""
SAME_TIME = timedelta(minutes=2)
"""So far the phone's own time may be from the server's before it is said, too."""
SOURCE_LABELS = {
    PhotoSource.LIVE: N_("Camera of this application"),
    PhotoSource.CAMERA: N_("Camera of the phone"),
    PhotoSource.GALLERY: N_("From the gallery"),
    PhotoSource.FILE: N_("From a file"),
}


def words_of(photos: Sequence[Photo]) -> dict[UUID, Words]:
    """What the stamps of these photos say, in a fixed number of queries."""
    sites, people, of = _sites(photos), _people(photos), belongings(photos)
    with force_locale(LANGUAGE):
        return {
            photo.id: _words(photo, of[photo.id], sites[photo.site_id], people.get(photo.person_id)) for photo in photos
        }


def _words(photo: Photo, of: Belonging, site: Site, person: Person | None) -> Words:
    address = public_address(f"/v/{photo.code}")
    return Words(
        title=named(of.place, "path") or named(site),
        lines=(" · ".join(of.words()), " · ".join(_taken(photo, site, person))),
        claimed=_claimed(claim(photo, site)),
        code=gettext("Code %(code)s at %(address)s", code=grouped(photo.code), address=_short(address)),
        address=address,
    )


def _taken(photo: Photo, site: Site, person: Person | None) -> list[str]:
    said = [named(person) or gettext("Somebody on site")]
    said.append(gettext("Server time %(time)s", time=in_zone(photo.received_at, site)))
    if photo.source is not PhotoSource.LIVE:
        said.append(gettext(SOURCE_LABELS[photo.source]))
    if photo.copy_of_id:
        said.append(gettext("Copy with marks drawn on it"))
    return said


def _claimed(time: str) -> str:
    return gettext("The phone says %(time)s (not checked)", time=time) if time else ""


def claim(photo: Photo, site: Site) -> str:
    """What only the phone says of the time: when it was without a network, or its clock was wrong."""
    if photo.taken_at is None or abs(photo.received_at - photo.taken_at) <= SAME_TIME:
        return ""
    return in_zone(photo.taken_at, site)


def in_zone(at: datetime, site: Site) -> str:
    """Day and time to the second, in the zone of the site."""
    return at.astimezone(site.zone).strftime("%Y-%m-%d %H:%M:%S")


def _short(address: str) -> str:
    return address.partition("://")[2].rpartition("/")[0]


def _sites(photos: Iterable[Photo]) -> dict[UUID, Site]:
    ids = {photo.site_id for photo in photos}
    return {site.id: site for site in session.scalars(select(Site).where(Site.id.in_(ids)))}


def _people(photos: Iterable[Photo]) -> dict[UUID | None, Person]:
    ids = {photo.person_id for photo in photos if photo.person_id}
    query = select(Person).where(Person.id.in_(ids)).options(*NAMED)
    return {person.id: person for person in session.scalars(query)} if ids else {}
