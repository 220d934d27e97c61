"""What arrives after a count was approved although it happened before: the count was right without it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.stock.actions import AFTER_POST
from crew_app.stock.models import OWNED, Account, Discrepancy, Move, Outcome, Reason
from crew_app.storeroom.counts.models import CountResult

_OWN = frozenset({Reason.COUNT, Reason.SETTLEMENT})


def watch() -> None:
    """Look at every posting from now on; called once more, it changes nothing."""
    if late_against_count not in AFTER_POST:
        AFTER_POST.append(late_against_count)


def late_against_count(moves: list[Move], at: Moment) -> None:
    """Open a discrepancy for each move that an approved count has counted in already.

    A correction counts from what it corrects, which ends the discrepancies of that entry itself.
    """
    for move in moves:
        if move.posting.reason in _OWN:
            continue
        corrected = session.get(Move, move.reverses_id) if move.reverses_id else None
        if corrected:
            _close(corrected, move, at)
        for account in (move.from_account, move.to_account):
            if account.kind in OWNED:
                _check(move, account, corrected, at)
    session.flush()


def _close(corrected: Move, move: Move, at: Moment) -> None:
    query = select(Discrepancy).where(Discrepancy.move_id == corrected.id, Discrepancy.settled_at.is_(None))
    for gap in session.scalars(query):
        gap.settled_at, gap.settled_by_id, gap.outcome = at.at, move.posting.person_id, Outcome.TAKEN_BACK


def _check(move: Move, account: Account, corrected: Move | None, at: Moment) -> None:
    happened = min(move.posting.at, corrected.posting.at) if corrected else move.posting.at
    result = _last_count(account.id, move.item_id, happened)
    if result is None or (corrected and corrected.posting.received_at > result.received_at):
        return
    gap = session.scalar(select(Discrepancy).filter_by(move_id=move.id, account_id=account.id))
    if gap is None:
        gap = Discrepancy(
            site_id=move.site_id,
            move_id=move.id,
            account_id=account.id,
            item_id=move.item_id,
            opened_at=at.received_at,
        )
        session.add(gap)
    gap.missing, gap.count_id = move.quantity, result.count_id


def _last_count(account_id: UUID, item_id: UUID, since: datetime) -> CountResult | None:
    return session.scalar(_LAST, {"account_id": account_id, "item_id": item_id, "since": since})


_LAST = (
    select(CountResult)
    .where(
        CountResult.account_id == bindparam("account_id"),
        CountResult.item_id == bindparam("item_id"),
        CountResult.counted_at >= bindparam("since"),
    )
    .order_by(CountResult.counted_at.desc())
    .limit(1)
)
