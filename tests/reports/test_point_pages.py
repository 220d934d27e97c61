"""Pages of points: whose rows one sees, objections from a phone, the sheet of a month."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, statements
from tests.support.money import MARCH, cells, on
from tests.support.tickets import make_ticket

MONTH = "2026-03"


@pytest.fixture
def jobs(app, world):
    """A verified job of the technician, and one of a colleague."""
    made = {owner: make_ticket(app, world, "verified", owner=owner, at=on(MARCH)) for owner in ("technician", "second")}
    return {owner: str(id_) for owner, id_ in made.items()}


def objecting(world, job, note="等了三天配件"):
    return {"site_id": world.sites["north"], "ticket_id": job, "note": note, "month": MONTH}


def test_people_see_their_own_rows_and_only_theirs(world, jobs, sign_in):
    mine = sign_in("technician").page(f"/reports/points/mine?month={MONTH}")
    assert jobs["technician"] in mine.html
    assert jobs["second"] not in mine.html
    assert "工单 +10" in mine.text
    for login in ("technician", "second", "supervisor", "administrator"):
        client = sign_in(login)
        for path in (
            "/reports/points",
            f"/reports/points/people/{world.people['second']}",
            "/reports/points/month.xlsx",
        ):
            assert client.get(path).status_code == 403, (login, path)


def test_whoever_settles_points_sees_everybody_of_their_site(world, jobs, sign_in):
    boss = sign_in("manager")
    page = boss.page(f"/reports/points?month={MONTH}")
    assert {"员工technician", "员工second"} <= set(page.text.split())
    assert jobs["second"] in boss.page(f"/reports/points/people/{world.people['second']}?month={MONTH}").html
    unseen(boss.get(f"/reports/points/people/{world.people['southerner']}"))
    other = sign_in("outsider")
    assert "员工technician" not in other.page(f"/reports/points?month={MONTH}").text
    unseen(other.get(f"/reports/points/people/{world.people['second']}"))


def test_an_objection_made_in_a_basement_arrives_later_and_is_answered(app, world, jobs, sign_in):
    worker, boss = sign_in("technician"), sign_in("manager")
    made = datetime.now(UTC) - timedelta(hours=3)
    fields = objecting(world, jobs["technician"])
    accepted(worker.send("/reports/points/objections", fields, made_at=made), 201)
    page = boss.page(f"/reports/points?month={MONTH}")
    id_ = UUID(str(one(app, "SELECT id FROM point_objections")))
    path = f"/reports/points/objections/{id_!s}/decision"
    assert path in page.actions
    refused(boss.send(path, {"decision": "granted", "points": "15", "note": ""}), 422, "words-missing")
    refused(boss.send(path, {"decision": "maybe", "note": "?"}), 422, "choice-missing")
    accepted(boss.send(path, {"decision": "granted", "points": "15", "note": "属实", "month": MONTH}))
    mine = worker.page(f"/reports/points/mine?month={MONTH}")
    assert {"属实", "15"} <= set(mine.text.replace("：", " ").split())
    refused(worker.send("/reports/points/objections", fields), 422, "objected")


def test_nobody_objects_for_others_or_decides_without_the_right(app, world, jobs, sign_in):
    worker = sign_in("technician")
    unseen(worker.send("/reports/points/objections", objecting(world, jobs["second"])))
    unseen(worker.send("/reports/points/objections", objecting(world, some_id())))
    accepted(worker.send("/reports/points/objections", objecting(world, jobs["technician"])), 201)
    id_ = UUID(str(one(app, "SELECT id FROM point_objections")))
    decision = {"decision": "declined", "note": "不"}
    refused(sign_in("supervisor").send(f"/reports/points/objections/{id_}/decision", decision), 403)
    unseen(sign_in("outsider").send(f"/reports/points/objections/{id_}/decision", decision))
    unseen(sign_in("second").send(f"/reports/points/objections/{id_}/withdrawal"))
    accepted(worker.send(f"/reports/points/objections/{id_}/withdrawal", {"month": MONTH}))


def test_the_formula_is_changed_and_explained(world, sign_in):
    boss, north = sign_in("manager"), world.sites["north"]
    names = ("late_percent", "sent_back_percent", "repeat_percent", "repeat_days", "star_percent", "helper_percent")
    fields = {"site_id": north, "basic": "20", **dict.fromkeys(names, "10")}
    accepted(boss.send("/reports/points/formula", fields))
    accepted(boss.send("/reports/points/job-points", {"site_id": north, "points-lamp": "7", "points-drain": ""}))
    page = boss.page("/reports/points/formula")
    assert "未设分值的按 20 分" in page.text
    assert "工单 +20 · 超时完成 −2" in page.text
    assert [found.get("value") for found in page.all("input", name="points-lamp")] == ["7"]
    refused(boss.send("/reports/points/formula", {**fields, "basic": "-1"}), 422, "number")
    refused(boss.send("/reports/points/job-points", {"site_id": north, "points-lamp": "7.5"}), 422, "number")


def test_a_month_is_settled_from_its_page(world, jobs, sign_in):
    boss, fields = sign_in("manager"), {"site_id": world.sites["north"], "month": MONTH}
    assert "/reports/points/months" in boss.page(f"/reports/points?month={MONTH}").actions
    accepted(boss.send("/reports/points/months", fields))
    assert "/reports/points/months" not in boss.page(f"/reports/points?month={MONTH}").actions
    refused(boss.send("/reports/points/months", fields), 422, "month-settled")


def test_the_sheet_has_every_row_and_the_total(jobs, sign_in):
    response = sign_in("manager").get(f"/reports/points/month.xlsx?month={MONTH}")
    head, *lines, last = cells(response)
    assert len(lines) == 2
    assert (last[0], last[-1]) == ("合计", sum(line[-1] for line in lines)) == ("合计", 20)
    assert "工单 +10" in lines[0][-2]
    assert len(head) == 12


def test_more_jobs_need_no_more_statements(app, world, jobs, sign_in):
    boss = sign_in("manager")
    boss.page(f"/reports/points?month={MONTH}")
    with statements(app) as few:
        boss.page(f"/reports/points?month={MONTH}")
    for day in range(2, 8):
        make_ticket(app, world, "verified", at=on(MARCH, day))
    with statements(app) as many:
        boss.page(f"/reports/points?month={MONTH}")
    assert len(many) <= len(few) <= 22


def test_without_a_network_an_objection_leads_to_the_page_that_is_there(jobs, sign_in):
    """A phone has the page under the address it was opened by, and under no other."""
    path = "/reports/points/mine?month=2026-03"
    forms = sign_in("technician").page(path).all("form", action="/reports/points/objections")
    assert {form.get("data-next") for form in forms} == {path}
