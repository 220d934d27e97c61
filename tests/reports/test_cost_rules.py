"""How facts become money: sums that stay exact, late facts that are charged once, prices that begin on a day."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from crew_app.reports.cost_models import CostKind
from crew_app.reports.cost_rules import (
    FEN,
    LEAST_WORK,
    MOST_WORK,
    Fact,
    Line,
    clock_work,
    late_lines,
    lines,
    medium_of,
    rest,
    since,
    split_detail,
    sum_of,
    wage,
)

MARCH = date(2026, 3, 1)
WHOSE = st.none() | st.sampled_from([UUID(int=1), UUID(int=2)])
AMOUNTS = st.decimals("-99999", "99999", places=4)
FACTS = st.lists(st.builds(Fact, WHOSE, st.sampled_from(CostKind), st.sampled_from(["", "power", "洁美"]), AMOUNTS))


@given(FACTS)
def test_lines_are_whole_fen_and_hold_every_fact_once(facts):
    found = lines(facts)
    assert all(line.amount and line.amount == line.amount.quantize(FEN) for line in found)
    assert len({(line.department_id, line.kind, line.detail) for line in found}) == len(found)
    exact = sum((fact.amount for fact in facts), Decimal(0))
    keys = {(fact.department_id, fact.kind, fact.detail) for fact in facts}
    assert abs(sum_of(found) - exact) <= Decimal("0.005") * len(keys)


@given(FACTS)
def test_the_order_of_facts_does_not_matter(facts):
    assert set(lines(facts)) == set(lines(facts[::-1]))


@given(FACTS, FACTS, FACTS)
def test_what_comes_late_is_charged_once_however_often_one_looks(closed, first, second):
    """A month is closed, facts come in two waves, a later month is closed in between: nothing is lost or doubled."""
    kept, after_one, after_two = lines(closed), lines([*closed, *first]), lines([*closed, *first, *second])
    charged = late_lines(MARCH, kept, [], after_one)
    later = late_lines(MARCH, kept, charged, after_two)
    assert sum_of(kept) + sum_of(charged) + sum_of(later) == sum_of(after_two)
    assert late_lines(MARCH, kept, [*charged, *later], after_two) == []


@given(WHOSE, st.sampled_from(CostKind), st.text(max_size=40), AMOUNTS)
def test_a_late_line_says_where_it_belongs_when_it_is_read_again(whose, kind, detail, amount):
    line = Line(whose, kind, detail, amount, MARCH)
    assert split_detail(line.stored_detail) == (MARCH, detail)
    assert len(line.stored_detail) <= 60


@given(st.none() | st.integers(0, 10_000_000))
def test_the_clock_counts_within_its_limits(seconds):
    assert LEAST_WORK <= clock_work(seconds) <= MOST_WORK
    assert clock_work(3600) == timedelta(hours=1)


@given(st.decimals("0", "1000000", places=3), st.lists(st.decimals("0", "1000000", places=3)))
def test_the_rest_of_a_main_meter_and_the_departments_are_the_whole(main, departments):
    left = rest(main, departments)
    assert left >= 0
    assert left + sum(departments) == max(main, sum(departments, Decimal(0)))


def test_a_price_counts_from_its_day():
    prices = {MARCH: Decimal(1), date(2026, 3, 15): Decimal(2)}
    days = (date(2026, 2, 28), MARCH, date(2026, 3, 14), date(2026, 3, 15), date(2027, 1, 1))
    assert [since(prices, day) for day in days] == [None, 1, 1, 2, 2]


def test_wages_are_rounded_half_up_to_four_places():
    assert wage(1, Decimal(35)) == Decimal("0.5833")
    assert wage(3, Decimal("0.001")) == Decimal("0.0001")
    assert wage(90, Decimal(40)) == 60


def test_meters_are_known_by_what_they_count():
    known = {
        ("total", "总有功"): "power",
        ("kwh", "电表读数"): "power",
        ("m3", "水表读数"): "water",
        ("t", "累计流量"): "steam",
        ("m3", "燃气表读数"): "gas",
        ("o2", "累计用量"): "oxygen",
        ("peak", "峰段"): "峰段",
    }
    assert {key: medium_of(*key) for key in known} == known
