"""The whole story of evidence: shot through a ghost, stamped, checked by its code, found odd, sent back with a mark."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from crew_app.demo.pictures import photo
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.shooting import Camera, draw

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_from_the_shutter_to_the_mark_on_the_picture(phone: Callable[..., Phone], hospital: Hospital) -> None:
    handset = phone("wang", "en")
    _point_at_a_lamp(handset)
    worker = Camera(handset.switch_on().sign_in(), hospital).begin()
    for role in ("before", "after"):
        worker.open(role)
        if role == "after":
            expect(worker.page.locator("[data-ghost-image]")).to_be_visible()
        worker.shoot(1)
        worker.done()
        worker.arrived(role)
        expect(worker.page.locator(".photo-side img[src*='/thumb']")).to_have_count(1 if role == "before" else 2)
    worker.phone.button("Finish").click()
    expect(worker.page.locator("#ticket")).to_have_attribute("data-state", "finished")
    worker.job.until_sent()

    boss = phone("li").switch_on().sign_in()
    boss.page.set_viewport_size({"width": 1280, "height": 800})
    _wait_for_the_flag(hospital, worker)
    _look_at_the_stamp(boss, worker)
    _find_it_odd_and_send_it_back(boss, worker)
    _see_the_mark(worker)


def _point_at_a_lamp(handset: Phone) -> None:
    """The same frame again and again, as long as the camera is on."""
    frame = io.BytesIO()
    with Image.open(
        io.BytesIO(photo("lamp", fixed=False, taken_at=datetime(2026, 11, 22, tzinfo=UTC), hand=3))
    ) as lamp:
        lamp.resize((1280, 720)).save(frame, "JPEG", quality=90, subsampling="4:2:0", exif=b"")
    handset.film.write_bytes(frame.getvalue() * 40)


def _wait_for_the_flag(hospital: Hospital, worker: Camera) -> None:
    """The camera of this phone sees the same twice; the worker of the server finds that after = before."""
    query = "SELECT count(*) FROM photo_flags JOIN ticket_photos USING (photo_id) WHERE ticket_id = ? AND kind = ?"
    hospital.until(query, worker.job.ticket.hex, "same_as_before")


def _look_at_the_stamp(boss: Phone, worker: Camera) -> None:
    """The QR code in the picture leads to its page; the picture itself is found to be the one we show."""
    photo_id = worker.arrived("after")[0][4]
    large = boss.page.request.get(f"/photos/{_dashed(photo_id)}/large").body()
    (code,) = [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(large)))]
    assert "/v/" in code
    boss.open(code[code.index("/v/") :])
    expect(boss.page.locator(".notice[data-kind=success]").first).to_be_visible()
    shown = {"name": "shown.jpg", "mimeType": "image/jpeg", "buffer": large}
    boss.page.locator("form[action$='/comparison'] input[type=file]").set_input_files(shown)  # type: ignore[arg-type]
    boss.page.locator("form[action$='/comparison'] button").last.click()
    expect(boss.page.get_by_text(boss.say("Exactly what we show"))).to_be_visible()


def _find_it_odd_and_send_it_back(boss: Phone, worker: Camera) -> None:
    page, ticket = boss.page, str(worker.job.ticket)
    boss.open(f"/review?job={ticket}")
    expect(page.locator("#ticket")).to_have_attribute("data-ticket", ticket)
    expect(page.locator("#queue li[aria-current] .short")).to_be_visible()  # the reason stands in the queue
    expect(page.locator(".photo-flag").first).to_be_visible()
    page.keyboard.press("b")
    page.locator("[data-mark]").first.click()
    draw(page)
    expect(page.locator("form[action$='/return'] [data-photo-previews] img")).to_have_count(1)
    page.locator("#return-note").fill("灯管没换，和维修前一样")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ticket")).not_to_have_attribute("data-ticket", ticket)
    boss.nothing_waits()


def _see_the_mark(worker: Camera) -> None:
    worker.job.open(f"/tickets/{worker.job.ticket}")
    expect(worker.page.locator("#ticket")).to_have_attribute("data-state", "accepted")
    expect(worker.page.locator(".photo .chip", has_text=worker.phone.say("Marked"))).to_be_visible()


def _dashed(hexadecimal: object) -> str:
    text = str(hexadecimal)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
