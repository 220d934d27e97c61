"""What to know before a door: nearest first, by the site's clock, kept with who changed what."""

from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.places.doors import Door, Doors, Written, is_between
from tests.support.client import accepted, refused, unseen
from tests.support.counting import sql
from tests.support.taken import revisions
from tests.support.tickets import make_ticket

ROOM, FLOOR = UUID(int=1), UUID(int=2)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.fixture
def door(world):
    return f"/places/{world.places['room']}/door"


def words(**more):
    return {"isolation": "接触隔离", "access": "先按铃", "contact": "护士站", "contact_phone": "8103"} | more


def test_what_is_nearer_counts_and_the_rest_holds_from_around():
    around = Door(isolation="飞沫", quiet_from=time(0), quiet_until=time(6), contact="总机", contact_phone="0")
    known = Doors([Written(FLOOR, "楼 / 七楼", around), Written(ROOM, "楼 / 七楼 / 701", Door(contact_phone="8103"))])
    found = known.of(ROOM, "楼 / 七楼 / 701")
    assert (found.isolation, found.quiet) == ("飞沫", "00:00–06:00")
    assert (found.contact, found.contact_phone) == ("", "8103")  # a number is not said to be somebody else's
    assert known.of(UUID(int=3), "楼 / 七楼 / 702") == around
    assert not known.of(UUID(int=4), "楼 / 七楼半 / 1")


@given(TIMES, TIMES, TIMES)
def test_a_moment_is_either_within_or_without(moment, begin, end):
    within, without = is_between(moment, begin, end), is_between(moment, end, begin)
    assert within != without or (begin == end and not within)
    assert not is_between(moment, begin, None)


def test_quiet_is_by_the_clock_of_the_site():
    door = Door(quiet_from=time(12), quiet_until=time(14))
    assert door.quiet_now(datetime(2026, 1, 5, 5, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    assert not door.quiet_now(datetime(2026, 1, 5, 13, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def test_it_stands_wherever_one_reads_before_going_in(app, world, sign_in, stranger, door):
    ticket = make_ticket(app, world, "open")
    accepted(sign_in("supervisor").send(door, words(quiet_from="00:00", quiet_until="23:59")))
    worker = sign_in("technician")
    for path in (f"/t/{world.tags['room']}", f"/t/{world.tags['pump']}", f"/tickets/{ticket}", door):
        assert "接触隔离" in worker.page(path).text, path
    assert "隔离" in worker.page("/tickets").text
    assert "安静至 23:59" in worker.page("/").text
    rows = worker.get("/sync/directory").get_json()["tags"]
    (row,) = [row for row in rows if row[0] == world.tags["pump"]]
    assert row[6:] == ["接触隔离", "00:00–23:59", "先按铃", "护士站", "8103"]
    assert "接触隔离" not in stranger.page(f"/t/{world.tags['room']}").text


def test_a_change_reaches_the_phones(app, world, sign_in, door):
    make_ticket(app, world, "open")
    elsewhere = make_ticket(app, world, "open", place="store-room")
    worker = sign_in("technician")
    before = revisions(worker)
    accepted(sign_in("supervisor").send(door, words()))
    changed = {url for url, revision in revisions(worker).items() if before[url] != revision}
    assert "/" in changed
    assert [url for url in changed if url.startswith("/tickets/")]
    assert f"/tickets/{elsewhere}" not in changed


def test_every_change_says_who_and_what_stood_there(app, world, sign_in, door):
    boss = sign_in("supervisor")
    accepted(boss.send(door, words()))
    accepted(boss.send(door, words(isolation="")))
    accepted(boss.send(door, words(isolation="")))  # nothing changes
    last = sql(app, "SELECT field, old, new FROM place_context_changes ORDER BY at DESC, id DESC")
    assert last[0] == ("isolation", "接触隔离", "")
    assert len(last) == 5
    assert "员工supervisor" in boss.page(door).text


def test_a_ward_writes_for_its_own_doors_only(world, sign_in, door):
    nurse = sign_in("requester")
    accepted(nurse.send(door, words()))
    assert "/door" in nurse.page(f"/t/{world.tags['room']}").html
    unseen(nurse.send(f"/places/{world.places['north-floor']}/door", words()))
    unseen(sign_in("contractor").get(door))
    unseen(sign_in("outsider").send(door, words()))
    refused(sign_in("technician").send(door, words()), 403, "may-not")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quiet_from": "12:00"}, "quiet-hours"),
        ({"quiet_from": "26:00", "quiet_until": "27:00"}, "time"),
        ({"contact_phone": "call me"}, "phone"),
        ({"isolation": "x" * 201}, "too-long"),
    ],
)
def test_what_cannot_be_is_refused_in_words(app, sign_in, door, changes, code):
    refused(sign_in("supervisor").send(door, words(**changes)), 422, code)
    assert sql(app, "SELECT COUNT(*) FROM place_contexts") == [(0,)]
