"""What the storeroom waits for from a person, in numbers: decisions of whoever approves, work of whoever keeps it.

One query for all, because the first page asks it each time it opens.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.models import Discrepancy
from crew_app.storeroom.counts import queries as counts
from crew_app.storeroom.counts.models import CountEntry, CountState, StockCount
from crew_app.storeroom.models import Slip, SlipKind, SlipState

Number = ScalarSelect[int] | ColumnElement[int]
NONE = literal(0)


@dataclass(frozen=True, slots=True)
class Todo:
    """How many of each wait. Of write-offs all those of others, also where the manager must decide."""

    requests: int = 0
    write_offs: int = 0
    purchases: int = 0
    counts: int = 0
    issues: int = 0
    discrepancies: int = 0
    due: int = 0


def todo(person: Person, at: datetime) -> Todo:
    """What waits for this person in the storeroom; nothing for those who neither keep nor approve stock."""
    approves, keeps = person.can(Right.APPROVE_STOCK), person.can(Right.KEEP_STOCK)
    if not approves and not keeps:
        return Todo()
    kinds = (SlipKind.REQUEST, SlipKind.SCRAP, SlipKind.PURCHASE)
    numbers: list[Number] = [NONE] * 6
    if approves:
        numbers[:4] = [*(_to_decide(person, kind) for kind in kinds), _counts(person)]
    if keeps:
        numbers[4:] = [_issues(person), _discrepancies(person)]
    found: Any = session.execute(select(*numbers)).one()
    asked, lost, ordered, counted, promised, gaps = found
    due = sum(one.overdue for one in counts.due(person, at)) if keeps else 0
    return Todo(asked, lost, ordered, counted, promised, gaps, due)


def _to_decide(person: Person, kind: SlipKind) -> ScalarSelect[int]:
    sites = person.sites_with(Right.APPROVE_STOCK)
    query = select(func.count()).where(Slip.kind == kind, Slip.state == SlipState.PROPOSED, Slip.site_id.in_(sites))
    return query.where(Slip.person_id != person.id).scalar_subquery()


def _counts(person: Person) -> ScalarSelect[int]:
    """Counts handed in in which this person had no part."""
    own = select(CountEntry.id).where(CountEntry.count_id == StockCount.id, CountEntry.person_id == person.id)
    query = select(func.count()).where(
        StockCount.state == CountState.PROPOSED,
        StockCount.site_id.in_(person.sites_with(Right.APPROVE_STOCK)),
        StockCount.proposed_by_id != person.id,
        ~own.exists(),
    )
    return query.scalar_subquery()


def _issues(person: Person) -> ScalarSelect[int]:
    query = select(func.count()).where(
        Slip.kind == SlipKind.REQUEST,
        Slip.state == SlipState.APPROVED,
        Slip.site_id.in_(person.sites_with(Right.KEEP_STOCK)),
    )
    return query.scalar_subquery()


def _discrepancies(person: Person) -> ScalarSelect[int]:
    query = select(func.count()).where(
        Discrepancy.site_id.in_(person.sites_with(Right.KEEP_STOCK)), Discrepancy.settled_at.is_(None)
    )
    return query.scalar_subquery()
