"""Verbs of contractors: set up, found, answered, decided, deducted, rewarded, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement, announce, known_photo
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds import contractor_queries, scores
from crew_app.rounds.contractor_models import (
    AnswerKind,
    Contractor,
    ContractorAnswer,
    ContractorEntry,
    ContractorFinding,
    ContractorPerson,
    ContractorPhoto,
    ContractorTemplate,
    EntryKind,
)
from crew_app.storeroom.sums import first_of_month, start_of

LARGEST = Decimal(10_000_000)
HEAVIEST = Decimal(100)


@dataclass(frozen=True, slots=True)
class Card:
    """What is written down about a contractor."""

    name: str
    name_en: str = ""
    service: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding as it was written down; `finding_id` was made on the device."""

    finding_id: UUID
    words: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Amount:
    """A deduction or a reward; `entry_id` was made on the device."""

    entry_id: UUID
    kind: EntryKind
    amount: Decimal
    day: date
    reason: str


def create(site_id: UUID, contractor_id: UUID, card: Card, *, by: Person | None, at: Moment) -> Contractor:
    """Enter a contractor of a site."""
    _need(by, Right.PLAN_ROUNDS, site_id)
    if session.get(Contractor, contractor_id):
        raise Refused("contractor-known", N_("This contractor was already entered."))
    contractor = Contractor(id=contractor_id, site_id=site_id, made_by_id=by.id if by else None, made_at=at.at, name="")
    _describe(contractor, card)
    session.add(contractor)
    session.flush()
    return contractor


def describe(contractor: Contractor, card: Card, people: Sequence[Person], *, by: Person | None) -> None:
    """Change what is written down, and who answers for the contractor."""
    _need(by, Right.PLAN_ROUNDS, contractor.site_id)
    known = {one.id for one in contractor_queries.people_for(contractor.site_id)}
    if {one.id for one in people} - known:
        raise Refused("not-contractor", N_("One of these people is not of a contractor. Give them the role first."))
    _describe(contractor, card)
    site_id = contractor.site_id
    kept = {link.person_id: link for link in contractor.people}
    contractor.people = [kept.get(one.id) or ContractorPerson(person_id=one.id, site_id=site_id) for one in people]
    session.flush()


def link_templates(contractor: Contractor, weights: Mapping[UUID, Decimal], *, by: Person | None, at: Moment) -> None:
    """Let runs of exactly these templates be about the contractor, each with its weight in the month's score.

    Runs of this month that were begun already are counted; runs that were about somebody stay so.
    """
    _need(by, Right.PLAN_ROUNDS, contractor.site_id)
    known = {one.id for one in contractor_queries.templates_for(contractor.site_id)}
    if weights.keys() - known:
        raise Refused("unknown-template", N_("This template is not known."))
    if any(not 0 < weight <= HEAVIEST for weight in weights.values()):
        raise Refused("weight", N_("Please check the weight: above 0, at most 100."))
    _refuse_foreign(contractor, weights)
    kept = {link.template_id: link for link in contractor.templates}
    contractor.templates = [kept.get(id_) or _link(contractor, id_) for id_ in weights]
    for link in contractor.templates:
        link.weight = weights[link.template_id]
    session.flush()
    since = start_of(first_of_month(at.at.astimezone(contractor.site.zone).date()), contractor.site.zone)
    for link in contractor.templates:
        scores.take_in(link, since)


def find(
    contractor: Contractor, draft: Draft, photos: Sequence[Announcement] = (), *, by: Person, at: Moment
) -> ContractorFinding:
    """Write down what a contractor has to put right."""
    _need(by, Right.WATCH_ROUNDS, contractor.site_id)
    if session.get(ContractorFinding, draft.finding_id):
        raise Refused("finding-known", N_("This finding was already sent."))
    if not draft.words.strip():
        raise Refused("words-missing", N_("Please say what is to be put right."))
    finding = ContractorFinding(
        id=draft.finding_id,
        site_id=contractor.site_id,
        contractor_id=contractor.id,
        words=draft.words.strip()[:2_000],
        due_at=draft.due_at,
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(finding)
    session.flush()
    _attach(contractor, photos, by=by, at=at, finding_id=finding.id)
    return finding


def answer(
    finding: ContractorFinding,
    answer_id: UUID,
    words: str,
    photos: Sequence[Announcement] = (),
    *,
    by: Person,
    at: Moment,
) -> ContractorAnswer:
    """Say what was done about a finding; a photo shows it."""
    if finding.contractor_id not in {one.id for one in contractor_queries.own(by)}:
        raise Forbidden("may-not", N_("Your role does not allow this."))
    if not words.strip() and not photos:
        raise Refused("words-missing", N_("Please say what was done, or take a photo."))
    return _say(finding, answer_id, AnswerKind.ANSWER, words, photos, by=by, at=at)


def decide(
    finding: ContractorFinding, answer_id: UUID, kind: AnswerKind, words: str, *, by: Person, at: Moment
) -> ContractorAnswer:
    """Say that a finding is settled, or that it is not, with the reason."""
    _need(by, Right.WATCH_ROUNDS, finding.site_id)
    if kind is AnswerKind.RETURNED and not words.strip():
        raise Refused("words-missing", N_("Please say what is still missing."))
    return _say(finding, answer_id, kind, words, (), by=by, at=at)


def book(
    contractor: Contractor, amount: Amount, photos: Sequence[Announcement] = (), *, by: Person, at: Moment
) -> ContractorEntry:
    """Enter a deduction or a reward."""
    _need(by, Right.PLAN_ROUNDS, contractor.site_id)
    if session.get(ContractorEntry, amount.entry_id):
        raise Refused("entry-known", N_("This entry was already sent."))
    if not 0 < amount.amount <= LARGEST:
        raise Refused("price", N_("Please check the amount: it must be above zero and plausible."))
    if not amount.reason.strip():
        raise Refused("words-missing", N_("Please say what it is for."))
    if amount.day > at.received_at.astimezone(contractor.site.zone).date():
        raise Refused("day", N_("This day has not come yet. Please check the date."))
    return _entry(contractor, amount, None, photos, by=by, at=at)


def take_back(entry: ContractorEntry, entry_id: UUID, reason: str, *, by: Person, at: Moment) -> ContractorEntry:
    """Take a wrong entry back by another one of the same day."""
    _need(by, Right.PLAN_ROUNDS, entry.site_id)
    if entry.reverses_id is not None:
        raise Refused("is-reversal", N_("This entry takes another one back. Please make a new one instead."))
    if session.scalar(select(ContractorEntry.id).filter_by(reverses_id=entry.id)):
        raise Refused("reversed", N_("This entry was already taken back."))
    if not reason.strip():
        raise Refused("words-missing", N_("Please say why it is taken back."))
    amount = Amount(entry_id, entry.kind, entry.amount, entry.day, reason)
    return _entry(entry.contractor, amount, entry, (), by=by, at=at)


def _entry(
    contractor: Contractor,
    amount: Amount,
    reverses: ContractorEntry | None,
    photos: Sequence[Announcement],
    *,
    by: Person,
    at: Moment,
) -> ContractorEntry:
    entry = ContractorEntry(
        id=amount.entry_id,
        site_id=contractor.site_id,
        contractor_id=contractor.id,
        kind=amount.kind,
        amount=amount.amount,
        day=amount.day,
        reason=amount.reason.strip()[:500],
        reverses_id=reverses.id if reverses else None,
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(entry)
    session.flush()
    _attach(contractor, photos, by=by, at=at, entry_id=entry.id)
    return entry


def _say(
    finding: ContractorFinding,
    answer_id: UUID,
    kind: AnswerKind,
    words: str,
    photos: Sequence[Announcement],
    *,
    by: Person,
    at: Moment,
) -> ContractorAnswer:
    if session.get(ContractorAnswer, answer_id):
        raise Refused("answer-known", N_("This answer was already sent."))
    if finding.settled:
        raise Refused("wrong-state", N_("This finding is settled already."))
    said = ContractorAnswer(
        id=answer_id,
        site_id=finding.site_id,
        finding_id=finding.id,
        kind=kind,
        words=words.strip()[:2_000],
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(said)
    session.flush()
    _attach(finding.contractor, photos, by=by, at=at, answer_id=said.id)
    session.expire(finding, ["answers"])
    return said


def _attach(contractor: Contractor, photos: Sequence[Announcement], *, by: Person, at: Moment, **about: UUID) -> None:
    for position, one in enumerate(photos):
        if session.get(ContractorPhoto, one.photo_id):
            raise known_photo()
        photo = announce(one, contractor.site_id, by=by, at=at)
        session.add(
            ContractorPhoto(
                photo_id=photo.id,
                site_id=contractor.site_id,
                contractor_id=contractor.id,
                position=position,
                **about,
            )
        )
    session.flush()


def _refuse_foreign(contractor: Contractor, weights: Mapping[UUID, Decimal]) -> None:
    query = select(ContractorTemplate).where(
        ContractorTemplate.template_id.in_(weights), ContractorTemplate.contractor_id != contractor.id
    )
    taken = session.scalars(query).first()
    if taken:
        words = N_("“%(name)s” is about another contractor. Copy the template, or take it from them first.")
        raise Refused("template-taken", words, name=taken.template.name)


def _link(contractor: Contractor, template_id: UUID) -> ContractorTemplate:
    return ContractorTemplate(template_id=template_id, site_id=contractor.site_id)


def _describe(contractor: Contractor, card: Card) -> None:
    if not card.name.strip():
        raise Refused("name-missing", N_("Please write the name."))
    contractor.name, contractor.name_en = card.name.strip()[:80], card.name_en.strip()[:80]
    contractor.service, contractor.active = card.service.strip()[:80], card.active


def _need(by: Person | None, right: Right, site_id: UUID) -> None:
    if by and not by.can(right, site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
