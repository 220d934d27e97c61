"""The blur brush in a hand: areas drawn with finger and mouse look as they will look, are saved, and come back."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.walking import dashed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PHOTO = """SELECT p.id FROM photos p JOIN ticket_photos t ON t.photo_id = p.id
 JOIN memberships m ON m.site_id = p.site_id JOIN people ON people.id = m.person_id AND people.login = 'li'
 WHERE p.stored_at IS NOT NULL LIMIT 1"""
AREAS = "SELECT x, y, width, height FROM photo_covers WHERE lifted_at IS NULL ORDER BY x"
COLOURS = """(at) => {
  const canvas = document.querySelector('[data-blur-canvas]');
  const [x, y, w, h] = at.map((part, index) => Math.round(part * (index % 2 ? canvas.height : canvas.width)));
  const data = canvas.getContext('2d').getImageData(x, y, w, h).data;
  return data.reduce((sum, value, index) => index % 4 === 3 ? sum + (value > 0) : sum, 0) / (w * h);
}"""


@pytest.fixture
def photo(hospital):
    return hospital.value(PHOTO)


def opened(phone, photo, language="zh_Hans_CN"):
    boss = phone("li", language).switch_on().sign_in()
    boss.open(f"/photos/{dashed(photo)}")
    boss.until("document.querySelector('[data-blur-image]').complete")
    return boss


def box_of(boss):
    box = boss.page.locator("[data-blur-canvas]").bounding_box()
    assert box
    return box


def at(box, x, y):
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def drag(boss, start, end):
    """With a mouse, from here to there, in shares of the picture."""
    box = box_of(boss)
    boss.page.mouse.move(*at(box, *start))
    boss.page.mouse.down()
    boss.page.mouse.move(*at(box, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    boss.page.mouse.move(*at(box, *end))
    boss.page.mouse.up()


def swipe(boss, start, end):
    """With a finger, which scrolls the page wherever the brush does not hold it."""
    box, session = box_of(boss), boss.context.new_cdp_session(boss.page)
    steps = [
        ("touchStart", start),
        ("touchMove", ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)),
        ("touchMove", end),
    ]
    for kind, spot in steps:
        x, y = at(box, *spot)
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def covered(boss, x, y, width, height):
    """Which share of a part of the picture is painted over."""
    return boss.page.evaluate(COLOURS, [x, y, width, height])


def test_areas_are_drawn_seen_undone_saved_and_shown_again(hospital, phone, photo):
    boss = opened(phone, photo)
    assert covered(boss, 0, 0, 1, 1) == 0
    boss.button("Blur areas").click()
    drag(boss, (0.1, 0.1), (0.4, 0.4))
    swipe(boss, (0.6, 0.6), (0.9, 0.8))
    assert covered(boss, 0.15, 0.15, 0.2, 0.2) == 1, "seen at once"
    assert covered(boss, 0.65, 0.65, 0.2, 0.1) == 1
    drag(boss, (0.5, 0.1), (0.8, 0.3))
    boss.button("Undo").click()
    assert covered(boss, 0.55, 0.15, 0.2, 0.1) == 0
    assert hospital.rows(AREAS) == [], "nothing is sent before it is saved"
    boss.button("Save the blur").click()
    expect(boss.page.get_by_text(boss.say("Blurred areas")).first).to_be_visible()
    (mouse, finger) = hospital.rows(AREAS)
    assert all(abs(one - other) <= 5 for one, other in zip(mouse, (100, 100, 300, 300), strict=True))
    assert all(abs(one - other) <= 5 for one, other in zip(finger, (600, 600, 300, 200), strict=True))
    boss.page.get_by_role("button", name=boss.say("Show area %(number)s again") % {"number": 1}).click()
    expect(boss.page.locator("form[action$='/lifting']")).to_have_count(1)
    assert hospital.rows(AREAS) == [finger]


def test_without_the_button_a_finger_scrolls_and_blurs_nothing(hospital, phone, photo):
    boss = opened(phone, photo)
    swipe(boss, (0.2, 0.2), (0.6, 0.6))
    assert covered(boss, 0, 0, 1, 1) == 0
    assert boss.page.locator("[data-blur-fields] input").count() == 0


def test_a_photo_is_reached_from_its_picture_and_removed_by_pressing_twice(hospital, phone, photo):
    ticket = hospital.value("SELECT ticket_id FROM ticket_photos WHERE photo_id = ?", photo)
    boss = phone("zhou", "en").switch_on().sign_in()
    boss.open(f"/tickets/{dashed(ticket)}")
    boss.page.locator(f"a[data-photo-link][href*='{dashed(photo)}']").click()
    boss.link("Blur, original, what is known").click()
    boss.page.wait_for_url(f"**/photos/{dashed(photo)}")
    boss.page.locator("summary", has_text="Remove this photo").click()
    boss.field("Why?").fill("A patient asked for it")
    boss.button("Remove this photo").click()
    assert hospital.value("SELECT COUNT(*) FROM removals WHERE what = 'bytes'") == 0, "asked once more"
    boss.button("Remove it").click()
    expect(boss.page.get_by_text("A patient asked for it")).to_be_visible()
    assert hospital.value("SELECT removed_at IS NOT NULL FROM photos WHERE id = ?", photo) == 1
    boss.open(f"/tickets/{dashed(ticket)}")
    expect(boss.page.get_by_text("A patient asked for it")).to_be_visible()
