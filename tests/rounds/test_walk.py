"""Walking a run: checking in, answers, faults that become jobs, leaving out, ending, what arrives late."""

from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.rounds import templates
from crew_app.rounds.models import Answer, Finding, RoundTemplate, Run, Visit
from crew_app.rounds.reading import content
from crew_app.rounds.runs import close_overdue
from crew_app.tickets.models import Ticket
from tests.support.client import accepted, refused, unseen
from tests.support.counting import sql
from tests.support.keeping import decide
from tests.support.pictures import announcement, jpeg
from tests.support.rounds import document, make_run, state_of, visiting


@pytest.fixture
def ids(app, world):
    return make_run(app, world)


@pytest.fixture
def phone(sign_in):
    return sign_in("technician")


def visit(ids, key="room"):
    return f"/rounds/stops/{ids[key]}/visits"


def pressure(value, **fields):
    return {"visit_id": str(new_id()), "c-pressure": value, **fields}


def test_a_run_is_walked_from_the_first_stop_to_the_last(app, world, ids, phone):
    assert "水泵巡查" in phone.page("/").text
    page = phone.page(f"/rounds/runs/{ids['run']}")
    assert "门锁好" in page.text
    assert "0.4–0.8 MPa" in page.text
    assert (
        accepted(phone.send(visit(ids), visiting(tag=world.tags["room"], how="scan")), 201)
        == f"/rounds/runs/{ids['run']}"
    )
    assert state_of(app, ids["run"]) == ("walking", 1, 0)
    accepted(phone.send(visit(ids, "pump"), pressure("0.55")), 201)
    accepted(phone.send(visit(ids, "end"), {"visit_id": str(new_id())}), 201)
    assert state_of(app, ids["run"]) == ("done", 3, 0)
    with app.app_context():
        assert [one.how.value for one in session.query(Visit).order_by(Visit.id)] == ["scan", "tap", "tap"]
        assert (
            session.query(Answer).filter_by(check_key="pressure").one().number
            == session.query(Answer.number).filter_by(subject_id=world.assets["pump"]).scalar()
        )


def test_a_round_is_begun_without_a_plan_by_whoever_walks(app, world, ids, phone, sign_in):
    path, run_id = f"/rounds/templates/{ids['template']}/runs", new_id()
    assert path in phone.page(path.removesuffix("/runs")).response.get_data(as_text=True)
    assert accepted(phone.send(path, {"run_id": str(run_id)}), 201) == f"/rounds/runs/{run_id}"
    refused(phone.send(path, {"run_id": str(run_id)}), 422, "run-known")
    assert state_of(app, run_id) == ("due", 0, 0)
    with app.app_context():
        run = session.get_one(Run, run_id)
        assert (run.person_id, run.plan_id) == (world.people["technician"], None)
        assert run.closes_at - run.opens_at == timedelta(minutes=120)
    refused(sign_in("manager").send(path, {"run_id": str(new_id())}), 403, "may-not")
    unseen(sign_in("southerner").send(path, {"run_id": str(new_id())}))
    accepted(sign_in("supervisor").send(path.replace("/runs", "/retirement")))
    refused(phone.send(path, {"run_id": str(new_id())}), 422, "retired")


def test_the_last_reading_stands_beside_the_gauge_and_is_not_the_runs_own(app, world, ids, phone):
    accepted(phone.send(visit(ids, "pump"), pressure("0.51")), 201)
    assert "上次 0.51" not in phone.page(f"/rounds/runs/{ids['run']}").text
    run_id = new_id()
    accepted(phone.send(f"/rounds/templates/{ids['template']}/runs", {"run_id": str(run_id)}), 201)
    assert "上次 0.51" in phone.page(f"/rounds/runs/{run_id}").text
    accepted(phone.send(visit(ids, "pump"), pressure("0.77")), 201)
    assert "上次 0.77" in phone.page(f"/rounds/runs/{run_id}").text


def test_a_scan_finds_the_run(world, ids, phone):
    page = phone.page(f"/t/{world.tags['room']}")
    assert f"/rounds/runs/{ids['run']}?stop={ids['room']}" in page.response.get_data(as_text=True)
    shown = phone.page(f"/rounds/runs/{ids['run']}?stop={ids['room']}&tag={world.tags['room']}&how=scan")
    assert world.tags["room"] in shown.response.get_data(as_text=True)


def test_whoever_may_not_walk_or_see(ids, sign_in):
    refused(sign_in("manager").send(visit(ids), visiting()), 403, "may-not")
    unseen(sign_in("outsider").send(visit(ids), visiting()))
    unseen(sign_in("southerner").get(f"/rounds/runs/{ids['run']}"))
    assert sign_in("requester").get("/rounds").status_code == 403


def test_a_fault_becomes_a_job_and_the_same_fault_joins_it(app, world, ids, phone):
    first = pressure("0.2", **{"sure-pressure": "1", "t-pressure": "1", "n-pressure": "异响"})
    accepted(phone.send(visit(ids, "pump"), first), 201)
    with app.app_context():
        ticket = session.query(Ticket).one()
        assert (ticket.kind.value, ticket.asset_id) == ("hazard", world.assets["pump"])
        assert ticket.description == "出口压力：0.2 MPa（0.4~0.8 MPa）\n异响"
        assert ticket.resolution_due_at - ticket.opened_at == timedelta(days=7)
        path = f"/tickets/{ticket.id}"
    accepted(
        phone.send(
            visit(ids, "pump"), pressure("0.3", **{"sure-pressure": "1", "t-pressure": "1", "n-pressure": "又响"})
        ),
        201,
    )
    with app.app_context():
        assert session.query(Ticket).count() == 1
        assert [one.joined for one in session.query(Finding).order_by(Finding.id)] == [False, True]
    assert "0.3 MPa" in phone.page(path).text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("22.817002 108.366543 12.5", (22.817002, 108.366543, 12.5)),
        ("-33.9 -70.6 1500", (-33.9, -70.6, 1500.0)),
        ("91.0 0.0 5", None),
        ("nan nan nan", None),
        ("", None),
    ],
)
def test_the_position_is_kept_where_it_was_allowed_and_makes_sense(app, world, ids, phone, sent, kept):
    decide(app, world, position_days=30)
    accepted(phone.send(visit(ids), visiting(position=sent)), 201)
    with app.app_context():
        found = session.query(Visit).one()
        assert (found.latitude, found.longitude, found.accuracy) == (kept or (None, None, None))
    assert ("22.81700" in phone.page(f"/rounds/runs/{ids['run']}").text) is (sent.startswith("22.8"))


def test_a_fault_that_nobody_wants_as_a_job_is_only_a_fault(app, ids, phone):
    accepted(phone.send(visit(ids, "pump"), pressure("0.2", **{"sure-pressure": "1", "n-pressure": "漏"})), 201)
    with app.app_context():
        assert session.query(Ticket).count() == 0
        assert session.get_one(Run, ids["run"]).fault_count == 1


def test_a_job_is_never_made_of_what_is_in_order(app, ids, phone):
    accepted(phone.send(visit(ids, "pump"), pressure("0.5", **{"t-pressure": "1"})), 201)
    with app.app_context():
        assert session.query(Ticket).count() == 0


def test_an_opinion_becomes_a_job_with_a_date(app, ids, phone):
    accepted(phone.send(visit(ids), visiting(**{"c-wish": "请加装扶手"})), 201)
    with app.app_context():
        ticket = session.query(Ticket).one()
        assert ticket.description == "护士长意见：请加装扶手"
        assert ticket.resolution_due_at - ticket.opened_at == timedelta(days=3)


def test_a_fault_wants_its_photo(app, ids, phone):
    fields = visiting(**{"c-lamp": "fail", "t-lamp": "1"})
    refused(phone.send(visit(ids), fields), 422, "photo-missing")
    data = jpeg()
    shot = announcement(data)
    accepted(phone.send(visit(ids), {**fields, **shot, "photo_for": "lamp"}), 201)
    with app.app_context():
        ticket = session.query(Ticket).one()
        assert [str(one.photo_id) for one in ticket.photos] == [shot["photo_id"]]
    assert phone.send(f"/photos/{shot['photo_id']}/original", body=data).status_code == 200
    assert phone.get(f"/photos/{shot['photo_id']}/thumb").status_code == 200


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"c-door": ""}, "check-missing"),
        ({"c-door": "maybe"}, "nonsense"),
        ({"c-door": "no"}, "check-missing"),
        ({"c-lamp": "superb"}, "nonsense"),
    ],
)
def test_what_is_missing_or_makes_no_sense_is_named(app, ids, phone, fields, code):
    response = refused(phone.send(visit(ids), visiting(**fields)), 422, code)
    assert "“" in response
    assert state_of(app, ids["run"]) == ("due", 0, 0)


@pytest.mark.parametrize("value", ["abc", "1e9", "99999999999999", "0.00001", "--1", "NaN"])
def test_a_reading_must_be_a_number(ids, phone, value):
    refused(phone.send(visit(ids, "pump"), pressure(value)), 422, "number")


@pytest.mark.parametrize("value", ["0.55", "0,55", "０．５５", "0。55"])
def test_a_number_is_understood_as_any_keyboard_writes_it(app, ids, phone, value):
    accepted(phone.send(visit(ids, "pump"), pressure(value)), 201)


def test_outside_the_limits_it_is_asked_again_and_shown(app, ids, phone):
    refused(phone.send(visit(ids, "pump"), pressure("12")), 422, "beyond")
    refused(phone.send(visit(ids, "pump"), pressure("12", **{"sure-pressure": "1"})), 422, "beyond-photo")
    shot = {**announcement(jpeg()), "photo_for": "pressure", "sure-pressure": "1"}
    accepted(phone.send(visit(ids, "pump"), pressure("12", **shot)), 201)
    assert state_of(app, ids["run"]) == ("walking", 1, 0)
    told = sql(
        app, "SELECT login, urgent FROM notices n JOIN people p ON p.id = n.person_id WHERE title LIKE 'Outside%'"
    )
    assert {row[0] for row in told} >= {"supervisor", "foreman"}
    assert all(row[1] for row in told)


def test_conditions_ask_and_answers_nobody_asked_for_do_not_count(app, ids, phone):
    accepted(phone.send(visit(ids), visiting(**{"c-why": "x"})), 201)
    accepted(phone.send(visit(ids), visiting(**{"c-door": "no", "c-why": "钥匙不在"})), 201)
    with app.app_context():
        assert [one.value for one in session.query(Answer).filter_by(check_key="why")] == ["钥匙不在"]


def test_a_stop_is_left_out_only_with_a_reason(app, ids, phone):
    path = f"/rounds/stops/{ids['room']}/omissions"
    refused(phone.send(path, {"visit_id": str(new_id())}), 422, "words-missing")
    accepted(phone.send(path, {"visit_id": str(new_id()), "reason": "门诊占用"}), 201)
    assert "门诊占用" in phone.page(f"/rounds/runs/{ids['run']}").text


def test_before_its_time_only_with_a_reason(app, world, sign_in):
    ids, phone = make_run(app, world, starts=timedelta(hours=1)), sign_in("technician")
    refused(phone.send(visit(ids), visiting()), 422, "too-early")
    accepted(phone.send(visit(ids), visiting(reason="手术室要求")), 201)


def test_a_round_ends_early_with_a_reason_and_may_still_be_walked_on(app, ids, phone):
    accepted(phone.send(visit(ids), visiting()), 201)
    refused(phone.send(f"/rounds/runs/{ids['run']}/closure", {"reason": ""}), 422, "words-missing")
    accepted(phone.send(f"/rounds/runs/{ids['run']}/closure", {"reason": "抢修"}))
    assert state_of(app, ids["run"])[0] == "ended"
    for key, fields in (("pump", pressure("0.5")), ("end", {"visit_id": str(new_id())})):
        accepted(phone.send(visit(ids, key), fields), 201)
    assert state_of(app, ids["run"])[0] == "done"


def test_a_run_is_called_off_by_who_plans_it(app, ids, sign_in):
    path = f"/rounds/runs/{ids['run']}/cancellation"
    refused(sign_in("technician").send(path, {"reason": "停水"}), 403, "may-not")
    accepted(sign_in("supervisor").send(path, {"reason": "停水"}))
    assert state_of(app, ids["run"])[0] == "cancelled"
    accepted(sign_in("technician").send(visit(ids), visiting()), 201)  # whoever was there was there
    assert state_of(app, ids["run"])[:2] == ("ended", 1)


def test_the_same_visit_twice_is_one(app, ids, phone):
    key, fields = new_id(), visiting()
    accepted(phone.send(visit(ids), fields, key=key), 201)
    accepted(phone.send(visit(ids), fields, key=key), 201)
    refused(phone.send(visit(ids), fields), 422, "visit-known")
    with app.app_context():
        assert session.query(Visit).count() == 1


def close(app, at, *, awaited=False):
    with app.app_context(), write_transaction():
        return close_overdue(at, lambda _run: awaited)


def test_after_the_grace_stops_are_missed_but_not_before_and_not_while_a_phone_is_awaited(app, world, ids, sign_in):
    over = datetime.now(UTC) + timedelta(hours=2)
    assert close(app, over) == 0
    later = over + timedelta(minutes=20)
    assert close(app, later, awaited=True) == 0
    assert close(app, later) == 3
    assert state_of(app, ids["run"]) == ("missed", 0, 3)
    assert "水泵巡查" in sign_in("supervisor").page("/rounds").text


def test_what_was_done_in_time_and_arrives_after_the_alarm_counts(app, ids, phone):
    close(app, datetime.now(UTC) + timedelta(hours=3))
    accepted(phone.send(visit(ids), visiting()), 201)
    assert state_of(app, ids["run"]) == ("incomplete", 1, 2)
    accepted(phone.send(visit(ids, "pump"), pressure("0.5")), 201)
    accepted(phone.send(visit(ids, "end"), {"visit_id": str(new_id())}), 201)
    assert state_of(app, ids["run"]) == ("done", 3, 0)


def test_a_run_keeps_the_version_it_was_made_with(app, ids, phone):
    changed = document()
    changed["stops"][0]["checks"] = changed["stops"][0]["checks"][:1]
    with app.app_context(), write_transaction():
        template = session.get_one(RoundTemplate, ids["template"])
        templates.change(template, content(changed), by=None, at=server_moment())
    assert "灯具" in phone.page(f"/rounds/runs/{ids['run']}").text
    accepted(phone.send(visit(ids), visiting()), 201)
