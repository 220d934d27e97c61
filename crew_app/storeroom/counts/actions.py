"""Verbs of stock counts: open, enter, propose, approve or send back, cancel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.upserts import insert
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.stock import chain
from crew_app.stock.accounts import common
from crew_app.stock.actions import LARGEST, Line, Why, post
from crew_app.stock.models import OWNED, Account, AccountKind, Balance, Item, Move, Reason
from crew_app.storeroom.counts.comparison import Compared, Comparison, compare
from crew_app.storeroom.counts.models import (
    COUNT_STATE_LABELS,
    CountEntry,
    CountItem,
    CountNumber,
    CountResult,
    CountState,
    Scope,
    StockCount,
)
from crew_app.storeroom.levels import bins


@dataclass(frozen=True, slots=True)
class Plan:
    """A count as it was asked for; `count_id` was made on the device. `items` only for a count of single materials."""

    count_id: UUID
    account: Account
    scope: Scope
    part: str = ""
    items: Sequence[Item] = ()
    blind: bool = False
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What somebody found: how much of an item in which bin; `entry_id` was made on the device."""

    entry_id: UUID
    item: Item
    quantity: Decimal
    bin: str = ""


def open_count(plan: Plan, *, by: Person, at: Moment) -> StockCount:
    """Begin a count with the list of what the account holds; `Refused` when there is nothing of that kind in it."""
    if session.get(StockCount, plan.count_id):
        raise Refused("count-known", N_("This count was already begun."))
    if plan.account.kind not in OWNED:
        raise Refused("wrong-source", N_("Only stores, bags and loans can be counted."))
    listed = _listed(plan)
    if not listed and plan.scope in (Scope.BIN, Scope.CATEGORY):
        raise Refused("nothing", N_("There is nothing of this kind in this store."))
    count = StockCount(
        id=plan.count_id,
        site_id=plan.account.site_id,
        account_id=plan.account.id,
        number=_next_number(plan.account.site_id, at),
        scope=plan.scope,
        part=plan.part if plan.scope in (Scope.BIN, Scope.CATEGORY) else "",
        blind=plan.blind,
        state=CountState.OPEN,
        due=plan.due,
        note=plan.note,
        opened_by_id=by.id,
        opened_at=at.at,
        received_at=at.received_at,
    )
    session.add(count)
    session.flush()
    session.add_all(CountItem(count_id=count.id, item_id=item, site_id=count.site_id) for item in listed)
    session.flush()
    return count


def enter(count: StockCount, tally: Tally, *, by: Person, at: Moment, assumed: bool = False) -> CountEntry:
    """Write down what was found. What was counted before the count was handed in may still arrive afterwards."""
    if session.get(CountEntry, tally.entry_id):
        raise Refused("entry-known", N_("This entry was already made."))
    if not 0 <= tally.quantity <= LARGEST:
        raise Refused("quantity", N_("Please check the quantity: it must be plausible."))
    _need_countable(count, at)
    entry = CountEntry(
        id=tally.entry_id,
        site_id=count.site_id,
        count_id=count.id,
        item_id=tally.item.id,
        bin=tally.bin,
        person_id=by.id,
        quantity=tally.quantity,
        assumed=assumed,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(entry)
    session.flush()
    return entry


def count_as_zero(count: StockCount, items: Iterable[Item], *, by: Person, at: Moment) -> None:
    """Say of items nobody found that there are none. Whoever says so counts as a counter."""
    wanted = {item.id for item in items}
    missing = [item for item in compare(count).uncounted if item.id in wanted]
    if not missing:
        raise Refused("nothing", N_("All of these have been counted by now."))
    for item in missing:
        enter(count, Tally(new_id(), item, Decimal(0)), by=by, at=at, assumed=True)


def propose(count: StockCount, note: str = "", *, by: Person, at: Moment) -> None:
    """Hand the result in for approval; `Refused` while something was counted twice, differently."""
    _need(count, CountState.OPEN)
    comparison = compare(count)
    if not comparison.lines:
        raise Refused("nothing", N_("Nothing has been counted yet."))
    _need_agreement(comparison)
    count.state, count.proposed_by_id, count.proposed_at = CountState.PROPOSED, by.id, at.at
    if note.strip():
        count.note = "\n".join(filter(None, (count.note, note.strip())))[:2000]
    session.flush()


def approve(count: StockCount, fingerprint: str, *, by: Person, at: Moment) -> list[Move]:
    """Book the differences in one posting, as they were shown.

    `Refused` ("changed") when they are not what `fingerprint` was made of any more; `Forbidden` for whoever counted
    or handed in.
    """
    _check_decider(count, by)
    chain.lock(count.site_id)
    comparison = compare(count)
    if comparison.fingerprint != fingerprint:
        raise Refused("changed", N_("The differences have changed since this page was shown. Please look again."))
    _need_agreement(comparison)
    moves = _post(count, comparison.differing, by=by, at=at)
    session.add_all(_result(count, line, at) for line in comparison.lines)
    count.state, count.decided_by_id, count.decided_at = CountState.APPROVED, by.id, at.at
    session.flush()
    return moves


def send_back(count: StockCount, words: str, *, by: Person, at: Moment) -> None:
    """Have it counted again, with the reason."""
    _check_decider(count, by)
    if not words.strip():
        raise Refused("words-missing", N_("Please say what has to be counted again."))
    count.state, count.decision = CountState.OPEN, words.strip()[:2000]
    count.decided_by_id, count.decided_at = by.id, at.at
    session.flush()


def cancel(count: StockCount, *, by: Person, at: Moment) -> None:
    """Give a count up; what was counted stays to be read and changes nothing."""
    _need(count, CountState.OPEN, CountState.PROPOSED)
    count.state, count.decided_by_id, count.decided_at = CountState.CANCELLED, by.id, at.at
    session.flush()


def counters(count_id: UUID) -> set[UUID]:
    """Everybody who counted anything in a count."""
    return set(session.scalars(select(CountEntry.person_id).where(CountEntry.count_id == count_id).distinct()))


def may_decide(count: StockCount, person: Person) -> bool:
    """Whether the person may approve this count or send it back."""
    own = person.id == count.proposed_by_id or person.id in counters(count.id)
    return count.state is CountState.PROPOSED and not own and person.can(Right.APPROVE_STOCK, count.site_id)


def _listed(plan: Plan) -> set[UUID]:
    if plan.scope is Scope.ITEMS:
        return {item.id for item in plan.items}
    query = select(Item.id, Item.category).join(Balance, Balance.item_id == Item.id)
    held = session.execute(query.where(Balance.account_id == plan.account.id, Balance.quantity != 0)).all()
    if plan.scope is Scope.BIN:
        lies = bins(plan.account.id)
        return {item_id for item_id, _ in held if lies.get(item_id) == plan.part}
    return {item_id for item_id, category in held if plan.scope is Scope.FULL or category == plan.part}


def _need_countable(count: StockCount, at: Moment) -> None:
    if count.state is CountState.OPEN:
        return
    if count.state is CountState.PROPOSED and count.proposed_at and at.at <= count.proposed_at:
        return
    words = N_("This count is “%(state)s” now. What you counted was not taken over; a new count is needed for it.")
    raise Refused("count-closed", words, state=COUNT_STATE_LABELS[count.state])


def _need(count: StockCount, *states: CountState) -> None:
    if count.state not in states:
        words = N_("This count is “%(state)s” now, so that can't be done any more.")
        raise Refused("wrong-state", words, state=COUNT_STATE_LABELS[count.state])


def _need_agreement(comparison: Comparison) -> None:
    if comparison.disputed:
        words = N_("%(item)s was counted twice, differently. It has to be counted once more first.")
        raise Refused("counted-differently", words, item=comparison.disputed[0].item.name)


def _check_decider(count: StockCount, by: Person) -> None:
    _need(count, CountState.PROPOSED)
    if not by.can(Right.APPROVE_STOCK, count.site_id):
        raise Forbidden("may-not", N_("You may see this count, but not decide about it."))
    if by.id == count.proposed_by_id or by.id in counters(count.id):
        raise Forbidden("own-count", N_("Whoever counted or handed in cannot approve. Somebody else has to decide."))


def _post(count: StockCount, lines: Sequence[Compared], *, by: Person, at: Moment) -> list[Move]:
    if not lines:
        return []
    other = common(count.site_id, AccountKind.DIFFERENCE)
    moves = post(
        Why(Reason.COUNT, count.number, count.id), [_line(line, count.account, other) for line in lines], by=by, at=at
    )
    count.posting_id = moves[0].posting_id
    return moves


def _line(line: Compared, account: Account, other: Account) -> Line:
    source, target = (other, account) if line.difference > 0 else (account, other)
    return Line(line.item, abs(line.difference), source, target)


def _result(count: StockCount, line: Compared, at: Moment) -> CountResult:
    return CountResult(
        count_id=count.id,
        item_id=line.item.id,
        site_id=count.site_id,
        account_id=count.account_id,
        counted=line.counted,
        counted_at=line.at,
        book=line.book,
        difference=line.difference,
        unit_cost=line.unit_cost,
        superseded=line.superseded,
        received_at=at.received_at,
    )


def _next_number(site_id: UUID, at: Moment) -> str:
    """`PD-20261122-0001`: per site and day of the site's own calendar."""
    day = at.received_at.astimezone(session.get_one(Site, site_id).zone).date()
    row = insert()(CountNumber).values(site_id=site_id, day=day, last=1)
    upsert = row.on_conflict_do_update(index_elements=["site_id", "day"], set_={"last": CountNumber.last + 1})
    last = session.execute(upsert.returning(CountNumber.last)).scalar_one()
    return f"PD-{day:%Y%m%d}-{last:04d}"
