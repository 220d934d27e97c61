"""Work with photos in a bucket: the job never waits for it, and what cannot be shown says so."""

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.evidence import removing
from crew_app.evidence.draining import drain
from crew_app.evidence.models import Photo
from crew_app.evidence.spool import waiting
from crew_app.web.hosts import forget_removed
from tests.support.client import accepted
from tests.support.pictures import announcement, camera_jpeg
from tests.support.tickets import make_ticket


@pytest.fixture
def settings(settings, far):
    return replace(settings, bucket=far.bucket, photo_store=settings.data / "spool", photo_cache=0)


def send(app, world, sign_in):
    ticket, client, data = make_ticket(app, world), sign_in("technician"), camera_jpeg()
    fields = announcement(data)
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    accepted(client.send(f"/photos/{fields['photo_id']}/original", body=data))
    return client, f"/photos/{fields['photo_id']}", data


def test_a_job_with_photos_goes_on_while_the_bucket_is_down(app, world, sign_in, far):
    far.proxy.refuse()
    client, path, data = send(app, world, sign_in)
    assert client.get(f"{path}/original").get_data() == data
    assert client.get("/readyz").get_data(as_text=True).splitlines() == [
        "ready",
        "photos waiting: 4, the oldest for 0 s",
    ]
    far.proxy.accept_again()
    assert drain(app.extensions["crew_store"]).moved == 4
    assert client.get(f"{path}/original").get_data() == data


def test_a_photo_that_cannot_be_had_now_says_so_in_words(app, world, sign_in, far):
    client, path, _ = send(app, world, sign_in)
    drain(app.extensions["crew_store"])
    assert client.get(f"{path}/large").status_code == 200
    far.proxy.refuse()
    assert client.get(f"{path}/large").status_code == 200  # made for showing before, and kept here
    for kind in ("plain", "thumb", "small", "original"):
        answer = client.get(f"{path}/{kind}")
        assert answer.status_code == 503
        assert answer.headers["Crew-Refusal"] == "store-unreachable"
    assert client.get("/readyz").status_code == 200


def test_a_photo_that_is_nowhere_is_no_error_of_the_server(app, world, sign_in):
    client, path, _ = send(app, world, sign_in)
    for file in list(waiting(app.extensions["crew_store"].spool)):
        file.unlink()
    answer = client.get(f"{path}/large")
    assert (answer.status_code, answer.headers["Crew-Refusal"]) == (503, "photo-not-kept")


def test_the_smallest_copy_of_an_older_photo_is_made_when_it_is_asked_for(app, world, sign_in):
    client, path, data = send(app, world, sign_in)
    store, key = app.extensions["crew_store"], f"small/{hashlib.sha256(data).hexdigest()}"
    made = store.get(key)
    store.spool.delete(key)
    assert client.get(f"{path}/small").get_data()[:3] == made[:3] == b"\xff\xd8\xff"
    assert store.has(key)


def removed_elsewhere(app, path):
    """Another machine removes the photo and deletes its bytes, which it does not have."""
    with app.app_context():
        with write_transaction():
            removing.take_away(session.get_one(Photo, UUID(path.rpartition("/")[2])), "不该拍", at=now())
        session.remove()


def test_a_photo_that_another_machine_removed_is_not_moved_to_the_bucket(app, world, sign_in, far):
    _, path, data = send(app, world, sign_in)
    store, before = app.extensions["crew_store"], removing.removals_since(now())
    removed_elsewhere(app, path)
    with app.app_context():
        last = forget_removed(before)
        assert last > before
        assert forget_removed(last) == last
    drain(store)
    assert list(waiting(store.spool)) == []
    assert not far.there.has(f"original/{hashlib.sha256(data).hexdigest()}")


def test_without_asking_it_would_be(app, world, sign_in, far):
    """Sabotage: this machine does not hear of it."""
    _, path, data = send(app, world, sign_in)
    removed_elsewhere(app, path)
    drain(app.extensions["crew_store"])
    assert far.there.has(f"original/{hashlib.sha256(data).hexdigest()}")


def test_where_only_the_bucket_is_safe_a_photo_waits_on_the_phone(app, world, sign_in, far):
    app.extensions["crew_store"].wait = True
    ticket, client, data = make_ticket(app, world), sign_in("technician"), camera_jpeg()
    fields, key = announcement(data), new_id()
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": "before"}))
    path = f"/photos/{fields['photo_id']}/original"
    far.proxy.refuse()
    answer = client.send(path, body=data, key=key)
    assert (answer.status_code, answer.headers["Crew-Refusal"]) == (503, "store-unreachable")
    assert int(answer.headers["Retry-After"]) > 0
    far.proxy.accept_again()
    app.extensions["crew_store"].breaker.reset()
    accepted(client.send(path, body=data, key=key))
    assert far.there.has(f"original/{fields['photo_sha256']}")
    assert app.extensions["crew_store"].waits().files == 0


def test_counting_very_many_files_does_not_hold_up_who_asks(spooled, monkeypatch):
    """What takes long is kept for a while; what takes no time is counted each time."""
    spooled.put("thumb/00aa", b"1")
    assert spooled.waits().files == 1
    spooled.put("thumb/00bb", b"2")
    assert spooled.waits().files == 2
    monkeypatch.setattr("crew_app.evidence.spool.AT_ONCE", -1.0)  # as if it had taken a second too long
    spooled.put("thumb/00cc", b"3")
    assert spooled.waits().files == 3
    spooled.put("thumb/00dd", b"4")
    assert spooled.waits().files == 3
