"""What a person's phone should have of the jobs: rows for a manifest, in one query whatever there is to show."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from crew_app.core.db import session
from crew_app.evidence.models import Photo
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place
from crew_app.stock.models import Account, Discrepancy, Move
from crew_app.tickets import queries as tickets
from crew_app.tickets.models import JobKind, Ticket, TicketEvent, TicketPhoto
from crew_app.tickets.rules import LIVE

WEEK, MONTH = timedelta(days=7), timedelta(days=31)
MOST_ROWS = 2_000
_Owner, _Reporter = aliased(Person), aliased(Person)


def ticket_rows(person: Person, at: datetime) -> Sequence[Row[Any]]:
    """Live jobs and those that changed within a week, with all that a list or page shows of them; live ones first."""
    recent = and_(Ticket.opened_at >= at - MONTH, Ticket.changed_at >= at - WEEK)
    query = _columns().where(tickets.visible(person), or_(Ticket.state.in_(LIVE), recent))
    live_first = case((Ticket.state.in_(LIVE), 0), else_=1)
    return session.execute(query.order_by(live_first, Ticket.changed_at.desc(), Ticket.id).limit(MOST_ROWS)).all()


def _columns() -> Select[*tuple[Any, ...]]:
    """Every change of a job shows in these: its events are counted, photos arrive after their events."""
    arrived = select(func.count()).select_from(TicketPhoto).join(Photo).where(TicketPhoto.ticket_id == Ticket.id)
    shown = select(func.sum(Photo.version)).select_from(TicketPhoto).join(Photo)
    shown = shown.where(TicketPhoto.ticket_id == Ticket.id)
    last = select(func.max(TicketEvent.at)).where(TicketEvent.ticket_id == Ticket.id)
    settled = (
        select(func.count())
        .select_from(Discrepancy)
        .join(Move, Move.id == Discrepancy.move_id)
        .join(Account, Account.id == Move.to_account_id)
        .where(Account.ticket_id == Ticket.id, Discrepancy.settled_at.is_not(None))
    )
    return (
        select(
            Ticket.id,
            Ticket.site_id,
            Ticket.number,
            Ticket.state,
            Ticket.owner_id,
            Ticket.assignee_id,
            Ticket.assigned_at,
            Ticket.reporter_id,
            Ticket.place_id,
            Ticket.asset_id,
            Ticket.changed_at,
            Ticket.event_count,
            Ticket.job_kind_id,
            Ticket.priority,
            Ticket.resolution_due_at,
            JobKind.trade,
            JobKind.name,
            JobKind.name_en,
            Place.path,
            Place.path_en,
            Asset.name.label("asset_name"),
            _Owner.name.label("owner_name"),
            _Reporter.name.label("told_by"),
            arrived.where(Photo.stored_at.is_not(None), Photo.removed_at.is_(None)).scalar_subquery().label("photos"),
            last.scalar_subquery().label("last_event_at"),
            settled.scalar_subquery().label("settled"),
            shown.scalar_subquery().label("shown"),
        )
        .join(JobKind)
        .join(Place, Place.id == Ticket.place_id)
        .outerjoin(Asset, Asset.id == Ticket.asset_id)
        .outerjoin(_Owner, _Owner.id == Ticket.owner_id)
        .outerjoin(_Reporter, _Reporter.id == Ticket.reporter_id)
    )


def is_own(person: Person, row: Row[Any]) -> bool:
    """Whether the person has the job in hand, is to accept it, had it, or reported it."""
    return person.id in (row.owner_id, row.assignee_id, row.reporter_id)


def in_area(person: Person, row: Row[Any]) -> bool:
    """Whether the job is of the person's trades at a site they work at, or of a site they look after."""
    if person.can(Right.VERIFY, row.site_id):
        return True
    return person.can(Right.WORK, row.site_id) and (not person.trade_set or row.trade in person.trade_set)
