"""Which finished jobs are looked at first, and which are drawn to be looked at although nothing speaks for it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.evidence.looking import AFTER_FLAG
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import PhotoFlag
from crew_app.evidence.rule_models import EvidenceRule
from crew_app.evidence.site_rules import rule_of
from crew_app.people.queries import known
from crew_app.people.rules import Trade
from crew_app.stock.models import Move
from crew_app.tickets import materials, shots
from crew_app.tickets.events import AFTER_EVENT
from crew_app.tickets.models import Ticket, TicketEvent, TicketPhoto
from crew_app.tickets.review_models import Risk, TicketRisk
from crew_app.tickets.rules import Kind, Priority, State, Verb
from crew_app.tickets.usual import usage

WEIGHTS = {
    Risk.FLAG: 40,
    Risk.SHOTS: 30,
    Risk.NOT_FIXED: 30,
    Risk.SAFETY: 25,
    Risk.SENT_BACK: 20,
    Risk.UNUSUAL: 15,
    Risk.COSTLY: 15,
    Risk.NEW_PERSON: 10,
}
"""Sums order the queue: a picture that looks odd comes before a costly job, and two reasons before one."""
RISK_LABELS = {
    Risk.FLAG: N_("A picture looks odd"),
    Risk.SHOTS: N_("Photos missing"),
    Risk.SAFETY: N_("Safety"),
    Risk.SENT_BACK: N_("Sent back before"),
    Risk.COSTLY: N_("Costly"),
    Risk.NEW_PERSON: N_("New colleague"),
    Risk.UNUSUAL: N_("More material than usual"),
    Risk.NOT_FIXED: N_("Reporter said: not fixed"),
}
SAFETY_KINDS = frozenset({Kind.HAZARD, Kind.INCIDENT})
SAFETY_TRADES = frozenset({Trade.OXYGEN, Trade.LIFT})
NEW_FOR = timedelta(days=60)
PROVEN = 10
"""After so many verified jobs nobody counts as new."""
_CHANGES = frozenset({Verb.MATERIAL, Verb.REVERSE, Verb.PHOTO})
"""What may change the reasons of a job that is finished already."""


def start() -> None:
    """Weigh what is finished; called at every start, connected once."""
    if _follow not in AFTER_EVENT:
        AFTER_EVENT.append(_follow)
    if follow_flags not in AFTER_FLAG:
        AFTER_FLAG.append(follow_flags)


@dataclass(frozen=True, slots=True)
class Work:
    """A finished job, with what several checks look at."""

    ticket: Ticket
    at: datetime
    rule: EvidenceRule
    moves: Sequence[Move]


def _follow(ticket: Ticket, event: TicketEvent) -> None:
    if ticket.state is not State.FINISHED:
        return
    rule = rule_of(ticket.site_id)
    if event.from_state is not State.FINISHED:
        ticket.sampled = secrets.randbelow(100) < rule.sample_percent
    elif event.verb not in _CHANGES:
        return
    weigh(ticket, event.at, rule)


def weigh(ticket: Ticket, at: datetime, rule: EvidenceRule | None = None) -> None:
    """Write down what speaks for a closer look at a job, as it is known now."""
    work = Work(ticket, at, rule or rule_of(ticket.site_id), materials.moves_of(ticket))
    found = [risk for risk, holds in CHECKS.items() if holds(work)]
    session.execute(delete(TicketRisk).where(TicketRisk.ticket_id == ticket.id))
    session.add_all([TicketRisk(ticket_id=ticket.id, site_id=ticket.site_id, reason=risk, at=at) for risk in found])
    ticket.risk = sum(WEIGHTS[risk] for risk in found)
    session.flush()


def follow_flags(photo: Photo, flags: Sequence[PhotoFlag]) -> None:
    """A picture was flagged, or a flag judged: weigh its job again if it waits to be verified."""
    query = select(Ticket).join(TicketPhoto, TicketPhoto.ticket_id == Ticket.id).where(TicketPhoto.photo_id == photo.id)
    ticket = session.scalar(query)
    if ticket and ticket.state is State.FINISHED:
        weigh(ticket, max(flag.judged_at or flag.made_at for flag in flags))


def _flagged(work: Work) -> bool:
    query = select(PhotoFlag.id).join(TicketPhoto, TicketPhoto.photo_id == PhotoFlag.photo_id)
    harmless = or_(PhotoFlag.harmless.is_(None), PhotoFlag.harmless.is_(False))
    return session.scalar(query.where(TicketPhoto.ticket_id == work.ticket.id, harmless).limit(1)) is not None


def _without_shots(work: Work) -> bool:
    return bool(shots.missing(work.ticket))


def _not_fixed(work: Work) -> bool:
    query = select(TicketEvent.id).where(TicketEvent.ticket_id == work.ticket.id, TicketEvent.verb == Verb.NOT_FIXED)
    return session.scalar(query.limit(1)) is not None


def _safety(work: Work) -> bool:
    ticket = work.ticket
    urgent = ticket.priority == Priority.EMERGENCY
    return urgent or ticket.kind in SAFETY_KINDS or ticket.job_kind.trade in SAFETY_TRADES


def _sent_back(work: Work) -> bool:
    return work.ticket.sent_back_count > 0


def _unusual(work: Work) -> bool:
    return any(one.unusual for one in usage(work.ticket, work.moves))


def _costly(work: Work) -> bool:
    return materials.cost_of(work.moves, work.ticket) >= work.rule.costly


def _new_person(work: Work) -> bool:
    owner = known(work.ticket.owner_id) if work.ticket.owner_id else None
    if owner is None or owner.created_at < work.at - NEW_FOR:
        return False
    proven = select(Ticket.id).where(Ticket.owner_id == owner.id, Ticket.state == State.VERIFIED).limit(PROVEN)
    return (session.scalar(select(func.count()).select_from(proven.subquery())) or 0) < PROVEN


CHECKS: dict[Risk, Callable[[Work], bool]] = {
    Risk.FLAG: _flagged,
    Risk.SHOTS: _without_shots,
    Risk.NOT_FIXED: _not_fixed,
    Risk.SAFETY: _safety,
    Risk.SENT_BACK: _sent_back,
    Risk.UNUSUAL: _unusual,
    Risk.COSTLY: _costly,
    Risk.NEW_PERSON: _new_person,
}
