"""An emergency in the hand: one clear touch, a step without a network in its own time, seen by others by itself."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LIFT = "SELECT t.code FROM tags t JOIN assets a ON a.id = t.asset_id WHERE a.code LIKE 'DT-Z1%' LIMIT 1"
STEPPED = (
    "SELECT COUNT(*) FROM emergency_entries WHERE step_key = 'out' AND ticket_id ="
    " (SELECT ticket_id FROM emergencies ORDER BY started_at DESC LIMIT 1)"
)


def test_people_in_a_lift_from_the_tag_to_the_report(hospital, phone):
    tag = hospital.value(LIFT)
    nurse = phone("chen").switch_on().sign_in()
    nurse.page.goto(f"{nurse.url}/t/{tag}")
    nurse.page.locator(".btn-alarm").first.click()
    nurse.page.locator("button[form=start]").click()
    nurse.page.locator("dialog[open] .btn-primary").click()
    nurse.page.wait_for_url("**/emergencies/*-*", timeout=60_000)
    expect(nurse.page.locator(".alarm-clock")).to_contain_text(":")  # it ticks
    path = nurse.page.url

    mechanic = phone("ti1").switch_on().sign_in()
    mechanic.page.goto(path)
    mechanic.page.locator("form[action$='/answers']").first.locator("button").click()
    expect(nurse.page.locator("#calls .chip[data-kind=info]").first).to_be_visible(timeout=30_000)  # by itself

    mechanic.page.wait_for_load_state("networkidle")
    mechanic.page.context.set_offline(True)
    mechanic.page.locator("#step-out form button").click()
    expect(mechanic.page.locator("[data-waiting-entries] .waiting")).to_be_visible(timeout=30_000)
    assert hospital.value(STEPPED) == 0
    mechanic.page.context.set_offline(False)
    expect(nurse.page.locator("#step-out[data-stand=done]")).to_be_visible(timeout=60_000)
    expect(nurse.page.locator(".alarm[data-over]")).to_be_visible(timeout=30_000)
    assert hospital.value(STEPPED) == 1
