"""The gate log: in, out, who is inside, and corrections that erase nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql

PLATE = "桂A·8K6T2"


@pytest.fixture
def guard(sign_in):
    return sign_in("guard")


def coming(**fields):
    return {"visit_id": some_id(), "plate": PLATE, "visitor": "韦师傅", "reason": "送货", "host": "库房"} | fields


def enter(client, made_at=None, **fields):
    form, more = coming(**fields), {"made_at": made_at} if made_at else {}
    accepted(client.send("/gate-log", form, **more), 201)
    return f"/gate-log/{form['visit_id']}"


def section(page, id_):
    return " ".join(" ".join(found.itertext()) for found in page.all("ul", id=id_))


def test_who_comes_in_is_inside_until_gone(sign_in, guard):
    path = enter(guard)
    page = guard.page("/gate-log")
    assert PLATE in section(page, "inside")
    assert "韦师傅" in section(sign_in("supervisor").page("/gate-log"), "inside")
    accepted(guard.send(f"{path}/departure"))
    page = guard.page("/gate-log")
    assert PLATE not in section(page, "inside")
    assert PLATE in section(page, "out")


def test_the_same_one_comes_again_with_one_touch(app, guard):
    accepted(guard.send(f"{enter(guard)}/departure"))
    (form,) = [
        f
        for f in guard.page("/gate-log").all("form", action="/gate-log", method="post")
        if f.get("data-no-draft") is not None
    ]
    fields = {
        field.get("name"): field.get("value") for field in form.iter("input") if not field.get("name").startswith("_")
    }
    accepted(guard.send("/gate-log", fields), 201)
    assert sql(app, "SELECT plate, reason, host FROM gate_visits") == [(PLATE, "送货", "库房")] * 2
    assert section(guard.page("/gate-log"), "known") == ""  # is inside


@pytest.mark.parametrize("typed", ["8k6", "桂a8K6T2", "8k6 t2", "韦"])
def test_it_is_found_by_any_part_of_the_plate(guard, typed):
    enter(guard)
    enter(guard, plate="桂B12345", visitor="莫", reason="探视")
    page = guard.page(f"/gate-log?q={typed}")
    assert PLATE in section(page, "inside")
    assert "桂B12345" not in section(page, "inside")


def test_gone_at_both_gates_at_once_the_earlier_counts_and_both_stay(app, guard):
    path, hours = enter(guard, datetime.now(UTC) - timedelta(hours=5)), timedelta(hours=1)
    accepted(guard.send(f"{path}/departure", made_at=datetime.now(UTC) - hours))
    accepted(guard.send(f"{path}/departure", made_at=datetime.now(UTC) - 3 * hours))
    assert one(app, "SELECT COUNT(*) FROM gate_entries WHERE verb = 'leave'") == 2
    left = datetime.fromisoformat(str(one(app, "SELECT left_at FROM gate_visits")))
    assert abs(datetime.now(UTC).replace(tzinfo=None) - left - 3 * hours) < timedelta(minutes=1)


def test_a_correction_stands_beside_what_it_corrects(app, guard):
    path = enter(guard)
    page = guard.page(path)
    (entry,) = [
        field.get("value")
        for field in page.form(f"{path}/corrections").iter("input")
        if field.get("name") == "entry_id"
    ]
    accepted(
        guard.send(f"{path}/corrections", {"entry_id": entry, "plate": "桂A8K672", "reason": "送货", "note": "看错"})
    )
    page = guard.page(path)
    assert PLATE in page.text
    assert "看错" in page.text
    assert "桂A8K672" in section(guard.page("/gate-log"), "inside")
    assert one(app, "SELECT COUNT(*) FROM gate_entries WHERE corrects_id IS NOT NULL") == 1


def test_out_by_mistake_is_inside_again_and_in_by_mistake_was_never_there(guard):
    path = enter(guard)
    accepted(guard.send(f"{path}/departure"))
    entered, left = entries(guard, path)
    accepted(guard.send(f"{path}/mistakes", {"entry_id": left, "note": "点错了"}))
    assert PLATE in section(guard.page("/gate-log"), "inside")
    refused(guard.send(f"{path}/mistakes", {"entry_id": entered}), 422, "words-missing")
    accepted(guard.send(f"{path}/mistakes", {"entry_id": entered, "note": "没进来"}))
    page = guard.page("/gate-log")
    assert PLATE not in section(page, "inside")
    assert "登记错误" in section(page, "out")


def entries(client, path):
    forms = client.page(path).all("form", action=f"{path}/mistakes")
    return [field.get("value") for form in forms for field in form.iter("input") if field.get("name") == "entry_id"]


def test_who_was_never_written_in_is_written_out(guard):
    path = enter(guard, direction="out")
    assert PLATE in section(guard.page("/gate-log"), "out")
    assert "未登记" in guard.page(path).text


def test_long_inside_and_twice_inside_are_marked(guard):
    enter(guard, datetime.now(UTC) - timedelta(hours=13))
    assert "超过 12 小时" in guard.page("/gate-log").text
    enter(guard, plate="桂A 8k6t2", visitor="")
    assert "重复登记" in guard.page("/gate-log").text


def test_without_plate_and_name_there_is_nobody(guard):
    refused(guard.send("/gate-log", coming(plate="", visitor=" ")), 422, "who-missing")
    form = coming()
    accepted(guard.send("/gate-log", form), 201)
    refused(guard.send("/gate-log", form), 422, "visit-known")


def test_others_read_or_see_nothing(sign_in, guard):
    path = enter(guard)
    for login in ("supervisor", "manager"):
        assert PLATE in sign_in(login).page(path).text
        refused(sign_in(login).send(f"{path}/departure"), 403)
    assert sign_in("technician").get("/gate-log").status_code == 403
    outsider = sign_in("outsider")
    for verb in ("departure", "corrections", "mistakes"):
        unseen(outsider.send(f"{path}/{verb}", {"entry_id": some_id(), "plate": "x"}))
    assert PLATE not in outsider.page("/gate-log").text
    unseen(guard.send(f"{path}/mistakes", {"entry_id": some_id(), "note": "x"}))


def test_it_is_a_spreadsheet(guard):
    enter(guard)
    response = guard.get("/gate-log/all.xlsx")
    assert response.status_code == 200
    assert response.data[:2] == b"PK"
