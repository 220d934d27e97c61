"""Training and drills: planned, recorded, corrected by a later record, summed up by year; and the hub."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from crew_app.core.ids import new_id
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one
from tests.support.pictures import announcement, camera_jpeg

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def boss(sign_in):
    return sign_in("supervisor")


def planned(days=0, **more):
    held = (TODAY + timedelta(days=days)).isoformat()
    fields = {
        "training_id": some_id(),
        "kind": "drill",
        "held_on": held,
        "topic": "消防栓灭火演习",
        "place": "住院楼前",
    }
    return fields | more


def went(**more):
    return {
        "record_id": str(new_id()),
        "headcount": "41",
        "hours": "1.5",
        "score": "92.5",
        "passed": "40",
        "note": "水压不足",
    } | more


def test_it_is_planned_recorded_and_summed_up(world, sign_in, boss):
    path = accepted(boss.send("/trainings", planned()), 201)
    assert "消防栓灭火演习" in sign_in("technician").page("/registers").text
    people = [str(world.people[login]) for login in ("technician", "guard")]
    accepted(boss.send(f"{path}/records", went(people=people)))
    text = sign_in("technician").page(path).text
    assert "92.5" in text
    assert "员工guard" in text
    text = boss.page("/trainings").text
    assert "61.5" in text  # hours of all together
    assert "41" in text


def test_a_correction_is_a_later_record(app, boss):
    path = accepted(boss.send("/trainings", planned()), 201)
    accepted(boss.send(f"{path}/records", went()))
    accepted(boss.send(f"{path}/records", went(headcount="38", passed="")))
    assert "38 人" in boss.page("/trainings").text
    assert "41 人" in boss.page(path).text
    assert one(app, "SELECT COUNT(*) FROM training_records") == 2


@pytest.mark.parametrize(
    "fields",
    [
        *({"headcount": ""}, {"headcount": "99999999"}, {"headcount": "-3"}, {"passed": "42"}),
        *({"score": "101"}, {"hours": "9999"}, {"hours": "x"}, {"people": "x"}),
    ],
)
def test_absurd_numbers_are_refused(boss, fields):
    path = accepted(boss.send("/trainings", planned()), 201)
    assert boss.send(f"{path}/records", went() | fields).status_code == 422


@pytest.mark.parametrize("fields", [{"kind": "x"}, {"held_on": ""}, {"held_on": "9999-12-31"}, {"topic": " "}])
def test_what_makes_no_sense_is_not_planned(boss, fields):
    assert boss.send("/trainings", planned() | fields).status_code == 422


def test_photos_are_seen_at_the_site(sign_in, boss):
    data = camera_jpeg()
    photo = announcement(data)
    path = accepted(boss.send("/trainings", planned(-3)), 201)
    accepted(boss.send(f"{path}/records", went() | photo))
    accepted(boss.send(f"/photos/{photo['photo_id']}/original", body=data))
    assert sign_in("technician").get(f"/photos/{photo['photo_id']}/thumb").status_code == 200
    assert sign_in("outsider").get(f"/photos/{photo['photo_id']}/thumb").status_code == 404


def test_a_year_is_a_spreadsheet(boss):
    path = accepted(boss.send("/trainings", planned()), 201)
    accepted(boss.send(f"{path}/records", went()))
    book = load_workbook(BytesIO(boss.get(f"/trainings/all.xlsx?year={TODAY.year}").data))
    assert [row[2].value for row in book.worksheets[0].rows][1:] == ["消防栓灭火演习"]


def test_others_read_or_see_nothing(sign_in, boss):
    path = accepted(boss.send("/trainings", planned()), 201)
    refused(sign_in("technician").send(f"{path}/records", went()), 403)
    for client in (sign_in("outsider"),):
        unseen(client.get(path))
        unseen(client.send(f"{path}/records", went()))
    assert sign_in("requester").get("/trainings").status_code == 403


def test_the_hub_counts_what_matters(sign_in):
    guard = sign_in("guard")
    accepted(guard.send("/gate-log", {"visit_id": some_id(), "plate": "桂A1", "reason": "送货"}), 201)
    assert "现在院内：1" in guard.page("/registers").text
    assert "现在院内" not in sign_in("technician").page("/registers").text
