"""Flags of photos as people see and judge them."""

import pytest
from flask import get_template_attribute

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.evidence import flag_queries
from crew_app.evidence.models import PhotoSource
from crew_app.evidence.proof_models import PhotoFlag
from tests.support.client import UNKNOWN_ID, accepted, refused, unseen
from tests.support.counting import counts, statements
from tests.support.evidence import Camera, jpeg_of, shot
from tests.support.tickets import make_ticket

SHOTS = [jpeg_of(shot(number)) for number in (11, 13)]


@pytest.fixture
def camera(app, world):
    return Camera(app, world)


@pytest.fixture
def flag(app, world, camera):
    """The technician used a picture of another job again."""
    for quality in (85, 60):
        camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(11), quality))
    camera.look()
    with app.app_context():
        return session.query(PhotoFlag).one()


def path(flag):
    return f"/photos/{flag.photo_id}/flags/{flag.id}/judgement"


def judged(app):
    with app.app_context():
        found = session.query(PhotoFlag).one()
        return found.harmless, found.judged_by_id


def test_judging_and_judging_again(app, world, sign_in, flag):
    client = sign_in("supervisor")
    assert accepted(client.send(path(flag), {"verdict": "not-right"})) == "/photo-flags"
    assert judged(app) == (False, world.people["supervisor"])
    accepted(sign_in("manager").send(path(flag), {"verdict": "harmless"}))
    assert judged(app) == (True, world.people["manager"])


def test_without_javascript(app, sign_in, flag):
    assert sign_in("supervisor").form(path(flag), {"verdict": "harmless"}).status_code == 303
    assert judged(app)[0] is True


def test_the_same_request_again_changes_nothing_more(app, sign_in, flag):
    client, key = sign_in("supervisor"), new_id()
    accepted(client.send(path(flag), {"verdict": "harmless"}, key=key))
    after = counts(app)
    accepted(client.send(path(flag), {"verdict": "harmless"}, key=key))
    assert counts(app) == after


@pytest.mark.parametrize("verdict", ["", "perhaps"])
def test_a_verdict_is_one_of_two(app, sign_in, flag, verdict):
    refused(sign_in("supervisor").send(path(flag), {"verdict": verdict}), 422, "verdict-missing")
    assert judged(app) == (None, None)


def test_nobody_judges_their_own_picture(app, world, sign_in, camera):
    camera.take(make_ticket(app, world, "accepted"), "after", SHOTS[0], by="foreman", source=PhotoSource.GALLERY)
    camera.look()
    with app.app_context():
        flag = session.query(PhotoFlag).one()
    client = sign_in("foreman")
    refused(client.send(path(flag), {"verdict": "harmless"}), 403, "own-photo")
    assert judged(app) == (None, None)
    assert path(flag) not in client.page("/photo-flags").actions


def test_people_of_another_site_are_told_that_there_is_nothing(app, sign_in, flag):
    outsider = sign_in("outsider")
    unseen(outsider.send(path(flag), {"verdict": "harmless"}))
    assert str(flag.id) not in outsider.get("/photo-flags").get_data(as_text=True)
    assert judged(app) == (None, None)


@pytest.mark.parametrize("login", ["technician", "guard", "storekeeper", "requester", "administrator"])
def test_who_does_not_verify_neither_sees_nor_judges(app, sign_in, flag, login):
    client = sign_in(login)
    refused(client.send(path(flag), {"verdict": "harmless"}), 403)
    assert client.get("/photo-flags").status_code == 403
    assert judged(app) == (None, None)


def test_a_flag_of_another_photo_or_of_nothing_is_not_found(sign_in, flag):
    client = sign_in("supervisor")
    unseen(client.send(f"/photos/{flag.other_id}/flags/{flag.id}/judgement", {"verdict": "harmless"}))
    unseen(client.send(f"/photos/{flag.photo_id}/flags/{UNKNOWN_ID}/judgement", {"verdict": "harmless"}))


def test_the_list_shows_both_pictures_with_job_person_and_time(app, world, sign_in, flag):
    page = sign_in("supervisor", language="en").page("/photo-flags")
    shown = [image.get("src") for image in page.all("img", loading="lazy")]
    assert shown == [f"/photos/{flag.photo_id}/thumb", f"/photos/{flag.other_id}/thumb"]
    assert "Same picture elsewhere" in page.text
    assert (page.text.count("Technician ·"), page.text.count("Room 701")) == (2, 2)
    assert path(flag) in page.actions


def test_the_list_is_narrowed_by_kind_and_to_what_nobody_judged(app, world, sign_in, camera, flag):
    camera.take(make_ticket(app, world, "accepted"), "after", SHOTS[1], source=PhotoSource.GALLERY)
    camera.look()
    client = sign_in("supervisor")
    accepted(client.send(path(flag), {"verdict": "not-right"}))

    def rows(query):
        return client.get(f"/photo-flags{query}").get_data(as_text=True).count('id="flag-')

    assert [rows(query) for query in ("", "?kind=gallery", "?kind=same_picture", "?only=open")] == [2, 1, 1, 1]
    assert rows("?only=open&kind=same_picture") == 0
    unseen(client.get("/photo-flags?kind=nothing"))
    unseen(client.get("/photo-flags?before=nothing"))


def test_the_flags_of_many_photos_cost_one_query(any_app, any_world):
    camera = Camera(any_app, any_world)
    taken = [
        camera.take(make_ticket(any_app, any_world, "accepted"), "after", data, source=PhotoSource.GALLERY)
        for data in SHOTS
    ]
    camera.look()
    with any_app.app_context():
        supervisor = any_world.person("supervisor")
        assert supervisor.memberships
        with statements(any_app) as queries:
            found = flag_queries.flags_of(supervisor, taken)
            names = [one.photo.person for flags in found.values() for one in flags]
        assert len(queries) == 1
        assert len(names) == 2
        assert flag_queries.flags_of(any_world.person("outsider"), taken) == {photo: [] for photo in taken}


def test_the_part_for_other_pages_says_nothing_of_pictures_that_the_viewer_may_not_see(app, flag):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        part = get_template_attribute("components/flags.html", "flags")
        found = session.query(PhotoFlag).one()
        html = str(part(found.photo, [found]))
    assert "Same picture elsewhere" in html
    assert html.count("At another site") == 2
    assert f"/photos/{flag.other_id}" not in html
    assert "judgement" not in html
