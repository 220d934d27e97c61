"""Phones whose clocks are wrong by days: time is corrected, doubt is shown, and the order stays the server's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.support.client import accepted
from tests.support.counting import sql
from tests.support.tickets import make_ticket, report_fields

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
OFF = [timedelta(days=-3), timedelta(hours=-2), timedelta(hours=2), timedelta(days=3)]
STORY = (
    "SELECT verb, note, at, received_at, clock_suspect, offset_ms FROM ticket_events"
    " WHERE verb <> 'assign' ORDER BY position"
)
DOUBT = "Phone clock doubtful"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def ticket(clock, app, world):
    return make_ticket(app, world, "accepted", at=NOON - timedelta(hours=1))


def say(client, ticket, words, off, *, ago=timedelta(0), now=NOON):
    """A note written `ago` before it is sent, on a phone whose clock is off."""
    phone = now + off
    accepted(client.send(f"/tickets/{ticket}/notes", {"note": words}, made_at=phone - ago, sent_at=phone))


def notes(app):
    return [row for row in sql(app, STORY) if row[0] == "note"]


def in_words(at):
    return at.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize("off", OFF, ids=str)
def test_a_wrong_clock_is_measured_corrected_kept_and_shown(clock, app, sign_in, ticket, off):
    say(sign_in("technician"), ticket, "量过", off, ago=10 * MINUTE)
    ((_, _, at, received_at, suspect, offset_ms),) = notes(app)
    assert str(at).startswith(in_words(NOON - 10 * MINUTE))
    assert str(received_at).startswith(in_words(NOON))
    assert suspect
    assert offset_ms == round(-off / timedelta(milliseconds=1))
    page = sign_in("supervisor", language="en").page(f"/tickets/{ticket}")
    assert page.text.count(DOUBT) == 1
    assert "The phone said" in page.text


def test_a_right_clock_is_not_doubted(clock, app, sign_in, ticket):
    say(sign_in("technician"), ticket, "准时", timedelta(seconds=20), ago=10 * MINUTE)
    assert DOUBT not in sign_in("supervisor", language="en").page(f"/tickets/{ticket}").text


def test_three_phones_three_clocks_one_order(clock, app, sign_in, ticket):
    """The story stands in the order in which the server heard it, whatever the three phones believe."""
    for number, (login, off) in enumerate(
        [("technician", timedelta(days=3)), ("second", timedelta(days=-3)), ("supervisor", timedelta(0))]
    ):
        now = NOON + number * MINUTE
        clock.move_to(now)
        say(sign_in(login), ticket, f"第{number}条", off, now=now)
    assert [row[1] for row in notes(app)] == ["第0条", "第1条", "第2条"]
    times = [str(row[2]) for row in notes(app)]
    assert times == sorted(times)
    text = sign_in("supervisor", language="en").page(f"/tickets/{ticket}").text
    assert text.index("第2条") < text.index("第1条") < text.index("第0条")
    assert text.count(DOUBT) == 2


@pytest.mark.parametrize("off", [timedelta(days=-3), timedelta(days=3)], ids=str)
def test_changes_of_state_from_wrong_clocks_follow_one_another(clock, app, sign_in, ticket, off):
    client = sign_in("technician")
    for resource, fields in (("hold", {"reason": "material"}), ("resumption", {}), ("completion", {})):
        phone = clock_now() + off
        accepted(client.send(f"/tickets/{ticket}/{resource}", fields, made_at=phone, sent_at=phone))
        clock.shift(30 * MINUTE)
    rows = sql(app, STORY)
    assert [row[0] for row in rows] == ["open", "accept", "hold", "resume", "finish"]
    times = [str(row[2]) for row in rows]
    assert times == sorted(times)
    paused = sql(app, "SELECT paused_seconds, finished_at FROM tickets")
    assert paused[0][0] == 30 * 60
    assert str(paused[0][1]).startswith(in_words(NOON + 60 * MINUTE))


def test_a_clock_set_right_between_writing_and_sending_cannot_jump_ahead(clock, app, sign_in, ticket):
    """Written three days ahead, sent by the right clock: it counts from its receipt, and is doubted."""
    client = sign_in("technician")
    path = f"/tickets/{ticket}/completion"
    accepted(client.send(path, made_at=NOON + timedelta(days=3), sent_at=NOON))
    *_, last = sql(app, STORY)
    assert str(last[2]).startswith(in_words(NOON))
    assert last[4]


def test_a_clock_set_right_between_writing_and_sending_cannot_jump_back(clock, app, sign_in, ticket):
    """Written three days behind, sent by the right clock: never before what it follows, and doubted."""
    client = sign_in("technician")
    accepted(client.send(f"/tickets/{ticket}/completion", made_at=NOON - timedelta(days=3), sent_at=NOON))
    rows = sql(app, STORY)
    assert str(rows[-1][2]) >= str(rows[-2][2])
    assert rows[-1][4]


@pytest.mark.parametrize("off", [timedelta(days=-3), timedelta(days=3)], ids=str)
def test_deadlines_run_in_our_time(clock, app, world, sign_in, off):
    """Reported in the basement an hour before it was sent: the two hours to answer began then, by our clock."""
    phone = NOON + off
    fields = report_fields(world)
    answer = sign_in("guard").send("/tickets", fields, made_at=phone - timedelta(hours=1), sent_at=phone)
    accepted(answer, 201)
    ((opened, due),) = sql(app, "SELECT opened_at, response_due_at FROM tickets")
    assert str(opened).startswith(in_words(NOON - timedelta(hours=1)))
    assert str(due).startswith(in_words(NOON + timedelta(hours=1)))


def clock_now():
    return datetime.now(UTC)
