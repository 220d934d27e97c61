"""What is too large is told so, before it fills memory or disk."""

import io

import pytest

from crew_app.evidence.images import MAX_BYTES
from tests.support.client import SAME_ORIGIN, some_id
from tests.support.counting import counts
from tests.support.pictures import jpeg
from tests.support.tickets import make_ticket


def test_a_photo_over_the_limit_is_refused_to_the_outbox_in_plain_words(app, world, sign_in, settings):
    before = counts(app)
    response = sign_in("technician").send(
        f"/photos/{some_id()}/original", body=b"\xff\xd8" + b"\0" * (MAX_BYTES + 70_000)
    )
    assert response.status_code == 413
    assert response.mimetype == "text/plain"
    assert "25" in response.get_data(as_text=True)
    assert counts(app) == before
    assert not settings.photo_store.exists()


def test_a_photo_over_the_limit_is_refused_to_a_plain_form_on_a_page(app, world, sign_in):
    ticket = make_ticket(app, world)
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="large.jpg"\r\n\r\n'
    body = head + b"\0" * (MAX_BYTES + 70_000) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    response = sign_in("technician").post(
        f"/tickets/{ticket}/photos", data=body, content_type=kind, headers=SAME_ORIGIN
    )
    assert response.status_code == 413
    assert response.mimetype == "text/html"


@pytest.mark.parametrize("size", [300_000, 3_000_000])
def test_a_form_as_long_as_a_book_is_refused(app, world, sign_in, size):
    response = sign_in("technician").send("/tickets", {"description": "x" * size})
    assert response.status_code == 413


def test_more_photos_than_one_form_can_mean_are_refused(app, world, sign_in):
    ticket, photos = make_ticket(app, world), [(io.BytesIO(jpeg()), f"{n}.jpg") for n in range(11)]
    before = counts(app)
    response = sign_in("technician").form(f"/tickets/{ticket}/photos", {"role": "report", "photo": photos})
    assert response.status_code == 422
    assert counts(app) == before
