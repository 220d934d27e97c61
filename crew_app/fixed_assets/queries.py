"""Questions about cards, transfers, scrapping and spot checks, always within what a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.fixed_assets.models import (
    AssetCard,
    AssetCheck,
    AssetCheckLine,
    AssetEvent,
    AssetPhoto,
    AssetScrap,
    AssetTransfer,
)
from crew_app.fixed_assets.rules import AssetState, PhotoUse, ScrapState, TransferState
from crew_app.people.models import Membership, Person, Site
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Asset, Department, Place

PAGE = 50
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
_ASSET = joinedload(AssetCard.asset)
_WHOLE = (_ASSET.joinedload(Asset.place), _ASSET.joinedload(Asset.kind), joinedload(AssetCard.department))


@dataclass(frozen=True, slots=True)
class Total:
    """How many cards, and what they cost together in yuan."""

    count: int
    value: Decimal


def asset(person: Person, asset_id: UUID) -> Asset:
    """An asset of a site whose crew the person belongs to, or one that the person answers for."""
    found = session.get(Asset, asset_id)
    if found and found.site_id not in person.sites_with(Right.SEE_SITE):
        kept = session.get(AssetCard, asset_id)
        found = found if kept and kept.keeper_id == person.id else None
    if found is None:
        raise Unseen("unknown-asset", N_("This asset is not known."))
    return found


def state_of(asset_id: UUID) -> AssetState | None:
    """How an asset stands, if it has a card."""
    return session.scalar(_STATE, {"asset_id": asset_id})


_STATE = select(AssetCard.state).where(AssetCard.asset_id == bindparam("asset_id"))


def card(asset_id: UUID, *, lock: bool = False) -> AssetCard | None:
    """The card of an asset, if it has one; `lock` for those who will change it."""
    query = select(AssetCard).where(AssetCard.asset_id == asset_id)
    if lock:
        query = query.with_for_update(of=AssetCard).execution_options(populate_existing=True)
    else:
        query = query.options(*_WHOLE, joinedload(AssetCard.keeper))
    return session.scalar(query)


def own_card(person: Person, asset_id: UUID) -> AssetCard:
    """The locked card of an asset the person may see; `Refused` ("card-missing") when it has none."""
    found = card(asset(person, asset_id).id, lock=True)
    if found is None:
        raise Refused("card-missing", N_("This asset has no card yet."))
    return found


def cards(
    person: Person, text: str = "", department_id: UUID | None = None, *, scrapped: bool = False, after: UUID | None
) -> Sequence[AssetCard]:
    """The register by number; `after` is the asset of the last card seen."""
    query = _narrowed(select(AssetCard).join(AssetCard.asset), person, text, department_id, scrapped=scrapped)
    last = session.get(AssetCard, after) if after else None
    if last:
        query = query.where(tuple_(AssetCard.number, AssetCard.asset_id) > (last.number, last.asset_id))
    query = query.options(*_WHOLE).order_by(AssetCard.number, AssetCard.asset_id).limit(PAGE)
    return session.scalars(query).all()


def total(person: Person, text: str = "", department_id: UUID | None = None, *, scrapped: bool = False) -> Total:
    """The sum of the same cards."""
    query = select(func.count(), func.sum(AssetCard.value)).select_from(AssetCard).join(AssetCard.asset)
    count, value = session.execute(_narrowed(query, person, text, department_id, scrapped=scrapped)).one()
    return Total(count, value or Decimal(0))


def _narrowed(query: Query, person: Person, text: str, department_id: UUID | None, *, scrapped: bool) -> Query:
    query = query.where(_seen_cards(person))
    gone = AssetCard.state == AssetState.SCRAPPED
    query = query.where(gone if scrapped else ~gone)
    if department_id:
        query = query.where(AssetCard.department_id == department_id)
    for word in text.casefold().split()[:6]:
        columns = (AssetCard.number, Asset.code, Asset.name, Asset.name_en, Asset.model, Asset.serial)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query


def _seen_cards(person: Person) -> ColumnElement[bool]:
    return or_(AssetCard.site_id.in_(person.sites_with(Right.SEE_SITE)), AssetCard.keeper_id == person.id)


def departments(person: Person, right: Right = Right.SEE_SITE) -> Sequence[Department]:
    """The departments of the sites where the person has a right, by name."""
    query = select(Department).where(Department.site_id.in_(person.sites_with(right)), Department.retired_at.is_(None))
    return session.scalars(query.order_by(Department.code)).all()


def departments_of(site_id: UUID) -> Sequence[Department]:
    """The departments of a site, by code."""
    return session.scalars(
        select(Department).filter_by(site_id=site_id, retired_at=None).order_by(Department.code)
    ).all()


def departments_with_cards(person: Person, right: Right) -> list[Department]:
    """Those of them that have fixed assets in the books."""
    here = AssetCard.site_id.in_(person.sites_with(right))
    query = select(AssetCard.department_id).where(here, AssetCard.state != AssetState.SCRAPPED).distinct()
    having = set(session.scalars(query))
    return [found for found in departments(person, right) if found.id in having]


def department(site_ids: frozenset[UUID], department_id: UUID) -> Department:
    """A department of one of these sites; `Unseen` otherwise."""
    found = session.get(Department, department_id)
    if found is None or found.site_id not in site_ids:
        raise Unseen("unknown-department", N_("This department is not known."))
    return found


def site(site_id: UUID) -> Site:
    """A site that is known to be there."""
    return session.get_one(Site, site_id)


def place_of(site_id: UUID, place_id: UUID | None) -> Place | None:
    """A place of a site, if it is one."""
    found = session.get(Place, place_id) if place_id else None
    return found if found and found.site_id == site_id else None


def place_here(site_id: UUID, code: str) -> Place | None:
    """A place of a site by its code or the code of its tag; nothing for nothing, `Refused` for what is unknown."""
    found = find_place(site_id, code)
    if code and found is None:
        words = N_("No room has the code “%(typed)s”. Please compare it with the door.")
        raise Refused("unknown-room", words, typed=code)
    return found


def find_place(site_id: UUID, code: str) -> Place | None:
    """The same, where an unknown code is no fault."""
    if not code:
        return None
    return session.scalar(select(Place).filter_by(site_id=site_id, code=code)) or _tagged_place(site_id, code)


def _tagged_place(site_id: UUID, code: str) -> Place | None:
    try:
        found = places.tag(code)
    except Unseen:
        return None
    return found.where if found.site_id == site_id else None


def people(site_id: UUID) -> Sequence[Person]:
    """Everybody with a role at a site, by name."""
    here = select(Membership.person_id).where(Membership.site_id == site_id)
    return session.scalars(select(Person).where(Person.id.in_(here), Person.active).order_by(Person.name)).all()


def member(site_id: UUID, person_id: UUID | None) -> Person | None:
    """Somebody with a role at a site; nothing for nothing."""
    if person_id is None:
        return None
    found = session.get(Person, person_id)
    if found is None or site_id not in found.site_ids:
        raise Unseen("unknown-person", N_("This person is not known here."))
    return found


def story(asset_id: UUID) -> Sequence[AssetEvent]:
    """What happened to an asset, the newest first."""
    query = select(AssetEvent).where(AssetEvent.asset_id == asset_id).options(joinedload(AssetEvent.person))
    return session.scalars(query.order_by(AssetEvent.received_at.desc(), AssetEvent.id.desc()).limit(200)).all()


def photos(asset_id: UUID, use: PhotoUse) -> Sequence[AssetPhoto]:
    """The photos of an asset, the newest first."""
    query = select(AssetPhoto).where(AssetPhoto.asset_id == asset_id, AssetPhoto.use == use)
    return session.scalars(query.options(joinedload(AssetPhoto.photo)).order_by(AssetPhoto.photo_id.desc())).all()


def photos_about(ids: Sequence[UUID]) -> dict[UUID, list[AssetPhoto]]:
    """Photos of checks and proposals, by what they are about."""
    query = select(AssetPhoto).where(AssetPhoto.about_id.in_(ids)).options(joinedload(AssetPhoto.photo))
    found: dict[UUID, list[AssetPhoto]] = {}
    for photo in session.scalars(query.order_by(AssetPhoto.photo_id)):
        found.setdefault(photo.about_id or photo.photo_id, []).append(photo)
    return found


def photo(person: Person, photo_id: UUID) -> Photo | None:
    """A photo of an asset the person may see, if it is one."""
    query = select(Photo).join(AssetPhoto).outerjoin(AssetCard, AssetCard.asset_id == AssetPhoto.asset_id)
    return session.scalar(query.where(Photo.id == photo_id, _seen_photos(person)))


def _seen_photos(person: Person) -> ColumnElement[bool]:
    return or_(AssetPhoto.site_id.in_(person.sites_with(Right.SEE_SITE)), AssetCard.keeper_id == person.id)


def transfer(person: Person, transfer_id: UUID, *, lock: bool = False) -> AssetTransfer:
    """A transfer the person may see."""
    query = select(AssetTransfer).where(AssetTransfer.id == transfer_id, _seen_transfers(person))
    if lock:
        query = query.with_for_update(of=AssetTransfer).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-transfer", N_("This transfer is not known."))
    return found


def transfers(person: Person, *, is_open: bool, before: UUID | None = None) -> Sequence[AssetTransfer]:
    """The newest transfers that are open, or that are not any more."""
    state = AssetTransfer.state == TransferState.PROPOSED
    query = select(AssetTransfer).where(state if is_open else ~state, _seen_transfers(person))
    last = session.get(AssetTransfer, before) if before else None
    if last:
        query = query.where(tuple_(AssetTransfer.received_at, AssetTransfer.id) < (last.received_at, last.id))
    names = (AssetTransfer.asset, AssetTransfer.from_department, AssetTransfer.to_department, AssetTransfer.person)
    query = query.options(*(joinedload(name) for name in names))
    return session.scalars(query.order_by(AssetTransfer.received_at.desc(), AssetTransfer.id.desc()).limit(PAGE)).all()


def open_transfer(asset_id: UUID) -> AssetTransfer | None:
    """The transfer of an asset that is not finished."""
    return session.scalar(select(AssetTransfer).filter_by(asset_id=asset_id, state=TransferState.PROPOSED))


def _seen_transfers(person: Person) -> ColumnElement[bool]:
    kept = select(AssetCard.asset_id).where(AssetCard.keeper_id == person.id)
    return or_(
        AssetTransfer.site_id.in_(person.sites_with(Right.SEE_SITE)),
        AssetTransfer.person_id == person.id,
        AssetTransfer.giver_id == person.id,
        AssetTransfer.taker_id == person.id,
        AssetTransfer.asset_id.in_(kept),
    )


def scrap(person: Person, scrap_id: UUID, *, lock: bool = False) -> AssetScrap:
    """A proposal to scrap that the person may see."""
    query = select(AssetScrap).where(AssetScrap.id == scrap_id, _seen_scraps(person))
    if lock:
        query = query.with_for_update(of=AssetScrap).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-scrap", N_("This proposal is not known."))
    return found


def open_scraps(person: Person) -> Sequence[AssetScrap]:
    """What waits for a decision, the oldest first."""
    query = select(AssetScrap).where(AssetScrap.state == ScrapState.PROPOSED, _seen_scraps(person))
    options = (joinedload(AssetScrap.asset).joinedload(Asset.place), joinedload(AssetScrap.person))
    return session.scalars(query.options(*options).order_by(AssetScrap.received_at).limit(PAGE)).all()


def open_scrap(asset_id: UUID) -> AssetScrap | None:
    """The proposal about an asset that nobody has decided."""
    return session.scalar(select(AssetScrap).filter_by(asset_id=asset_id, state=ScrapState.PROPOSED))


def _seen_scraps(person: Person) -> ColumnElement[bool]:
    return or_(AssetScrap.site_id.in_(person.sites_with(Right.SEE_SITE)), AssetScrap.person_id == person.id)


def check(person: Person, check_id: UUID, *, lock: bool = False) -> AssetCheck:
    """A spot check at a site whose assets the person keeps."""
    if lock:
        session.execute(select(AssetCheck.id).where(AssetCheck.id == check_id).with_for_update())
    options = selectinload(AssetCheck.lines).joinedload(AssetCheckLine.asset).joinedload(Asset.place)
    found = session.scalar(select(AssetCheck).where(AssetCheck.id == check_id).options(options))
    if found is None or found.site_id not in person.sites_with(Right.KEEP_ASSETS):
        raise Unseen("unknown-check", N_("This spot check is not known."))
    return found


def checks(person: Person, before: UUID | None = None) -> Sequence[AssetCheck]:
    """The newest spot checks."""
    query = select(AssetCheck).where(AssetCheck.site_id.in_(person.sites_with(Right.KEEP_ASSETS)))
    last = session.get(AssetCheck, before) if before else None
    if last:
        query = query.where(tuple_(AssetCheck.received_at, AssetCheck.id) < (last.received_at, last.id))
    options = (joinedload(AssetCheck.department), joinedload(AssetCheck.person), selectinload(AssetCheck.lines))
    query = query.options(*options).order_by(AssetCheck.received_at.desc(), AssetCheck.id.desc())
    return session.scalars(query.limit(PAGE)).all()
