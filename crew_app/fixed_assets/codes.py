"""What a code on a thing says: a tag of ours, the number of a card, or nothing that is known."""

import re
from uuid import UUID

from sqlalchemy import select

from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.db import session
from crew_app.fixed_assets.models import AssetCard
from crew_app.places.models import Asset, Place, Tag

_ADDRESS = re.compile(r"https?://[^/?#]+/t/([^/?#]+)", re.IGNORECASE)


def subject_of(site_id: UUID, text: str) -> Asset | Place | None:
    """The asset or place a scanned or typed code stands for at a site; nothing when the code is unknown there."""
    address = _ADDRESS.match(text.strip())
    plain = address.group(1) if address else text.strip()
    return _tagged(site_id, plain) or _numbered(site_id, plain)


def asset_of(site_id: UUID, text: str) -> Asset | None:
    """The same, where only an asset is meant."""
    found = subject_of(site_id, text)
    return found if isinstance(found, Asset) else None


def _tagged(site_id: UUID, text: str) -> Asset | Place | None:
    """Of a retired tag too: what still hangs on the thing says which thing it is."""
    try:
        tag = session.get(Tag, normalise(text))
    except BadTagCode:
        return None
    return tag.subject if tag and tag.site_id == site_id else None


def _numbered(site_id: UUID, text: str) -> Asset | Place | None:
    """By the number of the card, the asset's code, or a serial number that only one thing has."""
    if not text:
        return None
    numbered = select(Asset).join(AssetCard).where(AssetCard.site_id == site_id, AssetCard.number == text)
    here = select(Asset).where(Asset.site_id == site_id)
    found = session.scalar(numbered) or session.scalar(here.where(Asset.code == text))
    if found:
        return found
    same_serial = session.scalars(here.where(Asset.serial == text).limit(2)).all()
    return same_serial[0] if len(same_serial) == 1 else None
