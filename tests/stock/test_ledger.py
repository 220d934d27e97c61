"""The books: whatever is posted and reversed, balances are the sums of moves and every item sums to zero."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.stock import accounts, checks
from crew_app.stock.actions import LARGEST, Line, post, reverse
from crew_app.stock.models import Balance, Discrepancy, Move, Posting, Reason

ACCOUNTS = ["supplier", "store", "bag", "scrap", "difference"]
ITEMS = ["tube", "cable", "valve"]
QUANTITIES = st.decimals("0.001", "500", places=3)
PAIRS = st.permutations(ACCOUNTS).map(lambda names: names[:2])
LINES = st.tuples(st.sampled_from(ITEMS), QUANTITIES, PAIRS)
POSTINGS = st.lists(LINES, min_size=1, max_size=4)
STEPS = st.lists(POSTINGS | st.integers(0, 30), max_size=12)


@settings(max_examples=40)
@given(STEPS)
def test_any_sequence_of_postings_and_reversals_keeps_the_books_right(app, world, steps):
    with app.app_context():
        done: list[Move] = []
        for step in steps:
            if isinstance(step, int):
                _reverse_one(world, done, step)
            else:
                done += _post(world, step)
        assert checks.drifts() == []
        assert checks.unbalanced_items() == []
        assert _balances() == _sums()
        session.rollback()


@settings(max_examples=30)
@given(POSTINGS)
def test_reversing_everything_restores_every_balance(app, world, lines):
    with app.app_context():
        before = _balances()
        moves = _post(world, lines)
        for move in moves:
            reverse(move, by=world.person("storekeeper"), at=server_moment())
        assert _balances() == before
        session.rollback()


@settings(max_examples=30)
@given(st.lists(QUANTITIES, min_size=1, max_size=6))
def test_over_use_is_recorded_and_what_is_missing_is_flagged(app, world, quantities):
    with app.app_context():
        start = _quantity(world, "bag", "tube")
        for quantity in quantities:
            _post(world, [("tube", quantity, ["bag", "scrap"])])
        left = _quantity(world, "bag", "tube")
        assert left == start - sum(quantities)
        flagged = session.scalar(select(func.sum(Discrepancy.missing))) or Decimal(0)
        assert flagged == max(-left, Decimal(0))
        session.rollback()


@pytest.mark.parametrize(("quantity", "missing"), [("10", 0), ("10.001", "0.001"), ("10.5", "0.5"), ("12", 2)])
def test_the_last_one_is_no_discrepancy_and_a_thousandth_more_is(app, world, quantity, missing):
    with app.app_context():
        _post(world, [("tube", Decimal(quantity), ["bag", "scrap"])])
        flagged = session.scalar(select(func.sum(Discrepancy.missing))) or Decimal(0)
        assert flagged == Decimal(missing)
        session.rollback()


def test_lines_of_one_posting_stand_and_fall_together(app, world):
    with app.app_context():
        moves = _post(world, [("tube", Decimal(1), ["store", "bag"]), ("valve", Decimal(2), ["store", "bag"])])
        assert len({move.posting_id for move in moves}) == 1
        session.rollback()


@pytest.mark.parametrize("quantity", ["0", "-1", "100000.001", "1e9"])
def test_quantities_that_cannot_be_are_refused(app, world, quantity):
    with app.app_context():
        with pytest.raises(Refused) as refusal:
            _post(world, [("tube", Decimal(quantity), ["store", "bag"])])
        assert refusal.value.code == "quantity"
        assert LARGEST == 100_000
        session.rollback()


def test_nothing_moves_between_sites(app, world):
    with app.app_context():
        with pytest.raises(Refused) as refusal:
            _post(world, [("tube", Decimal(1), ["store", "south-store"])])
        assert refusal.value.code == "other-site"
        session.rollback()


def test_a_move_is_reversed_once_and_a_reversal_never(app, world):
    with app.app_context():
        (move,) = _post(world, [("tube", Decimal(1), ["store", "bag"])])
        counter = reverse(move, by=world.person("storekeeper"), at=server_moment(), note="数量错")
        for again in (move, counter):
            with pytest.raises(Refused) as refusal:
                reverse(again, by=world.person("storekeeper"), at=server_moment())
            assert refusal.value.code == "already-reversed"
        assert counter.reverses_id == move.id
        assert (counter.from_account_id, counter.to_account_id) == (move.to_account_id, move.from_account_id)
        assert (counter.quantity, counter.unit_cost) == (move.quantity, move.unit_cost)
        session.rollback()


def test_a_reversal_has_the_price_of_the_day_it_corrects(app, world):
    with app.app_context():
        (move,) = _post(world, [("tube", Decimal(2), ["store", "bag"])])
        world.item("tube").price = Decimal(99)
        counter = reverse(move, by=world.person("storekeeper"), at=server_moment())
        assert counter.unit_cost == Decimal("12.5")
        assert counter.cost == Decimal(25)
        session.rollback()


def test_a_posting_says_who_when_why_and_under_which_receipt(app, world):
    with app.app_context():
        at = server_moment()
        (move,) = _post(world, [("tube", Decimal(1), ["store", "bag"])], at=at)
        posting = session.get_one(Posting, move.posting_id)
        assert (posting.person_id, posting.reason) == (world.people["storekeeper"], Reason.ISSUE)
        assert (posting.at, posting.received_at) == (at.at, at.received_at)
        session.rollback()


def test_suppliers_may_owe_without_a_discrepancy(app, world):
    with app.app_context():
        _post(world, [("tube", Decimal(9999), ["supplier", "store"])])
        assert session.scalar(select(func.count(Discrepancy.id))) == 0
        session.rollback()


def test_a_bag_is_made_once(app, world):
    with app.app_context():
        second = world.person("second")
        assert accounts.own_bag(second, world.sites["north"]) is accounts.own_bag(second, world.sites["north"])
        session.rollback()


def _post(world, lines, at=None):
    made = [
        Line(world.item(item), quantity, world.account(names[0]), world.account(names[1]))
        for item, quantity, names in lines
    ]
    return post(Reason.ISSUE, made, by=world.person("storekeeper"), at=at or server_moment())


def _reverse_one(world, done, number):
    if not done:
        return
    move = done[number % len(done)]
    try:
        done.append(reverse(move, by=world.person("storekeeper"), at=server_moment()))
    except Refused:
        assert move.reverses_id or session.query(Move).filter_by(reverses_id=move.id).count()


def _quantity(world, account, item):
    key = (world.accounts[account], world.items[item])
    found = session.get(Balance, key, populate_existing=True)
    return found.quantity if found else Decimal(0)


def _balances():
    rows = session.execute(select(Balance.account_id, Balance.item_id, Balance.quantity))
    return {(row[0], row[1]): row[2] for row in rows if row[2]}


def _sums():
    totals: dict[object, Decimal] = {}
    for move in session.scalars(select(Move)):
        for account, sign in ((move.to_account_id, 1), (move.from_account_id, -1)):
            key = (account, move.item_id)
            totals[key] = totals.get(key, Decimal(0)) + sign * move.quantity
    return {key: total for key, total in totals.items() if total}
