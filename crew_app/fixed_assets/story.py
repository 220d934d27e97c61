"""Writing an asset's story, and the photos that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement, announce
from crew_app.fixed_assets.models import AssetCard, AssetEvent, AssetPhoto
from crew_app.fixed_assets.rules import AssetState, AssetVerb, PhotoUse
from crew_app.people.models import Person
from crew_app.places.models import Asset

STATES = {
    AssetState.IN_USE: N_("This asset is in use already."),
    AssetState.TRANSFERRING: N_("This asset is being transferred. That must be finished or withdrawn first."),
    AssetState.SCRAPPED: N_("This asset is scrapped, so that can't be done any more."),
    AssetState.MISSING: N_("This asset is missing. It must be found first."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, in words; `before` and `after` name what changed."""

    verb: AssetVerb
    about_id: UUID | None = None
    note: str = ""
    before: str = ""
    after: str = ""


def tell(asset: Asset, told: Told, *, by: Person, at: Moment) -> AssetEvent:
    """Add a line to the story; nothing ever takes it away."""
    event = AssetEvent(
        id=new_id(),
        site_id=asset.site_id,
        asset_id=asset.id,
        verb=told.verb,
        about_id=told.about_id,
        note=told.note,
        before=told.before[:240],
        after=told.after[:240],
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(event)
    session.flush()
    return event


def attach(
    asset: Asset, photos: Sequence[Announcement], use: PhotoUse, about_id: UUID | None, *, by: Person, at: Moment
) -> None:
    """Bind announced photos to an asset."""
    for photo in photos:
        announce(photo, asset.site_id, asset.place_id, by=by, at=at)
        if session.get(AssetPhoto, photo.photo_id):
            raise Refused("photo-known", N_("This photo was already sent."))
        session.add(
            AssetPhoto(photo_id=photo.photo_id, site_id=asset.site_id, asset_id=asset.id, use=use, about_id=about_id)
        )
    session.flush()


def need_state(card: AssetCard, *states: AssetState) -> None:
    """`Refused` ("wrong-state") when the asset does not stand there any more."""
    if card.state not in states:
        raise Refused("wrong-state", STATES[card.state])
