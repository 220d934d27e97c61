"""Purchase lists (采购计划): proposed from what is low and what jobs wait for, decided, and what is still to come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.stock.models import Item
from crew_app.storeroom import slips
from crew_app.storeroom.availability import on_order, open_demands, ordered, received
from crew_app.storeroom.lists import low
from crew_app.storeroom.models import Slip, SlipKind
from crew_app.storeroom.rules import NOTHING, Position
from crew_app.storeroom.slips import Asked, Draft

FARTHEST = 12
"""So many months ahead a list may be for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that is proposed, and why: how the item stands, and the numbers of the jobs that wait for it."""

    item: Item
    quantity: Decimal
    position: Position
    jobs: Sequence[str]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """What was ordered of an item, what of it came in and was accepted, and what is still to come."""

    item: Item
    ordered: Decimal
    received: Decimal
    reason: str

    @property
    def open(self) -> Decimal:
        """What is still to come; never below zero."""
        return max(self.ordered - self.received, NOTHING)


def propose(site_id: UUID) -> list[Proposal]:
    """What to order now: up to the maximum of what is low, and what jobs wait for, less what is on its way."""
    waiting: dict[UUID, list[str]] = {}
    for demand in open_demands([site_id]):
        if demand.missing > 0:
            waiting.setdefault(demand.item_id, []).append(demand.ticket.number)
    return [
        Proposal(stand.item, stand.position.proposed, stand.position, waiting.get(stand.item.id, ()))
        for stand in low([site_id])
        if stand.position.proposed > 0
    ]


@dataclass(frozen=True, slots=True)
class Plan:
    """A purchase list as it was filled in; `slip_id` was made on the device."""

    slip_id: UUID
    site: Site
    month: date
    lines: Sequence[Asked]
    urgent: bool = False
    note: str = ""


def make(plan: Plan, *, by: Person, at: Moment) -> Slip:
    """Save a purchase list; somebody else approves it."""
    if not by.can(Right.KEEP_STOCK, plan.site.id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    today = at.received_at.astimezone(plan.site.zone).date()
    ahead = (plan.month.year - today.year) * 12 + plan.month.month - today.month
    if plan.month.day != 1 or not -1 <= ahead <= FARTHEST:
        raise Refused("month", N_("Please check the month: it must be near."))
    draft = Draft(
        slip_id=plan.slip_id,
        kind=SlipKind.PURCHASE,
        site_id=plan.site.id,
        lines=plan.lines,
        month=plan.month,
        urgent=plan.urgent,
        note=plan.note,
    )
    return slips.make(draft, by=by, at=at)


def decide(slip: Slip, words: str, *, yes: bool, by: Person, at: Moment) -> None:
    """Approve or decline a purchase list."""
    if not by.can(Right.APPROVE_STOCK, slip.site_id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    if yes:
        slips.approve(slip, words, by=by, at=at)
    else:
        slips.decline(slip, words, by=by, at=at)


def open_lines(slip: Slip) -> list[OpenLine]:
    """What was ordered of each item, and how much of it came in."""
    came, first = received([slip.id]), {line.item_id: line for line in reversed(slip.lines)}
    return [
        OpenLine(first[item_id].item, quantity, came.get((slip.id, item_id), NOTHING), first[item_id].reason)
        for (_, item_id), quantity in sorted(ordered([slip.id]).items(), key=lambda entry: first[entry[0][1]].position)
    ]


def still_to_come(found: Sequence[Slip]) -> Collection[UUID]:
    """Those of these purchase lists of which something is still to come."""
    ids = [slip.id for slip in found]
    came = received(ids)
    return {key[0] for key, quantity in ordered(ids).items() if quantity > came.get(key, NOTHING)}


def coming(site_id: UUID, item_id: UUID) -> Decimal:
    """What is ordered of an item and has not come in yet."""
    return on_order(site_id, [item_id]).get(item_id, NOTHING)
