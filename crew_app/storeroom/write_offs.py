"""Write-offs (报损/报废): proposed by the storekeeper, decided by whoever may decide about such a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.stock import chain
from crew_app.stock.accounts import common
from crew_app.stock.actions import Line
from crew_app.stock.costs import Costs
from crew_app.stock.models import Account, AccountKind, Move, Reason, value_of
from crew_app.storeroom import slips
from crew_app.storeroom.models import Slip, SlipKind, SlipState
from crew_app.storeroom.photos import attach
from crew_app.storeroom.slips import Asked, Draft, carry_out, make


@dataclass(frozen=True, slots=True)
class Proposal:
    """Goods of a store that are of no use any more."""

    slip_id: UUID
    store: Account
    lines: Sequence[Asked]
    note: str = ""


def propose(proposal: Proposal, photos: Sequence[Announcement] = (), *, by: Person, at: Moment) -> Slip:
    """Ask for goods to be written off; every line says why."""
    store = proposal.store
    if store.kind is not AccountKind.STORE:
        raise Refused("not-a-store", N_("Only what lies in a store can be written off. Please choose one."))
    if not by.can(Right.KEEP_STOCK, store.site_id):
        raise Forbidden("may-not", N_("You may see this, but not do this."))
    for line in proposal.lines:
        if not line.reason:
            raise Refused("reason-missing", N_("Please say why %(item)s is written off."), item=line.item.name)
    draft = Draft(proposal.slip_id, SlipKind.SCRAP, store.site_id, proposal.lines, store=store, note=proposal.note)
    slip = make(draft, by=by, at=at)
    attach(slip, photos, by=by, at=at)
    return slip


def approve(slip: Slip, words: str = "", *, by: Person, at: Moment) -> None:
    """Say yes and book it from the store to scrap, at the moving average of this moment."""
    chain.lock(slip.site_id)  # nobody's receipt makes it dearer between the look at the limit and the booking
    _check_decider(slip, by)
    slips.approve(slip, words, by=by, at=at)
    source = session.get_one(Account, slip.store_id)
    scrap = common(slip.site_id, AccountKind.SCRAP)
    lines = [Line(line.item, line.quantity, source, scrap) for line in slip.lines]
    carry_out(slip, Reason.SCRAP, lines, by=by, at=at)
    for line in slip.lines:
        line.granted = line.quantity


def decline(slip: Slip, words: str, *, by: Person, at: Moment) -> None:
    """Say no, with the reason; the goods stay on the books."""
    _check_decider(slip, by)
    slips.decline(slip, words, by=by, at=at)


def value(slip: Slip) -> Decimal:
    """What a proposed write-off is worth now: quantity times moving average, in yuan."""
    costs = Costs(slip.site_id, {line.item_id for line in slip.lines})
    return sum((value_of(line.quantity, costs.average(line.item)) for line in slip.lines), Decimal(0))


def values_of_day(slip: Slip) -> list[Decimal]:
    """What each write-off is worth that the same person entered for the same store on the same day, this one included.

    In yuan; by the site's calendar. What was declined or taken back is not among them.
    """
    begin = datetime.combine(slip.received_at.astimezone(_site(slip).zone).date(), time(), _site(slip).zone)
    query = select(Slip).where(
        Slip.kind == SlipKind.SCRAP,
        Slip.state.in_((SlipState.PROPOSED, SlipState.APPROVED, SlipState.DONE)),
        Slip.store_id == slip.store_id,
        Slip.person_id == slip.person_id,
        Slip.received_at >= begin,
        Slip.received_at < begin + timedelta(days=1),
    )
    return [_worth(one) for one in session.scalars(query.options(selectinload(Slip.lines)))]


def decider(slip: Slip) -> Right:
    """The right needed to decide about a write-off: up to the site's limit a supervisor's.

    The limit is for all small ones of a day together, so that one loss in several slips is still one loss. Those above
    it are the manager's anyway, and do not take the small ones with them.
    """
    limit = _site(slip).write_off_limit
    small = [worth for worth in values_of_day(slip) if worth <= limit]
    is_small = value(slip) <= limit and sum(small, Decimal(0)) <= limit
    return Right.APPROVE_STOCK if is_small else Right.APPROVE_ANY_STOCK


def set_limit(site: Site, limit: Decimal, *, by: Person) -> None:
    """Up to which value in yuan a supervisor decides."""
    if not by.can(Right.APPROVE_ANY_STOCK, site.id):
        raise Forbidden("may-not", N_("You may see this, but not do this."))
    site.write_off_limit = limit
    session.flush()


def _site(slip: Slip) -> Site:
    return session.get_one(Site, slip.site_id)


def _worth(slip: Slip) -> Decimal:
    """Of what is booked what it cost, of the rest what it is worth now."""
    if slip.posting_id is None:
        return value(slip)
    moves = session.scalars(select(Move).where(Move.posting_id == slip.posting_id))
    return sum((move.cost for move in moves), Decimal(0))


def _check_decider(slip: Slip, by: Person) -> None:
    if slip.kind is not SlipKind.SCRAP:
        raise Refused("wrong-kind", N_("This slip is no write-off."))
    slips.need_state(slip, SlipState.PROPOSED)
    if not by.can(Right.APPROVE_STOCK, slip.site_id):
        raise Forbidden("may-not", N_("You may see this slip, but not do this."))
    if not by.can(decider(slip), slip.site_id):
        if value(slip) > _site(slip).write_off_limit:
            raise Forbidden("above-limit", N_("Its value is above the limit, so the manager must decide."))
        words = N_(
            "Together with what %(name)s writes off the same day it is above the limit: the manager must decide."
        )
        raise Forbidden("above-limit", words, name=slip.person.name)
