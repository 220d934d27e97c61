"""Rows of what the stores should hold, where it lies, and what held jobs wait for."""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import groupby
from uuid import UUID

from crew_app.demo.books import SHARE_OF_MINIMUM
from crew_app.demo.items import CATEGORIES, DemoItem, items
from crew_app.demo.loading.ids import Row, known
from crew_app.demo.loading.stock import account_id
from crew_app.demo.records import DemoTicket, Holder
from crew_app.stock.models import AccountKind
from crew_app.tickets.rules import HoldReason, Priority, State, Verb

LEAD_TIME = 7
BESIDE, BELOW = 6, 4
"""So many bins stand beside and one above the other on a rack."""
_ASKED = re.compile(r"需 (\d+)")


def level_rows() -> Iterator[Row]:
    """Bin and levels of every item in both stores; it is ordered again when half of the monthly stock is left."""
    for site, share in SHARE_OF_MINIMUM.items():
        store = account_id(Holder(AccountKind.STORE, site))
        for item, place in _shelved():
            point = (item.minimum / share / 2).to_integral_value(ROUND_CEILING)
            yield {
                "store_id": store,
                "item_id": known("item", item.code),
                "site_id": known("site", site),
                "bin": place,
                "minimum": (point / 2).to_integral_value(ROUND_CEILING),
                "reorder_point": point,
                "maximum": point * 3,
                "lead_time_days": LEAD_TIME,
            }


def _shelved() -> Iterator[tuple[DemoItem, str]]:
    """A rack for each category: A-01-1 is the lowest bin at its left end."""
    racks = dict(zip(CATEGORIES, "ABCDEFGHJKLMNPQR", strict=True))
    ordered = sorted(items().values(), key=lambda item: racks[item.category])
    for category, group in groupby(ordered, key=lambda item: item.category):
        for number, item in enumerate(group):
            beside, above = number % BESIDE + 1, number // BESIDE % BELOW + 1
            yield item, f"{racks[category]}-{beside:02d}-{above}"


def demand_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID]) -> Iterator[Row]:
    """What the jobs wait for that are on hold for a material of the catalogue (none of it is there), or waited for."""
    for ticket in tickets:
        waits = ticket.state is State.ON_HOLD
        held = ticket.events[-1] if waits else next((one for one in ticket.events if one.verb is Verb.HOLD), None)
        if held is None or held.verb is not Verb.HOLD:
            continue
        item, asked = _named(held.note, kept=not waits), _ASKED.search(held.note)
        if held.hold_reason is not HoldReason.MATERIAL or item is None or asked is None:
            continue
        resumed = next((one.at for one in ticket.events if one.verb is Verb.RESUME and one.at >= held.at), None)
        yield {
            "id": known("demand", ticket.serial),
            "site_id": known("site", ticket.site),
            "item_id": known("item", item.code),
            "ticket_id": ids[ticket.serial],
            "quantity": Decimal(asked[1]),
            "reserved": Decimal(0),
            "handed": Decimal(0 if waits else asked[1]),
            "ready_at": resumed,
            "closed_at": resumed or (None if waits else ticket.events[-1].at),
            "urgent": ticket.priority <= Priority.URGENT,
            "person_id": known("person", held.person),
            "at": held.at,
            "device_at": held.at,
            "received_at": held.at,
        }


def _named(note: str, *, kept: bool) -> DemoItem | None:
    """What a job waited for, by its name and specification: what the stores never had, or `kept` anything."""
    known_ = (item for item in items().values() if kept or not item.minimum)
    return next((item for item in known_ if f"{item.name} {item.spec}" in note), None)
