"""The registers of places, assets and departments: make, change, move, retire; ways kept right, no loops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crew_app.core.changes import Change
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.places import paths, place_registry
from crew_app.places.models import Asset, AssetKind, Department, Place, PlaceKind
from tests.support.client import accepted, refused, unseen
from tests.support.office import everywhere
from tests.support.tickets import make_ticket


@pytest.fixture
def admin(sign_in):
    return sign_in("administrator")


def fields(world, **given):
    room = {"code": "north-B1-703", "name": "703室", "name_en": "Room 703", "kind": "room", "parent": "north-B1-7"}
    return {"site_id": str(world.sites["north"])} | room | given


def place(app, code):
    with app.app_context():
        return session.scalar(select(Place).where(Place.code == code))


def changes(app, kind):
    with app.app_context():
        found = session.scalars(select(Change).where(Change.kind == kind).order_by(Change.id)).all()
        return [(one.field, one.before, one.after) for one in found]


def test_a_place_is_made_with_its_way(app, world, admin):
    accepted(admin.send("/admin/places", fields(world)), 201)
    made = place(app, "north-B1-703")
    assert (made.path, made.path_en) == ("住院楼 / 七楼 / 703室", "Ward block / Floor 7 / Room 703")
    assert changes(app, "places") == [("new", "", "north-B1-703")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": ""}, "code-missing"),
        ({"code": "x" * 41}, "code-long"),
        ({"name": " "}, "name-missing"),
        ({"kind": "cellar"}, "kind"),
        ({"parent": "south-B1"}, "unknown-parent"),
        ({"parent": "nowhere"}, "unknown-parent"),
        ({"code": "north-B1"}, "code-taken"),
        ({"department": "W99"}, "unknown-department"),
        ({"kind": "building"}, "kind-order"),
    ],
)
def test_what_cannot_be_is_refused(app, world, admin, given, code):
    refused(admin.send("/admin/places", fields(world, **given)), 422, code)
    assert changes(app, "places") == []


def test_renamed_the_ways_of_everything_below_follow(app, world, admin):
    building = {"code": "north-B1", "name": "外科楼", "name_en": "Surgery", "kind": "building", "parent": ""}
    accepted(admin.send(f"/admin/places/{world.places['north-building']}", fields(world, **building)))
    room = place(app, "north-B1-701")
    assert (room.path, room.path_en) == ("外科楼 / 七楼 / 701室", "Surgery / Floor 7 / Room 701")
    assert ("name", "住院楼", "外科楼") in changes(app, "places")


def test_nothing_is_within_itself(app, world, admin):
    floor = {"code": "north-B1-7", "name": "七楼", "kind": "floor", "parent": "north-B1-7"}
    refused(admin.send(f"/admin/places/{world.places['north-floor']}", fields(world, **floor)), 422, "loop")
    area = {"code": "north-B1", "name": "住院楼", "kind": "area", "parent": "north-B1-7"}
    refused(admin.send(f"/admin/places/{world.places['north-building']}", fields(world, **area)), 422, "loop")


def test_what_is_alive_keeps_a_place(app, world, admin):
    address = f"/admin/places/{world.places['room']}"
    words = refused(admin.send(f"{address}/retirement"), 422, "in-use")
    assert "1" in words
    assert f"/admin/assets?at={world.places['room']}" in [a.get("href") for a in admin.page(address).all("a")]
    accepted(admin.send(f"/admin/assets/{world.assets['pump']}/retirement"))
    ticket = make_ticket(app, world)
    refused(admin.send(f"{address}/retirement"), 422, "in-use")
    assert f"/tickets/{ticket}" in [a.get("href") for a in admin.page(address).all("a")]
    floor = f"/admin/places/{world.places['north-floor']}"
    refused(admin.send(f"{floor}/retirement"), 422, "in-use")


def test_without_the_look_at_jobs_a_place_with_work_would_go(app, world, admin, monkeypatch):
    """Sabotage: what `HOLDERS` protects."""
    make_ticket(app, world)
    monkeypatch.setattr("crew_app.places.holding.HOLDERS", [])
    accepted(admin.send(f"/admin/places/{world.places['room']}/retirement"))


def test_retired_it_is_offered_nowhere_and_its_tag_says_so(app, world, admin, sign_in, stranger):
    technician, room = sign_in("technician"), world.places["store-room"]
    accepted(admin.send(f"/admin/places/{room}/retirement"))
    assert str(room) not in technician.page("/places?q=702").text
    assert f"/places/{room}" not in technician.get("/places?q=702").get_data(as_text=True)
    assert f"/places/{room}" not in technician.get(f"/places/{world.places['north-floor']}").get_data(as_text=True)
    assert str(room) not in technician.get("/directory.json").get_data(as_text=True)
    assert "停用" in technician.page(f"/t/{world.tags['store-room']}").text
    page = stranger.page(f"/t/{world.tags['store-room']}")
    assert "停用" in page.text
    assert f"/t/{world.tags['store-room']}/reports" not in page.actions
    assert "702室" in technician.page(f"/places/{room}").text
    accepted(admin.send(f"/admin/places/{room}/restoration"))
    assert f"/places/{room}" in technician.get("/places?q=702").get_data(as_text=True)
    assert [field for field, _, _ in changes(app, "places")] == ["retired_at", "retired_at"]


def test_an_asset_is_made_moved_and_retired(app, world, admin):
    given = {"site_id": str(world.sites["north"]), "kind": "pump", "name": "二号泵", "place": "north-B1-702"}
    path = accepted(admin.send("/admin/assets", given), 201)
    moved = given | {"place": "north-B1-701", "code": "P-2", "serial": "77"}
    accepted(admin.send(path, moved))
    with app.app_context():
        asset = session.scalars(select(Asset).where(Asset.code == "P-2")).one()
        assert (asset.place_id, asset.serial) == (world.places["room"], "77")
    assert ("place", "north-B1-702", "north-B1-701") in changes(app, "assets")
    refused(admin.send(path, moved | {"code": "pump"}), 422, "code-taken")
    accepted(admin.send(f"{path}/retirement"))
    assert "二号泵" not in admin.page("/admin/assets").text
    assert "二号泵" in admin.page("/admin/assets?retired=1").text


def test_assets_are_found_by_place_kind_and_words(world, admin):
    pump = f"/admin/assets/{world.assets['pump']}"
    floor = world.places["north-floor"]
    for asked in (f"at={floor}", "kind=pump", "q=增压 701", "q=booster"):
        assert pump in [a.get("href") for a in admin.page(f"/admin/assets?{asked}").all("a")]
    for asked in (f"at={world.places['store-room']}", "kind=lift", "q=702"):
        assert pump not in [a.get("href") for a in admin.page(f"/admin/assets?{asked}").all("a")]


def test_kinds_are_one_list_for_all(app, world, admin):
    accepted(admin.send("/admin/assets/kinds", {"code": "lift", "name": "电梯", "name_en": "Lift", "icon": "zap"}))
    refused(admin.send("/admin/assets/kinds", {"code": "Lift!", "name": "x"}), 422, "kind-code")
    refused(admin.send("/admin/assets/kinds", {"code": "lift", "name": "x"}), 422, "code-taken")
    with app.app_context():
        kind = session.scalars(select(AssetKind).where(AssetKind.code == "lift")).one()
    other = {"kind_id": str(kind.id), "name": "客梯", "icon": "<script>"}
    refused(admin.send("/admin/assets/kinds", other), 422, "shared-list")
    with app.app_context():
        everywhere(world)
    accepted(admin.send("/admin/assets/kinds", other))
    assert ("name", "电梯", "客梯") in changes(app, "asset_kinds")
    assert "客梯" in admin.page("/admin/assets/kinds?kind=lift").text


def test_departments(app, world, admin):
    path, site = f"/admin/departments/{world.departments['ward']}", str(world.sites["north"])
    refused(admin.send(f"{path}/retirement"), 422, "in-use")
    accepted(admin.send("/admin/departments", {"site_id": site, "code": "W8", "name": "八病区"}), 201)
    refused(admin.send("/admin/departments", {"site_id": site, "code": "W8", "name": "x"}), 422, "code-taken")
    accepted(admin.send(path, {"code": "W7", "name": "七病区（东）"}))
    with app.app_context():
        ward = session.scalars(select(Department).where(Department.code == "W8")).one()
    accepted(admin.send(f"/admin/departments/{ward.id}/retirement"))
    assert "八病区" not in admin.page("/admin/departments").text
    assert "八病区" not in admin.page("/stock/departments").text
    assert "八病区" not in admin.page(f"/admin/places/{world.places['room']}").text
    assert "八病区" in admin.page("/admin/departments?retired=1").text
    assert ("name", "七病区", "七病区（东）") in changes(app, "departments")


@pytest.mark.parametrize("login", ["technician", "supervisor", "outsider"])
@pytest.mark.parametrize("path", ["/admin/places/{room}", "/admin/assets/{pump}", "/admin/departments/{ward}"])
def test_others_keep_their_hands_off(app, world, sign_in, login, path):
    ids = {"room": world.places["room"], "pump": world.assets["pump"], "ward": world.departments["ward"]}
    client, address = sign_in(login), path.format(**ids)
    for response in (client.get(address), client.send(address, {"name": "x"}), client.send(f"{address}/retirement")):
        if login == "outsider":
            unseen(response)
        else:
            assert response.status_code == 403
    assert changes(app, "places") == []


MOVES = st.lists(
    st.tuples(
        st.integers(0, 11), st.one_of(st.none(), st.integers(0, 11)), st.sampled_from(["甲", "乙乙", "", "丙 / 丁"])
    ),
    max_size=14,
)


@given(moves=MOVES)
def test_ways_are_right_whatever_is_moved(app, world, moves):
    """Twelve areas moved and renamed at random: every way is that of the place around it, and no loop arises."""
    with app.app_context(), write_transaction():
        by, at, site_id = world.person("administrator"), server_moment(), world.sites["north"]
        places = [_area(site_id, number, by, at) for number in range(12)]
        for number, around, name in moves:
            values = {"parent_id": places[around].id if around is not None else None}
            values |= {"name": name} if name else {}
            try:
                place_registry.change(places[number], values, by=by, at=at)
            except Refused as refusal:
                assert refusal.code in ("loop", "too-deep")  # noqa: PT017 - either way of saying no is right
        session.flush()
        session.expire_all()
        for one in places:
            chain = list(reversed(paths.above(one)))
            assert chain[0].parent_id is None
            assert one.path == " / ".join(step.name for step in chain)
            assert one.path_en == " / ".join(step.name_en or step.name for step in chain)
        session.rollback()


def _area(site_id, number, by, at):
    values = {"code": f"A{number:02}", "name": f"区{number}", "name_en": f"Area {number}" if number % 2 else ""}
    nowhere = {"kind": PlaceKind.AREA, "parent_id": None, "department_id": None}
    return place_registry.add(site_id, {**values, **nowhere}, by=by, at=at)
