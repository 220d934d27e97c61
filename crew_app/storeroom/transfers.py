"""Returns (退库) and transfers (调拨): goods move between stores and bags, and back from a department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.stock import chain
from crew_app.stock import queries as stock
from crew_app.stock.actions import Line
from crew_app.stock.models import Account, AccountKind, Reason
from crew_app.storeroom.models import Slip, SlipKind
from crew_app.storeroom.photos import attach
from crew_app.storeroom.slips import Asked, Draft, carry_out, make

SOURCES = frozenset({AccountKind.STORE, AccountKind.BAG, AccountKind.DEPARTMENT})
TARGETS = frozenset({AccountKind.STORE, AccountKind.BAG})
AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Handover:
    """Goods that somebody carries from one place of the books to another."""

    slip_id: UUID
    source: Account
    target: Account
    lines: Sequence[Asked]
    note: str = ""


def move(handover: Handover, photos: Sequence[Announcement] = (), *, by: Person, at: Moment) -> Slip:
    """Write the slip and book it: into a store a return, unless it comes from another store; else a transfer.

    `Refused` ("not-enough") when the source has less; what was recorded offline has happened and is booked anyhow.
    """
    _check(handover, by)
    strict = at.received_at - at.at <= AT_ONCE
    if strict:
        _check_department(handover)
    slip = make(_draft(handover), by=by, at=at)
    attach(slip, photos, by=by, at=at)
    reason = Reason.RETURN if slip.kind is SlipKind.RETURN else Reason.TRANSFER
    lines = [Line(line.item, line.quantity, handover.source, handover.target) for line in slip.lines]
    carry_out(slip, reason, lines, by=by, at=at, strict=strict)
    for line in slip.lines:
        line.granted = line.quantity
    return slip


def _check(handover: Handover, by: Person) -> None:
    source, target = handover.source, handover.target
    if source.kind not in SOURCES or target.kind not in TARGETS:
        raise Refused("wrong-place", N_("Goods cannot be moved between these two. Please choose other places."))
    if source.id == target.id:
        raise Refused("same-account", N_("It is there already: choose another place."))
    if source.site_id != target.site_id:
        raise Refused("other-site", N_("These belong to different sites."))
    own = source.person_id == by.id and target.kind is AccountKind.STORE
    if not own and not by.can(Right.KEEP_STOCK, source.site_id):
        raise Forbidden("may-not", N_("Only what is in your own bag can be handed back by you."))


def _check_department(handover: Handover) -> None:
    """A department is not asked by the ledger whether it holds so much."""
    if handover.source.kind is not AccountKind.DEPARTMENT:
        return
    chain.lock(handover.source.site_id)
    held = stock.on_hand([line.item.id for line in handover.lines], [handover.source.id])
    for line in handover.lines:
        if line.quantity > held.get(line.item.id, 0):
            words = N_("This department was not given so much of %(item)s. Nothing was booked.")
            raise Refused("not-enough", words, item=line.item.name)


def _draft(handover: Handover) -> Draft:
    source, target = handover.source, handover.target
    is_return = target.kind is AccountKind.STORE and source.kind is not AccountKind.STORE
    return Draft(
        slip_id=handover.slip_id,
        kind=SlipKind.RETURN if is_return else SlipKind.TRANSFER,
        site_id=source.site_id,
        lines=handover.lines,
        store=target if is_return else source,
        other=source if is_return else target,
        department_id=source.department_id,
        note=handover.note,
    )
