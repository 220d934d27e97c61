"""The figures of a summary about jobs: two queries over the jobs of the period, by the index of site and opening."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from crew_app.core.db import session
from crew_app.reports import measures
from crew_app.reports.figures import TENTH, Figure, Form, Row, Scope, count, share
from crew_app.reports.measures import MEASURES
from crew_app.stock.models import Item
from crew_app.storeroom.demand_models import Demand
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import State

COUNTED: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "done": ("done",),
    "reported": ("reported",),
    "reported_done": ("reported", "done"),
    "at_once": ("reported", "at_once"),
    "material": ("reported", "material"),
    "not_done": ("reported", "not_done"),
    "waiting": ("waiting",),
    "found": ("found",),
    "found_done": ("found", "done"),
    "planned": ("planned",),
    "planned_done": ("planned", "done"),
    "on_time": ("on_time",),
    "late": ("late",),
    "overdue": ("late", "not_done"),
    "answered": ("answered",),
    "answered_late": ("answered_late",),
    "sent_back": ("sent_back",),
    "repeat": ("repeat",),
    "hazards": ("hazard",),
    "rectified": ("rectified",),
    "hazards_open": ("hazard", "not_done"),
    "deliveries": ("delivery",),
    "trips": ("trip",),
}
"""Which measures must all hold for a job to count; the same words stand in the address of its list."""
ITEMS = 10


def jobs(scope: Scope, at: datetime) -> dict[str, Figure]:
    """The counts, rates and times of all jobs of a period."""
    columns = [_how_many(condition(keys, at)) for keys in COUNTED.values()]
    repaired = and_(measures.reported(), measures.done())
    times = [
        func.avg(case((measures.reported(), measures.seconds_to_respond()))),
        func.avg(case((repaired, measures.seconds_to_repair()))),
    ]
    query = select(*columns, *times).select_from(Ticket).where(measures.opened_in(scope.period, scope.ids))
    row = session.execute(query).one()
    found = {
        key: count(number, scope.tickets(*keys)) for (key, keys), number in zip(COUNTED.items(), row, strict=False)
    }
    return found | _rates(found) | _times(scope, row[-2:])


def condition(keys: tuple[str, ...], at: datetime) -> ColumnElement[bool]:
    """All of these measures together."""
    return and_(Ticket.state != State.CANCELLED, *(MEASURES[key].condition(at) for key in keys))


def kinds(scope: Scope, at: datetime) -> dict[str, Row]:
    """By kind of job, the most frequent first: how many, how many of them done, how many repeat faults."""
    query = (
        select(JobKind, func.count(), _how_many(condition(("done",), at)), _how_many(condition(("repeat",), at)))
        .join(JobKind, JobKind.id == Ticket.job_kind_id)
        .where(measures.opened_in(scope.period, scope.ids))
        .group_by(JobKind.id)
        .order_by(func.count().desc(), JobKind.code)
    )
    rows = session.execute(query).all()
    return {
        kind.code: Row(
            kind.name,
            kind.name_en,
            (
                count(number, scope.tickets(job_kind=kind.code)),
                count(finished, scope.tickets("done", job_kind=kind.code)),
                count(again, scope.tickets("repeat", job_kind=kind.code)),
            ),
        )
        for kind, number, finished, again in rows
    }


def awaited(scope: Scope) -> list[Row]:
    """The items that jobs of the period had to wait for: how many jobs, how much of it."""
    waiting = func.count(Demand.ticket_id.distinct())
    query = (
        select(Item, waiting, func.sum(Demand.quantity))
        .select_from(Ticket)
        .join(Demand, Demand.ticket_id == Ticket.id)
        .join(Item, Item.id == Demand.item_id)
        .where(measures.opened_in(scope.period, scope.ids))
        .group_by(Item.id)
        .order_by(waiting.desc(), Item.code)
        .limit(ITEMS)
    )
    return [
        Row(
            f"{item.name} {item.spec}".strip(),
            f"{item.name_en or item.name} {item.spec}".strip(),
            (
                count(number, scope.tickets(item=item.code)),
                Figure(Decimal(quantity), Form.AMOUNT, scope.tickets(item=item.code), unit=item.unit),
            ),
            f"/stock/items/{item.id}",
        )
        for item, number, quantity in session.execute(query)
    ]


def _how_many(that: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((that, 1), else_=0)), 0)


def _rates(found: Mapping[str, Figure]) -> dict[str, Figure]:
    """Rates in percent; each leads to the jobs that are counted in it."""

    def of(part: str, *others: str) -> Figure:
        whole = sum((found[key].value or Decimal(0) for key in (part, *others)), Decimal(0))
        return share(found[part].value, whole, found[part].link)

    return {
        "on_time_rate": of("on_time", "late"),
        "answered_rate": of("answered", "answered_late"),
        "rectified_rate": share(found["rectified"].value, found["hazards"].value, found["rectified"].link),
        "at_once_rate": share(found["at_once"].value, found["reported"].value, found["at_once"].link),
        "sent_back_rate": share(found["sent_back"].value, found["done"].value, found["sent_back"].link),
        "repeat_rate": share(found["repeat"].value, found["all"].value, found["repeat"].link),
    }


def _times(scope: Scope, seconds: Any) -> dict[str, Figure]:
    names = {"respond_minutes": ("reported",), "repair_minutes": ("reported", "done")}
    return {
        key: Figure(_minutes(mean), Form.MINUTES, scope.tickets(*keys))
        for (key, keys), mean in zip(names.items(), seconds, strict=True)
    }


def _minutes(seconds: Any) -> Decimal | None:
    if seconds is None:
        return None
    return (Decimal(str(seconds)) / 60).quantize(TENTH, ROUND_HALF_UP)
