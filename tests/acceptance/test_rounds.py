"""Rounds in the hand: a patrol through the camera and the basement, a log out of its limits, a hazard put right."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.basement import small_photo
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
HAS_STOPS = """new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const found = asked.result.transaction('directory').objectStore('directory').get('manifest');
    found.onsuccess = () => { asked.result.close(); resolve(found.result?.done && found.result?.stops?.length > 0); };
  };
})"""

PATROL = "SELECT r.id FROM runs r JOIN round_templates t ON t.id = r.template_id WHERE t.code = ? AND r.state = ?"
STOPS = """
    SELECT s.id, g.code FROM run_stops s JOIN tags g ON g.place_id = s.place_id AND g.retired_at IS NULL
    WHERE s.run_id = ? AND s.state = 'waiting' ORDER BY s.position
"""


def run_of(hospital, template, state):
    return hospital.value(PATROL, template, state)


def stops_of(hospital, run_id):
    return hospital.rows(STOPS, run_id)


def scan_stop(phone: Phone, code: str, stop: str) -> None:
    """The camera sees the tag of a stop, which opens."""
    phone.point_camera_at(f"{phone.url}/t/{code}")
    phone.link("Scan").last.click()
    phone.page.wait_for_url("**/rounds/runs/**", timeout=30_000)
    expect(stop_on(phone, stop).locator("details").first).to_have_attribute("open", "")


def stop_on(phone: Phone, stop: str):
    return phone.page.locator(f'[data-stop="{dashed(stop)}"]')


def dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def answer_all_well(phone: Phone, stop: str) -> None:
    """Touch the good answer of every check that is asked."""
    form = stop_on(phone, stop).locator("form[data-visit]").first
    for good in form.locator('.answer[data-kind="good"] input').all():
        if good.is_visible() and good.is_enabled():
            good.check()


def finish_stop(phone: Phone, stop: str) -> None:
    stop_on(phone, stop).get_by_role("button", name=phone.say("Done here")).click()


def ready_to_walk(hospital):
    """Random proofs would make every run of this test another one; every stop may be visited already."""
    hospital.change("UPDATE run_stops SET challenge = NULL, opens_at = datetime(opens_at, '-3 hours')")


def test_a_patrol_through_the_camera_offline_in_the_middle_with_a_fault_that_becomes_a_job(hospital, phone):
    ready_to_walk(hospital)
    run_id = run_of(hospital, "night-patrol", "walking")
    (first, first_tag), (second, second_tag), (third, _), *_rest = stops_of(hospital, run_id)
    guard = phone("sun").switch_on().sign_in()
    guard.take_along()
    guard.until(HAS_STOPS)

    scan_stop(guard, first_tag, first)
    answer_all_well(guard, first)
    finish_stop(guard, first)
    expect(stop_on(guard, first)).to_have_attribute("data-stop-state", "visited")
    guard.nothing_waits()
    visits = "SELECT how, tag_code, frame_hash FROM visits WHERE stop_id = ?"
    how, tag, frame = hospital.rows(visits, first)[0]
    assert (how, tag, len(frame)) == ("scan", first_tag, 16)

    guard.offline()
    scan_stop(guard, second_tag, second)
    answer_all_well(guard, second)
    bad = stop_on(guard, second).locator(".check").filter(has=guard.page.locator("[data-bad]")).first
    bad.locator("[data-bad]").first.check()
    expect(bad.locator(".fault")).to_be_visible()
    photo = bad.locator("input[data-photo]").first
    photo.set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": small_photo(7)}])
    expect(bad.locator("[data-photo-previews] img")).to_be_visible()
    finish_stop(guard, second)
    expect(stop_on(guard, second)).to_have_attribute("data-stop-state", "visited")
    expect(stop_on(guard, third).locator("details").first).to_have_attribute("open", "")
    assert hospital.rows(visits, second) == []

    guard.kill()
    guard.switch_on().open(f"/rounds/runs/{dashed(run_id)}")
    findings = "SELECT COUNT(*) FROM findings f JOIN visits v ON v.id = f.visit_id WHERE v.stop_id = ?"
    guard.nothing_waits()
    assert hospital.value(findings, second) == 1
    expect(stop_on(guard, second).locator(".visit-job").first).to_be_attached()


def test_a_hazard_from_finding_to_re_check(hospital, phone):
    ticket = hospital.value("SELECT ticket_id FROM findings ORDER BY made_at LIMIT 1")
    boss = phone("zhou").switch_on().sign_in()
    boss.open(f"/rounds/hazards/{dashed(ticket)}")
    boss.page.get_by_text(boss.say("Major hazard"), exact=True).click()
    boss.page.locator("details", has=boss.page.locator('[name="grade"]')).get_by_role("button").click()
    expect(boss.page.locator(".chip", has_text=boss.say("Major hazard"))).to_be_visible()
    worker = phone("wang").switch_on().sign_in()
    worker.open(f"/tickets/{dashed(ticket)}")
    worker.button("Accept").click()
    worker.button("Finish").click()
    expect(worker.page.locator("[data-ticket]")).to_have_attribute("data-state", "finished")
    worker.nothing_waits()
    boss.open(f"/rounds/hazards/{dashed(ticket)}")
    boss.page.get_by_text(boss.say("Yes, it is put right"), exact=True).click()
    boss.button("Save the re-check").click()
    expect(boss.page.get_by_text(boss.say("Put right"), exact=True).first).to_be_visible()
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket) == "verified"
