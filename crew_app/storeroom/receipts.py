"""Receipts (入库): goods arrive, are counted and looked at; what is accepted goes on the books, the rest goes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock.accounts import common
from crew_app.stock.actions import Line
from crew_app.stock.models import Account, AccountKind, Reason
from crew_app.storeroom.models import Slip, SlipKind, SlipLine, SlipState
from crew_app.storeroom.photos import attach
from crew_app.storeroom.slips import Asked, Draft, carry_out, make

AFTER_RECEIPT: list[Callable[[Slip, Person, Moment], None]] = []
"""Called with every receipt of which something was accepted, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods as they arrived. In each line `quantity` was delivered and `granted` accepted; nothing there means all."""

    slip_id: UUID
    store: Account
    lines: Sequence[Asked]
    supplier: str = ""
    reference: str = ""
    based_on: Slip | None = None
    note: str = ""


def receive(delivery: Delivery, photos: Sequence[Announcement] = (), *, by: Person, at: Moment) -> Slip:
    """Write the receipt slip and put what was accepted into the store.

    Where all was rejected the slip is declined and nothing is booked.
    """
    _check(delivery, by)
    slip = make(_draft(delivery), by=by, at=at)
    attach(slip, photos, by=by, at=at)
    if not any(line.granted for line in slip.lines):
        slip.state, slip.done_by_id, slip.done_at = SlipState.DECLINED, by.id, at.at
        return slip
    supplier = common(slip.site_id, AccountKind.SUPPLIER)
    lines = [_booked(line, supplier, delivery) for line in slip.lines if line.granted]
    carry_out(slip, Reason.RECEIPT, lines, by=by, at=at)
    for follow_up in AFTER_RECEIPT:
        follow_up(slip, by, at)
    return slip


def outstanding(plan: Slip) -> list[dict[str, Any]]:
    """What a purchase list still waits for, as rows for the form; all of it while nothing has come."""
    query = (
        select(SlipLine.item_id, func.sum(SlipLine.granted))
        .join(Slip)
        .where(Slip.based_on_id == plan.id, Slip.kind == SlipKind.RECEIPT, Slip.state == SlipState.DONE)
        .group_by(SlipLine.item_id)
    )
    came = {row[0]: row[1] or Decimal(0) for row in session.execute(query)}
    left = [(line, _wanted(line) - came.get(line.item_id, Decimal(0))) for line in plan.lines]
    return [{"item": line.item, "quantity": rest, "cost": line.unit_cost} for line, rest in left if rest > 0]


def need_approved(plan: Slip) -> None:
    """`Refused` ("wrong-purchase") unless this is a purchase list that was approved."""
    if plan.kind is not SlipKind.PURCHASE or plan.state is not SlipState.APPROVED:
        raise Refused("wrong-purchase", N_("Goods can only be received against an approved purchase list."))


def _wanted(line: SlipLine) -> Decimal:
    return line.quantity if line.granted is None else line.granted


def _check(delivery: Delivery, by: Person) -> None:
    site_id = delivery.store.site_id
    if delivery.store.kind is not AccountKind.STORE:
        raise Refused("not-a-store", N_("Goods are received into a store. Please choose one."))
    if not by.can(Right.KEEP_STOCK, site_id):
        raise Forbidden("may-not", N_("You may see this, but not do this."))
    for line in delivery.lines:
        if line.granted is not None and line.granted < line.quantity and not line.reason:
            words = N_("Please say what was wrong with %(item)s: not all of it was accepted.")
            raise Refused("reason-missing", words, item=line.item.name)
    plan = delivery.based_on
    if plan and plan.state is not SlipState.DONE:  # what comes late, or too much, has come all the same
        need_approved(plan)
    if plan and (plan.kind, plan.site_id) != (SlipKind.PURCHASE, site_id):
        raise Refused("wrong-purchase", N_("Goods can only be received against an approved purchase list."))


def _draft(delivery: Delivery) -> Draft:
    return Draft(
        slip_id=delivery.slip_id,
        kind=SlipKind.RECEIPT,
        site_id=delivery.store.site_id,
        lines=[_accepted(line) for line in delivery.lines],
        store=delivery.store,
        based_on=delivery.based_on,
        supplier=delivery.supplier,
        reference=delivery.reference,
        note=delivery.note,
    )


def _accepted(line: Asked) -> Asked:
    granted = line.quantity if line.granted is None else line.granted
    return Asked(line.item, line.quantity, granted, line.unit_cost, line.entered, line.reason)


def _booked(line: SlipLine, supplier: Account, delivery: Delivery) -> Line:
    return Line(line.item, line.granted or Decimal(0), supplier, delivery.store, unit_cost=line.unit_cost)
