"""Flags of real visits: as they arrive, on the page, with remarks."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.places import actions as places
from crew_app.rounds.models import Run
from tests.support.client import UNKNOWN_ID, accepted, refused
from tests.support.counting import one, sql, statements
from tests.support.rounds import make_run, visiting

FRAME = "5a3c96e133551d2b"


@pytest.fixture
def run(app, world):
    return make_run(app, world)


def rules(app):
    return sorted(str(row[0]) for row in sql(app, "SELECT rule FROM visit_flags"))


def scanned(world, tag="room", **fields):
    at = datetime.now(UTC).isoformat()
    return visiting(tag=world.tags[tag], how="scan", scanned_at=at, **fields)


def visit(client, run, fields, stop="room", **options):
    accepted(client.send(f"/rounds/stops/{run[stop]}/visits", fields, **options), 201)


def test_a_scanned_visit_has_no_flag_and_one_without_a_scan_says_so(app, world, run, sign_in):
    visit(sign_in("technician"), run, scanned(world))
    assert rules(app) == []
    visit(sign_in("second"), run, visiting())
    assert rules(app) == ["not-scanned"]
    with app.app_context():
        assert session.get_one(Run, run["run"]).flag_count == 1


def test_what_is_left_out_is_not_judged(app, run, sign_in):
    path = f"/rounds/stops/{run['room']}/omissions"
    accepted(sign_in("technician").send(path, {"visit_id": str(new_id()), "reason": "locked"}), 201)
    assert rules(app) == []


def test_a_tag_of_what_stands_in_the_place_is_right_and_that_of_another_place_is_not(app, world, run, sign_in):
    visit(sign_in("technician"), run, scanned(world, "pump"))
    assert rules(app) == []
    visit(sign_in("second"), run, scanned(world, "store-room"))
    assert rules(app) == ["other-tag"]


def test_the_same_picture_again(app, world, run, sign_in):
    old = datetime.now(UTC) - timedelta(hours=3)
    worker = sign_in("technician")
    early = scanned(world, frame_hash=FRAME, reason="early") | {"scanned_at": old.isoformat()}
    visit(worker, run, early, made_at=old)
    visit(worker, run, scanned(world, frame_hash=FRAME))
    assert rules(app) == ["early", "same-frame"]


def test_the_same_numbers_again_where_others_vary(app, world, run, sign_in):
    worker, other = sign_in("technician"), sign_in("second")
    for number in range(9):
        visit(other, run, reading(world, f"0.{50 + number}"), "pump")
        visit(worker, run, reading(world, "0.61"), "pump")
    assert rules(app) == ["same-answers"] * 4


def reading(world, number):
    return scanned(world, "pump") | {"visit_id": str(new_id()), "c-pressure": number}


def test_a_visit_that_arrives_after_its_next_one_adds_the_flag_that_is_true(app, world, house_tag, sign_in):
    run = make_run(app, world, stops=STOPS)
    worker, at = sign_in("technician"), datetime.now(UTC) - timedelta(minutes=2)
    later = at + timedelta(seconds=2)
    for stop, tag, then in (("high", "room", later), ("house", "house", at)):
        fields = {"visit_id": str(new_id()), "tag": world.tags[tag], "how": "scan", "scanned_at": then.isoformat()}
        visit(worker, run, fields, stop, made_at=then)
    assert rules(app) == ["too-fast"]
    flagged = sql(
        app, "SELECT s.key FROM visit_flags f JOIN visits v ON v.id = f.visit_id JOIN run_stops s ON s.id = v.stop_id"
    )
    assert flagged == [("high",)]


def test_ways_that_look_right_are_learned_and_others_are_not(app, world, house_tag, sign_in):
    run = make_run(app, world, stops=STOPS)
    begin = datetime.now(UTC) - timedelta(minutes=4)
    for login, seconds, how in (("technician", 90, "scan"), ("second", 60, "typed")):
        for stop, tag, then in (("house", "house", begin), ("high", "room", begin + timedelta(seconds=seconds))):
            fields = {"visit_id": str(new_id()), "tag": world.tags[tag], "how": how, "scanned_at": then.isoformat()}
            visit(sign_in(login), run, fields, stop, made_at=then)
    assert [(str(row[0]).split(":")[0], row[1]) for row in sql(app, "SELECT samples, count FROM walk_times")] == [
        ("90", 1)
    ]


@pytest.fixture
def house_tag(app, world):
    with app.app_context(), write_transaction():
        world.tags["house"] = places.make_tag(world.place("north-building"), by=None, at=server_moment()).code


STOPS = [
    {"key": "house", "title": {"zh": "楼", "en": "House"}, "where": {"place": "north-B1"}, "checks": []},
    {"key": "high", "title": {"zh": "七楼", "en": "Seven"}, "where": {"place": "north-B1-701"}, "checks": []},
]


def test_judging_takes_as_many_queries_after_many_visits_as_after_one(app, world, run, sign_in):
    worker, asked = sign_in("technician"), []
    for number in range(12):
        with statements(app) as found:
            visit(worker, run, scanned(world, frame_hash=f"{0x1D2B5A3C96E13355 >> number | 1 << 62:016x}"))
        asked.append(len(found))
    assert max(asked[2:]) <= asked[1]


@pytest.fixture
def flag(app, run, sign_in):
    visit(sign_in("technician"), run, visiting())


def flag_path(app, what):
    return f"/rounds/flags/{UUID(str(one(app, 'SELECT id FROM visit_flags')))}/{what}"


def test_who_watches_sees_all_who_walks_their_own_and_others_none(app, flag, sign_in):
    for login, number in (("supervisor", 1), ("technician", 1), ("second", 0), ("outsider", 0), ("guard", 0)):
        page = sign_in(login).page("/rounds/flags")
        assert len(page.all("li", class_="row")) >= number
        assert ("没有扫" in page.text) is bool(number), login


def test_rates_and_filters(app, run, flag, sign_in, world):
    visit(sign_in("second"), run, scanned(world))
    boss = sign_in("supervisor")
    assert "50 %" in boss.page("/rounds/flags").text
    for query, shown in (("person", "technician"), ("person", "second")):
        text = boss.page(f"/rounds/flags?{query}={world.people[shown]}").text
        assert ("没有扫" in text) is (shown == "technician")
    assert "没有扫" not in boss.page("/rounds/flags?only=doubts").text
    assert "没有扫" not in boss.page(f"/rounds/flags?template={UNKNOWN_ID}").text
    assert "100 %" in sign_in("technician").page("/rounds/flags").text


def test_a_remark_of_whom_it_is_about_and_an_explanation_of_who_watches(app, flag, sign_in):
    accepted(sign_in("technician").send(flag_path(app, "remarks"), {"note": "标签掉了"}))
    refused(sign_in("second").send(flag_path(app, "remarks"), {"note": "x"}), 404, "unknown-flag")
    refused(sign_in("technician").send(flag_path(app, "explanations")), 403)
    boss = sign_in("supervisor")
    refused(boss.send(flag_path(app, "remarks"), {"note": " "}), 422, "words-missing")
    for _ in range(2):
        accepted(boss.send(flag_path(app, "explanations"), {"note": "已补贴"}))
    assert one(app, "SELECT COUNT(*) FROM flag_remarks") == 2
    page = boss.page("/rounds/flags").text
    assert "标签掉了" in page
    assert "0 %" in page
    refused(sign_in("outsider").send(flag_path(app, "explanations")), 404)
    refused(boss.send(f"/rounds/flags/{UNKNOWN_ID}/remarks", {"note": "x"}), 404)


def test_nobody_explains_their_own_flag(app, run, sign_in):
    boss = sign_in("supervisor")
    visit(boss, run, visiting())
    refused(boss.send(flag_path(app, "explanations"), {"note": "fine"}), 422, "own-flag")
