"""How long people worked on jobs, and what that costs: what they said, else the clock from accepting to finishing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from crew_app.core.db import session
from crew_app.core.hints import unindexed
from crew_app.people.models import Site
from crew_app.people.rules import Trade
from crew_app.places.models import Place
from crew_app.reports import measures
from crew_app.reports.cost_models import LabourRate, WorkTime
from crew_app.reports.cost_rules import NOTHING, clock_work, since, wage
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import State

DONE = (State.FINISHED, State.VERIFIED)


@dataclass(frozen=True, slots=True)
class Labour:
    """Some work on a job: by whom, how long, on which day, and what it costs. `recorded`: somebody said how long."""

    ticket_id: UUID
    number: str
    department_id: UUID | None
    person_id: UUID | None
    trade: Trade
    day: date
    minutes: int
    recorded: bool
    per_hour: Decimal | None
    """Yuan; nothing where the site has no rate for that day."""

    @property
    def amount(self) -> Decimal:
        """What it costs, to four places."""
        return NOTHING if self.per_hour is None else wage(self.minutes, self.per_hour)


class Rates:
    """The rates of a site."""

    def __init__(self, site_id: UUID) -> None:
        self.known: dict[Trade | None, dict[date, Decimal]] = {}
        for row in session.scalars(select(LabourRate).filter_by(site_id=site_id)):
            self.known.setdefault(row.trade, {})[row.since] = row.per_hour

    def at(self, trade: Trade, day: date) -> Decimal | None:
        """What an hour of a trade costs on a day: its own rate, else that of everybody else."""
        own = since(self.known.get(trade, {}), day)
        return own if own is not None else since(self.known.get(None, {}), day)


def labour(
    site: Site, start: datetime, end: datetime, *, ticket_ids: Collection[UUID] | None = None
) -> Iterator[Labour]:
    """All work at a site between two moments, or on some jobs."""
    rates = Rates(site.id)
    for recorded, query in ((True, _recorded(site, start, end)), (False, _by_clock(site, start, end))):
        narrowed = query if ticket_ids is None else query.where(Ticket.id.in_(ticket_ids))
        for row in session.execute(narrowed):
            yield _labour(site, row, rates, recorded=recorded)


def _labour(site: Site, row: Any, rates: Rates, *, recorded: bool) -> Labour:
    day = row.at.astimezone(site.zone).date()
    minutes = row.amount if recorded else round(clock_work(row.amount).total_seconds() / 60)
    return Labour(
        ticket_id=row.id,
        number=row.number,
        department_id=row.department_id,
        person_id=row.person_id,
        trade=row.trade,
        day=day,
        minutes=minutes,
        recorded=recorded,
        per_hour=rates.at(row.trade, day),
    )


def _recorded(site: Site, start: datetime, end: datetime) -> Any:
    columns = (WorkTime.person_id, WorkTime.at.label("at"), WorkTime.minutes.label("amount"))
    query = select(Ticket.id, Ticket.number, Place.department_id, JobKind.trade, *columns)
    query = query.join(Ticket, Ticket.id == WorkTime.ticket_id).join(Place, Place.id == Ticket.place_id)
    return (
        query.join(JobKind, JobKind.id == Ticket.job_kind_id)
        .where(WorkTime.site_id == site.id, WorkTime.withdrawn_at.is_(None), WorkTime.at >= start, WorkTime.at < end)
        .order_by(WorkTime.at, WorkTime.id)
    )


def _by_clock(site: Site, start: datetime, end: datetime) -> Any:
    """Jobs that are done and whose owner has not said how long it took."""
    said = exists().where(
        WorkTime.ticket_id == Ticket.id, WorkTime.person_id == Ticket.owner_id, WorkTime.withdrawn_at.is_(None)
    )
    columns = (Ticket.owner_id.label("person_id"), Ticket.finished_at.label("at"))
    seconds = func.coalesce(measures.seconds_of_work(), 0).label("amount")
    query = select(Ticket.id, Ticket.number, Place.department_id, JobKind.trade, *columns, seconds)
    query = query.join(Place, Place.id == Ticket.place_id).join(JobKind, JobKind.id == Ticket.job_kind_id)
    return (
        query.where(Ticket.site_id == site.id, unindexed(Ticket.state).in_(DONE), Ticket.owner_id.is_not(None), ~said)
        .where(Ticket.finished_at >= start, Ticket.finished_at < end)
        .order_by(Ticket.finished_at, Ticket.id)
    )
