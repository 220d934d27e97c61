"""What photos belong to, and what has to be over before one may go: asked of all who bind photos to something."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select

from crew_app.core.db import session
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import PhotoFlag
from crew_app.evidence.rule_models import EvidenceKind
from crew_app.fixed_assets.models import AssetPhoto, AssetScrap
from crew_app.fixed_assets.rules import ScrapState
from crew_app.held.models import HeldEntry
from crew_app.registers.credential_models import Credential, CredentialPhoto
from crew_app.registers.training_models import TrainingPhoto
from crew_app.rounds.contractor_models import AnswerKind, ContractorAnswer, ContractorPhoto
from crew_app.rounds.flag_models import FlagRemark
from crew_app.rounds.models import Flag, Run, Visit, VisitPhoto
from crew_app.rounds.rules import RunState
from crew_app.storeroom.models import Slip, SlipPhoto, SlipState
from crew_app.tickets.models import PhotoRole, Ticket, TicketPhoto
from crew_app.tickets.rules import State

OBJECTION = timedelta(days=7)
"""So long after a job is closed whoever reported it may say that it is not fixed."""
MOST_COUNTED = 10_000
"""Whether it is more does not change what somebody decides, and counting a million takes a minute."""
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Belonging:
    """One way in which a photo belongs to a kind: whether it does, and whether that is not over yet."""

    kind: EvidenceKind
    bound: Condition
    open: Condition


def belongings(at: datetime) -> Iterator[Belonging]:
    """All ways in which photos belong to something."""
    report = TicketPhoto.role == PhotoRole.REPORT
    yield _of_jobs(EvidenceKind.REPORT, report, at)
    yield _of_jobs(EvidenceKind.WORK, not_(report), at)
    yield from _of_rounds()
    yield from _of_papers(at)
    yield from _of_the_store()


def _of_jobs(kind: EvidenceKind, role: Condition, at: datetime) -> Belonging:
    mine = TicketPhoto.photo_id == Photo.id, role
    over = and_(Ticket.state.in_([State.VERIFIED, State.CANCELLED]), Ticket.closed_at < at - OBJECTION)
    job = and_(*mine, Ticket.id == TicketPhoto.ticket_id, or_(not_(over), Ticket.closed_at.is_(None)))
    return Belonging(kind, exists().where(*mine), exists().where(job))


def _of_rounds() -> Iterator[Belonging]:
    shot = VisitPhoto.photo_id == Photo.id
    asked = exists().where(
        Flag.visit_id == Visit.id, ~exists().where(FlagRemark.flag_id == Flag.id, FlagRemark.explained)
    )
    walking = exists().where(Run.id == Visit.run_id, Run.state.in_([RunState.DUE, RunState.WALKING]))
    not_over = or_(asked, walking)
    yield Belonging(
        EvidenceKind.ROUND, exists().where(shot), exists().where(shot, Visit.id == VisitPhoto.visit_id, not_over)
    )
    frame = Visit.frame_id == Photo.id
    yield Belonging(EvidenceKind.ROUND, exists().where(frame), exists().where(frame, not_over))
    firm = ContractorPhoto.photo_id == Photo.id
    answer = ContractorAnswer
    finding = func.coalesce(
        ContractorPhoto.finding_id,
        select(answer.finding_id).where(answer.id == ContractorPhoto.answer_id).scalar_subquery(),
    )
    accepted = select(answer.finding_id).where(answer.kind == AnswerKind.ACCEPTED)
    yield Belonging(
        EvidenceKind.ROUND, exists().where(firm), exists().where(firm, finding.is_not(None), finding.not_in(accepted))
    )


def _of_papers(at: datetime) -> Iterator[Belonging]:
    paper = CredentialPhoto.photo_id == Photo.id
    valid = or_(Credential.expires_on.is_(None), Credential.expires_on >= at.date())
    in_force = Credential.id == CredentialPhoto.credential_id, Credential.withdrawn_at.is_(None), valid
    yield Belonging(EvidenceKind.PAPER, exists().where(paper), exists().where(paper, *in_force))
    yield Belonging(EvidenceKind.PAPER, exists().where(TrainingPhoto.photo_id == Photo.id), false())


def _of_the_store() -> Iterator[Belonging]:
    slip = SlipPhoto.photo_id == Photo.id
    waiting = Slip.id == SlipPhoto.slip_id, Slip.state.in_([SlipState.PROPOSED, SlipState.APPROVED])
    yield Belonging(EvidenceKind.STORE, exists().where(slip), exists().where(slip, *waiting))
    asset = AssetPhoto.photo_id == Photo.id
    proposed = AssetScrap.id == AssetPhoto.about_id, AssetScrap.state == ScrapState.PROPOSED
    yield Belonging(EvidenceKind.STORE, exists().where(asset), exists().where(asset, *proposed))


def due(site_id: UUID, kind: EvidenceKind, days: Mapping[EvidenceKind, int], at: datetime) -> Select[UUID]:
    """The photos of a kind whose time is over; what belongs to several kinds is kept for the longest."""
    ways = list(belongings(at))
    kept = [way.bound & (way.open | _is_fresh(days.get(way.kind), at)) for way in ways]
    unjudged = or_(PhotoFlag.photo_id == Photo.id, PhotoFlag.other_id == Photo.id) & PhotoFlag.judged_at.is_(None)
    query = select(Photo.id).where(
        Photo.site_id == site_id,
        Photo.stored_at.is_not(None),
        Photo.removed_at.is_(None),
        ~_is_fresh(days[kind], at),
        or_(*(way.bound for way in ways if way.kind is kind)),
        not_(or_(*kept)),
        ~exists().where(unjudged),
    )
    held = held_photos(site_id)
    return query.where(Photo.id.not_in(held)) if held else query


def _is_fresh(days: int | None, at: datetime) -> Condition:
    """Whether a photo is to be kept still; for good where no days are given."""
    return Photo.received_at.is_not(None) if days is None else Photo.received_at >= at - timedelta(days=days)


def held_photos(site_id: UUID) -> set[UUID]:
    """Photos of late entries that nobody has decided about."""
    waiting = select(HeldEntry).where(HeldEntry.site_id == site_id, HeldEntry.decided_at.is_(None))
    return {photo_id for entry in session.scalars(waiting) for photo_id in entry.photo_ids}


def count_due(site_id: UUID, days: Mapping[EvidenceKind, int], at: datetime) -> dict[EvidenceKind, int]:
    """How many photos of each kind would be removed now, if they were kept for so many days; at most `MOST_COUNTED`."""
    found = {kind: due(site_id, kind, days, at).limit(MOST_COUNTED).subquery() for kind in days}
    counted = {kind: select(func.count()).select_from(rows) for kind, rows in found.items()}
    return {kind: session.scalar(query) or 0 for kind, query in counted.items()}
