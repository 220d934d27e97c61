"""Dates and amounts: when a department is counted again, what a thing is still worth, what is typed as yuan."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.errors import Refused
from crew_app.fixed_assets.forms import parse_card, yuan
from crew_app.fixed_assets.rules import limit_of, months_after, next_count, worth

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
VALUES = st.decimals(0, 10_000_000, places=2)


@given(DAYS, st.integers(0, 240))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and months_after(day, months + 1).day >= later.day)


def test_a_department_is_counted_every_half_year():
    assert next_count(date(2026, 8, 31), date(2026, 9, 1)) == date(2027, 2, 28)
    assert next_count(None, date(2026, 9, 1)) == date(2026, 9, 1)


@given(VALUES, DAYS, st.integers(1, 60), DAYS, DAYS)
def test_worth_falls_from_the_value_to_nothing_and_never_rises(value, bought, years, one, other):
    early, late = sorted((one, other))
    assert 0 <= worth(value, bought, years, late) <= worth(value, bought, years, early) <= value
    assert worth(value, bought, years, bought) == value
    assert worth(value, bought, years, months_after(bought, years * 12)) == 0


def test_without_years_or_a_day_of_purchase_nothing_is_written_down():
    assert worth(Decimal(900), None, 5, date(2026, 1, 1)) == 900
    assert worth(Decimal(900), date(2000, 1, 1), None, date(2026, 1, 1)) == 900


@pytest.mark.parametrize(
    ("typed", "found"), [("0", "0"), ("12.5", "12.5"), ("1,280.00", "1280"), ("1，280", "1280"), (" 500 ", "500")]
)
def test_yuan_are_read_as_people_write_them(typed, found):
    assert yuan({"value": typed}, "value") == Decimal(found)


@pytest.mark.parametrize(
    "typed", ["", "-1", "1e9", "NaN", "1.234", "1,2", "十元", "999999999", "9" * 50, "１２", "\u0661"]
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(Refused):
        yuan({"value": typed}, "value")


@pytest.mark.parametrize(
    "field", [("years", "0"), ("years", "101"), ("years", "-3"), ("years", "²"), ("bought_on", "x")]
)
def test_absurd_years_and_days_are_refused(field):
    with pytest.raises(Refused):
        parse_card({"number": "1", "value": "1", field[0]: field[1]})


def test_the_limit_is_the_sites_own_where_it_has_one():
    class Site:
        write_off_limit = Decimal(800)

    assert limit_of(Site()) == 800
    assert limit_of(object()) == 500
