"""What the figures about jobs mean: one definition each, for summaries, dashboards, points, and the lists behind them.

A job belongs to the period in which it was opened, and is counted as it stands now. Cancelled jobs (reported by
mistake) count nowhere. Each measure is a condition on `Ticket`; the words are shown to people beside the figure.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, not_, or_, select
from sqlalchemy.orm import aliased

from crew_app.core.hints import unindexed
from crew_app.core.words import N_
from crew_app.reports.moments import earlier, seconds_between
from crew_app.reports.periods import Period
from crew_app.rounds.models import Finding
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import HoldReason, Kind, State

AT_ONCE = timedelta(hours=24)
REPEAT_DAYS = 30
"""Within so many days the same fault counts as come back, unless a site says otherwise."""
REQUESTED = (Kind.REPAIR, Kind.INCIDENT, Kind.WORKS)
"""What wards ask for; carrying and trips are services and are counted apart."""
FAULTS = (Kind.REPAIR, Kind.INCIDENT, Kind.HAZARD)
DONE = (State.FINISHED, State.VERIFIED)
_CLOCK_RUNS = (State.OPEN, State.ACCEPTED)


def opened_in(period: Period, site_ids: Collection[UUID]) -> ColumnElement[bool]:
    """The jobs of a period at these sites, by the index of site and opening; without those that were cancelled."""
    return and_(
        Ticket.site_id.in_(site_ids),
        Ticket.opened_at >= period.start,
        Ticket.opened_at < period.end,
        Ticket.state != State.CANCELLED,
    )


def finished_in(period: Period, site_ids: Collection[UUID]) -> ColumnElement[bool]:
    """The jobs that were done in a period, whenever they were opened."""
    return and_(
        Ticket.site_id.in_(site_ids),
        unindexed(Ticket.state).in_(DONE),
        Ticket.finished_at >= period.start,
        Ticket.finished_at < period.end,
    )


def found_on_round() -> ColumnElement[bool]:
    """巡查发现: opened from a failed check or an opinion on a round, or as a hazard."""
    first = exists().where(Finding.ticket_id == Ticket.id, Finding.joined.is_(False))
    return or_(Ticket.kind == Kind.HAZARD, first)


def reported() -> ColumnElement[bool]:
    """报修: repairs, incidents and works that somebody asked for; not found on a round, not planned."""
    return and_(Ticket.kind.in_(REQUESTED), not_(found_on_round()))


def planned() -> ColumnElement[bool]:
    """计划保养: planned maintenance."""
    return Ticket.kind == Kind.PLANNED


def done() -> ColumnElement[bool]:
    """完成: finished, whether or not it was verified yet."""
    return Ticket.state.in_(DONE)


def waited() -> ColumnElement[bool]:
    """Whether its clock was ever stopped, for any reason."""
    return or_(Ticket.paused_seconds > 0, Ticket.hold_since.is_not(None))


def done_at_once() -> ColumnElement[bool]:
    """当即完成: done within 24 hours of the report, without ever having had to wait."""
    return and_(
        done(), not_(waited()), seconds_between(Ticket.opened_at, Ticket.finished_at) <= AT_ONCE.total_seconds()
    )


def waited_for_material() -> ColumnElement[bool]:
    """待料: had to wait for material at least once."""
    held = exists().where(TicketEvent.ticket_id == Ticket.id, TicketEvent.hold_reason == HoldReason.MATERIAL)
    return and_(waited(), held)


def waiting_for_material() -> ColumnElement[bool]:
    """仍在待料: waits for material now."""
    return and_(Ticket.state == State.ON_HOLD, Ticket.hold_reason == HoldReason.MATERIAL)


def on_time() -> ColumnElement[bool]:
    """按时完成: done before its deadline, which pauses had moved."""
    return and_(done(), Ticket.finished_at <= Ticket.resolution_due_at)


def late(at: datetime) -> ColumnElement[bool]:
    """超时: done after its deadline, or not done although that has passed and the clock runs."""
    overdue = and_(Ticket.state.in_(_CLOCK_RUNS), Ticket.resolution_due_at < at)
    return or_(and_(done(), Ticket.finished_at > Ticket.resolution_due_at), overdue)


def answered_in_time() -> ColumnElement[bool]:
    """响应及时: accepted before the deadline for answering."""
    return and_(Ticket.accepted_at.is_not(None), Ticket.accepted_at <= Ticket.response_due_at)


def answered_late(at: datetime) -> ColumnElement[bool]:
    """响应超时: accepted after that deadline, or not accepted although it has passed."""
    waiting = and_(Ticket.state == State.OPEN, Ticket.accepted_at.is_(None), Ticket.response_due_at < at)
    return or_(Ticket.accepted_at > Ticket.response_due_at, waiting)


def sent_back() -> ColumnElement[bool]:
    """退回: sent back by a supervisor at least once."""
    return Ticket.sent_back_count > 0


def repeats(days: int = REPEAT_DAYS) -> ColumnElement[bool]:
    """重复故障: the same kind of fault at the same asset, or place, was repaired at most so many days before."""
    first = aliased(Ticket)
    return and_(Ticket.kind.in_(FAULTS), _before(first, Ticket, days).correlate(Ticket))


def came_back(days: int = REPEAT_DAYS) -> ColumnElement[bool]:
    """返修: the same kind of fault came back at the same asset, or place, at most so many days after it was done."""
    again = aliased(Ticket)
    return and_(Ticket.kind.in_(FAULTS), _before(Ticket, again, days).correlate(Ticket))


def hazard() -> ColumnElement[bool]:
    """隐患: recorded as a hazard."""
    return Ticket.kind == Kind.HAZARD


def rectified() -> ColumnElement[bool]:
    """整改到位: a hazard that was put right."""
    return and_(hazard(), done())


def seconds_to_respond() -> ColumnElement[int]:
    """响应用时: from the report until somebody accepted it; null until then."""
    return seconds_between(Ticket.opened_at, Ticket.accepted_at)


def seconds_to_repair() -> ColumnElement[int]:
    """修复用时: from the report until it was done, without the pauses; null until then."""
    return seconds_between(Ticket.opened_at, Ticket.finished_at) - Ticket.paused_seconds


def seconds_of_work() -> ColumnElement[int]:
    """作业用时: from accepting until it was done, without the pauses; never below zero, null until then."""
    seconds = seconds_between(Ticket.accepted_at, Ticket.finished_at) - Ticket.paused_seconds
    return case((seconds < 0, 0), else_=seconds)


@dataclass(frozen=True, slots=True)
class Measure:
    """One of them as addresses and pages know it: key, name, what it means in words, the condition at a moment."""

    key: str
    label: str
    meaning: str
    condition: Callable[[datetime], ColumnElement[bool]]


_ALL = (
    Measure(
        "reported",
        N_("Jobs reported"),
        N_("Repairs, incidents and works that somebody asked for. Not counted: found on a round, planned, cancelled."),
        lambda _at: reported(),
    ),
    Measure(
        "found",
        N_("Found on rounds"),
        N_("Opened from a failed check or an opinion on a round, or as a hazard, before anybody reported it."),
        lambda _at: found_on_round(),
    ),
    Measure("planned", N_("Planned maintenance"), N_("Planned maintenance and services."), lambda _at: planned()),
    Measure("done", N_("Done"), N_("Finished, whether or not it was verified yet."), lambda _at: done()),
    Measure(
        "not_done",
        N_("Not done yet"),
        N_("Neither finished nor cancelled."),
        lambda _at: not_(done()),
    ),
    Measure(
        "at_once",
        N_("Done at once"),
        N_("Done within 24 hours of the report, without ever having had to wait."),
        lambda _at: done_at_once(),
    ),
    Measure(
        "material",
        N_("Had to wait for material"),
        N_("Stood still for want of material at least once."),
        lambda _at: waited_for_material(),
    ),
    Measure(
        "waiting",
        N_("Waits for material"),
        N_("Stands still for want of material now."),
        lambda _at: waiting_for_material(),
    ),
    Measure(
        "on_time",
        N_("Done on time"),
        N_("Done before the deadline; the time a job had to wait moves its deadline."),
        lambda _at: on_time(),
    ),
    Measure(
        "late",
        N_("Late"),
        N_("Done after the deadline, or not done although it has passed and nothing stops the clock."),
        late,
    ),
    Measure(
        "answered",
        N_("Answered in time"),
        N_("Accepted before the deadline for answering."),
        lambda _at: answered_in_time(),
    ),
    Measure(
        "answered_late",
        N_("Answered late"),
        N_("Accepted after the deadline for answering, or not accepted although it has passed."),
        answered_late,
    ),
    Measure("sent_back", N_("Sent back"), N_("Sent back by a supervisor at least once."), lambda _at: sent_back()),
    Measure(
        "repeat",
        N_("Repeat faults"),
        N_("The same kind of fault at the same asset, or place, was repaired in the 30 days before."),
        lambda _at: repeats(),
    ),
    Measure("hazard", N_("Hazards"), N_("Recorded as a hazard on an inspection."), lambda _at: hazard()),
    Measure(
        "delivery",
        N_("Carrying"),
        N_("Patients, specimens and things that were carried."),
        lambda _at: Ticket.kind == Kind.DELIVERY,
    ),
    Measure("trip", N_("Trips"), N_("Trips with the hospital's vehicles."), lambda _at: Ticket.kind == Kind.TRIP),
    Measure("rectified", N_("Hazards put right"), N_("Hazards that are done."), lambda _at: rectified()),
)
MEASURES: Mapping[str, Measure] = {one.key: one for one in _ALL}


def _before(first: type[Ticket], again: type[Ticket], days: int) -> ColumnElement[bool]:
    """Whether `first` was done before `again` was opened, at most so many days, at the same thing."""
    here = and_(first.place_id == again.place_id, first.asset_id.is_(None), again.asset_id.is_(None))
    return (
        select(1)
        .where(or_(first.asset_id == again.asset_id, here), unindexed(first.job_kind_id) == again.job_kind_id)
        .where(first.kind.in_(FAULTS), again.kind.in_(FAULTS))
        .where(first.state.in_(DONE), again.state != State.CANCELLED, first.id != again.id)
        .where(first.opened_at < again.opened_at, first.finished_at <= again.opened_at)
        .where(first.finished_at >= earlier(again.opened_at, timedelta(days=days)))
        .exists()
    )
