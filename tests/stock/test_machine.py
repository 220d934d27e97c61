"""Whatever phones record, in whatever order and however often it arrives: the books are right and no past day changes.

`LEDGER_RUNS` and `LEDGER_STEPS` say how long to look: `make prove` does 500 runs of 50 steps.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from crew_app.core import receipts
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.stock import checks
from crew_app.stock.accounts import common, personal
from crew_app.stock.actions import Line, Why, post, reverse
from crew_app.stock.models import OWNED, Account, AccountKind, Balance, Entry, Item, Move, Reason, value_of
from tests.support.world import BUILT_AT, World

RUNS, STEPS = int(os.environ.get("LEDGER_RUNS", "25")), int(os.environ.get("LEDGER_STEPS", "25"))
START = BUILT_AT + timedelta(days=1)
ITEMS = ("tube", "cable", "valve")
PLACES = ("supplier", "store", "bag", "loan", "owed", "scrap", "difference", "removed", "off_book")
QUANTITIES = st.decimals("0.001", "300", places=3)
COSTS = st.none() | st.decimals("0", "500", places=4)
LINES = st.tuples(st.sampled_from(ITEMS), QUANTITIES, st.permutations(PLACES).map(lambda names: names[:2]), COSTS)


@dataclass
class Command:
    """What a phone recorded: one posting, under a key of its own."""

    key: UUID
    made_at: datetime
    reason: Reason
    lines: list[Any]
    moves: list[UUID] = field(default_factory=list)


class Books(RuleBasedStateMachine):
    """Phones that record, a server that receives; beside it the sums as anybody would keep them on paper."""

    world: ClassVar[World]

    def __init__(self):
        super().__init__()
        world = self.world
        site = world.sites["north"]
        self.person, self.items = world.person("storekeeper"), {name: world.item(name) for name in ITEMS}
        named = {name: world.account(name) for name in ("supplier", "store", "bag", "scrap", "difference")}
        for kind in (AccountKind.LOAN, AccountKind.OWED):
            named[kind.value] = personal(self.person, site, kind)
        for kind in (AccountKind.REMOVED, AccountKind.OFF_BOOK):
            named[kind.value] = common(site, kind)
        self.accounts = named
        self.clock, self.day_ends = START, {}
        self.waiting, self.done = [], []
        self.paper = {(row.account_id, row.item_id): row.quantity for row in session.scalars(select(Balance))}

    @rule(reason=st.sampled_from(Reason), lines=st.lists(LINES, min_size=1, max_size=4), age=st.integers(0, 80))
    def record(self, reason, lines, age):
        self.waiting.append(Command(new_id(), self.clock - timedelta(hours=age), reason, lines))

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 9), twice=st.booleans())
    def arrive(self, which, twice):
        command = self.waiting.pop(which % len(self.waiting))
        self._send(command)
        self.done.append(command)
        if twice:
            self._send(command)

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 9))
    def break_off(self, which):
        """The server is killed between the effect and the end of the transaction."""
        command = self.waiting[which % len(self.waiting)]
        savepoint = session.begin_nested()
        self._carry_out(command)
        savepoint.rollback()

    @precondition(lambda self: self.done)
    @rule(which=st.integers(0, 99))
    def send_again(self, which):
        self._send(self.done[which % len(self.done)])

    @precondition(lambda self: self.done)
    @rule(which=st.integers(0, 99), line=st.integers(0, 3))
    def correct(self, which, line):
        moves = self.done[which % len(self.done)].moves
        move = session.get_one(Move, moves[line % len(moves)])
        known = session.scalar(select(Move.id).filter_by(reverses_id=move.id)) is not None
        try:
            counter = reverse(move, by=self.person, at=self._now())
        except Refused:
            assert known
        else:
            assert not known
            self._book(counter.from_account_id, counter.to_account_id, counter.item_id, counter.quantity)

    @rule(counted=QUANTITIES, item=st.sampled_from(ITEMS))
    def count(self, counted, item):
        """A count makes the books of a shelf what was found on it."""
        store, lost = self.accounts["store"], self.accounts["difference"]
        gap = counted - self.paper.get((store.id, self.items[item].id), Decimal(0))
        if gap:
            pair = (lost, store) if gap > 0 else (store, lost)
            self._post(Why(Reason.COUNT), [Line(self.items[item], abs(gap), *pair)], self._now())

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        before, self.clock = self.clock, self.clock + timedelta(hours=hours)
        if before.date() != self.clock.date():
            end = datetime.combine(self.clock.date(), datetime.min.time(), tzinfo=before.tzinfo)
            # Only what is posted in the new day tells the books that the old one is over, whatever clocks say later.
            line = Line(self.items["tube"], Decimal(1), self.accounts["supplier"], self.accounts["store"])
            self._post(Why(Reason.RECEIPT), [line], self._now())
            self.day_ends[end] = worth(end)

    @rule(hours=st.integers(1, 26))
    def the_servers_clock_is_set_back(self, hours):
        self.clock = max(self.clock - timedelta(hours=hours), START)

    @invariant()
    def every_balance_is_what_paper_says(self):
        kept = {(row.account_id, row.item_id): row.quantity for row in session.scalars(select(Balance))}
        assert {place: much for place, much in kept.items() if much} == {p: m for p, m in self.paper.items() if m}

    def teardown(self):
        try:
            self._prove()
        finally:
            session.rollback()

    def _prove(self):
        session.flush()
        session.expire_all()
        assert checks.drifts() == []
        assert checks.unbalanced_items() == []
        assert checks.misvalued() == []
        assert {end: worth(end) for end in self.day_ends} == self.day_ends
        assert list(checks.breaks()) == []

    def _send(self, command):
        found = receipts.find(command.key, "f" * 64, self.person.id)
        if found is None:
            self._carry_out(command)
            for move in map(session.get_one, [Move] * len(command.moves), command.moves):
                self._book(move.from_account_id, move.to_account_id, move.item_id, move.quantity)

    def _carry_out(self, command):
        at = Moment(min(command.made_at, self.clock), self.clock, command.made_at, receipt=command.key)
        lines = [
            Line(self.items[item], quantity, self.accounts[source], self.accounts[target], unit_cost=cost)
            for item, quantity, (source, target), cost in command.lines
        ]
        command.moves = [move.id for move in post(Why(command.reason), lines, by=self.person, at=at)]
        receipts.keep(command.key, "f" * 64, self.person.id, (200, "/stock"), at, None)
        session.flush()

    def _post(self, why, lines, at):
        for move in post(why, lines, by=self.person, at=at):
            self._book(move.from_account_id, move.to_account_id, move.item_id, move.quantity)

    def _book(self, source, target, item, quantity):
        for account, delta in ((source, -quantity), (target, quantity)):
            self.paper[account, item] = self.paper.get((account, item), Decimal(0)) + delta

    def _now(self):
        return Moment(self.clock, self.clock)


def worth(end: datetime) -> dict[UUID, Decimal]:
    """What each item was worth at the end of a day, by the moves alone."""
    kinds = {account.id: account.kind in OWNED for account in session.scalars(select(Account))}
    query = select(Move).join(Entry, Entry.posting_id == Move.posting_id).where(Entry.posted_at < end)
    found: dict[UUID, Decimal] = {item: Decimal(0) for item in session.scalars(select(Item.id))}
    for move in session.scalars(query):
        entering = kinds[move.to_account_id] - kinds[move.from_account_id]
        found[move.item_id] += entering * value_of(move.quantity, move.unit_cost)
    return found


@pytest.mark.timeout(3600)
def test_the_books_are_right_whatever_arrives(app, world):
    with app.app_context():
        Books.world = world
        slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
        run_state_machine_as_test(
            Books,
            settings=settings(max_examples=RUNS, stateful_step_count=STEPS, suppress_health_check=slow, deadline=None),
        )
