"""Verbs about cards: opened once for an asset, corrected later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.fixed_assets import queries
from crew_app.fixed_assets.models import AssetCard
from crew_app.fixed_assets.rules import AssetState, AssetVerb, PhotoUse
from crew_app.fixed_assets.story import Told, attach, tell
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Department

EARLIEST = 1950


@dataclass(frozen=True, slots=True)
class CardForm:
    """A card as it was filled in; `value` in yuan."""

    number: str
    value: Decimal
    department_id: UUID | None = None
    keeper_id: UUID | None = None
    bought_on: date | None = None
    years: int | None = None
    supplier: str = ""
    funded_by: str = ""


def keep_card(
    asset: Asset, form: CardForm, photos: Sequence[Announcement] = (), *, by: Person, at: Moment
) -> AssetCard:
    """Open the card of an asset, or correct it. The department is said once: later it changes by transfer only."""
    if not by.can(Right.KEEP_ASSETS, asset.site_id):
        raise Forbidden("may-not", N_("Only who keeps the assets may change cards."))
    _check(asset, form, at)
    keeper = queries.member(asset.site_id, form.keeper_id)
    card = queries.card(asset.id, lock=True)
    verb = AssetVerb.EDIT if card else AssetVerb.REGISTER
    before = _said(card) if card else ""
    card = card or _opened(asset, form, at)
    card.number, card.value, card.bought_on, card.years = form.number, form.value, form.bought_on, form.years
    card.supplier, card.funded_by, card.keeper_id = form.supplier, form.funded_by, keeper.id if keeper else None
    _store(card)
    tell(asset, Told(verb, before=before, after=_said(card)), by=by, at=at)
    attach(asset, photos, PhotoUse.CARD, None, by=by, at=at)
    return card


def _store(card: AssetCard) -> None:
    session.add(card)
    try:
        session.flush()
    except IntegrityError as error:  # somebody opened this card, or took this number, at the same moment
        raise _taken(card.number) from error


def _taken(number: str) -> Refused:
    return Refused("number-taken", N_("Another asset has the number %(number)s."), number=number)


def _said(card: AssetCard) -> str:
    """What a correction must not hide: number and value."""
    return f"{card.number} · ¥{card.value:.2f}"


def _opened(asset: Asset, form: CardForm, at: Moment) -> AssetCard:
    department = _department(asset, form)
    return AssetCard(
        asset_id=asset.id,
        site_id=asset.site_id,
        department_id=department.id if department else None,
        state=AssetState.IN_USE,
        created_at=at.at,
    )


def _department(asset: Asset, form: CardForm) -> Department | None:
    if form.department_id is None:
        return asset.place.department
    return queries.department(frozenset({asset.site_id}), form.department_id)


def _check(asset: Asset, form: CardForm, at: Moment) -> None:
    if not form.number:
        raise Refused("number-missing", N_("Please enter the asset number."))
    if form.bought_on and not date(EARLIEST, 1, 1) <= form.bought_on <= at.received_at.date():
        raise Refused("bought-on", N_("Please check the day of purchase: it must be in the past."))
    taken = select(AssetCard.asset_id).where(
        AssetCard.site_id == asset.site_id, AssetCard.number == form.number, AssetCard.asset_id != asset.id
    )
    if session.scalar(taken):
        raise _taken(form.number)
