"""A count is right whatever is on its way: the books end at what really lies there, in any order of arrival."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.stock import checks
from crew_app.stock.actions import Line, post
from crew_app.stock.models import Balance, Discrepancy, Reason
from crew_app.storeroom.counts import settlements
from crew_app.storeroom.counts.actions import Plan, Tally, approve, enter, open_count, propose
from crew_app.storeroom.counts.comparison import compare
from crew_app.storeroom.counts.models import Scope

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
START = 190
"""Tubes in the store of the small hospital."""


@dataclass(frozen=True)
class Step:
    """Goods that came (or went) some minutes after noon; known to the server in this order of arrival."""

    minute: int
    quantity: int
    arrives: int


STEPS = st.lists(st.builds(Step, st.integers(-60, 60), st.integers(-9, 9).filter(bool), st.integers(0, 99)), max_size=8)


@settings(max_examples=40)
@given(steps=STEPS, hidden=st.integers(-20, 20), approved=st.integers(0, 99), second=st.none() | st.integers(-60, 60))
def test_the_books_end_at_what_lies_there(app, world, steps, hidden, approved, second):
    """Somebody took `hidden` without a word; one count (or two at once) finds it; moves arrive before and after."""
    with app.app_context():
        counts = [_count(world, minute, steps, hidden) for minute in (0, second) if minute is not None]
        arriving = sorted(steps, key=lambda step: step.arrives)
        for step in [one for one in arriving if one.arrives < approved]:
            _move(world, step)
        for count in counts:
            approve(count, compare(count).fingerprint, by=world.person("supervisor"), at=_moment(120))
        for step in [one for one in arriving if one.arrives >= approved]:
            _move(world, step)
        for gap in session.scalars(select(Discrepancy).where(Discrepancy.settled_at.is_(None))).all():
            settlements.settle_found(gap, "", by=world.person("storekeeper"), at=_moment(300))
        assert _in_store(world) == START + hidden + sum(step.quantity for step in steps)
        assert checks.drifts() == []
        assert checks.unbalanced_items() == []
        session.rollback()


def _count(world, minute, steps, hidden):
    lies = START + hidden + sum(step.quantity for step in steps if step.minute <= minute)
    plan = Plan(new_id(), world.account("store"), Scope.FULL)
    count = open_count(plan, by=world.person("storekeeper"), at=_moment(-90))
    tally = Tally(new_id(), world.item("tube"), Decimal(lies))
    enter(count, tally, by=world.person("technician"), at=_moment(minute))
    propose(count, by=world.person("storekeeper"), at=_moment(100))
    return count


def _move(world, step):
    """By the technician, so that the storekeeper may settle what comes of it."""
    store, bag = world.account("store"), world.account("supplier")
    source, target = (bag, store) if step.quantity > 0 else (store, bag)
    line = Line(world.item("tube"), Decimal(abs(step.quantity)), source, target)
    post(Reason.TRANSFER, [line], by=world.person("technician"), at=_moment(step.minute, 121 + step.arrives))


def _moment(minute, received=None):
    at = NOON + timedelta(minutes=minute)
    return Moment(at, NOON + timedelta(minutes=received if received is not None else max(minute, 0)))


def _in_store(world):
    key = {"account_id": world.accounts["store"], "item_id": world.items["tube"]}
    return session.scalar(select(Balance.quantity).filter_by(**key))
