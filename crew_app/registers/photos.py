"""Photos of papers and of trainings."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import or_, select

from crew_app.core.clock import Moment
from crew_app.core.db import Base, session
from crew_app.evidence.actions import Announcement, announce, known_photo
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers.credential_models import Credential, CredentialPhoto
from crew_app.registers.training_models import TrainingPhoto


def attach(
    photos: Sequence[Announcement], site_id: UUID, bind: Callable[[UUID], Base], *, by: Person, at: Moment
) -> None:
    """Bind announced photos: `bind` makes the row of one."""
    for announcement in photos:
        photo = announce(announcement, site_id, by=by, at=at)
        row = bind(photo.id)
        if session.get(type(row), photo.id):
            raise known_photo()
        session.add(row)
    session.flush()


def photo(person: Person, photo_id: UUID) -> Photo | None:
    """A photo the person may see, if it is one: of own licences, of assets and trainings at one's site."""
    sites, kept = person.sites_with(Right.SEE_SITE), person.sites_with(Right.KEEP_REGISTERS)
    of_asset = Credential.asset_id.is_not(None) & Credential.site_id.in_(sites)
    of_person = or_(Credential.site_id.in_(kept), Credential.person_id == person.id)
    papers = select(CredentialPhoto.photo_id).join(Credential).where(or_(of_asset, of_person))
    held = select(TrainingPhoto.photo_id).where(TrainingPhoto.site_id.in_(sites))
    return session.scalar(select(Photo).where(Photo.id == photo_id, or_(Photo.id.in_(papers), Photo.id.in_(held))))
