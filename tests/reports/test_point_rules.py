"""The formula as a pure function: never below zero, better work never gets less, parts are the whole."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crew_app.reports.point_rules import Formula, Part, Why, Work, granted, helper_parts, owner_parts, total

PERCENT = st.integers(0, 200)
FORMULAS = st.builds(
    Formula,
    basic=st.integers(0, 1000),
    late_percent=PERCENT,
    sent_back_percent=PERCENT,
    repeat_percent=PERCENT,
    repeat_days=st.integers(1, 365),
    star_percent=PERCENT,
    helper_percent=PERCENT,
)
STARS = st.none() | st.decimals("1", "5", places=2)
WORKS = st.builds(
    Work, st.integers(0, 1000), late=st.booleans(), sent_back=st.integers(0, 9), came_back=st.booleans(), stars=STARS
)


@given(WORKS, FORMULAS)
def test_never_below_zero(work, formula):
    assert total(owner_parts(work, formula)) >= 0
    assert total(helper_parts(work, formula)) >= 0


@given(WORKS, FORMULAS)
def test_better_work_never_gets_less(work, formula):
    before = total(owner_parts(work, formula))
    better = [replace(work, late=False), replace(work, came_back=False), replace(work, sent_back=work.sent_back // 2)]
    if work.stars is not None:
        better.append(replace(work, stars=min(work.stars + 1, Decimal(5))))
    assert all(total(owner_parts(one, formula)) >= before for one in better)


@given(WORKS, FORMULAS)
def test_points_come_in_tenths_and_no_part_says_nothing(work, formula):
    parts = owner_parts(work, formula)
    assert parts[0] == Part(Why.JOB, Decimal(work.points))
    assert all(part.points and part.points == round(part.points, 1) for part in parts[1:])


@given(WORKS, FORMULAS, st.integers(0, 1000))
def test_a_granted_objection_comes_to_what_was_granted(work, formula, points):
    assert total(granted(owner_parts(work, formula), points)) == points


def test_as_the_page_explains_it():
    late = Work(10, late=True, sent_back=1, stars=Decimal(2))
    expected = {Why.JOB: 10, Why.LATE: -2, Why.SENT_BACK: -3, Why.STARS: -1}
    assert {part.why: int(part.points) for part in owner_parts(late, Formula())} == expected
    assert total(owner_parts(Work(10, stars=Decimal(5)), Formula())) == 12
    assert total(helper_parts(Work(10), Formula())) == 5
    worst = owner_parts(Work(10, late=True, sent_back=4), Formula())
    assert worst[-1].why is Why.FLOOR
    assert total(worst) == 0
