"""The directory a phone takes along: everything of its own sites to look up offline, and nothing else."""

from decimal import Decimal

import pytest

from crew_app.core.db import write_transaction
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from tests.support.client import accepted
from tests.support.counting import statements


@pytest.fixture
def directory(sign_in):
    return lambda login, **options: sign_in(login, **options).get("/sync/directory").get_json()


def codes(found):
    return {tag[0] for tag in found["tags"]}


def test_it_names_the_person_and_when_it_was_made(world, directory):
    found = directory("technician")
    assert found["person"] == str(world.people["technician"])
    assert set(found) == {"as_of", "person", "job_kinds", "tags", "items", "bag"}
    assert found["as_of"].endswith("+00:00")


def test_every_tag_of_ones_own_site_is_in_it_and_no_other(world, directory):
    own = {world.tags[name] for name in ("room", "store-room", "pump")}
    south = {world.tags[name] for name in ("south-room", "south-pump")}
    assert codes(directory("technician")) == own
    assert codes(directory("outsider")) == south


def test_with_roles_at_two_sites_one_has_both(app, world, directory):
    with app.app_context(), write_transaction():
        guard = world.person("guard")
        guard.memberships.append(Membership(site_id=world.sites["south"], role=Role.GUARD))
    assert codes(directory("guard")) == set(world.tags.values())


def test_a_tag_says_what_it_is_and_where(world, directory):
    tags = {tag[0]: tag[1:] for tag in directory("technician")["tags"]}
    room, pump = str(world.places["room"]), str(world.assets["pump"])
    assert tags[world.tags["room"]] == ["place", room, room, "701室", "住院楼 / 七楼 / 701室"]
    assert tags[world.tags["pump"]] == ["asset", pump, room, "增压泵", "住院楼 / 七楼 / 701室"]


def test_it_speaks_the_persons_language(world, directory):
    found = directory("technician", language="en")
    names = {tag[0]: tag[4] for tag in found["tags"]}
    assert names[world.tags["room"]] == "Room 701"
    assert ["lamp", "Lamp", "electrical"] in found["job_kinds"]


def test_retired_tags_are_left_out(world, sign_in, directory):
    accepted(sign_in("supervisor").send(f"/tags/{world.tags['room']}/retirement"))
    assert world.tags["room"] not in codes(directory("technician"))


def test_items_and_the_bag_are_for_those_who_handle_materials(world, directory):
    found = directory("technician")
    tube = str(world.items["tube"])
    assert [tube, "tube", "LED灯管", "T8 1.2m 16W", "支", ""] in found["items"]
    assert {row[0]: Decimal(row[1]) for row in found["bag"]}[tube] == 10
    assert directory("guard")["items"] == directory("guard")["bag"] == []


def test_a_ward_finds_what_it_may_ask_for_and_nothing_else(directory):
    found = directory("requester")
    assert {row[1] for row in found["items"]} == {"tube", "cable"}
    assert found["bag"] == []


def test_nobody_elses_bag_is_in_it(directory):
    assert directory("supervisor")["bag"] == []


def test_it_is_small_private_and_asked_for_again_each_time(world, sign_in):
    response = sign_in("technician").get("/sync/directory", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Crew-Person"] == str(world.people["technician"])
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.cache_control.private
    assert response.cache_control.no_cache
    assert response.mimetype == "application/json"


def test_what_has_not_changed_is_not_sent_again(sign_in):
    client = sign_in("technician")
    etag = client.get("/sync/directory").headers["ETag"]
    assert client.get("/sync/directory", headers={"If-None-Match": etag}).status_code == 304


def test_what_changed_is_sent_again_and_never_another_persons(world, sign_in):
    client = sign_in("technician")
    etag = client.get("/sync/directory").headers["ETag"]
    assert sign_in("second").get("/sync/directory", headers={"If-None-Match": etag}).status_code == 200
    accepted(sign_in("supervisor").send(f"/tags/{world.tags['room']}/retirement"))
    assert client.get("/sync/directory", headers={"If-None-Match": etag}).status_code == 200


def test_it_costs_a_fixed_number_of_queries(app, sign_in):
    client = sign_in("technician")
    client.get("/sync/directory")
    with statements(app) as found:
        client.get("/sync/directory")
    assert len([statement for statement in found if statement.startswith("SELECT")]) <= 12


def test_it_needs_a_sign_in(stranger):
    assert stranger.get("/sync/directory").status_code == 302
    assert stranger.get("/sync/directory", headers={"Crew-Outbox": "1"}).status_code == 401


@pytest.mark.parametrize("path", ["/offline", "/offline/tag", "/offline/ticket"])
def test_the_pages_for_offline_hold_nothing_of_any_real_job(sign_in, path):
    page = sign_in("technician").page(path)
    assert "701室" not in page.text


def test_the_offline_job_has_every_form_under_a_placeholder(sign_in):
    page = sign_in("technician").page("/offline/ticket")
    (article,) = page.all("article", id="ticket")
    assert article.get("data-ticket") == "00000000-0000-0000-0000-000000000000"
    assert article.get("data-state") == "open"
    forms = {(form.get("action") or "").rsplit("/", 1)[-1] for form in page.all("form", method="post")}
    assert {"acceptance", "release", "hold", "resumption", "completion", "notes", "photos", "materials"} <= forms


@pytest.mark.parametrize("login", ["requester", "contractor"])
def test_who_does_not_walk_the_whole_site_takes_no_tags_along(directory, login):
    assert codes(directory(login)) == set()
