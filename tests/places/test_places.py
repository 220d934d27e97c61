"""Places and assets: from the site down to the room, found by words, within one's own site."""

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.places.models import Place, PlaceKind
from tests.support.client import some_id
from tests.support.tickets import make_ticket


@pytest.fixture
def technician(sign_in):
    return sign_in("technician")


def links(page, prefix):
    found = [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith(prefix)]
    return [href for href in found if not href.endswith((".xlsx", ".csv"))]


def test_one_walks_from_the_building_to_the_room_and_the_pump(world, technician):
    places = {name: f"/places/{place}" for name, place in world.places.items()}
    assert links(technician.page("/places"), "/places/") == [places["north-building"]]
    assert places["north-floor"] in links(technician.page(places["north-building"]), "/places/")
    assert places["room"] in links(technician.page(places["north-floor"]), "/places/")
    room = technician.page(places["room"])
    assert f"/assets/{world.assets['pump']}" in links(room, "/assets/")
    assert "七病区" in room.text
    assert "701室" in technician.page(f"/assets/{world.assets['pump']}").text


@pytest.mark.parametrize("words", ["701", "701室", "住院楼 701", "north-B1-701", "Ward room 701", "七楼 701"])
def test_a_place_is_found_by_words_of_its_name_code_or_way(world, technician, words):
    page = technician.get("/places", query_string={"q": words}).get_data(as_text=True)
    assert f"/places/{world.places['room']}" in page
    assert f"/places/{world.places['store-room']}" not in page


@pytest.mark.parametrize("words", ["%", "_", "南院", "nowhere"])
def test_what_is_not_there_is_not_found(world, technician, words):
    page = technician.get("/places", query_string={"q": words}).get_data(as_text=True)
    assert "/places/0" not in page


def test_what_is_open_in_a_room_is_shown_there(app, world, technician):
    ticket = make_ticket(app, world)
    assert f"/tickets/{ticket}" in links(technician.page(f"/places/{world.places['room']}"), "/tickets/")
    assert links(technician.page(f"/places/{world.places['store-room']}"), "/tickets/") == []


def test_a_long_floor_goes_on_page_by_page(app, world, technician):
    floor = world.places["north-floor"]
    with app.app_context(), write_transaction():
        for number in range(60):
            room = Place(site_id=world.sites["north"], parent_id=floor, kind=PlaceKind.ROOM, code=f"x{number:03}")
            room.name = f"房{number}"
            session.add(room)
    page = technician.page(f"/places/{floor}")
    (more,) = [href for href in links(page, "/places/") if "after=" in href]
    assert "房59" not in page.text
    assert "房59" in technician.page(more).text


@pytest.mark.parametrize("path", ["/places/{}", "/assets/{}"])
def test_nothing_and_what_is_elsewhere_look_the_same(world, technician, sign_in, path):
    elsewhere = {"/places/{}": world.places["south-room"], "/assets/{}": world.assets["south-pump"]}[path]
    here = {"/places/{}": world.places["room"], "/assets/{}": world.assets["pump"]}[path]
    for wrong in (elsewhere, some_id(), "1"):
        assert technician.get(path.format(wrong)).status_code == 404
    assert sign_in("outsider").get(path.format(here)).status_code == 404


@pytest.mark.parametrize("login", ["requester", "contractor"])
def test_the_list_of_places_is_for_the_crew(world, sign_in, login):
    assert sign_in(login).get("/places").status_code == 403
    assert sign_in(login).get(f"/places/{world.places['room']}").status_code == 403


@pytest.mark.parametrize(("login", "offered"), [("supervisor", True), ("administrator", True), ("technician", False)])
def test_tags_are_managed_where_they_are(world, sign_in, login, offered):
    for path in (f"/places/{world.places['room']}", f"/assets/{world.assets['pump']}"):
        actions = sign_in(login).page(path).actions
        assert any(action.endswith("/replacement") for action in actions) is offered
