"""An emergency: one touch, the roster is called, steps with clocks, the log, the report; drills and false alarms."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DatabaseError

from crew_app.core.db import db, write_transaction
from crew_app.emergencies import calling, queries
from crew_app.people.rules import Trade
from crew_app.roster.models import Duty
from crew_app.web import jobs
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.pictures import announcement, camera_jpeg
from tests.support.service import bring_playbooks, learn, on_duty, starting

STEPS = ("talk", "medical", "landing", "there", "off", "out", "care", "stop")


def ago(**span):
    return datetime.now(UTC) - timedelta(**span)


def entry(**more):
    return {"entry_id": some_id()} | more


@pytest.fixture
def books(app, world):
    learn(app, world, "second", Trade.LIFT)
    learn(app, world, "technician", Trade.LIFT)
    return bring_playbooks(app, world)


def begin(client, world, playbook, made_at=None, **more):
    form, options = starting(world, playbook, **more), {"made_at": made_at} if made_at else {}
    return accepted(client.send("/emergencies", form, **options), 201)


def test_one_touch_opens_the_ticket_starts_the_clock_and_calls_the_roster(app, world, sign_in, books):
    on_duty(app, world, "second", "supervisor", "guard")
    path = begin(sign_in("requester"), world, books["lift"], ago(minutes=7))
    assert sql(app, "SELECT kind, priority, number LIKE 'SJ-%' FROM tickets WHERE kind = 'incident'") == [
        ("incident", 1, 1)
    ]
    called = {row[0] for row in sql(app, "SELECT p.login FROM emergency_calls c JOIN people p ON p.id = c.person_id")}
    assert {"second", "supervisor", "guard"} <= called
    assert sql(app, "SELECT DISTINCT topic, urgent FROM notices WHERE href LIKE '/emergencies/%'") == [("emergency", 1)]
    page = sign_in("requester").page(path)
    assert "被困" in page.text
    assert "data-since" in page.response.get_data(as_text=True)
    assert "电梯困人" in sign_in("second").page("/").text  # above everything else, for whoever is called
    unseen(sign_in("outsider").get(path))


def test_whoever_comes_first_has_the_ticket_and_the_first_on_the_spot_is_counted_from_the_call(
    app, world, sign_in, books
):
    on_duty(app, world, "second", "technician")
    path = begin(sign_in("guard"), world, books["lift"], ago(minutes=20))
    accepted(sign_in("second").send(f"{path}/answers", entry(answer="on_way"), made_at=ago(minutes=18)))
    accepted(sign_in("second").send(f"{path}/answers", entry(answer="there"), made_at=ago(minutes=12)))
    assert one(app, "SELECT p.login FROM tickets t JOIN people p ON p.id = t.owner_id") == "second"
    for key in STEPS:
        accepted(sign_in("second").send(f"{path}/steps", entry(step_key=key), made_at=ago(minutes=5)))
    report = accepted(sign_in("guard").send(f"{path}/closure", {"note": "三人安全"}))
    text = sign_in("supervisor").page(report).text
    assert "8 分钟" in text  # first there
    assert "15 分钟" in text  # out
    assert one(app, "SELECT state FROM tickets WHERE kind = 'incident'") == "finished"  # somebody else verifies
    refused(sign_in("guard").send(f"{path}/closure", {"note": "再"}), 422, "wrong-state")


def test_who_does_not_answer_is_called_again_and_so_is_the_next_one(app, world, sign_in, books):
    on_duty(app, world, "second")
    on_duty(app, world, "technician", duty=Duty.ON_CALL)
    path = begin(sign_in("requester"), world, books["lift"])
    before = one(app, "SELECT COUNT(*) FROM emergency_calls")
    with app.app_context():
        assert jobs.call_again(app.config["SETTINGS"], datetime.now(UTC) + timedelta(minutes=1)) == 0
        assert jobs.call_again(app.config["SETTINGS"], datetime.now(UTC) + timedelta(minutes=4)) > 0
    assert one(app, "SELECT MAX(times) FROM emergency_calls") == 2
    assert int(str(one(app, "SELECT COUNT(*) FROM emergency_calls"))) >= int(str(before))
    accepted(sign_in("second").send(f"{path}/answers", entry(answer="cannot")))
    answers = sql(app, "SELECT p.login, c.answer FROM emergency_calls c JOIN people p ON p.id = c.person_id")
    assert ("second", "cannot") in answers
    assert "technician" in {login for login, _ in answers}
    page = sign_in("supervisor").page(path).text
    assert "尚未应答" in page


def test_whoever_has_a_step_is_among_those_who_may_be_called(app, world, sign_in, books):
    path = begin(sign_in("requester"), world, books["burst"])
    with app.app_context():
        found = queries.locked(UUID(path.rsplit("/", 1)[1]))
        assert {call.who.value for call in found.calls} >= {"leader", "guard", "plumbing"}
        assert all(calling.candidates(found.site_id, call.who, datetime.now(UTC)) for call in found.calls)


def test_a_step_may_be_left_out_with_a_reason_taken_back_and_done_after_all(world, sign_in, books):
    path, boss = begin(sign_in("supervisor"), world, books["lift"]), sign_in("supervisor")
    refused(boss.send(f"{path}/omissions", entry(step_key="medical")), 422, "words-missing")
    accepted(boss.send(f"{path}/omissions", entry(step_key="medical", note="无病人")))
    assert "无病人" in boss.page(path).text
    accepted(boss.send(f"{path}/mistakes", entry(step_key="medical")))
    accepted(boss.send(f"{path}/steps", entry(step_key="medical")))
    refused(boss.send(f"{path}/steps", entry(step_key="none-such")), 422, "unknown-step")
    refused(boss.send(f"{path}/closure", {}), 422, "words-missing")  # steps are open


def test_a_running_emergency_keeps_its_version(app, world, sign_in, books):
    boss = sign_in("supervisor")
    path = begin(boss, world, books["lift"])
    book = f"/playbooks/{books['lift']}"
    rows: dict[str, Any] = {"step_key": ["", ""], "step_name": ["先打电话", "再看"], "step_name_en": ["", ""]}
    rows |= {"step_who": ["leader", "lift"], "step_minutes": ["1", "2"], "step_ends": ["1"], "name": "新预案"}
    accepted(boss.send(f"{book}/versions", rows))
    assert "先打电话" not in boss.page(path).text
    assert "先打电话" in boss.page(begin(boss, world, books["lift"])).text
    assert one(app, "SELECT COUNT(*) FROM playbook_versions WHERE playbook_id = :id", id=books["lift"].hex) == 2
    refused(boss.send(f"{book}/versions", rows | {"step_minutes": ["x", "2"]}), 422, "number")
    refused(boss.send(f"{book}/versions", rows | {"step_name": ["", ""]}), 422, "steps-missing")
    assert sign_in("technician").get("/playbooks").status_code == 403


def test_a_false_alarm_needs_a_reason_and_counts_nowhere(app, world, sign_in, books):
    path, nurse = begin(sign_in("requester"), world, books["lift"]), sign_in("requester")
    refused(nurse.send(f"{path}/false-alarm", {}), 422, "words-missing")
    refused(sign_in("technician").send(f"{path}/false-alarm", {"note": "误报"}), 403)
    accepted(nurse.send(f"{path}/false-alarm", {"note": "误按"}))
    assert one(app, "SELECT state FROM tickets WHERE kind = 'incident'") == "cancelled"
    assert "误按" in sign_in("supervisor").page(f"{path}/report").text
    accepted(sign_in("technician").send(f"{path}/steps", entry(step_key="talk")))  # a fact is never refused


def test_a_drill_is_marked_is_not_urgent_and_becomes_a_training_with_its_headcount(app, world, sign_in, books):
    boss = sign_in("supervisor")
    refused(sign_in("technician").send("/emergencies", starting(world, books["lift"], drill="1")), 403)
    path = begin(boss, world, books["lift"], drill="1")
    assert "演练" in boss.page(path).text
    assert one(app, "SELECT COUNT(*) FROM notices WHERE urgent = 1") == 0
    refused(boss.send(f"{path}/closure", {"note": "完"}), 422, "headcount")
    accepted(boss.send(f"{path}/closure", {"note": "集合慢", "headcount": "17"}))
    assert sql(app, "SELECT kind, topic FROM trainings") == [("drill", "电梯困人")]
    assert one(app, "SELECT headcount FROM training_records") == 17
    assert one(app, "SELECT state FROM tickets WHERE kind = 'incident'") == "cancelled"


def test_words_and_photos_go_into_a_log_that_nobody_changes(app, world, sign_in, books):
    path, worker = begin(sign_in("supervisor"), world, books["lift"]), sign_in("technician")
    fields = announcement(camera_jpeg())
    accepted(worker.send(f"{path}/entries", entry(note="轿厢在 5 至 6 楼之间") | fields))
    refused(worker.send(f"{path}/entries", entry(note="")), 422, "words-missing")
    assert "轿厢在 5 至 6 楼之间" in worker.page(path).text
    assert one(app, "SELECT COUNT(*) FROM ticket_photos WHERE role = 'scene'") == 1
    with app.app_context(), pytest.raises(DatabaseError, match="append-only"), write_transaction():
        db.session.execute(db.text("UPDATE emergency_entries SET note = ''"))


def test_steps_recorded_without_a_network_count_by_their_own_time(app, world, sign_in, books):
    path, worker = begin(sign_in("supervisor"), world, books["lift"], ago(minutes=50)), sign_in("technician")
    accepted(worker.send(f"{path}/steps", entry(step_key="out"), made_at=ago(minutes=2)))
    accepted(sign_in("second").send(f"{path}/steps", entry(step_key="out"), made_at=ago(minutes=30)))
    with app.app_context():
        found = queries.locked(UUID(path.rsplit("/", 1)[1]))
        assert queries.outcome(found, datetime.now(UTC)).ended == 20  # the earlier one, from the call


def test_the_same_touch_twice_is_one_emergency(app, world, sign_in, books):
    form, key = starting(world, books["fire"]), some_id()
    for _ in range(2):
        accepted(sign_in("guard").send("/emergencies", form, key=key), 201)
    assert one(app, "SELECT COUNT(*) FROM emergencies") == 1
    refused(sign_in("guard").send("/emergencies", form | {"where": ""}), 422, "where-missing")


def test_the_manifest_takes_what_goes_on_along(world, sign_in, books):
    path = begin(sign_in("supervisor"), world, books["lift"])
    urls = [url for url, _ in sign_in("technician").get("/sync/manifest").get_json()["pages"]]
    assert {"/emergencies", "/emergencies/new", path, "/deliveries"} <= set(urls)
