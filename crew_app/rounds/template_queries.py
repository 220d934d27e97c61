"""Which templates there are, what they said when, and what the codes in them stand for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.models import Asset, AssetKind, Place
from crew_app.rounds.content import Content, Where
from crew_app.rounds.models import RoundTemplate, RoundVersion, Run

MOST = 400
PAGE = 20
FOUND = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What codes of places, assets and kinds stand for at a site."""

    places: dict[str, Place] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    kinds: dict[str, AssetKind] = field(default_factory=dict)

    def missing(self, where: Where) -> list[str]:
        """The codes that stand for nothing."""
        pairs = ((where.place, self.places), (where.area, self.places), (where.asset, self.assets))
        return [code for code, known in (*pairs, (where.kind, self.kinds)) if code and code not in known]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for a stop's place brought."""

    places: Sequence[Place]
    assets: Sequence[Asset]
    kinds: Sequence[AssetKind]


def templates(person: Person, text: str = "", *, retired: bool = False) -> Sequence[RoundTemplate]:
    """Templates whose name or code contains every word, by name; the retired ones, or those in use."""
    query = select(RoundTemplate).where(RoundTemplate.site_id.in_(person.sites_with(Right.SEE_SITE)))
    query = query.where(RoundTemplate.retired_at.is_not(None) if retired else RoundTemplate.retired_at.is_(None))
    columns = (RoundTemplate.code, RoundTemplate.name, RoundTemplate.name_en)
    for word in _words(text):
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return session.scalars(query.order_by(RoundTemplate.name, RoundTemplate.id).limit(MOST)).all()


def run_counts(template_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many runs were ever made of each template."""
    query = select(Run.template_id, func.count()).where(Run.template_id.in_(list(template_ids)))
    return {row[0]: row[1] for row in session.execute(query.group_by(Run.template_id))}


def versions(template_id: UUID, before: int | None = None) -> Sequence[RoundVersion]:
    """What a template said, newest first, one more than a page so that each has one to be compared with."""
    query = select(RoundVersion).where(RoundVersion.template_id == template_id)
    if before:
        query = query.where(RoundVersion.number < before)
    query = query.options(joinedload(RoundVersion.made_by)).order_by(RoundVersion.number.desc())
    return session.scalars(query.limit(PAGE + 1)).all()


def version(template_id: UUID, number: int) -> RoundVersion:
    """What a template said in its version of this number."""
    query = select(RoundVersion).where(RoundVersion.template_id == template_id, RoundVersion.number == number)
    found = session.scalar(query.options(joinedload(RoundVersion.made_by)))
    if found is None:
        raise Unseen("unknown-version", N_("This version is not known."))
    return found


def known(site_id: UUID, content: Content) -> Known:
    """What the codes in a template stand for at a site."""
    wheres = [stop.where for stop in content.stops]
    tags = {check.tag for check in content.checks()} - {""}
    areas = {code for where in wheres for code in (where.place, where.area)} | tags
    assets = {where.asset for where in wheres} | tags
    query = select(Asset).options(joinedload(Asset.place)).where(Asset.site_id == site_id, Asset.code.in_(assets))
    kinds = select(AssetKind).where(AssetKind.code.in_({where.kind for where in wheres}))
    return Known(
        {
            one.code: one
            for one in session.scalars(select(Place).where(Place.site_id == site_id, Place.code.in_(areas)))
        },
        {one.code: one for one in session.scalars(query)},
        {one.code: one for one in session.scalars(kinds)},
    )


def search(person: Person, site_id: UUID | None, text: str) -> Found:
    """Places, assets and kinds of assets whose code or name contains every word; nothing without a word."""
    words = _words(text)
    if not words:
        return Found((), (), ())
    sites = person.sites_with(Right.SEE_SITE) & ({site_id} if site_id else person.sites_with(Right.SEE_SITE))
    near = [place for place in places.search(person, text) if place.site_id in sites]
    assets = select(Asset).options(joinedload(Asset.place))
    assets = assets.where(Asset.site_id.in_(sites), Asset.retired_at.is_(None))
    kinds = select(AssetKind)
    for word in words:
        columns = (Asset.code, Asset.name, Asset.name_en)
        assets = assets.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
        names = (AssetKind.code, AssetKind.name, AssetKind.name_en)
        kinds = kinds.where(or_(*(column.icontains(word, autoescape=True) for column in names)))
    return Found(
        near[:FOUND],
        session.scalars(assets.order_by(Asset.code).limit(FOUND)).all(),
        session.scalars(kinds.order_by(AssetKind.code).limit(FOUND)).all(),
    )


def subject(site_id: UUID, code: str) -> Where | None:
    """The place or asset of a site with this code, whichever there is."""
    if session.scalar(select(Place.id).where(Place.site_id == site_id, Place.code == code)):
        return Where(place=code)
    if session.scalar(select(Asset.id).where(Asset.site_id == site_id, Asset.code == code)):
        return Where(asset=code)
    return None


def _words(text: str) -> list[str]:
    return [word.replace("\x00", "") for word in text.casefold().split()[:6]]
