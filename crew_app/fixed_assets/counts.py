"""Verbs about counts: opened, things seen room after room, closed by somebody who did not count."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.fixed_assets import queries
from crew_app.fixed_assets.codes import asset_of, subject_of
from crew_app.fixed_assets.models import AssetCard, AssetCount, AssetSighting
from crew_app.fixed_assets.results import counters, expected_cards, sightings
from crew_app.fixed_assets.rules import LONGEST_CODE, AssetState, AssetVerb
from crew_app.fixed_assets.story import Told, tell
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Department, Place


@dataclass(frozen=True, slots=True)
class Seen:
    """What a phone says it saw: a code, or an asset chosen from the list; `sighting_id` was made on the device."""

    sighting_id: UUID
    code: str = ""
    asset_id: UUID | None = None
    place_id: UUID | None = None


def start(count_id: UUID, scope: Department | Place, *, by: Person, at: Moment) -> AssetCount:
    """Open a count of a department, or of a place with all that lies in it."""
    if session.get(AssetCount, count_id):
        raise Refused("count-known", N_("This count was already sent."))
    is_place = isinstance(scope, Place)
    wanted = {"place_id" if is_place else "department_id": scope.id}
    if session.scalar(select(AssetCount).filter_by(closed_at=None, **wanted)):
        raise Refused("count-open", N_("A count of this is open already. Go on with that one."))
    count = AssetCount(id=count_id, site_id=scope.site_id, opened_by_id=by.id, opened_at=at.at, **wanted)
    session.add(count)
    session.flush()
    return count


def see(count: AssetCount, seen: Seen, *, by: Person, at: Moment) -> AssetSighting | Place:
    """Keep that something was seen, whatever the books say and also after the count was closed.

    The tag of a room is no sighting: the answer is that room, for what is seen next.
    """
    if session.get(AssetSighting, seen.sighting_id):
        raise Refused("sighting-known", N_("This was already sent."))
    if not (seen.code or seen.asset_id):
        raise Refused("code-missing", N_("Please scan or type the code first."))
    subject = _asset(count, seen.asset_id) if seen.asset_id else subject_of(count.site_id, seen.code)
    if isinstance(subject, Place):
        return subject
    place = _place(count, seen.place_id)
    return _keep(_sighting(count, seen, subject, place, by, at), subject, by, at)


def claim(sighting: AssetSighting, claim_id: UUID, code: str, *, by: Person, at: Moment) -> AssetSighting:
    """Say which asset an unknown code is on; the code stays as it was scanned."""
    if sighting.asset_id:
        raise Refused("claimed", N_("It is known already which asset this is."))
    if session.scalar(select(AssetSighting.id).filter_by(claims_id=sighting.id)):
        raise Refused("claimed", N_("It is known already which asset this is."))
    asset = asset_of(sighting.site_id, code)
    if asset is None:
        raise Refused("unknown-number", N_("No asset has this number or code. Please compare it with the card."))
    count = session.get_one(AssetCount, sighting.count_id)
    said = _sighting(count, Seen(claim_id, sighting.code), asset, sighting.place, by, at)
    said.claims_id = sighting.id
    return _keep(said, asset, by, at)


def move_here(sighting: AssetSighting, *, by: Person, at: Moment) -> None:
    """Let the books follow: the asset stands where it was seen."""
    asset, place = sighting.asset, sighting.place
    if asset is None or place is None:
        raise Refused("unknown-place", N_("It is not known where this was seen."))
    if asset.place_id == place.id:
        raise Refused("moved", N_("The books have it there already."))
    before = asset.place.path
    asset.place_id = place.id
    session.flush()
    tell(asset, Told(AssetVerb.MOVE, sighting.count_id, before=before, after=place.path), by=by, at=at)


def close(count: AssetCount, note: str = "", *, by: Person, at: Moment) -> list[AssetCard]:
    """Close a count and confirm what is missing, by somebody who counted nothing in it; returns what is missing."""
    if count.closed_at:
        raise Refused("wrong-state", N_("This count is closed already."))
    if not may_close(count, by):
        raise Forbidden("may-not", N_("Only who keeps the assets, or a supervisor, closes a count."))
    who = counters(count.id)
    if not who:
        raise Refused("nothing-counted", N_("Nothing has been counted yet."))
    if by.id in who:
        raise Forbidden("own-count", N_("You counted here yourself, so somebody else must close this count."))
    missing = [card for card in expected_cards(count) if card.asset_id not in _seen_ids(count)]
    count.closed_at, count.closed_by_id, count.note = at.at, by.id, note
    for card in missing:
        if card.state is AssetState.IN_USE:
            card.state = AssetState.MISSING
        tell(card.asset, Told(AssetVerb.MISS, count.id), by=by, at=at)
    session.flush()
    return missing


def may_close(count: AssetCount, by: Person) -> bool:
    """Whether a person may close this, apart from having counted."""
    return by.can(Right.KEEP_ASSETS, count.site_id) or by.can(Right.APPROVE_STOCK, count.site_id)


def _seen_ids(count: AssetCount) -> set[UUID | None]:
    return {one.asset_id for one in sightings(count.id)}


def _asset(count: AssetCount, asset_id: UUID) -> Asset:
    found = session.get(Asset, asset_id)
    if found is None or found.site_id != count.site_id:
        raise Unseen("unknown-asset", N_("This asset is not known."))
    return found


def _place(count: AssetCount, place_id: UUID | None) -> Place | None:
    found = session.get(Place, place_id) if place_id else None
    if place_id and (found is None or found.site_id != count.site_id):
        raise Unseen("unknown-place", N_("This place is not known."))
    return found


def _sighting(
    count: AssetCount, seen: Seen, asset: Asset | None, place: Place | None, by: Person, at: Moment
) -> AssetSighting:
    return AssetSighting(
        id=seen.sighting_id,
        site_id=count.site_id,
        count_id=count.id,
        asset_id=asset.id if asset else None,
        code=seen.code[:LONGEST_CODE],
        place_id=place.id if place else None,
        expected_id=asset.place_id if asset else None,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )


def _keep(sighting: AssetSighting, asset: Asset | None, by: Person, at: Moment) -> AssetSighting:
    session.add(sighting)
    session.flush()
    card = queries.card(asset.id, lock=True) if asset else None
    if card and card.state is AssetState.MISSING:
        card.state = AssetState.IN_USE
        where = sighting.place.path if sighting.place else ""
        tell(card.asset, Told(AssetVerb.FIND, sighting.count_id, after=where), by=by, at=at)
    return sighting
