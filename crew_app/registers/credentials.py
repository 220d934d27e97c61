"""Verbs about papers that run out: enter one, withdraw one, keep the list of kinds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person, Site
from crew_app.people.rules import Trade
from crew_app.places.models import Asset, AssetKind
from crew_app.registers import photos
from crew_app.registers.credential_models import Bearer, Credential, CredentialKind, CredentialPhoto, LicenceNeed
from crew_app.registers.credential_rules import runs_out

OLDEST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it was entered; without `expires_on` it runs out as its kind says."""

    credential_id: UUID
    issued_on: date
    expires_on: date | None = None
    number: str = ""
    issuer: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KindForm:
    """A kind of paper as it was filled in. `trades`: whose jobs need it."""

    name: str
    name_en: str
    months: int | None
    advance_days: int
    asset_kind_id: UUID | None
    trades: frozenset[Trade]
    active: bool = True


def enter(
    kind: CredentialKind,
    bearer: Person | Asset,
    paper: Paper,
    pictures: Sequence[Announcement] = (),
    *,
    by: Person,
    at: Moment,
) -> Credential:
    """Enter a paper, new or renewed; an earlier one stays as it was.

    `Refused`: "paper-known", "wrong-kind" (a licence for an asset), "dates" (ends before it begins, or out of reach).
    """
    if session.get(Credential, paper.credential_id):
        raise Refused("paper-known", N_("This paper was already sent."))
    is_person = isinstance(bearer, Person)
    if (kind.bearer is Bearer.PERSON) is not is_person:
        raise Refused("wrong-kind", N_("This kind of paper is for something else."))
    expires_on = paper.expires_on or runs_out(paper.issued_on, kind.months)
    _check_dates(paper.issued_on, expires_on, at)
    found = Credential(
        id=paper.credential_id,
        site_id=kind.site_id,
        kind_id=kind.id,
        person_id=bearer.id if is_person else None,
        asset_id=None if is_person else bearer.id,
        number=paper.number,
        issuer=paper.issuer,
        issued_on=paper.issued_on,
        expires_on=expires_on,
        note=paper.note,
        written_by_id=by.id,
        at=at.at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(found)
    session.flush()
    photos.attach(
        pictures,
        found.site_id,
        lambda photo_id: CredentialPhoto(photo_id=photo_id, credential_id=found.id, site_id=found.site_id),
        by=by,
        at=at,
    )
    return found


def withdraw(found: Credential, why: str, *, by: Person, at: Moment) -> None:
    """Say that a paper does not count: revoked, or entered by mistake."""
    if found.withdrawn_at:
        raise Refused("withdrawn", N_("This paper is withdrawn already."))
    if not why:
        raise Refused("words-missing", N_("Please say why it does not count any more."))
    found.withdrawn_at, found.withdrawn_by_id, found.withdrawn_because = at.at, by.id, why
    session.flush()


def add_kind(kind_id: UUID, site: Site, bearer: Bearer, form: KindForm) -> CredentialKind:
    """Add a kind of paper."""
    if session.get(CredentialKind, kind_id):
        raise Refused("kind-known", N_("This kind was already sent."))
    kind = CredentialKind(id=kind_id, site_id=site.id, bearer=bearer)
    _fill(kind, form)
    session.add(kind)
    session.flush()
    _need(kind, form.trades)
    return kind


def change_kind(kind: CredentialKind, form: KindForm) -> None:
    """Change a kind; papers that were entered keep their dates."""
    _fill(kind, form)
    session.flush()
    _need(kind, form.trades)


def _fill(kind: CredentialKind, form: KindForm) -> None:
    if not form.name:
        raise Refused("name-missing", N_("Please write a name."))
    if form.asset_kind_id and session.get(AssetKind, form.asset_kind_id) is None:
        raise Refused("choice-missing", N_("Please choose a kind of asset."))
    kind.name, kind.name_en, kind.months = form.name, form.name_en, form.months
    kind.advance_days, kind.active = form.advance_days, form.active
    kind.asset_kind_id = form.asset_kind_id if kind.bearer is Bearer.ASSET else None


def _need(kind: CredentialKind, trades: Iterable[Trade]) -> None:
    session.execute(delete(LicenceNeed).where(LicenceNeed.kind_id == kind.id))
    if kind.bearer is Bearer.PERSON:
        rows = (LicenceNeed(id=new_id(), site_id=kind.site_id, trade=trade, kind_id=kind.id) for trade in trades)
        session.add_all(rows)
    session.flush()


def _check_dates(issued_on: date, expires_on: date | None, at: Moment) -> None:
    tomorrow = at.received_at.date() + timedelta(days=1)
    if not OLDEST <= issued_on <= tomorrow:
        raise Refused("dates", N_("Please check the date of issue: it cannot be in the future."))
    if expires_on and not issued_on <= expires_on <= tomorrow + timedelta(days=50 * 366):
        raise Refused("dates", N_("Please check the dates: a paper cannot run out before it was issued."))
