"""Photos of a job: announced by fingerprint with the small command, bytes afterwards; shown without metadata."""

from io import BytesIO

import pytest

from crew_app.core.ids import new_id
from crew_app.tickets import photos as rules
from crew_app.tickets.models import PhotoRole
from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.pictures import MARKER, announcement, camera_jpeg, jpeg
from tests.support.tickets import make_ticket

EVERY_STATE = ("open", "accepted", "on_hold", "finished", "verified", "cancelled")


class TestPhotos(CommandOnTicket):
    resource = "photos"
    possible = EVERY_STATE
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    def fields(self, world):
        return {"role": "before"} | announcement(jpeg())

    @pytest.mark.parametrize("login", ["requester", "guard", "manager"])
    def test_everybody_who_sees_the_job_may_add_report_photos(self, world, sign_in, ticket, login):
        accepted(sign_in(login).send(self.path(ticket), self.fields(world) | {"role": "report"}))

    @pytest.mark.parametrize("role", ["", "selfie"])
    def test_what_it_shows_must_be_said(self, world, sign_in, ticket, role):
        refused(sign_in("technician").send(self.path(ticket), self.fields(world) | {"role": role}), 422)

    def test_without_a_photo_there_is_nothing_to_add(self, sign_in, ticket):
        refused(sign_in("technician").send(self.path(ticket), {"role": "before"}), 422, "photo-missing")

    def test_several_at_once_keep_their_order(self, app, sign_in, ticket):
        several = [announcement(jpeg(64 + n, 48)) for n in range(3)]
        fields = {name: [photo[name] for photo in several] for name in several[0]}
        accepted(sign_in("technician").send(self.path(ticket), fields | {"role": "after"}))
        found = sql(app, "SELECT sha256 FROM photos JOIN ticket_photos ON photo_id = photos.id ORDER BY position")
        assert [row[0] for row in found] == [photo["photo_sha256"] for photo in several]

    def test_a_job_has_as_many_as_it_can_need_and_no_more(self, world, sign_in, ticket, monkeypatch):
        monkeypatch.setattr(rules, "MOST", dict.fromkeys(PhotoRole, 2))
        client = sign_in("technician")
        for _ in range(2):
            accepted(client.send(self.path(ticket), self.fields(world)))
        assert "2" in refused(client.send(self.path(ticket), self.fields(world)), 422, "too-many-photos")


@pytest.mark.parametrize(
    "change",
    [
        {"photo_id": ""},
        {"photo_id": "1"},
        {"photo_sha256": ""},
        {"photo_sha256": "g" * 64},
        {"photo_sha256": "A" * 64},
        {"photo_bytes": ""},
        {"photo_bytes": "0"},
        {"photo_bytes": "-1"},
        {"photo_bytes": str(25 * 1024 * 1024 + 1)},
        {"photo_bytes": "9" * 5000},
        {"photo_taken_at": "yesterday"},
        {"photo_source": ""},
        {"photo_source": "scanner"},
        {"photo_source": ["camera", "camera"]},
    ],
    ids=lambda change: "-".join(f"{name}={str(value)[:12]}" for name, value in change.items()),
)
def test_an_announcement_that_makes_no_sense_is_refused(app, world, sign_in, change):
    ticket = make_ticket(app, world)
    before = counts(app)
    fields = {"role": "report"} | announcement(jpeg()) | change
    refused(sign_in("technician").send(f"/tickets/{ticket}/photos", fields), 422, "photo-fields")
    assert counts(app) == before


@pytest.mark.parametrize("taken", ["", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_an_absurd_camera_clock_does_not_stop_a_photo(app, world, sign_in, taken):
    ticket = make_ticket(app, world)
    fields = {"role": "report"} | announcement(jpeg(), photo_taken_at=taken)
    headers = {"Crew-Made-At": "2020-01-01T00:00:00Z", "Crew-Sent-At": "2020-01-01T00:00:01Z"}
    accepted(sign_in("technician").send(f"/tickets/{ticket}/photos", fields, headers=headers))
    assert one(app, "SELECT at <= received_at FROM photos")


def test_the_bytes_follow_and_the_photo_is_seen(app, world, sign_in):
    ticket, client, data = make_ticket(app, world), sign_in("technician"), camera_jpeg()
    fields = announcement(data)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    path = f"/photos/{fields['photo_id']}"
    assert client.get(f"{path}/thumb").status_code == 404
    accepted(client.send(f"{path}/original", body=data))
    for kind in ("thumb", "large"):
        shown = client.get(f"{path}/{kind}")
        assert shown.status_code == 200
        assert shown.mimetype == "image/jpeg"
        assert MARKER.encode() not in shown.data
        assert b"Exif" not in shown.data
    original = client.get(f"{path}/original")
    assert original.data == data
    assert "attachment" in original.headers["Content-Disposition"]


def test_the_page_says_which_photos_are_still_on_the_phone(app, world, sign_in):
    ticket, client, data = make_ticket(app, world), sign_in("technician"), jpeg()
    fields = announcement(data)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    path = f"/photos/{fields['photo_id']}"
    assert f"{path}/thumb" not in client.page(f"/tickets/{ticket}").html
    accepted(client.send(f"{path}/original", body=data))
    assert f"{path}/thumb" in client.page(f"/tickets/{ticket}").html


def test_bytes_that_were_not_announced_are_not_taken(app, world, sign_in):
    """The announced photo stays on the phone, the other one is nobody's evidence."""
    ticket, client, fields = make_ticket(app, world), sign_in("technician"), announcement(jpeg())
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    path = f"/photos/{fields['photo_id']}/original"
    refused(client.send(path, body=jpeg(32, 32)), 422, "photo-differs")
    assert one(app, "SELECT stored_at FROM photos") is None
    accepted(client.send(path, body=jpeg()))


def test_bytes_may_arrive_twice(app, world, sign_in):
    ticket, client, fields, key = make_ticket(app, world), sign_in("technician"), announcement(jpeg()), new_id()
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    path = f"/photos/{fields['photo_id']}/original"
    for again in (key, key, new_id()):
        accepted(client.send(path, body=jpeg(), key=again))
    assert one(app, "SELECT COUNT(*) FROM photos") == 1


def test_an_id_is_announced_once(app, world, sign_in):
    ticket, client, fields = make_ticket(app, world), sign_in("technician"), announcement(jpeg()) | {"role": "before"}
    accepted(client.send(f"/tickets/{ticket}/photos", fields))
    refused(client.send(f"/tickets/{ticket}/photos", fields), 422, "photo-known")


@pytest.mark.parametrize("login", ["second", "supervisor", "outsider", "administrator"])
def test_nobody_else_sends_the_bytes_of_somebodys_photo(app, world, sign_in, login):
    ticket, fields = make_ticket(app, world), announcement(jpeg())
    accepted(sign_in("technician").send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    unseen(sign_in(login).send(f"/photos/{fields['photo_id']}/original", body=jpeg()))
    assert one(app, "SELECT stored_at FROM photos") is None


def test_bytes_that_nobody_announced_have_no_place(sign_in):
    unseen(sign_in("technician").send(f"/photos/{new_id()}/original", body=jpeg()))


@pytest.mark.parametrize("kind", ["thumb", "large", "original"])
def test_photos_are_seen_by_those_who_see_the_job(app, world, sign_in, stranger, kind):
    ticket, fields = make_ticket(app, world), announcement(jpeg())
    technician = sign_in("technician")
    accepted(technician.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    accepted(technician.send(f"/photos/{fields['photo_id']}/original", body=jpeg()))
    path = f"/photos/{fields['photo_id']}/{kind}"
    seen = 403 if kind == "original" else 200  # an original is for supervisors and whoever took it
    for login, status in (("requester", seen), ("guard", seen), ("contractor", 404), ("outsider", 404)):
        response = sign_in(login).get(path)
        assert response.status_code == status, login
    assert stranger.get(path).status_code == 302
    shown = technician.get(path)
    assert shown.cache_control.private
    assert technician.get(path, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304


def test_a_plain_form_sends_the_file_itself(app, world, sign_in):
    ticket, client = make_ticket(app, world), sign_in("technician")
    file = (BytesIO(camera_jpeg()), "IMG_0001.JPG")
    response = client.form(f"/tickets/{ticket}/photos", {"role": "after", "photo": file})
    assert response.status_code == 303
    rows = sql(app, "SELECT source, stored_at IS NOT NULL, media_type, person_id IS NOT NULL FROM photos")
    assert rows == [("file", 1, "image/jpeg", 1)]


def test_a_plain_form_with_something_else_than_a_picture_is_refused(app, world, sign_in):
    ticket, client = make_ticket(app, world), sign_in("technician")
    before = counts(app)
    file = (BytesIO(b"%PDF-1.7 not a photo"), "photo.jpg")
    assert client.form(f"/tickets/{ticket}/photos", {"role": "after", "photo": file}).status_code == 422
    assert counts(app) == before


@pytest.mark.parametrize("taken", ["2026-11-22T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_time_no_camera_can_mean_is_no_reason_to_lose_a_photo(app, world, sign_in, taken):
    ticket, fields = make_ticket(app, world), {"role": "report"} | announcement(jpeg()) | {"photo_taken_at": taken}
    accepted(sign_in("technician").send(f"/tickets/{ticket}/photos", fields))
    assert sql(app, "SELECT taken_at FROM photos")[0][0] is None


def test_a_reporter_cannot_take_the_place_of_the_evidence(app, world, sign_in):
    ticket = make_ticket(app, world)
    path = f"/tickets/{ticket}/photos"
    for _ in range(10):
        accepted(sign_in("technician").send(path, {"role": "report"} | announcement(jpeg())))
    refused(sign_in("technician").send(path, {"role": "report"} | announcement(jpeg())), 422, "too-many-photos")
    accepted(sign_in("technician").send(path, {"role": "after"} | announcement(jpeg())))


def test_bytes_nobody_announced_are_not_even_looked_at(app, world, sign_in, settings):
    refused(sign_in("contractor").send(f"/photos/{some_id()}/original", body=jpeg()), 404, "unknown-photo")
    assert not settings.photo_store.exists()


def test_a_page_of_many_photos_shows_the_smallest_copies(app, world, sign_in):
    ticket, client = make_ticket(app, world), sign_in("technician")
    photos = [announcement(jpeg(64 + count)) for count in range(1, 10)]
    for count, photo in enumerate(photos, 1):
        accepted(client.send(f"/tickets/{ticket}/photos", {"role": "report"} | photo))
        accepted(client.send(f"/photos/{photo['photo_id']}/original", body=jpeg(64 + count)))
        page = client.get(f"/tickets/{ticket}").get_data(as_text=True)
        assert (page.count("/small"), page.count("/thumb")) == ((0, count) if count <= 8 else (count, 0))
    assert client.get(f"/photos/{photos[0]['photo_id']}/small").mimetype == "image/jpeg"
