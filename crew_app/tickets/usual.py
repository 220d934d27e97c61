"""What a job used, against what such jobs usually take."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, select

from crew_app.core.db import session
from crew_app.stock.models import Account, Item, Move
from crew_app.tickets.models import Ticket

LAST = 100
"""So many of the last jobs of the kind are looked at."""
ENOUGH = 5
"""So many of them must have used an item before an amount of it can be out of the ordinary."""
FAR = 2


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of an item a job used; `middle` and `high` (nine in ten take no more) of the `jobs` that used it."""

    item: Item
    quantity: Decimal
    jobs: int
    middle: Decimal
    high: Decimal

    @property
    def unusual(self) -> bool:
        """Whether it is more than twice what nine in ten of such jobs take."""
        return self.jobs >= ENOUGH and self.quantity > FAR * self.high


def usage(ticket: Ticket, moves: Sequence[Move]) -> list[Usage]:
    """What the job used in the end, item by item in the order of first use."""
    used: dict[Item, Decimal] = defaultdict(Decimal)
    for move in moves:
        used[move.item] += move.quantity if move.to_account.ticket_id == ticket.id else -move.quantity
    left = {item: quantity for item, quantity in used.items() if quantity > 0}
    before = _before(ticket, [item.id for item in left]) if left else {}
    return [_usage(item, quantity, before.get(item.id, [])) for item, quantity in left.items()]


def _usage(item: Item, quantity: Decimal, before: list[Decimal]) -> Usage:
    if not before:
        return Usage(item, quantity, 0, Decimal(0), Decimal(0))
    high = quantiles(before, n=10, method="inclusive")[-1] if len(before) > 1 else before[0]
    return Usage(item, quantity, len(before), median(before), high)


def _before(ticket: Ticket, item_ids: list[UUID]) -> dict[UUID, list[Decimal]]:
    """By item, how much of it each of the last jobs of this kind at this site used."""
    asked = {"ticket": ticket.id, "kind": ticket.job_kind_id, "site": ticket.site_id, "items": item_ids}
    found: dict[UUID, list[Decimal]] = defaultdict(list)
    for item_id, quantity in session.execute(_USED, asked):
        if quantity > 0:
            found[item_id].append(quantity)
    return found


def _used() -> Select[UUID, Decimal]:
    last = (
        select(Ticket.id)
        .where(
            Ticket.job_kind_id == bindparam("kind"),
            Ticket.site_id == bindparam("site"),
            Ticket.id != bindparam("ticket"),
        )
        .order_by(Ticket.opened_at.desc())
        .limit(LAST)
        .subquery()
    )
    signed = case((Move.to_account_id == Account.id, Move.quantity), else_=-Move.quantity)
    return (
        select(Move.item_id, func.sum(signed))
        .join(Account, (Account.id == Move.to_account_id) | (Account.id == Move.from_account_id))
        .join(last, last.c.id == Account.ticket_id)
        .where(Move.item_id.in_(bindparam("items", expanding=True)))
        .group_by(Move.item_id, Account.id)
    )


_USED = _used()
