"""What of an approved request was handed out, and what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from crew_app.core.db import session
from crew_app.stock.models import Item
from crew_app.storeroom.models import Slip, SlipKind, SlipLine, SlipState

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an approved request of which something is still to be handed out."""

    item: Item
    left: Decimal


def issued(slip: Slip) -> dict[UUID, Decimal]:
    """How much of each item was handed out against a request."""
    query = (
        select(SlipLine.item_id, func.sum(SlipLine.granted))
        .join(Slip, Slip.id == SlipLine.slip_id)
        .where(Slip.based_on_id == slip.id, Slip.kind == SlipKind.ISSUE, Slip.state == SlipState.DONE)
        .group_by(SlipLine.item_id)
    )
    return {row[0]: row[1] for row in session.execute(query) if row[1]}


def open_lines(slip: Slip) -> list[OpenLine]:
    """What is granted and not handed out yet."""
    gone = issued(slip)
    lefts = [(line.item, (line.granted or NOTHING) - gone.get(line.item_id, NOTHING)) for line in slip.lines]
    return [OpenLine(item, left) for item, left in lefts if left > 0]


def issues_of(slip: Slip) -> Sequence[Slip]:
    """The issue slips that answer a request, oldest first."""
    query = select(Slip).filter_by(based_on_id=slip.id, kind=SlipKind.ISSUE).order_by(Slip.received_at, Slip.id)
    return session.scalars(query.options(selectinload(Slip.lines))).all()
