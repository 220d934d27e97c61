"""Verbs that all slips share: made, approved or declined, done, cancelled. What they post is said by each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.stock.actions import LARGEST, Line, Why, post
from crew_app.stock.models import Account, Item, Reason
from crew_app.storeroom.fulfilment import issued
from crew_app.storeroom.models import (
    SLIP_PREFIX,
    SLIP_STATE_LABELS,
    Signature,
    Signer,
    Slip,
    SlipKind,
    SlipLine,
    SlipNumber,
    SlipState,
)

LONGEST_PATH = 40_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a slip as it was filled in; the quantity in the item's unit."""

    item: Item
    quantity: Decimal
    granted: Decimal | None = None
    unit_cost: Decimal | None = None
    entered: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A slip as it was filled in; `slip_id` was made on the device."""

    slip_id: UUID
    kind: SlipKind
    site_id: UUID
    lines: Sequence[Asked]
    store: Account | None = None
    other: Account | None = None
    department_id: UUID | None = None
    ticket_id: UUID | None = None
    based_on: Slip | None = None
    month: date | None = None
    supplier: str = ""
    reference: str = ""
    urgent: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A signature as it was drawn: an SVG path in a box of 300 by 120; none when it was given on paper."""

    signer: Signer
    name: str
    path: str
    person_id: UUID | None = None
    on_paper: bool = False


def make(draft: Draft, *, by: Person, at: Moment, state: SlipState = SlipState.PROPOSED) -> Slip:
    """Write a slip with its lines; the server gives the number."""
    if session.get(Slip, draft.slip_id):
        raise Refused("slip-known", N_("This slip was already sent."))
    _check(draft)
    slip = Slip(
        id=draft.slip_id,
        site_id=draft.site_id,
        number=_next_number(draft, at),
        kind=draft.kind,
        state=state,
        store_id=draft.store.id if draft.store else None,
        other_id=draft.other.id if draft.other else None,
        department_id=draft.department_id,
        ticket_id=draft.ticket_id,
        based_on_id=draft.based_on.id if draft.based_on else None,
        month=draft.month,
        supplier=draft.supplier,
        reference=draft.reference,
        urgent=draft.urgent,
        note=draft.note,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    slip.lines = [_line(slip, position, asked) for position, asked in enumerate(draft.lines, 1)]
    session.add(slip)
    session.flush()
    return slip


def approve(slip: Slip, words: str = "", *, by: Person, at: Moment) -> None:
    """Say yes to a slip; never to one's own. Whether `by` may is checked by the kind."""
    _decide(slip, SlipState.APPROVED, words, by, at)


def decline(slip: Slip, words: str, *, by: Person, at: Moment) -> None:
    """Say no to a slip, with the reason."""
    if not words.strip():
        raise Refused("words-missing", N_("Please say why it is declined."))
    _decide(slip, SlipState.DECLINED, words, by, at)


def cancel(slip: Slip, *, by: Person, at: Moment) -> None:
    """Take back a slip that nothing came of yet, by whoever made it or the storekeeper."""
    need_state(slip, SlipState.PROPOSED, SlipState.APPROVED)
    if slip.person_id != by.id and not by.can(Right.KEEP_STOCK, slip.site_id):
        raise Forbidden("may-not", N_("You may see this slip, but not do this."))
    if slip.kind is SlipKind.REQUEST and issued(slip):
        raise Refused("partly-issued", N_("Something of this was handed out already. The storekeeper can close it."))
    slip.state, slip.decided_by_id, slip.decided_at = SlipState.CANCELLED, by.id, at.at
    session.flush()


def carry_out(
    slip: Slip, reason: Reason, lines: Sequence[Line], *, by: Person, at: Moment, strict: bool = True
) -> None:
    """Post what a slip says, once. `strict` as in `post`: leave it out for what has happened already."""
    need_state(slip, SlipState.PROPOSED, SlipState.APPROVED)
    moves = post(Why(reason, slip.number, slip.id), lines, by=by, at=at, strict=strict)
    slip.posting_id = moves[0].posting_id
    slip.state, slip.done_by_id, slip.done_at = SlipState.DONE, by.id, at.at
    session.flush()


def sign(slip: Slip, drawn: Drawn, *, at: Moment) -> Signature:
    """Keep a signature under a slip."""
    if not drawn.on_paper and not is_drawing(drawn.path):
        raise Refused("signature", N_("The signature is missing. Please sign again."))
    signature = Signature(
        id=new_id(),
        site_id=slip.site_id,
        slip_id=slip.id,
        signer=drawn.signer,
        name=drawn.name,
        person_id=drawn.person_id,
        path="" if drawn.on_paper else drawn.path,
        at=at.at,
    )
    session.add(signature)
    session.flush()
    return signature


def is_drawing(path: str) -> bool:
    """Whether this is a path as the signature field draws it, and no more than that."""
    return path.startswith("M") and len(path) <= LONGEST_PATH and not set(path) - set("MLml0123456789. ,-")


def need_state(slip: Slip, *states: SlipState) -> None:
    """`Refused` ("wrong-state") when the slip does not stand there any more."""
    if slip.state not in states:
        words = N_("This slip is “%(state)s” now, so that can't be done any more.")
        raise Refused("wrong-state", words, state=SLIP_STATE_LABELS[slip.state])


def _decide(slip: Slip, state: SlipState, words: str, by: Person, at: Moment) -> None:
    need_state(slip, SlipState.PROPOSED)
    if slip.person_id == by.id:
        raise Forbidden("own-slip", N_("You made this slip yourself, so somebody else must decide."))
    slip.state, slip.decided_by_id, slip.decided_at, slip.decision = state, by.id, at.at, words
    session.flush()


def _check(draft: Draft) -> None:
    if not draft.lines:
        raise Refused("nothing", N_("There is nothing in this list yet."))
    for asked in draft.lines:
        if not 0 < asked.quantity <= LARGEST:
            raise Refused("quantity", N_("Please check the quantity: it must be above zero and plausible."))
        if asked.granted is not None and not 0 <= asked.granted <= asked.quantity:
            raise Refused("granted", N_("Please check the quantity: it cannot be more than the whole."))
    for account in (draft.store, draft.other):
        if account and account.site_id != draft.site_id:
            raise Refused("other-site", N_("These belong to different sites."))


def _line(slip: Slip, position: int, asked: Asked) -> SlipLine:
    return SlipLine(
        id=new_id(),
        site_id=slip.site_id,
        slip_id=slip.id,
        position=position,
        item_id=asked.item.id,
        quantity=asked.quantity,
        granted=asked.granted,
        unit_cost=asked.unit_cost,
        entered=asked.entered,
        reason=asked.reason,
    )


def _next_number(draft: Draft, at: Moment) -> str:
    """`LY-20261122-0042`: per site, kind and day of the site's own calendar, in the order of receipt."""
    site = session.get_one(Site, draft.site_id)
    day = at.received_at.astimezone(site.zone).date()
    row = insert()(SlipNumber).values(site_id=site.id, kind=draft.kind, day=day, last=1)
    upsert = row.on_conflict_do_update(index_elements=["site_id", "kind", "day"], set_={"last": SlipNumber.last + 1})
    last = session.execute(upsert.returning(SlipNumber.last)).scalar_one()
    return f"{SLIP_PREFIX[draft.kind]}-{day:%Y%m%d}-{last:04d}"
