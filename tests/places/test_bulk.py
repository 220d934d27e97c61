"""Many places or assets at once: what is looked at is what happens, all of it or nothing."""

import pytest
from sqlalchemy import select

from crew_app.core.changes import Change
from crew_app.core.db import session
from crew_app.places.models import Asset, Place
from tests.support.lint import Page
from tests.support.tickets import make_ticket

LINES = """编码,名称,英文名,类别,上级
north-B2-1,一楼,Floor 1,楼层,north-B2
north-B2,门诊楼,Outpatients,楼宇,
north-B2-101，诊室，Consulting room，房间，north-B2-1
north-B1-701,七〇一室,,,
"""


@pytest.fixture
def admin(sign_in):
    return sign_in("administrator")


def look(client, world, register="places", **fields):
    """The preview, and what it hands on to the next form."""
    given = {"site_id": str(world.sites["north"])} | fields
    response = client.form(f"/admin/{register}/preview", given)
    if response.status_code != 200:
        return response, {}
    page = Page(response.get_data(as_text=True), response)
    hidden = [(field.get("name"), field.get("value")) for field in page.all("input") if field.get("type") == "hidden"]
    handed: dict[str, list[str]] = {}
    for name, value in hidden:
        if name and not name.startswith("_"):
            handed.setdefault(name, []).append(value or "")
    return page, handed


def places(app):
    with app.app_context():
        rows = session.scalars(select(Place).where(Place.code.startswith("north")).order_by(Place.code))
        return {one.code: (one.name, one.path, one.retired_at is not None) for one in rows}


def count(app, model=Change):
    with app.app_context():
        return len(session.scalars(select(model)).all())


def test_pasted_lines_are_looked_at_and_then_carried_out(app, world, admin):
    before = places(app)
    page, handed = look(admin, world, lines=LINES)
    assert places(app) == before
    assert count(app) == 0
    assert "七〇一室" in page.text
    assert admin.form("/admin/places/bulk", handed).status_code == 303
    after = places(app)
    assert after["north-B2-101"] == ("诊室", "门诊楼 / 一楼 / 诊室", False)
    assert after["north-B1-701"] == ("七〇一室", "住院楼 / 七楼 / 七〇一室", False)
    assert count(app) == 4


def test_the_same_again_changes_nothing(app, world, admin):
    _page, handed = look(admin, world, lines=LINES)
    admin.form("/admin/places/bulk", handed)
    page, handed = look(admin, world, lines=LINES)
    assert "bulk" not in [button.get("form") for button in page.all("button")]
    assert count(app) == 4


@pytest.mark.parametrize(
    "line",
    [
        "x,,,room,",
        "x,名,,cellar,",
        "x,名,,房间,nowhere",
        "a,甲,,区域,b\nb,乙,,区域,a",
        "north-B1,住院楼,,楼宇,north-B1-7",
    ],
)
def test_one_wrong_line_and_nothing_is_done(app, world, admin, line):
    page, handed = look(admin, world, lines="north-B3,新楼,,楼宇,\n" + line)
    assert page.response.status_code == 200
    assert "data-wrong" in page.html
    response = admin.form("/admin/places/bulk", handed)
    assert response.headers["Crew-Refusal"] == "lines-wrong"
    assert "north-B3" not in places(app)
    assert count(app) == 0


def test_what_was_changed_meanwhile_is_looked_at_again(app, world, admin):
    """Two at the same register: the later one does not do what nobody has seen."""
    _page, handed = look(admin, world, lines=LINES)
    other = {"code": "north-B1-701", "name": "抢救室", "kind": "room", "parent": "north-B1-7"}
    admin.send(f"/admin/places/{world.places['room']}", other)
    response = admin.form("/admin/places/bulk", handed)
    assert response.headers["Crew-Refusal"] == "changed-meanwhile"
    assert places(app)["north-B1-701"][0] == "抢救室"
    assert "north-B2" not in places(app)


def test_without_its_seal_nothing_is_done(app, world, admin):
    _page, handed = look(admin, world, lines=LINES)
    response = admin.form("/admin/places/bulk", handed | {"seal": ["guessed"]})
    assert response.headers["Crew-Refusal"] == "changed-meanwhile"
    assert count(app) == 0


def test_a_department_for_all_that_are_ticked(app, world, admin):
    picks = [str(world.places["north-floor"]), str(world.places["north-building"])]
    page, handed = look(admin, world, pick=picks, department="W7")
    assert "W7" in page.text
    assert admin.form("/admin/places/bulk", handed).status_code == 303
    with app.app_context():
        ward = {session.get_one(Place, world.places[name]).department_id for name in ("north-floor", "north-building")}
    assert ward == {world.departments["ward"]}


def test_a_whole_building_is_retired_from_the_inside_out(app, world, admin):
    admin.send(f"/admin/assets/{world.assets['pump']}/retirement")
    names = ("north-building", "north-floor", "room", "store-room")
    picks = [str(world.places[name]) for name in names]
    _page, handed = look(admin, world, pick=picks, retire="1")
    assert admin.form("/admin/places/bulk", handed).status_code == 303
    assert all(retired for _name, _path, retired in places(app).values())


def test_work_in_one_room_keeps_all_of_it(app, world, admin):
    admin.send(f"/admin/assets/{world.assets['pump']}/retirement")
    make_ticket(app, world)
    picks = [str(world.places[name]) for name in ("room", "store-room")]
    page, handed = look(admin, world, pick=picks, retire="1")
    assert "data-wrong" in page.html
    admin.form("/admin/places/bulk", handed)
    assert not any(retired for _name, _path, retired in places(app).values())


def test_assets_move_together(app, world, admin):
    page, handed = look(admin, world, "assets", pick=[str(world.assets["pump"])], place="north-B1-702")
    assert "north-B1-702" in page.text
    assert admin.form("/admin/assets/bulk", handed).status_code == 303
    with app.app_context():
        assert session.get_one(Asset, world.assets["pump"]).place_id == world.places["store-room"]


def test_nothing_of_another_site_is_touched(app, world, admin):
    picks = [str(world.places["south-room"])]
    page, _handed = look(admin, world, pick=picks, retire="1")
    assert "south-B1-701" not in page.text
    with app.app_context():
        assert session.get_one(Place, world.places["south-room"]).retired_at is None


@pytest.mark.parametrize("fields", [{}, {"retire": "1"}, {"lines": " \n "}])
def test_nothing_ticked_and_nothing_wanted_is_said(world, admin, fields):
    response, _handed = look(admin, world, **fields)
    assert response.status_code == 422
