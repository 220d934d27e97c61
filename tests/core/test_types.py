"""Columns: times stay aware and exact, decimals stay exact."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from crew_app.core.types import MONEY, QUANTITY, Fixed, UtcDateTime

DIALECTS = [sqlite.dialect(), postgresql.dialect()]
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zones are drawn


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(at=TIMES)
def test_a_time_comes_back_as_the_same_moment_in_utc(dialect, at):
    column = UtcDateTime()
    back = column.process_result_value(column.process_bind_param(at, dialect), dialect)
    assert back == at
    assert back is not None
    assert back.tzinfo is UTC


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_time_without_zone_is_refused(dialect):
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001 - that is the mistake


def test_postgresql_times_in_another_zone_come_back_in_utc():
    eastern = timezone(timedelta(hours=8))
    back = UtcDateTime().process_result_value(datetime(2026, 3, 1, 8, tzinfo=eastern), postgresql.dialect())
    assert back == datetime(2026, 3, 1, tzinfo=UTC)
    assert back is not None
    assert back.tzinfo is UTC


@pytest.mark.parametrize("column", [UtcDateTime(), QUANTITY])
def test_nothing_stays_nothing(column):
    assert column.process_bind_param(None, sqlite.dialect()) is None
    assert column.process_result_value(None, sqlite.dialect()) is None


@given(st.integers(-(10**15), 10**15), st.sampled_from([QUANTITY, MONEY]))
def test_decimals_with_the_places_of_the_column_come_back_exactly(whole, column):
    value = Decimal(whole).scaleb(-column.places)
    stored = column.process_bind_param(value, sqlite.dialect())
    assert isinstance(stored, int)
    assert column.process_result_value(stored, sqlite.dialect()) == value


@given(st.lists(st.decimals(-1000, 1000, places=3), max_size=20))
def test_sums_of_stored_numbers_are_exact(values):
    dialect = sqlite.dialect()
    stored = [QUANTITY.process_bind_param(value, dialect) or 0 for value in values]
    assert QUANTITY.process_result_value(sum(stored), dialect) == sum(values, Decimal(0))


def test_more_places_are_rounded_half_up():
    dialect = sqlite.dialect()
    assert Fixed(3).process_bind_param(Decimal("0.0005"), dialect) == 1
    assert Fixed(3).process_bind_param(Decimal("0.00049"), dialect) == 0
