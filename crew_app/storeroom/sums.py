"""Sums over the ledger, by the server's order: the days of the books are days of `Entry.posted_at`.

All arithmetic is in whole numbers, on both databases, and rounds each move as `stock.models.value_of` does.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, type_coerce
from sqlalchemy.orm import aliased

from crew_app.core.hints import unindexed
from crew_app.core.ids import id_of
from crew_app.stock.models import Account, AccountKind, Entry, Move

Query = Select[*tuple[Any, ...]]
USED = frozenset({AccountKind.TICKET, AccountKind.DEPARTMENT})
"""Accounts in which goods are used up."""
STORES = frozenset({AccountKind.STORE})
Source, Target = aliased(Account), aliased(Account)
MARGIN = timedelta(days=2)
"""So much may lie between the id of a posting and its entry in the books."""


def over_moves(
    query: Query, site_ids: Collection[UUID], since: datetime | None = None, *, by_time: bool = True
) -> Query:
    """The query over the moves of these sites, with their entries and both accounts.

    Where they are of a period, its beginning (`since`, or `within` a condition) is where an index begins to read; all
    moves there ever were are too many for a page. `by_time` is wrong where another condition says which few they are.
    """
    site_id = Entry.site_id if by_time else unindexed(Entry.site_id)
    query = (
        query.select_from(Move)
        .join(Entry, Entry.posting_id == Move.posting_id)
        .join(Source, Source.id == Move.from_account_id)
        .join(Target, Target.id == Move.to_account_id)
        .where(site_id.in_(site_ids))
    )
    return query.where(Entry.posted_at >= since) if since else query


def of_item(query: Query, site_ids: Collection[UUID], item_id: UUID, since: datetime) -> Query:
    """The query over the moves of one item since then; by their postings, whose ids begin with the time."""
    found = over_moves(query, site_ids, by_time=False).where(unindexed(Entry.posted_at) >= since)
    recent = Move.posting_id >= id_of(since - MARGIN)
    return found.where(Move.site_id.in_(site_ids), Move.item_id == item_id, recent)


def crossing(kinds: Collection[AccountKind]) -> ColumnElement[bool]:
    """Whether a move enters or leaves accounts of these kinds; what stays within or outside changes nothing."""
    return Source.kind.in_(kinds) != Target.kind.in_(kinds)


def net(kinds: Collection[AccountKind], amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the crossing moves bring into accounts of these kinds, less what they take out."""
    return func.coalesce(func.sum(entering(kinds, amount)), 0)


def entering(kinds: Collection[AccountKind], amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """The amount of one crossing move, below zero when it leaves."""
    return case((Target.kind.in_(kinds), amount), else_=-amount)


def thousandths() -> ColumnElement[int]:
    """The quantity of a move as a whole number."""
    return type_coerce(Move.quantity, BigInteger)


def worth() -> ColumnElement[int]:
    """The cost of a move in ten-thousandths of a yuan, rounded half up like `value_of`.

    Thousands of the price are multiplied apart, so that the product of the largest figures fits into 64 bits.
    """
    quantity, price = thousandths(), type_coerce(Move.unit_cost, BigInteger)
    return quantity * (price // 1000) + (quantity * (price % 1000) + 500) // 1000


def yuan(summed: Any) -> Decimal:
    """A sum of `worth` in yuan."""
    return Decimal(int(summed or 0)).scaleb(-4)


def units(summed: Any) -> Decimal:
    """A sum of `thousandths` in the item's unit."""
    return Decimal(int(summed or 0)).scaleb(-3)


def within(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Whether a move was entered in the books at or after `start` and before `end`."""
    return and_(Entry.posted_at >= start, Entry.posted_at < end)


def by_span(amount: ColumnElement[Any], bounds: Sequence[datetime]) -> list[ColumnElement[Any]]:
    """One sum for each span between two neighbouring bounds."""
    return [func.coalesce(func.sum(case((within(*span), amount), else_=0)), 0) for span in pairwise(bounds)]


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time.min, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day is over: the beginning of the next."""
    return start_of(day + timedelta(days=1), zone)


def first_of_month(day: date, later: int = 0) -> date:
    """The first day of the month of a day, or of a month so many later (or earlier)."""
    month = day.year * 12 + day.month - 1 + later
    return date(month // 12, month % 12 + 1, 1)


def last_months(day: date, count: int) -> list[date]:
    """The first days of the last `count` months, the one of this day included."""
    return [first_of_month(day, back) for back in range(1 - count, 1)]
