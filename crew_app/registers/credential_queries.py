"""Which papers count today, which run out, which are missing; and whether somebody lacks a licence."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.revisions import apart, kept
from crew_app.core.words import N_
from crew_app.people.models import Membership, Person, PersonTrade, Site
from crew_app.people.rules import RIGHTS, Right, Trade
from crew_app.places.models import Asset
from crew_app.registers.credential_models import Bearer, Credential, CredentialKind, CredentialPhoto, LicenceNeed
from crew_app.registers.credential_rules import Stand, Standing, stand
from crew_app.registers.sites import day_at

ENDLESS = date(9999, 12, 31)
MOST_MISSING = 200
_WORKING = [role for role, rights in RIGHTS.items() if Right.WORK in rights]


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody or something has of a kind: the paper that counts longest, or none where one must be."""

    kind: CredentialKind
    bearer: Person | Asset
    paper: Credential | None
    stand: Stand

    @property
    def order(self) -> tuple[int, int, str]:
        """What is missing or expired first, then by the days that are left."""
        days = self.stand.days if self.stand.days is not None else 10**6
        return list(Standing).index(self.stand.state), days, self.bearer.name


def kinds(site_ids: Collection[UUID], bearer: Bearer, *, all_of_them: bool = False) -> Sequence[CredentialKind]:
    """The kinds of papers, by name."""
    query = select(CredentialKind).where(CredentialKind.site_id.in_(site_ids), CredentialKind.bearer == bearer)
    if not all_of_them:
        query = query.where(CredentialKind.active.is_(True))
    return session.scalars(query.order_by(CredentialKind.active.desc(), CredentialKind.name)).all()


def kind(person: Person, kind_id: UUID) -> CredentialKind:
    """A kind at a site whose registers the person keeps."""
    found = session.get(CredentialKind, kind_id)
    if found is None or found.site_id not in person.sites_with(Right.KEEP_REGISTERS):
        raise Unseen("unknown-kind", N_("This kind of paper is not known here."))
    return found


def paper(person: Person, credential_id: UUID, bearer: Bearer, *, keeping: bool = False) -> Credential:
    """A paper the person may see: one's own, those of assets at one's site, all where one keeps the registers."""
    found = session.get(Credential, credential_id)
    if found is None or found.kind.bearer is not bearer or not _may_see(found, person, keeping=keeping):
        raise Unseen("unknown-paper", N_("This paper is not known here."))
    return found


def _may_see(found: Credential, person: Person, *, keeping: bool) -> bool:
    if person.can(Right.KEEP_REGISTERS, found.site_id):
        return True
    return not keeping and (
        found.person_id == person.id or (found.asset_id is not None and person.can(Right.SEE_SITE, found.site_id))
    )


def of_person(person_id: UUID, at: datetime) -> list[Held]:
    """The licences of one person, wherever they were entered."""
    return _standing(_counting().where(Credential.person_id == person_id), at)


def licences(site_ids: Collection[UUID], at: datetime) -> list[Held]:
    """All licences of these sites as they stand, and who lacks one that their trade needs."""
    held = _standing(_counting().where(Credential.site_id.in_(site_ids), Credential.person_id.is_not(None)), at)
    have = {(one.kind.id, one.bearer.id) for one in held}
    missing = [Held(kind, person, None, Stand(Standing.MISSING)) for kind, person in _needing(site_ids)]
    return _sorted([*held, *(one for one in missing if (one.kind.id, one.bearer.id) not in have)])


def certificates(site_ids: Collection[UUID], at: datetime) -> list[Held]:
    """All certificates of assets as they stand, and which assets lack one that their kind must have."""
    held = _standing(_counting().where(Credential.site_id.in_(site_ids), Credential.asset_id.is_not(None)), at)
    missing = [Held(kind, asset, None, Stand(Standing.MISSING)) for kind, asset in _untested(site_ids)]
    return _sorted([*held, *missing])


def counted(held: Collection[Held]) -> dict[Standing, int]:
    """How many stand how."""
    return {state: sum(one.stand.state is state for one in held) for state in Standing}


def reminders(held: Collection[Held]) -> dict[int, list[Held]]:
    """What runs out, by band: within 7, 30, 60 days."""
    soon = [one for one in held if one.stand.state is Standing.SOON]
    bands = sorted({one.stand.band or 0 for one in soon})
    return {band: [one for one in soon if one.stand.band == band] for band in bands}


def lacks(person: Person, licence_kind: CredentialKind, at: datetime) -> bool:
    """Whether somebody has no licence of this kind that counts on that day at its site."""
    valid = _valid([licence_kind.id], day_at(session.get_one(Site, licence_kind.site_id), at))
    query = select(Credential.id).where(Credential.person_id == person.id, valid)
    return session.scalar(query.limit(1)) is None


def lacking(person: Person, trade: Trade, site_id: UUID, at: datetime) -> list[CredentialKind]:
    """The licences that jobs of a trade need at a site and this person has not."""
    return lacking_of([person.id], trade, site_id, at).get(person.id, [])


def lacking_of(
    person_ids: Collection[UUID], trade: Trade, site_id: UUID, at: datetime
) -> dict[UUID, list[CredentialKind]]:
    """The same for many people at once: of each who lacks one, the licences."""
    needed = kept(("lists",), ("licences", site_id, trade), lambda: apart(partial(_needed, site_id, trade)))
    if not needed:
        return {}
    have = _who_has([kind.id for kind in needed], session.get_one(Site, site_id), at)
    lacked = {one: [kind for kind in needed if (one, kind.id) not in have] for one in person_ids}
    return {one: kinds for one, kinds in lacked.items() if kinds}


def _who_has(kind_ids: list[UUID], site: Site, at: datetime) -> frozenset[tuple[UUID | None, UUID]]:
    """Person and kind of each paper of these kinds that counts on that day at the site."""
    today = day_at(site, at)
    query = select(Credential.person_id, Credential.kind_id).where(
        Credential.person_id.is_not(None), _valid(kind_ids, today)
    )
    key = "who has", site.id, *kind_ids
    return kept(("lists",), key, lambda: frozenset((row[0], row[1]) for row in session.execute(query)), also=today)


def _needed(site_id: UUID, trade: Trade, own: Session) -> Sequence[CredentialKind]:
    query = select(CredentialKind).join(LicenceNeed, LicenceNeed.kind_id == CredentialKind.id)
    query = query.where(LicenceNeed.site_id == site_id, LicenceNeed.trade == trade, CredentialKind.active.is_(True))
    return own.scalars(query.order_by(CredentialKind.name)).all()


def _valid(kind_ids: Collection[UUID], today: date) -> ColumnElement[bool]:
    """Papers of these kinds that count on that day."""
    return and_(
        Credential.kind_id.in_(kind_ids),
        Credential.issued_on <= today,
        Credential.withdrawn_at.is_(None),
        or_(Credential.expires_on.is_(None), Credential.expires_on >= today),
    )


def needs(kind_ids: Collection[UUID]) -> dict[UUID, set[Trade]]:
    """The trades whose jobs need these licences."""
    found: dict[UUID, set[Trade]] = {}
    for need in session.scalars(select(LicenceNeed).where(LicenceNeed.kind_id.in_(kind_ids))):
        found.setdefault(need.kind_id, set()).add(need.trade)
    return found


def earlier(found: Credential) -> Sequence[Credential]:
    """All papers of the same kind and bearer, the newest first."""
    same = (Credential.kind_id == found.kind_id, Credential.person_id == found.person_id)
    if found.asset_id:
        same = (Credential.kind_id == found.kind_id, Credential.asset_id == found.asset_id)
    query = select(Credential).where(*same).options(selectinload(Credential.photos).joinedload(CredentialPhoto.photo))
    return session.scalars(query.order_by(Credential.issued_on.desc(), Credential.id.desc())).all()


def standing(found: Credential, at: datetime) -> Stand:
    """How one paper stands."""
    if found.withdrawn_at:
        return Stand(Standing.WITHDRAWN)
    return stand(found.expires_on, found.kind.advance_days, day_at(session.get_one(Site, found.site_id), at))


def _counting() -> Select[Credential]:
    """Of each kind and bearer the paper that counts longest."""
    last = func.coalesce(Credential.expires_on, ENDLESS).desc()
    whose = (Credential.kind_id, Credential.person_id, Credential.asset_id)
    place = func.row_number().over(
        partition_by=whose, order_by=(last, Credential.issued_on.desc(), Credential.id.desc())
    )
    ranked = select(Credential.id, place.label("place")).where(Credential.withdrawn_at.is_(None)).subquery()
    query = select(Credential).join(ranked, ranked.c.id == Credential.id).where(ranked.c.place == 1)
    cards = (joinedload(Credential.kind), joinedload(Credential.person), joinedload(Credential.asset))
    return query.join(Credential.kind).where(CredentialKind.active.is_(True)).options(*cards)


def _standing(query: Select[Credential], at: datetime) -> list[Held]:
    found = [one for one in session.scalars(query) if one.person is None or one.person.active]
    return _sorted([Held(one.kind, _bearer(one), one, standing(one, at)) for one in found])


def _bearer(found: Credential) -> Person | Asset:
    bearer = found.person or found.asset
    if bearer is None:
        raise LookupError(found.id)
    return bearer


def _needing(site_ids: Collection[UUID]) -> Iterator[tuple[CredentialKind, Person]]:
    """Who works in a trade whose jobs need a licence."""
    query = (
        select(CredentialKind, Person)
        .select_from(LicenceNeed)
        .join(CredentialKind, CredentialKind.id == LicenceNeed.kind_id)
        .join(PersonTrade, PersonTrade.trade == LicenceNeed.trade)
        .join(Person, Person.id == PersonTrade.person_id)
        .join(Membership, (Membership.person_id == Person.id) & (Membership.site_id == LicenceNeed.site_id))
        .where(LicenceNeed.site_id.in_(site_ids), Membership.role.in_(_WORKING))
        .where(Person.active.is_(True), CredentialKind.active.is_(True))
    )
    seen = {(kind.id, person.id): (kind, person) for kind, person in session.execute(query)}
    return iter(seen.values())


def _untested(site_ids: Collection[UUID]) -> Iterator[tuple[CredentialKind, Asset]]:
    have = aliased(Credential)
    tested = select(have.id).where(
        have.kind_id == CredentialKind.id, have.asset_id == Asset.id, have.withdrawn_at.is_(None)
    )
    query = (
        select(CredentialKind, Asset)
        .select_from(CredentialKind)
        .join(Asset, (Asset.kind_id == CredentialKind.asset_kind_id) & (Asset.site_id == CredentialKind.site_id))
        .where(CredentialKind.site_id.in_(site_ids), CredentialKind.active.is_(True), ~tested.exists())
        .order_by(CredentialKind.name, Asset.code)
        .limit(MOST_MISSING)
    )
    return ((row[0], row[1]) for row in session.execute(query))


def _sorted(held: list[Held]) -> list[Held]:
    return sorted(held, key=lambda one: one.order)
