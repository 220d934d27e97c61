"""Corrected time: device time plus measured offset, never after the receipt, and flagged when not to be believed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.clock import OLDEST, SLACK, SUSPECT_OFFSET, moment, server_moment

RECEIVED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ANY_TIME = st.datetimes(timezones=st.just(UTC))
PRESENT = st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WAITED = st.timedeltas(timedelta(0), OLDEST - timedelta(seconds=1))
OFFSETS = st.timedeltas(timedelta(days=-3000), timedelta(days=3000))


@given(PRESENT, st.none() | ANY_TIME, st.none() | ANY_TIME)
def test_no_clock_whatsoever_puts_a_moment_after_its_receipt(received, made, sent):
    found = moment(received, made, sent)
    assert found.at <= found.received_at == received
    assert found.at >= received - OLDEST
    assert found.device_at == made


@given(WAITED, OFFSETS)
def test_a_wrong_clock_is_corrected_exactly(waited, offset):
    made = RECEIVED - offset - waited
    found = moment(RECEIVED, made, made + waited)
    assert found.at == RECEIVED - waited
    assert found.offset == offset
    assert found.device_at == made


@given(WAITED, OFFSETS)
def test_a_clock_wrong_by_more_than_an_hour_is_flagged_and_no_other(waited, offset):
    made = RECEIVED - offset - waited
    assert moment(RECEIVED, made, made + waited).suspect == (abs(offset) > SUSPECT_OFFSET)


@given(st.timedeltas(SLACK + timedelta(milliseconds=1), timedelta(days=400)))
def test_made_after_it_was_sent_counts_from_the_receipt_and_is_flagged(ahead):
    found = moment(RECEIVED, RECEIVED + ahead, RECEIVED)
    assert found.at == RECEIVED
    assert found.suspect
    assert found.device_at == RECEIVED + ahead


@given(st.timedeltas(timedelta(0), SLACK))
def test_a_moment_slightly_ahead_is_an_ordinary_one(ahead):
    found = moment(RECEIVED, RECEIVED + ahead, RECEIVED)
    assert found.at == RECEIVED
    assert not found.suspect


@given(st.timedeltas(OLDEST + timedelta(seconds=1), timedelta(days=4000)))
def test_older_than_receipts_are_kept_counts_from_the_receipt_and_is_flagged(waited):
    found = moment(RECEIVED, RECEIVED - waited, RECEIVED)
    assert found.at == RECEIVED
    assert found.suspect


@given(st.integers(-(10**11), 10**11))
def test_offsets_are_told_in_milliseconds(milliseconds):
    there = RECEIVED - timedelta(milliseconds=milliseconds)
    assert moment(RECEIVED, there, there).offset_ms == milliseconds


def test_a_device_without_a_clock_has_no_offset():
    found = moment(RECEIVED, None, RECEIVED)
    assert (found.at, found.received_at, found.device_at, found.offset_ms) == (RECEIVED, RECEIVED, None, None)
    assert not found.suspect


def test_a_device_that_does_not_say_when_it_sent_is_taken_at_its_word():
    found = moment(RECEIVED, RECEIVED - timedelta(minutes=3), None)
    assert found.at == RECEIVED - timedelta(minutes=3)
    assert found.offset_ms == 0


def test_the_server_itself_is_its_own_receipt():
    found = server_moment(RECEIVED)
    assert found.at == found.received_at == RECEIVED
    assert server_moment().at.tzinfo is UTC
