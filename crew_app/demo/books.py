"""The stock ledger that belongs to a year of tickets: receipts, issues and uses that never leave a balance below zero.

Bags are filled up every Monday, the stores on the fifth of each month, each to a level that lasts. The exception is
material marked `unbooked`: the bag had none by the books, which leaves a discrepancy for the storekeeper.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import groupby, pairwise
from typing import NamedTuple

from crew_app.demo.demand import DAYS
from crew_app.demo.items import items
from crew_app.demo.people import with_role
from crew_app.demo.records import ZONE, DemoMove, DemoPosting, DemoTicket, DemoUse, Holder
from crew_app.people.rules import Role
from crew_app.stock.models import AccountKind, Reason

OPENING, ISSUING, RECEIVING = time(6, 30), time(7, 40), time(10, 5)
RECEIPT_DAY = 5
RESERVE = Decimal("1.3")
SHARE_OF_MINIMUM = {"main": 1, "east": 3}
NOTES = {Reason.RECEIPT: "数量、规格、质量验收合格", Reason.ISSUE: "每周补料，交旧领新"}


class Shelf(NamedTuple):
    """One item in one account."""

    holder: Holder
    item: str


class Refill(NamedTuple):
    """What was put on a shelf, and when."""

    at: datetime
    shelf: Shelf
    quantity: Decimal


Taken = dict[Shelf, dict[date, Decimal]]
"""How much left each shelf on each day."""


def books(tickets: list[DemoTicket], now: datetime) -> list[DemoPosting]:
    """All postings, in the order of time."""
    now = now.astimezone(ZONE)
    taken = _used(tickets)
    issues = list(_issues(taken, now))
    for refill in issues:
        taken[Shelf(_store(refill.shelf.holder.site), refill.shelf.item)][refill.at.date()] += refill.quantity
    receipts = _receipts(taken, now)
    postings = [*_grouped(Reason.RECEIPT, receipts), *_grouped(Reason.ISSUE, issues), *_uses(tickets)]
    return sorted(postings, key=lambda posting: posting.at)


def _used(tickets: list[DemoTicket]) -> Taken:
    taken: Taken = defaultdict(lambda: defaultdict(Decimal))
    for ticket in tickets:
        for use in ticket.uses:
            if not use.unbooked:
                taken[Shelf(_source(ticket, use), use.item)][use.at.astimezone(ZONE).date()] += use.quantity
    return taken


def _source(ticket: DemoTicket, use: DemoUse) -> Holder:
    return Holder(AccountKind.BAG, ticket.site, ticket.owner) if use.from_bag else _store(ticket.site)


def _store(site: str) -> Holder:
    return Holder(AccountKind.STORE, site)


def _issues(taken: Taken, now: datetime) -> Iterator[Refill]:
    """Into each bag, every Monday, what was used up in the week."""
    moments = _moments(now, ISSUING, lambda day: day.weekday() == 0)
    for shelf, days in list(taken.items()):
        if shelf.holder.kind is AccountKind.BAG:
            yield from _refills(shelf, days, _most(days, moments, now) * RESERVE + 1, moments)


def _receipts(taken: Taken, now: datetime) -> Iterator[Refill]:
    """Into each store, every month, what went out, up to a level with a reserve."""
    moments = _moments(now, RECEIVING, lambda day: day.day == RECEIPT_DAY)
    for site, share in SHARE_OF_MINIMUM.items():
        for item in items().values():
            shelf = Shelf(_store(site), item.code)
            level = max(_most(taken[shelf], moments, now) * RESERVE, item.minimum / share)
            yield from _refills(shelf, taken[shelf], level, moments)


def _moments(now: datetime, clock: time, wanted: Callable[[date], bool]) -> list[datetime]:
    """The opening of the books, a little more than a year ago, and every wanted day since."""
    first = now.date() - timedelta(days=DAYS + 7)
    days = (first + timedelta(days=number) for number in range(1, DAYS + 8))
    later = [datetime.combine(day, clock, ZONE) for day in days if wanted(day)]
    opening = ISSUING if clock is ISSUING else OPENING
    return [datetime.combine(first, opening, ZONE), *(moment for moment in later if moment <= now)]


def _most(days: dict[date, Decimal], moments: list[datetime], now: datetime) -> Decimal:
    """The most that is taken from one refill to the next, both days included; the opening day does not count."""
    ends = [moments[0] + timedelta(days=1), *moments[1:], now]
    return max(_between(days, start.date(), end.date() + timedelta(days=1)) for start, end in pairwise(ends))


def _between(days: dict[date, Decimal], start: date, end: date) -> Decimal:
    return sum((quantity for day, quantity in days.items() if start <= day < end), Decimal(0))


def _refills(shelf: Shelf, days: dict[date, Decimal], level: Decimal, moments: list[datetime]) -> Iterator[Refill]:
    """Whole units up to the level; the opening also covers what leaves on the opening day itself."""
    first = moments[0].date()
    level = level.to_integral_value(ROUND_CEILING)
    opening = level + days.get(first, Decimal(0))
    if opening > 0:
        yield Refill(moments[0], shelf, opening)
    left = level
    for before, moment in pairwise(moments):
        left -= _between(days, max(before.date(), first + timedelta(days=1)), moment.date())
        missing = (level - left).to_integral_value(ROUND_CEILING)
        if missing > 0:
            yield Refill(moment, shelf, missing)
            left += missing


def _grouped(reason: Reason, refills: Iterable[Refill]) -> Iterator[DemoPosting]:
    """One posting for all that goes into one account at one moment."""
    ordered = sorted(refills, key=_delivery)
    for (at, site, _), group in groupby(ordered, key=_delivery):
        keeper = with_role(Role.STOREKEEPER, site)[0].login
        moves = tuple(_move(reason, refill) for refill in group)
        yield DemoPosting(reason, site, at, keeper, NOTES[reason], moves)


def _delivery(refill: Refill) -> tuple[datetime, str, str]:
    return refill.at, refill.shelf.holder.site, refill.shelf.holder.person or ""


def _move(reason: Reason, refill: Refill) -> DemoMove:
    site = refill.shelf.holder.site
    source = Holder(AccountKind.SUPPLIER, site) if reason is Reason.RECEIPT else _store(site)
    return DemoMove(refill.shelf.item, source, refill.shelf.holder, refill.quantity)


def _uses(tickets: list[DemoTicket]) -> Iterator[DemoPosting]:
    for ticket in tickets:
        for use in ticket.uses:
            target = Holder(AccountKind.TICKET, ticket.site, ticket=ticket.serial)
            move = DemoMove(use.item, _source(ticket, use), target, use.quantity)
            yield DemoPosting(Reason.USE, ticket.site, use.at, ticket.owner or "", "", (move,))
