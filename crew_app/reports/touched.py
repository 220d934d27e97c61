"""Which past days count differently after what the server wrote since a moment."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import aliased

from crew_app.core.db import session
from crew_app.core.ids import id_of
from crew_app.people.models import Site
from crew_app.reports.measures import REPEAT_DAYS
from crew_app.reports.moments import earlier
from crew_app.stock.models import Account, Entry, Move
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import Verb

_PER_QUERY = 500
_UNTOLD = frozenset(
    {
        *(Verb.NOTE, Verb.PHOTO, Verb.MATERIAL, Verb.REVERSE, Verb.COMMENT, Verb.CONFIRM, Verb.RATE, Verb.TELL),
        *(Verb.CALL_BACK, Verb.ESCALATE, Verb.JOIN, Verb.ASSIGN, Verb.DECLINE, Verb.ASK_HELP, Verb.VERIFY),
    }
)
"""Events that change no count: finished counts as done, verified or not."""
_AGAIN = aliased(Ticket)
_SAME_KIND = _AGAIN.job_kind_id == Ticket.job_kind_id


def first_day(site: Site) -> date | None:
    """The first day on which anything was reported or used at a site."""
    found = [
        session.scalar(select(func.min(Ticket.opened_at)).where(Ticket.site_id == site.id)),
        session.scalar(select(Entry.posted_at).where(Entry.site_id == site.id).order_by(Entry.position).limit(1)),
    ]
    return min((one.astimezone(site.zone).date() for one in found if one), default=None)


def touched_days(site: Site, since: datetime) -> set[date]:
    """Days of jobs about which something was written since then, and of what follows from them.

    Found by the ids of events: they are made by the server as it writes, and begin with the time.
    """
    query = select(TicketEvent.ticket_id, TicketEvent.site_id, TicketEvent.verb).where(TicketEvent.id >= id_of(since))
    rows = [(row[0], row[2]) for row in session.execute(query) if row[1] == site.id and row[2] not in _UNTOLD]
    ids = list({ticket_id for ticket_id, _ in rows})
    changed = {ticket_id for ticket_id, verb in rows if verb is Verb.CHANGE}
    moments: set[datetime] = set()
    for start in range(0, len(ids), _PER_QUERY):
        part = ids[start : start + _PER_QUERY]
        moments |= {*_opened(part), *_later(part, _SAME_KIND)}
    if changed:
        moments |= {*_later(changed, true()), *_booked(changed)}
    return {moment.astimezone(site.zone).date() for moment in moments}


def _opened(ids: Collection[UUID]) -> Iterable[datetime]:
    return session.scalars(select(Ticket.opened_at).where(Ticket.id.in_(ids)))


def _later(ids: Collection[UUID], alike: ColumnElement[bool]) -> Iterable[datetime]:
    """Jobs there that were reported later, which these make repeats, or no repeats any more."""
    here = or_(_AGAIN.place_id == Ticket.place_id, _AGAIN.asset_id == Ticket.asset_id)
    soon = earlier(_AGAIN.opened_at, timedelta(days=REPEAT_DAYS)) <= Ticket.changed_at
    query = select(_AGAIN.opened_at).select_from(Ticket).join(_AGAIN, here)
    return session.scalars(query.where(Ticket.id.in_(ids), alike, soon, _AGAIN.opened_at > Ticket.opened_at).distinct())


def _booked(ids: Collection[UUID]) -> Iterable[datetime]:
    """When material of jobs was booked that are of another kind now: its cost is counted by it."""
    accounts = select(Account.id).where(Account.ticket_id.in_(ids))
    query = select(Entry.posted_at).join(Move, Move.posting_id == Entry.posting_id)
    return session.scalars(
        query.where(or_(Move.to_account_id.in_(accounts), Move.from_account_id.in_(accounts))).distinct()
    )
