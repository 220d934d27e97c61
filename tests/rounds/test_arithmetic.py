"""Consumption, anomalies and scores, for any numbers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.rounds.anomalies import Value, odd, rates
from crew_app.rounds.consumption import change, renewals, step, together, uses
from crew_app.rounds.scores import Scored, mean, percent
from crew_app.web.plots import MOST, Dot, plot

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
AMOUNTS = st.decimals(0, 10_000, places=4)
GAPS = st.integers(1, 3_000_000)


def readings(steps, first=Decimal(500)):
    """A meter that only rises: (seconds since the last reading, how much it moved on)."""
    values, at, number = [Value(START, first)], START, first
    for seconds, amount in steps:
        at, number = at + timedelta(seconds=seconds), number + amount
        values.append(Value(at, number))
    return values


def months(start, end, count):
    return [start + (end - start) * place / count for place in range(count)] + [end]


@given(st.lists(st.tuples(GAPS, AMOUNTS), min_size=1, max_size=30), st.integers(1, 24))
def test_the_months_together_are_the_last_reading_less_the_first(steps, count):
    values = readings(steps)
    found = uses(values, months(START - timedelta(days=1), values[-1].at + timedelta(days=1), count))
    assert sum(one.amount for one in found) == values[-1].number - values[0].number
    assert all(one.amount >= 0 and not one.renewed for one in found)


@given(
    st.lists(st.tuples(GAPS, AMOUNTS), min_size=1, max_size=10),
    st.lists(st.tuples(GAPS, AMOUNTS), min_size=1, max_size=10),
    st.integers(1, 12),
)
def test_a_new_meter_adds_only_what_it_counted_itself(old, new, count):
    first = readings(old, Decimal(50_000))
    gap = first[-1].at - START + timedelta(hours=1)
    second = [Value(one.at + gap, one.number) for one in readings(new, Decimal(3))]
    if second[-1].number >= first[-1].number or step(first[-1].number, second[0].number) is not None:
        return
    found = uses([*first, *second], months(START, second[-1].at, count))
    counted = first[-1].number - first[0].number + second[-1].number - second[0].number
    assert sum(one.amount for one in found) == counted
    assert together(found).renewed
    assert len(renewals([*first, *second])) == 1


def test_between_two_readings_a_month_gets_its_share():
    values = [Value(START, Decimal(0)), Value(START + timedelta(days=10), Decimal(100))]
    found = uses(values, [START, START + timedelta(days=4), START + timedelta(days=10), START + timedelta(days=11)])
    assert [(one.amount, one.estimated, one.partial) for one in found] == [
        (Decimal(40), True, False),
        (Decimal(60), True, False),
        (Decimal(0), False, True),
    ]


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [("99731", "12", "281"), ("99731", "5000", None), ("52", "3", None), ("7", "7", "0")],
)
def test_a_meter_rolls_over_only_at_the_end_of_its_digits(before, after, counted):
    assert step(Decimal(before), Decimal(after)) == (None if counted is None else Decimal(counted))


def test_without_readings_nothing_was_used_and_it_is_said():
    (found,) = uses([], [START, START + timedelta(days=1)])
    assert (found.amount, found.partial) == (Decimal(0), True)
    assert change(Decimal(12), Decimal(10)) == Decimal("20.0")
    assert change(Decimal(12), Decimal(0)) is None


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.decimals("0.01", 100, places=2)), max_size=20))
def test_a_score_lies_within_nothing_and_all(runs):
    scored = [Scored(min(points, most), most, weight) for points, most, weight in runs]
    found = mean(scored)
    assert (found is None) == all(one.most == 0 for one in scored)
    assert found is None or 0 <= found <= 100


@given(st.decimals(0, 10, places=1), st.decimals("0.01", 100, places=2), st.integers(1, 9))
def test_equal_runs_score_like_one_of_them_whatever_their_weight(points, weight, count):
    assert mean([Scored(points, Decimal(10), weight)] * count) == percent(points, Decimal(10))


def test_heavier_runs_count_more():
    runs = [Scored(Decimal(10), Decimal(10), Decimal(3)), Scored(Decimal(0), Decimal(50), Decimal(1))]
    assert mean(runs) == Decimal(75)


def hourly(numbers):
    return [Value(START + timedelta(hours=place), Decimal(number)) for place, number in enumerate(numbers)]


def test_a_wild_value_is_odd_and_does_not_hide_the_next():
    found = odd(hourly([*["0.5", "0.52", "0.49"] * 20, "3", "0.5", "3.1"]), ZONE)
    assert found[-3:] == [True, False, True]
    assert sum(found) == 2


def test_too_few_values_say_nothing():
    assert odd(hourly(["1"] * 11 + ["900"]), ZONE) == [False] * 12


@given(st.lists(st.integers(98, 102), max_size=80))
def test_a_steady_gauge_is_never_odd(numbers):
    """Four percent around a median within two percent."""
    steady = [100 if number in (98, 102) else number for number in numbers]
    assert not any(odd(hourly(steady), ZONE))


def test_of_a_meter_the_use_per_day_is_compared():
    values = [Value(START + timedelta(days=day), Decimal(number)) for day, number in enumerate((10, 15, 3, 9))]
    assert [one.number for one in rates(values)] == [Decimal(5), Decimal(6)]


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=30), st.booleans())
def test_every_point_lies_on_the_chart(numbers, limited):
    dots = [Dot(START + timedelta(minutes=place), number) for place, number in enumerate(numbers)]
    limits = (Decimal(-2000), Decimal(2000)) if limited else (None, None)
    found = plot(dots, START, START + timedelta(hours=1), *limits)
    assert found is not None
    assert all(0 <= x <= 336 and 0 <= y <= 160 for x, y, _ in found.dots)


def test_no_peak_gets_lost_in_a_long_series():
    numbers = [Decimal(1)] * 3_000
    numbers[1_777] = Decimal(9)
    dots = [Dot(START + timedelta(minutes=place), number) for place, number in enumerate(numbers)]
    found = plot(dots, START, START + timedelta(days=3))
    assert found is not None
    heights = [float(point.split()[1]) for point in found.path[1:].split(" L")]
    assert len(heights) <= MOST
    assert min(heights) < 50
    assert max(heights) > 100
