"""Tags: what a scan opens, by who asks; typing the code; retiring and replacing."""

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from crew_app.core.codes import ALPHABET, grouped
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.places.models import Tag
from tests.support.client import accepted, path_of, refused, unseen
from tests.support.counting import one, sql
from tests.support.tickets import make_ticket

SCALE = 8  # pixels for one square of a QR code


@pytest.fixture
def supervisor(sign_in):
    return sign_in("supervisor")


def replace(client, code, **fields):
    return client.send(f"/tags/{code}/replacement", {"reason": "磨损"} | fields)


@pytest.mark.parametrize("login", ["technician", "guard", "supervisor", "requester", "contractor"])
def test_people_of_the_site_see_what_it_is_and_can_report(world, sign_in, login):
    page = sign_in(login).page(f"/t/{world.tags['room']}")
    assert "701室" in page.text
    assert "/tickets" in page.actions


def test_an_asset_is_shown_with_its_place(world, sign_in):
    page = sign_in("technician").page(f"/t/{world.tags['pump']}")
    assert "增压泵" in page.text
    assert "701室" in page.text
    hidden = {field.get("name"): field.get("value") for field in page.form("/tickets").iter("input")}
    assert hidden["asset_id"] == str(world.assets["pump"])


@pytest.mark.parametrize("login", [None, "outsider"])
def test_anybody_else_may_report_and_sees_no_inner_matters(app, world, stranger, sign_in, login):
    make_ticket(app, world, "accepted")
    client = sign_in(login) if login else stranger
    page = client.page(f"/t/{world.tags['room']}")
    assert page.actions.count(f"/t/{world.tags['room']}/reports") == 1
    assert "员工technician" not in page.text
    assert "员工requester" not in page.text
    assert not [a for a in page.all("a") if (a.get("href") or "").startswith(("/tickets/", "/places/", "/assets/"))]


def test_the_crew_sees_what_is_open_here(app, world, sign_in):
    ticket, done = make_ticket(app, world), make_ticket(app, world, "verified")
    page = sign_in("technician").page(f"/t/{world.tags['room']}")
    links = [a.get("href") for a in page.all("a")]
    assert f"/tickets/{ticket}" in links
    assert f"/tickets/{done}" in links


WAYS = {
    "as-stored": str,
    "small": str.lower,
    "grouped": grouped,
    "small-grouped": lambda code: grouped(code).lower(),
    "spaced": lambda code: f" {code[:5]} {code[5:]} ",
}


@pytest.mark.parametrize("write", WAYS.values(), ids=WAYS)
def test_a_code_is_typed_in_many_ways(world, stranger, write):
    response = stranger.get("/t/", query_string={"code": write(world.tags["room"])})
    assert path_of(response) == f"/t/{world.tags['room']}"


@pytest.mark.parametrize("typed", ["", "ABC", "0" * 13, "<script>", "U" * 14, "0" * 500])
def test_a_code_with_a_mistake_is_told_so(stranger, typed):
    response = stranger.get("/t/", query_string={"code": typed})
    assert response.status_code == 404
    assert response.headers["Crew-Refusal"] == "bad-tag"


def test_one_wrong_character_is_a_typing_error_and_not_another_place(world, stranger):
    code = world.tags["room"]
    for position in range(len(code)):
        wrong = ALPHABET[(ALPHABET.index(code[position]) + 5) % 32]
        response = stranger.get(f"/t/{code[:position]}{wrong}{code[position + 1 :]}")
        assert response.status_code == 404
        assert response.headers["Crew-Refusal"] == "bad-tag"


def test_a_code_that_nobody_made_is_not_known(stranger):
    response = stranger.get("/t/00000000000000")
    assert response.status_code == 404
    assert response.headers["Crew-Refusal"] == "unknown-tag"


def test_a_lower_case_or_grouped_address_works_as_well(world, stranger):
    assert stranger.get(f"/t/{grouped(world.tags['room']).lower()}").status_code == 200


def test_a_replaced_tag_leads_to_its_successor_and_says_so(app, world, supervisor, sign_in):
    old = world.tags["room"]
    label = accepted(replace(supervisor, old))
    fresh = str(one(app, "SELECT replaced_by_code FROM tags WHERE code = :code", code=old))
    assert label == f"/tags/{fresh}/label"
    response = sign_in("technician").get(f"/t/{old}")
    assert path_of(response) == f"/t/{fresh}?replaced={old}"
    assert grouped(fresh) in sign_in("technician").page(path_of(response)).text


def test_a_chain_of_replacements_leads_to_the_last(app, world, supervisor, stranger):
    live = old = world.tags["room"]
    for _ in range(3):
        accepted(replace(supervisor, live))
        live = str(one(app, "SELECT replaced_by_code FROM tags WHERE code = :code", code=live))
    assert path_of(stranger.get(f"/t/{old}")).startswith(f"/t/{live}")


def test_a_retired_tag_without_successor_still_says_where_one_is(app, world, supervisor, sign_in):
    accepted(supervisor.send(f"/tags/{world.tags['room']}/retirement", {"reason": "丢失"}))
    page = sign_in("technician").page(f"/t/{world.tags['room']}")
    assert "701室" in page.text


def test_nobody_reports_at_a_retired_tag(app, world, supervisor, stranger):
    accepted(supervisor.send(f"/tags/{world.tags['room']}/retirement", {"reason": "丢失"}))
    path, fields = f"/t/{world.tags['room']}/reports", {"ticket_id": str(new_id()), "job_kind": "lamp"}
    assert stranger.form(path, fields).status_code == 422
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


def test_two_tags_may_point_to_the_same_place(app, world, supervisor, sign_in):
    label = accepted(supervisor.send(f"/places/{world.places['room']}/tags"), 201)
    second = label.split("/")[2]
    assert second != world.tags["room"]
    for code in (second, world.tags["room"]):
        assert "701室" in sign_in("technician").page(f"/t/{code}").text


def test_an_asset_gets_a_tag(app, world, supervisor):
    code = accepted(supervisor.send(f"/assets/{world.assets['pump']}/tags"), 201).split("/")[2]
    assert sql(app, "SELECT place_id, asset_id IS NOT NULL FROM tags WHERE code = :code", code=code) == [(None, 1)]


@pytest.mark.parametrize("action", ["retirement", "replacement"])
def test_a_tag_is_retired_once(app, world, supervisor, action):
    code, key = world.tags["room"], new_id()
    accepted(supervisor.send(f"/tags/{code}/{action}", key=key))
    many = one(app, "SELECT COUNT(*) FROM tags")
    accepted(supervisor.send(f"/tags/{code}/{action}", key=key))
    refused(supervisor.send(f"/tags/{code}/{action}"), 422, "tag-retired")
    assert one(app, "SELECT COUNT(*) FROM tags") == many


def test_who_retired_it_and_why_is_kept(app, world, supervisor):
    accepted(supervisor.send(f"/tags/{world.tags['room']}/retirement", {"reason": "丢失"}))
    with app.app_context():
        tag = session.get_one(Tag, world.tags["room"])
        assert tag.retired_by_id == world.people["supervisor"]
        assert tag.retired_reason == "丢失"
        assert tag.retired_at is not None


CHANGES = ["/tags/{code}/retirement", "/tags/{code}/replacement", "/places/{place}/tags", "/assets/{asset}/tags"]


def filled(path, world):
    return path.format(code=world.tags["room"], place=world.places["room"], asset=world.assets["pump"])


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("login", ["technician", "guard", "storekeeper", "manager", "requester"])
def test_only_supervisors_and_administrators_manage_tags(app, world, sign_in, path, login):
    many = one(app, "SELECT COUNT(*) FROM tags")
    refused(sign_in(login).send(filled(path, world)), 403)
    assert one(app, "SELECT COUNT(*) FROM tags") == many


@pytest.mark.parametrize("path", CHANGES)
def test_tags_of_another_site_do_not_exist(app, world, sign_in, path):
    many = one(app, "SELECT COUNT(*) FROM tags WHERE retired_at IS NULL")
    unseen(sign_in("outsider").send(filled(path, world)))
    assert one(app, "SELECT COUNT(*) FROM tags WHERE retired_at IS NULL") == many


@pytest.mark.parametrize("path", CHANGES)
def test_tags_change_by_posting_only(world, supervisor, path):
    assert supervisor.get(filled(path, world)).status_code == 405


def test_the_label_shows_the_code_and_a_picture_of_the_address(world, sign_in):
    client, code = sign_in("technician"), world.tags["room"]
    page = client.page(f"/tags/{code}/label")
    assert grouped(code) in page.text
    assert f"/tags/{code}/qr.svg" in [image.get("src") for image in page.all("img")]
    drawing = client.get(f"/tags/{code}/qr.svg")
    assert drawing.mimetype == "image/svg+xml"
    assert b"<script" not in drawing.data


@pytest.mark.parametrize("path", ["/tags/{code}/label", "/tags/{code}/qr.svg"])
def test_labels_are_for_the_crew_of_the_site(world, sign_in, path):
    path = path.format(code=world.tags["room"])
    assert sign_in("outsider").get(path).status_code == 404
    assert sign_in("requester").get(path).status_code == 403


def test_the_picture_can_be_read_by_a_scanner(world, sign_in):
    symbol = sign_in("technician").get(f"/tags/{world.tags['room']}/qr.svg").get_data(as_text=True)
    (found,) = zxingcpp.read_barcodes(_painted(symbol))
    assert found.text == f"http://localhost/t/{world.tags['room']}"


def _painted(symbol):
    """Paint the squares (`M x,y H .. V .. H .. z`) that the drawing consists of."""
    box = re.search(r'viewBox="0 0 ([\d.]+)', symbol)
    assert box is not None
    size = int(float(box[1]) * SCALE)
    image = Image.new("L", (size, size), 255)
    draw = ImageDraw.Draw(image)
    for corners in re.findall(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)", symbol):
        left, top, right, bottom = (float(value) * SCALE for value in corners)
        draw.rectangle([left, top, right - 1, bottom - 1], fill=0)
    return image
