"""Requests for issue: a ward asks within its month, somebody else approves, nothing is approved by oneself."""

from decimal import Decimal

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.rules import Role
from crew_app.places.models import Department
from crew_app.storeroom.ward_models import DepartmentLimit
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.tickets import make_ticket


def wish(world, lines=(("tube", "3"),), **more):
    fields = {
        "slip_id": str(new_id()),
        "line_item": [str(world.items[name]) for name, _ in lines],
        "line_quantity": [quantity for _, quantity in lines],
    }
    return fields | more


def for_ward(world, *lines, **more):
    return wish(world, lines or (("tube", "3"),), department_id=str(world.departments["ward"]), **more)


def granting(world, *lines, **more):
    return {
        "line_item": [str(world.items[name]) for name, *_ in lines],
        "line_granted": [granted for _, granted, *_ in lines],
        "line_reason": [(reason or [""])[0] for _, _, *reason in lines],
    } | more


def state(app, request_id):
    found = sql(app, "SELECT state FROM slips WHERE id = :id OR id = :hex", id=str(request_id), hex=request_id.hex)
    return found[0][0]


def limited(app, world, yuan):
    with app.app_context(), write_transaction():
        ward = session.get_one(Department, world.departments["ward"])
        session.add(DepartmentLimit(department_id=ward.id, site_id=ward.site_id, monthly=Decimal(yuan)))


@pytest.fixture
def request_id(world):
    return world.requests["ward"]


@pytest.fixture
def path(request_id):
    return f"/stock/requests/{request_id}"


def test_a_head_nurse_asks_for_her_ward_and_sees_how_it_stands(world, sign_in):
    nurse = sign_in("requester")
    page = nurse.page("/stock/requests/new")
    assert "LED灯管" in page.text
    assert "角阀" not in page.text  # not for wards
    location = accepted(nurse.send("/stock/requests", for_ward(world, ("tube", "0"), ("cable", "4"))), 201)
    shown = nurse.page(location).text
    assert "电缆" in shown
    assert "LED灯管" not in shown  # what was left at nothing is not asked for
    assert nurse.page("/stock/requests").text.count("LY-") == 2
    assert "/stock/requests" in nurse.page("/").html
    assert "/stock/requests" in nurse.page("/more").html


def test_last_month_is_where_she_starts(world, sign_in):
    counts = [i for i in sign_in("requester").page("/stock/requests/new").all("input") if i.get("data-last")]
    assert sorted(i.get("data-last") for i in counts) == ["0", "2"]


def test_whoever_asks_for_no_ward_is_told_what_to_do(app, world, sign_in):
    with app.app_context(), write_transaction():
        people.set_roles(world.person("guard"), world.sites["north"], [Role.REQUESTER])
    page = sign_in("guard").page("/stock/requests/new")
    assert "/stock/requests" not in page.actions
    refused(sign_in("guard").send("/stock/requests", wish(world)), 422, "no-department")


def test_nobody_asks_for_somebody_elses_ward(app, world, sign_in):
    for login in ("technician", "outsider"):
        refused(sign_in(login).send("/stock/requests", for_ward(world)), 404)
    assert one(app, "SELECT COUNT(*) FROM slips WHERE kind = 'request'") == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("valve", "1")], "not-requestable"),
        ([("tube", "-1")], "quantity"),
        ([("tube", "1e9")], "quantity"),
        ([("tube", "999999")], "quantity"),
        ([("tube", "0")], "nothing"),
        ([], "nothing"),
    ],
)
def test_what_a_ward_cannot_ask_for(app, world, sign_in, lines, code):
    fields = wish(world, lines, department_id=str(world.departments["ward"]))
    refused(sign_in("requester").send("/stock/requests", fields), 422, code)
    assert one(app, "SELECT COUNT(*) FROM slips WHERE kind = 'request'") == 1


def test_an_unknown_item_is_not_found(world, sign_in):
    refused(sign_in("requester").send("/stock/requests", for_ward(world) | {"line_item": some_id()}), 404)


def test_the_crew_asks_for_anything_for_a_bag_or_a_job(app, world, sign_in):
    crew, ticket = sign_in("technician"), make_ticket(app, world, "accepted")
    assert "line_item" in crew.page(f"/stock/requests/new?ticket={ticket}").html
    location = accepted(crew.send("/stock/requests", wish(world, [("valve", "2")], ticket_id=str(ticket))), 201)
    assert str(ticket) in crew.page(location).html
    accepted(crew.send("/stock/requests", wish(world, [("valve", "1"), ("valve", "2")])), 201)
    requests = "SELECT id FROM slips WHERE kind = 'request'"
    lines = sql(app, f"SELECT quantity FROM slip_lines WHERE slip_id IN ({requests}) ORDER BY quantity")
    assert lines[-1] == (3000,)  # one line per item


@pytest.mark.parametrize("closed", ["cancelled", "verified"])
def test_nothing_is_asked_for_a_job_that_is_closed(app, world, sign_in, closed):
    ticket = make_ticket(app, world, closed)
    refused(sign_in("technician").send("/stock/requests", wish(world, ticket_id=str(ticket))), 422, "closed-ticket")


def test_it_is_approved_by_a_supervisor(app, world, sign_in, path, request_id):
    boss = sign_in("supervisor")
    assert "LED灯管" in boss.page("/stock/requests").text
    assert "/approval" in boss.page(path).html
    accepted(boss.send(f"{path}/approval", granting(world, ("tube", "2"))))
    assert state(app, request_id) == "approved"
    refused(boss.send(f"{path}/refusal", {"note": "还是算了"}), 422, "wrong-state")


@pytest.mark.parametrize("login", ["requester", "technician", "storekeeper", "administrator", "guard"])
def test_and_by_nobody_who_may_not(app, world, sign_in, path, request_id, login):
    assert sign_in(login).send(f"{path}/approval", granting(world, ("tube", "2"))).status_code in (403, 404)
    assert state(app, request_id) == "proposed"


def test_never_by_oneself(app, world, sign_in):
    boss = sign_in("foreman")
    location = accepted(boss.send("/stock/requests", wish(world)), 201)
    refused(boss.send(f"{location}/approval", granting(world, ("tube", "3"))), 403, "own-slip")
    assert "/approval" not in boss.page(location).html


def test_less_is_granted_with_a_reason(app, world, sign_in, path, request_id):
    boss = sign_in("supervisor")
    refused(boss.send(f"{path}/approval", granting(world, ("tube", "1"))), 422, "reason-missing")
    refused(boss.send(f"{path}/approval", granting(world, ("tube", "3", "多给"))), 422, "granted")
    refused(boss.send(f"{path}/approval", granting(world, ("tube", "0", "没有"))), 422, "nothing-granted")
    assert state(app, request_id) == "proposed"
    accepted(boss.send(f"{path}/approval", granting(world, ("tube", "1", "库存不足"))))
    assert "库存不足" in sign_in("requester").page(path).text


def test_it_is_declined_with_words(app, sign_in, path, request_id):
    boss = sign_in("supervisor")
    refused(boss.send(f"{path}/refusal", {"note": " "}), 422, "words-missing")
    accepted(boss.send(f"{path}/refusal", {"note": "上周刚领过"}))
    assert state(app, request_id) == "declined"
    assert "上周刚领过" in sign_in("requester").page(path).text


def test_over_the_limit_one_may_ask_and_only_the_manager_approves(app, world, sign_in, path, request_id):
    limited(app, world, 20)  # two tubes are 25
    nurse, boss = sign_in("requester"), sign_in("supervisor")
    accepted(nurse.send("/stock/requests", for_ward(world, ("cable", "100"))), 201)
    assert "¥20.00" in boss.page(path).text
    refused(boss.send(f"{path}/approval", granting(world, ("tube", "2"))), 403, "over-limit")
    assert state(app, request_id) == "proposed"
    accepted(boss.send(f"{path}/approval", granting(world, ("tube", "1", "超限"))))  # 12.50 is within it


def test_what_is_approved_and_not_fetched_counts_towards_the_limit(app, world, sign_in, path):
    limited(app, world, 30)
    boss, manager = sign_in("supervisor"), sign_in("manager")
    accepted(boss.send(f"{path}/approval", granting(world, ("tube", "2"))))
    second = accepted(sign_in("requester").send("/stock/requests", for_ward(world, ("cable", "2"))), 201)
    refused(boss.send(f"{second}/approval", granting(world, ("cable", "2"))), 403, "over-limit")
    accepted(manager.send(f"{second}/approval", granting(world, ("cable", "2"))))


def test_it_is_taken_back_by_whoever_asked(app, world, sign_in, path, request_id):
    unseen(sign_in("technician").send(f"{path}/cancellation"))
    accepted(sign_in("requester").send(f"{path}/cancellation"))
    assert state(app, request_id) == "cancelled"


def test_others_of_the_crew_do_not_see_it(sign_in, path):
    unseen(sign_in("technician").get(path))
    assert sign_in("storekeeper").get(path).status_code == 200


def test_a_department_has_people_and_a_limit(app, world, sign_in):
    boss, ward = sign_in("supervisor"), f"/stock/departments/{world.departments['ward']}"
    assert "员工requester" in boss.page("/stock/departments").text
    assert "员工requester" in boss.page(ward).text
    accepted(boss.send(f"{ward}/limit", {"monthly": "800"}))
    assert "¥800.00" in boss.page("/stock/departments").text
    refused(boss.send(f"{ward}/limit", {"monthly": "-5"}), 422, "price")
    accepted(boss.send(f"{ward}/limit", {"monthly": ""}))
    accepted(boss.send(f"{ward}/people", {"people": [str(world.people["foreman"])]}))
    assert sql(app, "SELECT COUNT(*) FROM department_people") == [(1,)]
    for login in ("guard", "outsider"):
        refused(boss.send(f"{ward}/people", {"people": [str(world.people[login])]}), 422, "may-not-ask")
    unseen(sign_in("outsider").get(ward))
    assert sign_in("technician").get(ward).status_code == 403
