"""Dispatch (派单): whoever fits is asked to accept a job, in the transaction in which it opens or comes back.

Nothing that waits is without somebody: where nobody fits, whoever dispatches and is on duty answers for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.words import N_
from crew_app.desk import crew, dispatch_rules
from crew_app.desk.giving import Gift, give
from crew_app.desk.models import TicketDispatch
from crew_app.people.models import Person
from crew_app.roster import queries as roster
from crew_app.roster.models import DutyShift
from crew_app.tickets.events import AFTER_EVENT
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import State, Verb

BATCH, MOST = 20, 200
BEGUN = timedelta(minutes=10)
"""So long after a shift began its people are looked at for what waits."""
_AGAIN = frozenset({Verb.OPEN, Verb.RELEASE, Verb.DECLINE, Verb.SETTLE})


def start() -> None:
    """Dispatch whatever opens or comes back; called at every start, connected once."""
    if _follow not in AFTER_EVENT:
        AFTER_EVENT.append(_follow)


def _follow(ticket: Ticket, event: TicketEvent) -> None:
    if event.verb in _AGAIN and ticket.state is State.OPEN and not ticket.on_the_spot and ticket.assignee_id is None:
        dispatch(ticket, Moment(at=event.at, received_at=event.received_at))


def dispatch(ticket: Ticket, at: Moment) -> bool:
    """Ask whoever fits best, or else whoever answers for it; whether that is somebody new."""
    gift = _gift(ticket, at.at)
    if gift is None or gift.to.id == ticket.assignee_id:
        return False
    if ticket.assignee:
        taken = (N_("%(name)s had not accepted it"), {"name": _names(ticket.assignee)})
        gift = replace(gift, reasons=[*gift.reasons, taken])
    give(ticket, gift, Verb.ASSIGN, by=None, at=at)
    return True


def _names(person: Person) -> dict[str, str]:
    return {"zh": person.name, "en": person.name_en or person.name}


def pass_on(at: datetime) -> int:
    """Give on what waits with somebody who went home or left without accepting it, and what nobody fitted before."""
    ids = list(session.scalars(stale(at).limit(MOST)))
    session.rollback()
    return sum(_pass_on(ids[first : first + BATCH], at) for first in range(0, len(ids), BATCH))


def _pass_on(ids: list[UUID], at: datetime) -> int:
    with write_transaction():
        return again(ids, at)


def again(ids: list[UUID], at: datetime) -> int:
    """Dispatch these jobs anew, as far as they are still open; how many went to somebody else."""
    query = select(Ticket).where(Ticket.id.in_(ids), Ticket.state == State.OPEN).order_by(Ticket.id)
    waiting = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    return sum(dispatch(ticket, server_moment(at)) for ticket in waiting)


def _gift(ticket: Ticket, at: datetime) -> Gift | None:
    """The first of these there is: who fits; who dispatches and did not decline; whoever works; who dispatches.

    Nobody gets it without the licence while there is anybody who could dispatch it on purpose.
    """
    found = crew.ranking(ticket, at)
    best = dispatch_rules.chosen(found.scores) if roster.rules_of(ticket.site_id).dispatching else None
    if best:
        return Gift(found.person(best), best.reasons)
    answering = crew.answering(ticket, at)
    willing = next((one for one in answering if one.id not in found.gave_back), None)
    if willing:
        return Gift(willing, [(N_("nobody fits; answers for it until it is dispatched"), {})], answering=True)
    last = dispatch_rules.last_resort(found.scores)
    if last and not (last.candidate.lacks and answering):
        return Gift(found.person(last), [(N_("nobody else is there"), {}), *last.reasons])
    return Gift(answering[0], [(N_("nobody else is there"), {})], answering=True) if answering else None


def stale(at: datetime) -> Select[UUID]:
    """Open jobs to look at again, the most pressing first."""
    holder = aliased(Person)
    query = select(Ticket.id).outerjoin(holder, holder.id == Ticket.assignee_id)
    again = or_(Ticket.assignee_id.is_(None), holder.active.is_(False), _went_home(at), _answered_for(at))
    return query.where(Ticket.state == State.OPEN, again).order_by(Ticket.priority, Ticket.opened_at, Ticket.id)


def _went_home(at: datetime) -> ColumnElement[bool]:
    """Whoever is to accept it had a shift that ended since they were asked, and has none now."""
    shift, now = aliased(DutyShift), aliased(DutyShift)
    ended = select(shift.id).where(
        shift.person_id == Ticket.assignee_id, shift.ends_at > Ticket.assigned_at, shift.ends_at <= at
    )
    here = select(now.id).where(now.person_id == Ticket.assignee_id, now.starts_at <= at, now.ends_at > at)
    return and_(ended.where(shift.site_id == Ticket.site_id).exists(), ~here.exists())


def _answered_for(at: datetime) -> ColumnElement[bool]:
    """Somebody only answers for it, and a shift began since: it may be the one of whoever fits."""
    given, begun = aliased(TicketDispatch), aliased(DutyShift)
    last = select(func.max(given.position)).where(given.ticket_id == Ticket.id).scalar_subquery()
    answering = select(TicketDispatch.id).where(
        TicketDispatch.ticket_id == Ticket.id, TicketDispatch.position == last, TicketDispatch.answering.is_(True)
    )
    came = select(begun.id).where(
        begun.site_id == Ticket.site_id, begun.starts_at <= at, begun.starts_at > at - BEGUN, begun.ends_at > at
    )
    return and_(answering.exists(), came.exists())


def gifts_of(ticket: Ticket) -> Sequence[TicketDispatch]:
    """To whom a job was given, in order."""
    query = select(TicketDispatch).where(TicketDispatch.ticket_id == ticket.id)
    return session.scalars(query.options(joinedload(TicketDispatch.person)).order_by(TicketDispatch.position)).all()
