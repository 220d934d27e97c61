"""Charts: round numbers on the axes, nothing outside the frame, amounts as long as they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.web import charts
from crew_app.web.charts import Point
from crew_app.web.scales import MOST_STEPS, plain, scale

AMOUNTS = st.one_of(st.integers(0, 10**9), st.floats(0.01, 1e9, allow_nan=False))
POINTS = st.lists(st.tuples(AMOUNTS, st.none() | AMOUNTS), min_size=1, max_size=60)
COUNTS = st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 23)), st.integers(0, 10**6))


def _points(pairs: list[tuple[float, float | None]]) -> list[Point]:
    return [Point(str(place), f"month {place}", one, str(one), before=last) for place, (one, last) in enumerate(pairs)]


def _round(number: float) -> bool:
    """One digit of 1, 2 or 5, and zeros."""
    return f"{number:.9e}".split("e")[0].rstrip("0").rstrip(".") in {"1", "2", "5"}


@given(AMOUNTS)
def test_ticks_are_round_and_reach_above(most):
    found = scale(most)
    steps = {round(later - earlier, 6) for earlier, later in pairwise(found.ticks)}
    assert found.ticks[0] == 0
    assert found.top == found.ticks[-1] >= most * (1 - 1e-6)
    assert len(steps) == 1
    assert _round(steps.pop())
    assert 2 <= len(found.ticks) <= MOST_STEPS + 1


@given(st.integers(0, 10**9))
def test_counts_have_no_ticks_between_whole_numbers(most):
    assert all(tick == int(tick) for tick in scale(most).ticks)


@given(st.floats(0.001, 1, allow_nan=False))
def test_parts_of_one_are_told_apart_where_there_are_some(most):
    found = scale(most, whole=False)
    assert most <= found.top * (1 + 1e-9)
    assert found.top <= most * 5


@pytest.mark.parametrize(
    ("most", "ticks"), [(0, [0, 1]), (3, [0, 1, 2, 3]), (4, [0, 1, 2, 3, 4]), (345, [0, 100, 200, 300, 400])]
)
def test_axes_one_expects(most, ticks):
    assert list(scale(most).ticks) == ticks


@given(POINTS)
def test_columns_stay_within_the_frame_and_beside_each_other(pairs):
    chart = charts.columns(_points(pairs))
    assert chart
    boxes = [box for pair in zip(chart.before, chart.bars, strict=True) for box in pair if box]
    assert all(box.x >= 0 and box.x + box.width <= 100.01 for box in boxes)
    assert all(box.y >= 0 and abs(box.y + box.height - 100) < 0.02 for box in boxes)
    assert all(one.x + one.width <= other.x + 0.01 for one, other in pairwise(boxes))
    assert len(chart.labels) <= charts.LABELS


@given(POINTS)
def test_a_column_is_as_high_as_its_amount(pairs):
    chart = charts.columns(_points(pairs))
    assert chart
    for box, (amount, _) in zip(chart.bars, pairs, strict=True):
        assert abs(box.height / 100 * chart.scale.top - amount) <= chart.scale.top * 0.0001
    assert pairs[chart.highest][0] == max(amount for amount, _ in pairs)


@given(POINTS)
def test_two_parts_stand_on_each_other_and_make_the_whole(pairs):
    chart = charts.stack(_points(pairs))
    assert chart
    for lower, upper, (amount, more) in zip(chart.bars, chart.before, pairs, strict=True):
        assert upper
        assert upper.y >= 0
        assert abs(upper.y + upper.height - lower.y) < 0.05
        assert (
            abs((upper.height + lower.height) / 100 * chart.scale.top - amount - (more or 0)) <= chart.scale.top * 0.001
        )


@given(POINTS)
def test_lines_stay_within_the_frame(pairs):
    chart = charts.line(_points(pairs))
    assert chart
    assert len(chart.dots) == len(pairs)
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in chart.dots)
    assert chart.path.count("L") == len(pairs) - 1


@given(st.lists(AMOUNTS, max_size=60))
def test_a_spark_stays_within_its_frame(amounts):
    drawn = charts.spark(amounts)
    numbers = [float(word) for word in drawn.replace("M", "").replace("L", "").split()]
    assert len(numbers) == 2 * len(amounts)
    assert all(0 <= number <= 100 for number in numbers)


@given(POINTS)
def test_lying_bars_keep_the_proportions(pairs):
    found = charts.rows(_points(pairs))
    most = max(max(one, last or 0) for one, last in pairs)
    assert all(0 <= row.share <= 100 and 0 <= (row.before or 0) <= 100 for row in found)
    for row, (amount, _) in zip(found, pairs, strict=True):
        assert abs(row.share - (amount / most * 100 if most else 0)) < 0.01


@given(POINTS)
def test_parts_make_the_whole(pairs):
    found = charts.parts(_points(pairs))
    whole = sum(amount for amount, _ in pairs)
    assert abs(sum(part.amount for part in found) - whole) <= whole * 1e-6
    if whole > 0:
        assert abs(sum(part.share for part in found) - 100) < 0.02 * len(pairs)
        assert all(part.start + part.share <= 100.02 for part in found)


@given(COUNTS)
def test_the_week_shows_every_hour_with_something_as_large_as_it_is(counts):
    found = charts.week(counts)
    assert sum(spot.amount for spot in found) == sum(counts.values())
    assert all(0 < spot.x < 100 and 0 < spot.y < 100 and spot.radius <= charts.DOT for spot in found)
    assert all(1 <= spot.level <= 4 for spot in found)
    for one, other in pairwise(sorted(found, key=lambda spot: spot.amount)):
        assert one.radius <= other.radius


def test_nothing_is_no_chart():
    assert charts.columns([]) is None
    assert charts.line([]) is None
    assert charts.parts([]) == []
    assert charts.week({}) == []


def test_numbers_as_people_write_them():
    assert [plain(one) for one in (0, 5, 12.5, 0.25, 1250, 1_200_000, 999.99)] == [
        *("0", "5", "12.5", "0.25", "1,250", "1,200,000", "999.99")
    ]
