"""Work with photos in a bucket: the job never waits for it, and what cannot be shown says so."""

import hashlib
from dataclasses import replace

import pytest

from crew_app.evidence.draining import drain
from crew_app.evidence.spool import waiting
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
