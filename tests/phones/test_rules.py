"""Which phone is waited for, which one is worth a look, and which PINs are refused: pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.errors import Refused
from crew_app.phones.rules import GIVEN_UP, SILENT, Contact, Worry, awaited, check_pin, clock_error, worry

DEADLINE = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
GRACE = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
BEFORE, AFTER = DEADLINE - 20 * MINUTE, DEADLINE + 20 * MINUTE
MOMENTS = st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 24), timezones=st.just(UTC))  # noqa: DTZ001
CONTACTS = st.lists(st.builds(Contact, MOMENTS, st.integers(0, 3), st.integers(0, 2), signed_out=st.booleans()))


def wait(*contacts, at=DEADLINE + 30 * MINUTE, grace=GRACE):
    return awaited(DEADLINE, at, grace, contacts)


def test_a_phone_that_was_silent_since_before_the_deadline_is_waited_for():
    phone = Contact(BEFORE)
    assert wait(phone) == phone


def test_a_phone_that_was_heard_from_after_the_deadline_and_holds_nothing_brings_no_news():
    assert wait(Contact(AFTER)) is None


def test_a_phone_that_told_of_unsent_work_is_waited_for_whenever_it_was_heard():
    phone = Contact(AFTER, unsent=2)
    assert wait(phone) == phone


def test_what_was_refused_waits_for_a_person_and_not_for_the_phone():
    assert wait(Contact(AFTER, refused=2)) is None


def test_whoever_signed_out_with_nothing_left_brings_no_news():
    assert wait(Contact(BEFORE, signed_out=True)) is None


def test_whoever_signed_out_and_kept_something_may_bring_it():
    phone = Contact(BEFORE, unsent=1, signed_out=True)
    assert wait(phone) == phone


def test_somebody_without_a_phone_is_not_waited_for():
    assert wait() is None


def test_an_old_phone_in_a_drawer_does_not_count_beside_the_one_in_use():
    assert wait(Contact(BEFORE), Contact(AFTER)) is None


def test_an_old_phone_that_still_holds_something_does():
    old = Contact(BEFORE, unsent=1)
    assert wait(old, Contact(AFTER)) == old


def test_a_phone_that_was_silent_for_longer_than_a_week_is_given_up():
    at = DEADLINE + 30 * MINUTE
    assert wait(Contact(at - GIVEN_UP, unsent=1), at=at)
    assert wait(Contact(at - GIVEN_UP - MINUTE, unsent=1), at=at) is None


def test_nothing_is_waited_for_before_the_deadline_and_after_the_grace():
    phone = Contact(BEFORE, unsent=1)
    assert wait(phone, at=DEADLINE - MINUTE) is None
    assert wait(phone, at=DEADLINE) == phone
    assert wait(phone, at=DEADLINE + GRACE - MINUTE) == phone
    assert wait(phone, at=DEADLINE + GRACE) is None


def test_without_a_grace_everything_late_is_late_at_once():
    assert wait(Contact(BEFORE, unsent=1), grace=timedelta(0), at=DEADLINE) is None


@given(MOMENTS, CONTACTS)
def test_waiting_always_ends_and_is_for_one_of_the_phones(at, contacts):
    found = awaited(DEADLINE, at, GRACE, contacts)
    assert found is None or (found in contacts and DEADLINE <= at < DEADLINE + GRACE)
    assert found is None or found.unsent or (found.seen_at < DEADLINE and not found.signed_out)


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (Contact(DEADLINE), Worry.NONE),
        (Contact(DEADLINE, unsent=1), Worry.HOLDING),
        (Contact(DEADLINE, refused=1), Worry.HOLDING),
        (Contact(DEADLINE - SILENT - MINUTE), Worry.SILENT),
        (Contact(DEADLINE - SILENT - MINUTE, unsent=1, signed_out=True), Worry.SILENT),
        (Contact(DEADLINE - SILENT - MINUTE, signed_out=True), Worry.NONE),
        (Contact(DEADLINE - SILENT), Worry.NONE),
    ],
)
def test_what_is_worth_a_look(contact, expected):
    assert worry(contact, DEADLINE) is expected


@pytest.mark.parametrize(
    ("offset_ms", "error"),
    [
        (None, None),
        (0, None),
        (60_000, None),
        (-60_000, None),
        (240_000, timedelta(minutes=-4)),
        (-240_000, timedelta(minutes=4)),
        (3 * 86_400_000, timedelta(days=-3)),
    ],
)
def test_a_clock_that_is_off_by_more_than_a_minute_is_told(offset_ms, error):
    assert clock_error(offset_ms) == error


@pytest.mark.parametrize("pin", ["7293", "40817", "902746", "1235", "2580"])
def test_a_pin_without_order_is_taken(pin):
    check_pin(pin, "technician")


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "１２３４", "12 4", "-123", "٣٤٥٩", "729\n"])
def test_what_is_no_pin_at_all(pin):
    with pytest.raises(Refused) as refusal:
        check_pin(pin, "technician")
    assert refusal.value.code == "bad-pin"


@pytest.mark.parametrize(
    "pin",
    [
        *("0000", "1111", "1234", "4321", "0123", "7890", "8901", "2468", "123456", "987654"),
        *("1212", "1122", "1221", "123123", "727727", "5515", "1987", "2026"),
    ],
)
def test_what_is_tried_first_is_refused(pin):
    with pytest.raises(Refused) as refusal:
        check_pin(pin, "technician")
    assert refusal.value.code == "weak-pin"


def test_the_number_in_ones_own_log_in_name_is_refused():
    with pytest.raises(Refused):
        check_pin("7293", "dian7293")
