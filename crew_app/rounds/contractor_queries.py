"""Questions about contractors: those who watch rounds see all of their sites, a contractor's people only their own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Membership, Person
from crew_app.people.rules import RIGHTS, Right
from crew_app.rounds.content import Category
from crew_app.rounds.contractor_models import (
    AnswerKind,
    Contractor,
    ContractorAnswer,
    ContractorEntry,
    ContractorFinding,
    ContractorPerson,
    ContractorPhoto,
    EntryKind,
)
from crew_app.rounds.models import RoundTemplate
from crew_app.storeroom.sums import first_of_month

PAGE = 30
_WHOLE = (
    joinedload(ContractorFinding.person),
    joinedload(ContractorFinding.place),
    selectinload(ContractorFinding.photos).joinedload(ContractorPhoto.photo),
    selectinload(ContractorFinding.answers).joinedload(ContractorAnswer.person),
    selectinload(ContractorFinding.answers).selectinload(ContractorAnswer.photos).joinedload(ContractorPhoto.photo),
)


@dataclass(frozen=True, slots=True)
class Bill:
    """Deductions and rewards of a month in yuan; what was taken back is in neither."""

    deductions: Decimal
    rewards: Decimal

    @property
    def total(self) -> Decimal:
        """What the month adds to the bill; below zero, it is taken off."""
        return self.rewards - self.deductions


def contractors(person: Person, right: Right = Right.WATCH_ROUNDS) -> Sequence[Contractor]:
    """The contractors of the person's sites, those that work there first."""
    query = select(Contractor).where(Contractor.site_id.in_(person.sites_with(right)))
    order = (Contractor.active.desc(), Contractor.name, Contractor.id)
    return session.scalars(query.order_by(*order).options(joinedload(Contractor.site))).all()


def contractor(person: Person, contractor_id: UUID, right: Right = Right.WATCH_ROUNDS) -> Contractor:
    """A contractor of a site where the person has the right."""
    found = session.get(Contractor, contractor_id)
    if found is None or found.site_id not in person.sites_with(right):
        raise Unseen("unknown-contractor", N_("This contractor is not known."))
    return found


def own(person: Person) -> Sequence[Contractor]:
    """The contractors a person answers for."""
    query = select(Contractor).join(ContractorPerson).where(_belongs(person))
    return session.scalars(query.order_by(Contractor.name).options(joinedload(Contractor.site))).all()


def finding(
    person: Person, finding_id: UUID, right: Right = Right.WATCH_ROUNDS, *, lock: bool = False
) -> ContractorFinding:
    """A finding the person decides about; with `ANSWER_FINDINGS`, one of the person's own contractor."""
    query = select(ContractorFinding).where(ContractorFinding.id == finding_id)
    if right is Right.ANSWER_FINDINGS:
        query = query.where(ContractorFinding.contractor_id.in_([one.id for one in own(person)]))
    else:
        query = query.where(ContractorFinding.site_id.in_(person.sites_with(right)))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-finding", N_("This finding is not known."))
    return found


def entry(person: Person, entry_id: UUID) -> ContractorEntry:
    """A deduction or reward of a site the person plans rounds for."""
    query = select(ContractorEntry).where(ContractorEntry.id == entry_id).with_for_update()
    found = session.scalar(query.where(ContractorEntry.site_id.in_(person.sites_with(Right.PLAN_ROUNDS))))
    if found is None:
        raise Unseen("unknown-entry", N_("This entry is not known."))
    return found


def findings(
    contractor_ids: Collection[UUID], start: datetime, end: datetime, limit: int | None = None
) -> Sequence[ContractorFinding]:
    """The findings of a span of time, the newest first."""
    query = select(ContractorFinding).where(
        ContractorFinding.contractor_id.in_(contractor_ids), ContractorFinding.at >= start, ContractorFinding.at < end
    )
    order = (ContractorFinding.at.desc(), ContractorFinding.id)
    return session.scalars(query.order_by(*order).limit(limit).options(*_WHOLE)).all()


def unsettled(contractor_ids: Collection[UUID], limit: int = 100) -> Sequence[ContractorFinding]:
    """What is not settled yet, the most urgent first."""
    query = select(ContractorFinding).where(ContractorFinding.contractor_id.in_(contractor_ids), ~_is_settled())
    order = (ContractorFinding.due_at, ContractorFinding.id)
    return session.scalars(query.order_by(*order).limit(limit).options(*_WHOLE)).all()


def settled(
    contractor_ids: Collection[UUID], before: tuple[datetime, UUID] | None = None
) -> Sequence[ContractorFinding]:
    """What is settled, the newest first, a page at a time."""
    query = select(ContractorFinding).where(ContractorFinding.contractor_id.in_(contractor_ids), _is_settled())
    if before:
        query = query.where(tuple_(ContractorFinding.at, ContractorFinding.id) < tuple_(*before))
    order = (ContractorFinding.at.desc(), ContractorFinding.id.desc())
    return session.scalars(query.order_by(*order).limit(PAGE).options(*_WHOLE)).all()


def entries(contractor: Contractor, month: date) -> Sequence[ContractorEntry]:
    """The deductions and rewards of a month in the order of days, those taken back with what took them back."""
    query = select(ContractorEntry).where(
        ContractorEntry.contractor_id == contractor.id,
        ContractorEntry.day >= month,
        ContractorEntry.day < first_of_month(month, 1),
    )
    options = (
        joinedload(ContractorEntry.person),
        selectinload(ContractorEntry.photos).joinedload(ContractorPhoto.photo),
    )
    return session.scalars(query.order_by(ContractorEntry.day, ContractorEntry.id).options(*options)).all()


def bill(found: Sequence[ContractorEntry]) -> Bill:
    """Sums of entries; a reversal takes its entry out, in whichever order they come."""
    sums = {
        kind: sum((-one.amount if one.reverses_id else one.amount for one in found if one.kind is kind), Decimal(0))
        for kind in EntryKind
    }
    return Bill(sums[EntryKind.DEDUCTION], sums[EntryKind.REWARD])


def counts(found: Sequence[Contractor], at: datetime) -> dict[UUID, tuple[int, int]]:
    """For each contractor how many findings are not settled, and how many of these are past their time."""
    late = func.count().filter(ContractorFinding.due_at < at)
    query = select(ContractorFinding.contractor_id, func.count(), late).where(
        ContractorFinding.contractor_id.in_([one.id for one in found]), ~_is_settled()
    )
    return {id_: (total, over) for id_, total, over in session.execute(query.group_by(ContractorFinding.contractor_id))}


def people_for(site_id: UUID) -> Sequence[Person]:
    """Who can answer for a contractor of a site."""
    roles = [role for role, rights in RIGHTS.items() if Right.ANSWER_FINDINGS in rights]
    query = select(Person).join(Membership).where(Membership.site_id == site_id, Membership.role.in_(roles))
    return session.scalars(query.where(Person.active).order_by(Person.name, Person.id).distinct()).all()


def templates_for(site_id: UUID) -> Sequence[RoundTemplate]:
    """The templates of a site whose runs may be about a contractor."""
    query = select(RoundTemplate).filter_by(site_id=site_id, category=Category.SCORE, retired_at=None)
    return session.scalars(query.order_by(RoundTemplate.name, RoundTemplate.id)).all()


def photo(person: Person, photo_id: UUID) -> Photo | None:
    """A photo of a contractor's matters that the person may see, if it is one."""
    mine = ContractorPhoto.contractor_id.in_(select(ContractorPerson.contractor_id).where(_belongs(person)))
    watched = ContractorPhoto.site_id.in_(person.sites_with(Right.WATCH_ROUNDS))
    query = select(Photo).join(ContractorPhoto).where(Photo.id == photo_id, or_(mine, watched))
    return session.scalar(query)


def _belongs(person: Person) -> ColumnElement[bool]:
    sites = person.sites_with(Right.ANSWER_FINDINGS)
    return and_(ContractorPerson.person_id == person.id, ContractorPerson.site_id.in_(sites))


def _is_settled() -> ColumnElement[bool]:
    """Nobody answers after it was accepted, so one acceptance is enough."""
    accepted = select(ContractorAnswer.id).where(
        ContractorAnswer.finding_id == ContractorFinding.id, ContractorAnswer.kind == AnswerKind.ACCEPTED
    )
    return accepted.exists()
