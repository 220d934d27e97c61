"""Originals: few may fetch them, and each time is written down and shown."""

import pytest

from crew_app.evidence import originals
from tests.support.client import unseen
from tests.support.counting import one, sql
from tests.support.keeping import add_photo, by_hand
from tests.support.pictures import camera_jpeg
from tests.support.tickets import make_ticket

DATA = camera_jpeg()
LOG = "SELECT people.login FROM original_views JOIN people ON people.id = person_id ORDER BY original_views.at"


@pytest.fixture
def photo(app, world, sign_in):
    return add_photo(sign_in("technician"), make_ticket(app, world, "accepted"), DATA)


def test_a_supervisor_and_whoever_took_it_get_it_and_are_written_down(app, sign_in, photo):
    for login in ("supervisor", "technician", "manager"):
        answer = sign_in(login).get(f"/photos/{photo}/original")
        assert answer.data == DATA
        assert "no-store" in answer.headers["Cache-Control"], "the next time is to be seen too"
    assert [row[0] for row in sql(app, LOG)] == ["supervisor", "technician", "manager"]


@pytest.mark.parametrize("login", ["second", "requester", "guard", "storekeeper", "administrator"])
def test_others_who_see_the_picture_do_not_get_the_original(app, sign_in, photo, login):
    client = sign_in(login)
    assert client.get(f"/photos/{photo}/large").status_code in (200, 404)
    assert client.get(f"/photos/{photo}/original").status_code in (403, 404)
    assert one(app, "SELECT COUNT(*) FROM original_views") == 0


def test_an_outsider_sees_nothing_and_leaves_nothing(app, sign_in, photo):
    unseen(sign_in("outsider").get(f"/photos/{photo}/original"))
    assert one(app, "SELECT COUNT(*) FROM original_views") == 0


def test_a_fetch_of_what_did_not_change_is_written_down_as_well(app, sign_in, photo):
    client = sign_in("supervisor")
    tag = client.get(f"/photos/{photo}/original").headers["ETag"]
    assert client.get(f"/photos/{photo}/original", headers={"If-None-Match": tag}).status_code == 304
    assert one(app, "SELECT COUNT(*) FROM original_views") == 2


def test_supervisors_see_it_on_the_photo_and_the_manager_in_a_list(sign_in, photo):
    sign_in("technician").get(f"/photos/{photo}/original")
    page = sign_in("supervisor").page(f"/photos/{photo}")
    assert "员工technician" in page.html
    listed = sign_in("manager").page("/original-views")
    assert f"/photos/{photo}" in listed.html
    assert "员工technician" in listed.html
    assert sign_in("supervisor").get("/original-views").status_code == 403
    assert "Who fetched" not in sign_in("second", language="en").page(f"/photos/{photo}").html


def test_the_list_goes_on_by_key_and_keeps_to_the_site(app, sign_in, photo, monkeypatch):
    monkeypatch.setattr(originals, "PAGE", 2)
    client = sign_in("supervisor")
    for _ in range(5):
        client.get(f"/photos/{photo}/original")
    manager, path, seen = sign_in("manager"), "/original-views", 0
    while path:
        page = manager.page(path)
        seen += page.html.count(f"/photos/{photo}")
        links = [link.get("href") for link in page.all("a") if "before=" in (link.get("href") or "")]
        path = links[0] if links else ""
    assert seen == 5
    assert sign_in("outsider").page("/original-views").html.count("/photos/") == 0


def test_the_log_cannot_be_changed(app, sign_in, photo):
    sign_in("supervisor").get(f"/photos/{photo}/original")
    for statement in ("UPDATE original_views SET why = ''", "DELETE FROM original_views"):
        with pytest.raises(Exception, match="append-only"):
            by_hand(app, statement)


def test_nothing_goes_out_that_could_not_be_written_down(app, sign_in, photo, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError("disk full")

    monkeypatch.setattr(originals, "log", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = sign_in("supervisor").get(f"/photos/{photo}/original")
    assert answer.status_code >= 500
    assert DATA not in answer.data


def test_without_the_right_asked_everybody_would_get_it(sign_in, photo, monkeypatch):
    monkeypatch.setattr(originals, "may_fetch", lambda _person, _photo: True)
    assert sign_in("second").get(f"/photos/{photo}/original").status_code == 200
