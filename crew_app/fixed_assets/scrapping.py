"""Verbs about scrapping: proposed with a reason, decided by somebody else whose limit the value keeps."""

from collections.abc import Sequence
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.fixed_assets import queries
from crew_app.fixed_assets.models import AssetCard, AssetScrap
from crew_app.fixed_assets.rules import AssetState, AssetVerb, PhotoUse, ScrapState, limit_of
from crew_app.fixed_assets.story import Told, attach, need_state, tell
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right


def propose(
    card: AssetCard, scrap_id: UUID, reason: str, photos: Sequence[Announcement] = (), *, by: Person, at: Moment
) -> AssetScrap:
    """Propose to scrap an asset, for a reason, with the value it has on its card."""
    if not may_propose(card, by):
        raise Forbidden("may-not", N_("Only the crew, or who answers for this asset, may propose to scrap it."))
    need_state(card, AssetState.IN_USE, AssetState.MISSING)
    if not reason:
        raise Refused("words-missing", N_("Please say why it is to be scrapped."))
    if session.get(AssetScrap, scrap_id) or queries.open_scrap(card.asset_id):
        raise Refused("scrap-known", N_("Scrapping this asset is proposed already."))
    scrap = AssetScrap(
        id=scrap_id,
        site_id=card.site_id,
        asset_id=card.asset_id,
        state=ScrapState.PROPOSED,
        value=card.value,
        reason=reason,
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(scrap)
    session.flush()
    attach(card.asset, photos, PhotoUse.SCRAP, scrap.id, by=by, at=at)
    tell(card.asset, Told(AssetVerb.SCRAP_PROPOSE, scrap.id, reason), by=by, at=at)
    return scrap


def approve(scrap: AssetScrap, words: str = "", *, by: Person, at: Moment) -> None:
    """Scrap the asset; never one's own proposal, and above the site's limit only with the right to any value."""
    card = _decidable(scrap, by)
    if not may_decide(scrap, card, by):
        raise Forbidden("above-limit", N_("This value is above your limit. The manager decides."))
    need_state(card, AssetState.IN_USE, AssetState.MISSING)
    _decide(scrap, ScrapState.APPROVED, words, by, at)
    card.state = AssetState.SCRAPPED
    tell(card.asset, Told(AssetVerb.SCRAP, scrap.id, words), by=by, at=at)


def decline(scrap: AssetScrap, words: str, *, by: Person, at: Moment) -> None:
    """Leave the asset in use, with the reason."""
    card = _decidable(scrap, by)
    if not words:
        raise Refused("words-missing", N_("Please say why it is declined."))
    _decide(scrap, ScrapState.DECLINED, words, by, at)
    tell(card.asset, Told(AssetVerb.SCRAP_DECLINE, scrap.id, words), by=by, at=at)


def withdraw(scrap: AssetScrap, *, by: Person, at: Moment) -> None:
    """Take one's own proposal back."""
    _need_open(scrap)
    if scrap.person_id != by.id:
        raise Forbidden("may-not", N_("Only who proposed this may withdraw it."))
    _decide(scrap, ScrapState.WITHDRAWN, "", by, at)
    tell(scrap.asset, Told(AssetVerb.SCRAP_WITHDRAW, scrap.id), by=by, at=at)


def may_propose(card: AssetCard, by: Person) -> bool:
    """Whether a person may propose to scrap this: the working crew, and who answers for it."""
    return by.can(Right.SEE_STOCK, card.site_id) or card.keeper_id == by.id


def may_decide(scrap: AssetScrap, card: AssetCard, by: Person) -> bool:
    """Whether the value is within what this person decides; a card that became dearer meanwhile counts as it is."""
    limit = limit_of(session.get_one(Site, scrap.site_id))
    dear = max(scrap.value, card.value) > limit
    return by.can(Right.APPROVE_ANY_STOCK if dear else Right.APPROVE_STOCK, scrap.site_id)


def _decidable(scrap: AssetScrap, by: Person) -> AssetCard:
    _need_open(scrap)
    if not by.can(Right.APPROVE_STOCK, scrap.site_id):
        raise Forbidden("may-not", N_("You may see this, but not decide about it."))
    if scrap.person_id == by.id:
        raise Forbidden("own-proposal", N_("You proposed this yourself, so somebody else must decide."))
    card = queries.card(scrap.asset_id, lock=True)
    if card is None:
        raise LookupError(scrap.asset_id)
    return card


def _need_open(scrap: AssetScrap) -> None:
    if scrap.state is not ScrapState.PROPOSED:
        raise Refused("wrong-state", N_("This proposal is decided, so that can't be done any more."))


def _decide(scrap: AssetScrap, state: ScrapState, words: str, by: Person, at: Moment) -> None:
    scrap.state, scrap.decided_by_id, scrap.decided_at, scrap.decision = state, by.id, at.at, words
    session.flush()
