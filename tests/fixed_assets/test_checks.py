"""Spot checks: picked by chance within a department, each answered once, with words or a photo where it is gone."""

import pytest

from tests.support.client import accepted, refused, some_id, unseen
from tests.support.fixed_assets import card_of, make_card, second_department
from tests.support.pictures import announcement, camera_jpeg
from tests.support.sheets import rows


@pytest.fixture
def start(app, world, sign_in):
    for name in ("a1", "a2", "a3"):
        make_card(app, world, name)
    make_card(app, world, "other", department_id=second_department(app, world))
    ward = str(card_of(app, world.assets["a1"]).department_id)

    def send(login="storekeeper", **fields):
        form = {"check_id": some_id(), "department_id": ward, "number": "2"} | fields
        return sign_in(login).send("/assets/checks", form)

    return send


def lines(page):
    return [field.get("value") for field in page.all("input", name="line_id")]


@pytest.mark.parametrize(("number", "picked"), [("1", 1), ("3", 3), ("50", 3)])
def test_so_many_are_picked_of_that_department_only(sign_in, start, number, picked):
    page = sign_in("storekeeper").page(accepted(start(number=number), 201))
    assert len(set(lines(page))) == picked
    assert "设备other" not in page.text


@pytest.mark.parametrize("number", ["0", "-1", "51", "x", "", "9" * 30])
def test_absurd_numbers_are_refused(start, number):
    refused(start(number=number), 422, "number")


def test_each_is_answered_once_and_the_result_is_kept(sign_in, start):
    keeper = sign_in("storekeeper")
    url = accepted(start(), 201)
    first, second = lines(keeper.page(url))
    accepted(keeper.send(f"{url}/results", {"line_id": first, "result": "found"}))
    refused(keeper.send(f"{url}/results", {"line_id": first, "result": "not_found", "note": "x"}), 422, "checked")
    refused(keeper.send(f"{url}/results", {"line_id": second, "result": "not_found"}), 422, "words-missing")
    refused(keeper.send(f"{url}/results", {"line_id": second, "result": "maybe"}), 422, "choice-missing")
    accepted(keeper.send(f"{url}/results", {"line_id": second, "result": "not_found", "note": "库房也没有"}))
    text = keeper.page(url).text
    assert "已找到" in text
    assert sorted(row[5] for row in rows(keeper, "/assets/checks/list.xlsx")) == ["已找到", "没找到"]
    assert "库房也没有" in text
    assert "2 / 2" in keeper.page("/assets/checks").text


def test_a_photo_says_as_much_as_words(sign_in, start):
    keeper, photo = sign_in("storekeeper"), announcement(camera_jpeg())
    url = accepted(start(), 201)
    (line, _) = lines(keeper.page(url))
    accepted(keeper.send(f"{url}/results", {"line_id": line, "result": "not_found"} | photo))


def test_lines_of_other_checks_and_other_peoples_checks_are_unknown(sign_in, start):
    url, other = accepted(start(), 201), accepted(start(), 201)
    keeper = sign_in("storekeeper")
    foreign = lines(keeper.page(other))[0]
    unseen(keeper.send(f"{url}/results", {"line_id": foreign, "result": "found"}))
    unseen(sign_in("outsider").get(url))
    refused(sign_in("supervisor").send(f"{url}/results", {"line_id": foreign, "result": "found"}), 403)
    unseen(start("outsider"))
