"""Job kinds: made, changed, put in order, by whoever looks after every site."""

import pytest

from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.office import everywhere

KIND = {
    "name": "电视机",
    "name_en": "TV set",
    "trade": "low_voltage",
    "priority": "4",
    "icon": "monitor",
    "offered": "1",
}


@pytest.fixture
def keeper(app, world, sign_in):
    """Somebody who administers both sites."""
    with app.app_context():
        everywhere(world)
    return sign_in("administrator")


def kind_id(app, code):
    return one(app, "SELECT id FROM job_kinds WHERE code = :code", code=code)


def test_a_kind_is_made_and_offered(app, keeper, sign_in):
    accepted(keeper.send("/admin/job-kinds", {**KIND, "code": "tv"}))
    assert "电视机" in keeper.page("/admin/job-kinds").text
    assert sql(app, "SELECT field, after FROM changes WHERE kind = 'job_kinds'") == [("new", "tv")]


def test_the_same_command_twice_makes_one(app, keeper):
    key = "01900000-0000-7000-8000-00000000aaaa"
    for _ in range(2):
        accepted(keeper.send("/admin/job-kinds", {**KIND, "code": "tv"}, key=key))
    assert one(app, "SELECT COUNT(*) FROM job_kinds WHERE code = 'tv'") == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"code": "Lamp!"}, "kind-code"),
        ({"name": " "}, "name-missing"),
        ({"trade": "magic"}, "kind-incomplete"),
        ({"priority": "9"}, "kind-incomplete"),
    ],
)
def test_nonsense_is_refused(app, keeper, wrong, code):
    response = keeper.send("/admin/job-kinds", {**KIND, "code": "tv", **wrong})
    assert (response.status_code, response.headers["Crew-Refusal"]) == (422, code)


def test_a_code_is_given_once(app, keeper):
    taken = one(app, "SELECT code FROM job_kinds LIMIT 1")
    response = keeper.send("/admin/job-kinds", {**KIND, "code": taken})
    assert response.headers["Crew-Refusal"] == "kind-taken"


def test_a_change_is_written_down_with_both_values(app, keeper):
    accepted(keeper.send("/admin/job-kinds", {**KIND, "code": "tv"}))
    path = keeper.page("/admin/job-kinds").html.split("/admin/job-kinds/")[-1].split('"')[0].split("/")[0]
    found = [part for part in keeper.page("/admin/job-kinds").html.split('"') if part.startswith("/admin/job-kinds/")]
    assert path
    for link in dict.fromkeys(found):
        if "电视机" in keeper.page(link.removesuffix("/place")).text:
            accepted(keeper.send(link.removesuffix("/place"), {**KIND, "name": "彩电", "offered": ""}))
            break
    rows = sql(
        app, "SELECT field, before, after FROM changes WHERE kind = 'job_kinds' AND field <> 'new' ORDER BY field"
    )
    assert rows == [("name", "电视机", "彩电"), ("offered", "yes", "no")]


def test_somebody_of_one_site_may_look_and_not_change(app, world, sign_in):
    client = sign_in("administrator")
    client.page("/admin/job-kinds")
    response = client.send("/admin/job-kinds", {**KIND, "code": "tv"})
    assert (response.status_code, response.headers["Crew-Refusal"]) == (422, "shared-list")


def test_without_the_right_there_is_nothing(app, world, sign_in):
    assert sign_in("manager").get("/admin/job-kinds").status_code == 403
    assert sign_in("manager").send("/admin/job-kinds", {**KIND, "code": "tv"}).status_code == 403


def order(app):
    return [row[0] for row in sql(app, "SELECT code FROM job_kinds WHERE offered ORDER BY position, code")]


def links(keeper):
    html = keeper.page("/admin/job-kinds").html
    return list(dict.fromkeys(part for part in html.split('"') if part.endswith("/place")))


def test_moving_up_and_down(app, keeper):
    accepted(keeper.send("/admin/job-kinds", {**KIND, "code": "tv"}))
    before = order(app)
    last = links(keeper)[-1]
    accepted(keeper.send(last, {"way": "up"}))
    assert order(app) == [*before[:-2], before[-1], before[-2]]
    accepted(keeper.send(last, {"way": "down"}))
    assert order(app) == before
    accepted(keeper.send(last, {"way": "down"}))
    assert order(app) == before
