"""The camera inside the application: shots in a row, the ghost, no permission, no network, a dead battery, marks."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.basement import held, small_photo, wait_for
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.shooting import PURSE, Camera, draw
from tests.support.pictures import drawing, encoded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def at_work(phone: Callable[..., Phone], hospital: Hospital) -> Camera:
    """A technician at a job."""
    return Camera(phone("wang", "en").switch_on().sign_in(), hospital).begin()


def test_several_in_a_row_are_sent_when_it_is_enough(at_work: Camera) -> None:
    at_work.open()
    at_work.shoot(1)
    at_work.shoot(2)
    at_work.page.keyboard.press("Enter")
    at_work.has(3)
    assert held(at_work.page) == []
    at_work.page.locator(".camera-shot button").first.click()
    at_work.page.locator("[data-look-again]").click()
    expect(at_work.page.locator(".camera-shot")).to_have_count(2)
    at_work.done()
    shots = at_work.arrived("before")
    assert [shot[:4] for shot in shots] == [("live", "image/jpeg 1280x720", 1, None)] * 2
    assert len(at_work.job.photos()) == 2


def test_quick_fingers_lose_nothing(at_work: Camera) -> None:
    at_work.open()
    at_work.page.locator("[data-camera-shutter]").evaluate("(it) => { for (let n = 0; n < 4; n += 1) it.click(); }")
    at_work.has(4)
    at_work.done()
    assert [shot[2] for shot in at_work.arrived("before")] == [1] * 4


def test_the_picture_before_lies_over_the_view_also_in_the_basement(at_work: Camera) -> None:
    ghost = at_work.page.locator("[data-ghost-image]")
    at_work.open("before")
    expect(ghost).to_be_hidden()
    at_work.shoot(1)
    at_work.done()
    at_work.arrived("before")
    expect(at_work.page.locator(".photo-side img[src*='/thumb']")).to_have_count(1)
    at_work.open("after")
    expect(ghost).to_be_visible()
    assert float(ghost.evaluate("(it) => it.style.opacity")) == pytest.approx(0.45)
    at_work.page.locator("[data-ghost-strength]").fill("70")
    assert float(ghost.evaluate("(it) => it.style.opacity")) == pytest.approx(0.7)
    at_work.phone.button("Before").click()
    expect(ghost).to_be_hidden()
    at_work.phone.button("Before").click()
    at_work.page.keyboard.press("Escape")
    expect(at_work.page.locator("dialog.camera")).to_have_count(0)
    large = str(at_work.form("after").locator("[data-ghost]").get_attribute("data-ghost"))
    at_work.phone.until(f"caches.match({large!r}, {{ignoreVary: true}}).then(Boolean)")
    at_work.phone.offline()
    at_work.open("after")
    wait_for(at_work.page, "document.querySelector('[data-ghost-image]').naturalWidth === 1280")
    at_work.shoot(1)
    at_work.done()
    at_work.phone.offline(off=False)
    assert [shot[:3] for shot in at_work.arrived("after")] == [("live", "image/jpeg 1280x720", 1)]


def test_a_shot_before_that_still_waits_here_is_the_ghost(at_work: Camera) -> None:
    at_work.phone.offline()
    at_work.open("before")
    at_work.shoot(1)
    at_work.done()
    wait_for(at_work.page, "document.querySelectorAll('[data-waiting-photos] img').length === 1")
    at_work.open("after")
    expect(at_work.page.locator("[data-ghost-image]")).to_be_visible()
    assert str(at_work.page.locator("[data-ghost-image]").get_attribute("src")).startswith("blob:")


def test_without_permission_it_says_what_to_do_and_the_phones_own_camera_is_there(at_work: Camera) -> None:
    session = at_work.phone.context.new_cdp_session(at_work.page)
    denied = {"permission": {"name": "camera"}, "setting": "denied", "origin": at_work.phone.url}
    session.send("Browser.setPermission", denied)
    at_work.form("before").locator("label.shoot").click()
    expect(at_work.page.get_by_role("heading", name=at_work.phone.say("The camera is not allowed"))).to_be_visible()
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": small_photo(3)}
    at_work.page.locator("dialog.camera [data-camera-file][capture]").set_input_files(photo)  # type: ignore[arg-type]
    at_work.has(1)
    screenshot = {"name": "b.png", "mimeType": "image/png", "buffer": encoded(drawing(108, 240), "PNG")}
    at_work.page.locator("dialog.camera [data-camera-gallery]").set_input_files(screenshot)  # type: ignore[arg-type]
    at_work.has(2)
    at_work.done()
    found = [shot[:3] for shot in at_work.arrived("before")]
    assert found == [("camera", "image/jpeg 48x32", 0), ("gallery", "image/png 108x240", 0)]
    expect(at_work.page.locator(".chip", has_text=at_work.phone.say("From the gallery"))).to_be_visible()


@pytest.mark.parametrize(
    "missing",
    [
        "navigator.mediaDevices.enumerateDevices = async () => []",
        "Object.defineProperty(Navigator.prototype, 'mediaDevices', {value: undefined})",
    ],
    ids=["no camera", "an old browser"],
)
def test_where_there_is_no_camera_the_plain_field_opens(at_work: Camera, missing: str) -> None:
    at_work.page.add_init_script(missing)
    at_work.page.reload()
    with at_work.page.expect_file_chooser() as chooser:
        at_work.form("before").locator("label.shoot").click()
    chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": small_photo(3)})
    expect(at_work.page.locator(".photo-side img[src*='/thumb']")).to_have_count(1)
    assert len(at_work.arrived("before")) == 1


def test_a_dead_battery_keeps_what_was_shot(at_work: Camera) -> None:
    at_work.phone.offline()
    at_work.open("after")
    at_work.shoot(1)
    at_work.shoot(2)
    at_work.phone.kill()
    again = Camera(at_work.phone.switch_on(), at_work.hospital)
    again.job.ticket = at_work.job.ticket
    again.job.open(f"/tickets/{again.job.ticket}")
    if "/login" in again.page.url:  # the browser had not written its cookies down yet
        again.phone.sign_in()
        again.job.open(f"/tickets/{again.job.ticket}")
    kept = again.form("after").locator("[data-photo-previews] img")
    expect(kept).to_have_count(2)
    expect(again.form("after").locator(".not-sent")).to_be_visible()
    expect(again.form("before").locator(".not-sent")).to_be_hidden()
    expect(again.form("before").locator("[data-photo-previews] img")).to_have_count(0)
    again.phone.button("Save photo").click()
    assert [shot[:3] for shot in again.arrived("after")] == [("live", "image/jpeg 1280x720", 1)] * 2


def test_in_the_basement_each_shot_answers_a_challenge_of_its_own_until_there_are_none(at_work: Camera) -> None:
    at_work.phone.offline()
    has: int = at_work.page.evaluate(f"async () => {PURSE}.length")
    at_work.open()
    for number in range(1, 4):
        at_work.shoot(number)
    assert at_work.page.evaluate(f"async () => {PURSE}.length") == has - 3
    _empty_purse(at_work)
    at_work.shoot(4)
    at_work.done()
    at_work.phone.offline(off=False)
    assert [shot[2] for shot in at_work.arrived("before")] == [1, 1, 1, 0]


def test_signing_out_takes_the_challenges_along(at_work: Camera) -> None:
    at_work.phone.open("/more")
    at_work.phone.button("Sign out").click()
    at_work.page.wait_for_url("**/login**")
    assert at_work.page.evaluate(f"async () => {PURSE}") == []


def test_a_drawing_is_a_copy_bound_to_its_original(at_work: Camera) -> None:
    at_work.open()
    at_work.shoot(1)
    at_work.page.locator(".camera-shot button").click()
    at_work.page.locator("[data-look-mark]").click()
    draw(at_work.page)
    expect(at_work.page.locator(".camera-shot")).to_have_count(2)
    at_work.page.locator("[data-look-back]").click()
    at_work.done()
    shot, copy = at_work.arrived("before")
    assert copy[3] == shot[4]
    assert (shot[0], copy[0], copy[2]) == ("live", "file", 0)
    first, second = at_work.job.photos()
    assert first != second
    expect(at_work.page.locator(".photo .chip", has_text=at_work.phone.say("Marked"))).to_have_count(1)
    _draw_on_what_the_server_has(at_work, str(shot[4]))
    at_work.phone.button("Save photo").click()
    ((_, _, _, original, _),) = at_work.arrived("after")
    assert original == shot[4]


def test_it_says_how_the_phone_is_held(at_work: Camera) -> None:
    at_work.open()
    level, status = at_work.page.locator("[data-camera-level]"), at_work.page.locator("dialog [data-scan-status]")
    _hold(at_work, "deviceorientation", "DeviceOrientationEvent", "{beta: 90, gamma: 0}")
    expect(level).to_have_attribute("data-level", "")
    _hold(at_work, "deviceorientation", "DeviceOrientationEvent", "{beta: 70, gamma: 30}")
    expect(level).not_to_have_attribute("data-level", "")
    turned = "{rotationRate: {alpha: 90, beta: 0, gamma: 0}}"
    _hold(at_work, "devicemotion", "DeviceMotionEvent", turned)
    expect(status).to_have_text(at_work.phone.say("Hold the phone still"))
    at_work.shoot(1)
    still = "{rotationRate: {alpha: 0, beta: 0, gamma: 0}}"
    for _ in range(6):
        _hold(at_work, "devicemotion", "DeviceMotionEvent", still)
    expect(status).to_have_text("")


def test_a_job_that_needs_photos_asks_until_they_are_on_the_phone(at_work: Camera) -> None:
    site = at_work.hospital.value("SELECT site_id FROM tickets WHERE id = ?", at_work.job.ticket.hex)
    at_work.hospital.change("INSERT INTO shot_rules (id, site_id, before, after) VALUES (?, ?, 0, 2)", "0" * 32, site)
    at_work.job.open(f"/tickets/{at_work.job.ticket}")
    reason = at_work.page.locator("#no-photo-reason")
    expect(reason).to_be_visible()
    at_work.phone.button("Finish").click()
    expect(at_work.page.locator("#ticket")).to_have_attribute("data-state", "accepted")
    at_work.phone.offline()
    at_work.open("after")
    at_work.shoot(1)
    at_work.shoot(2)
    at_work.done()
    expect(at_work.page.locator("[data-shots-count]")).to_have_text("2")
    expect(reason).to_be_hidden()
    at_work.phone.button("Finish").click()
    expect(at_work.page.locator("#ticket")).to_have_attribute("data-state", "finished")
    at_work.phone.offline(off=False)
    assert len(at_work.arrived("after")) == 2
    assert at_work.hospital.value("SELECT state FROM tickets WHERE id = ?", at_work.job.ticket.hex) == "finished"


def _hold(at_work: Camera, name: str, kind: str, values: str) -> None:
    at_work.page.evaluate(f"() => void dispatchEvent(new {kind}({name!r}, {values}))")


def _draw_on_what_the_server_has(at_work: Camera, photo_id: str) -> None:
    """Any page may have such a button in a form of the outbox."""
    original = UUID(photo_id)
    at_work.form("after").evaluate(
        """(form, id) => {
          const button = document.createElement("button");
          Object.assign(button, {type: "button", textContent: "draw", id: "draw-here"});
          Object.assign(button.dataset, {mark: `/photos/${id}/large`, copyOf: id});
          form.append(button);
        }""",
        str(original),
    )
    at_work.page.locator("#draw-here").click()
    draw(at_work.page)
    expect(at_work.form("after").locator("[data-photo-previews] img")).to_have_count(1)


def _empty_purse(at_work: Camera) -> None:
    at_work.page.evaluate("""() => new Promise((resolve) => {
      const asked = indexedDB.open('crew');
      asked.onsuccess = () => {
        const gone = asked.result.transaction('directory', 'readwrite').objectStore('directory').delete('purse');
        gone.onsuccess = () => { asked.result.close(); resolve(); };
      };
    })""")
