"""Rounds in the hand: a patrol through the camera and the basement, logs, hazards, hand-overs, changed templates."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.walking import (
    answer_all_well,
    begin,
    dashed,
    find_fault,
    finish_stop,
    open_stop,
    photograph,
    run_of,
    scan_stop,
    sign,
    stop_on,
    take_stops_along,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
LATE, FAULTY, MISSED = 2, 5, 11
BASEMENT = range(4, 7)
TICKET = "SELECT f.ticket_id FROM findings f JOIN visits v ON v.id = f.visit_id WHERE v.stop_id = ?"


@pytest.fixture
def patrol(hospital):
    """A night patrol of twelve stops that has just opened; one stop's time is already over, within the grace."""
    other = "run_id IN (SELECT id FROM runs WHERE state = 'walking')"  # a scan would open it first
    hospital.change(f"UPDATE run_stops SET state = 'skipped' WHERE state = 'waiting' AND {other}")
    hospital.change("UPDATE round_plans SET starts_on = date('now', '-1 day')")  # at any hour the next night is planned
    hospital.tick()
    found = run_of(hospital, "night-patrol", "due")
    found.open_between(-10, 90)
    found.open_stop_between(found.stops[LATE][0], -10, -2)
    return found


def test_a_patrol_of_twelve_stops_with_one_late_one_missed_one_faulty_and_three_in_the_basement(
    hospital, phone, patrol
):
    boss = phone("li").switch_on().sign_in()
    boss.open("/rounds")
    guard = phone("sun").switch_on().sign_in()
    take_stops_along(guard)
    stops = patrol.stops
    assert len(stops) == 12
    for place, (stop, tag) in enumerate(stops[:MISSED]):
        if place == BASEMENT.start:
            guard.offline()
        scan_stop(guard, tag, stop)
        answer_all_well(guard, stop)
        if place == FAULTY:
            find_fault(guard, stop)
        finish_stop(guard, stop)
        if place == 0:
            guard.nothing_waits()
            expect(boss.page.locator(f'#under-way a[href$="{dashed(patrol.id)}"]')).to_be_visible()
        if place == BASEMENT.stop - 1:
            assert patrol.visited(stops[BASEMENT.start][0]) == []
            expect(stop_on(guard, stops[place + 1][0]).locator("details").first).to_have_attribute("open", "")
            guard.kill()
            guard.switch_on().sign_in()  # a browser that is killed may forget who signed in, and nothing else
            guard.open(patrol.path)
            guard.nothing_waits()
    guard.nothing_waits()
    row = boss.page.locator("#under-way li", has=boss.page.locator(f'a[href$="{dashed(patrol.id)}"]'))
    expect(row.locator(".row-end")).to_have_text("11/12")  # nobody has touched the supervisor's page
    for stop, tag in stops[:MISSED]:
        ((how, code, frame),) = patrol.visited(stop)
        assert (how, code, len(frame)) == ("scan", tag, 16)
    late = "SELECT id FROM run_stops WHERE run_id = ? AND state = 'visited' AND visited_at > closes_at"
    assert hospital.rows(late, patrol.id) == [(stops[LATE][0],)]
    assert hospital.value(TICKET, stops[FAULTY][0])
    guard.open(patrol.path)
    expect(stop_on(guard, stops[FAULTY][0]).locator(".visit-job").first).to_be_attached()
    patrol.open_stop_between(stops[MISSED][0], -90, -60)
    hospital.tick()
    assert patrol.state() == "incomplete"
    expect(boss.page.locator("#missed", has=boss.page.locator(f'a[href$="{dashed(patrol.id)}"]'))).to_be_visible()


def test_a_boiler_log_with_a_value_out_of_range(hospital, phone):
    worker = phone("wang").switch_on().sign_in()
    log = begin(worker, hospital, "boiler-log")
    stop = next(one for one, _ in log.stops if stop_on(worker, one).locator("[data-high]").count())
    open_stop(worker, stop)
    answer_all_well(worker, stop)
    form = stop_on(worker, stop).locator("form[data-visit]").first
    numbers = form.locator("[data-check]:visible:has([data-reading])")
    for check in numbers.all():
        low, high = check.get_attribute("data-low"), check.get_attribute("data-high")
        check.locator("[data-reading]").fill(str((float(low or high or 1) + float(high or low or 1)) / 2))
    gauge = form.locator("[data-check][data-high]").first
    gauge.locator("[data-reading]").fill(str(float(gauge.get_attribute("data-high") or 0) * 2 + 1))
    worker.page.get_by_role("button", name=worker.say("Done here")).locator("visible=true").click()
    assert stop_on(worker, stop).get_attribute("data-stop-state") == "waiting"  # asked again first
    gauge.locator("[data-beyond] input").check()
    worker.page.get_by_role("button", name=worker.say("Done here")).locator("visible=true").click()
    assert stop_on(worker, stop).get_attribute("data-stop-state") == "waiting"  # and shown
    photograph(gauge)
    finish_stop(worker, stop)
    worker.nothing_waits()
    ticket = hospital.value(TICKET, stop)
    assert hospital.value("SELECT COUNT(*) FROM ticket_photos WHERE ticket_id = ?", ticket) == 1
    boss = phone("li").switch_on().sign_in()
    boss.open("/")
    expect(boss.page.locator("#beyond li").first).to_contain_text(gauge_name(hospital, stop))


def gauge_name(hospital, stop):
    """What stands on the alarm: the place of the gauge."""
    return hospital.value("SELECT p.name FROM run_stops s JOIN places p ON p.id = s.place_id WHERE s.id = ?", stop)


def test_the_monthly_inspection_from_the_finding_to_the_re_check(hospital, phone):
    boss = phone("zhou").switch_on().sign_in()
    finder = phone("li").switch_on().sign_in()
    inspection = begin(finder, hospital, "safety-25th")
    stop = inspection.stops[1][0]
    open_stop(finder, stop)
    answer_all_well(finder, stop)
    find_fault(finder, stop)
    finish_stop(finder, stop)
    finder.nothing_waits()
    ticket = hospital.value(
        "SELECT f.ticket_id FROM findings f JOIN visits v ON v.id = f.visit_id WHERE v.stop_id = ?", stop
    )
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
    finder.open(f"/rounds/hazards/{dashed(ticket)}")
    finder.page.get_by_text(finder.say("Yes, it is put right"), exact=True).click()
    finder.button("Save the re-check").click()
    expect(finder.page.get_by_text(finder.say("Put right"), exact=True).first).to_be_visible()
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket) == "verified"


def test_a_hand_over_is_signed_by_both_and_until_then_one_is_on_duty(hospital, phone):
    post = hospital.value("SELECT id FROM shift_posts WHERE name = '门岗'")
    guard = phone("sun").switch_on().sign_in()
    guard.open(f"/hand-overs/new?post={dashed(post)}")
    guard.page.locator("#running").fill("道闸正常，对讲机 3 台")
    sign(guard, guard.page.locator("[data-signature-pad]").first)
    guard.button("Sign and hand over").click()
    guard.nothing_waits()
    key = hospital.value("SELECT id FROM hand_overs WHERE post_id = ? ORDER BY received_at DESC LIMIT 1", post)
    guard.open(f"/hand-overs/{dashed(key)}")
    expect(guard.page.get_by_text(guard.say("You are still on duty"))).to_be_visible()
    relief = phone("bao2").switch_on().sign_in()
    relief.open(f"/hand-overs/{dashed(key)}")
    sign(relief, relief.page.locator("[data-signature-pad]").first)
    relief.button("Take over").click()
    relief.nothing_waits()
    guard.open(f"/hand-overs/{dashed(key)}")
    expect(guard.page.locator(".panel figure.signature svg[role=img]")).to_have_count(2)
    expect(guard.page.get_by_text(guard.say("You are still on duty"))).to_have_count(0)


def test_a_template_changes_while_a_run_of_the_old_version_is_open(hospital, phone):
    walked = run_of(hospital, "ward-electrical", "due")
    stop = walked.stops[0][0]
    template = hospital.value("SELECT template_id FROM runs WHERE id = ?", walked.id)
    worker = phone("wang").switch_on().sign_in()
    worker.open(walked.path)
    old = open_stop(worker, stop).locator(".check legend").first.inner_text()
    boss = phone("li").switch_on().sign_in()
    boss.open(f"/rounds/templates/{dashed(template)}/editor")
    cards = boss.page.locator('[data-card="stop"]')
    cards.first.locator("summary").first.click()
    check = cards.first.locator('[data-card="check"]').first
    check.locator("summary").first.click()
    check.locator('[data-path="label.zh"]').fill("灯带全亮吗")
    expect(boss.page.locator("#editor-preview")).to_contain_text("灯带全亮吗")  # as the crew will see it, at once
    boss.button("Save").click()
    boss.nothing_waits()
    assert hospital.value("SELECT version FROM round_templates WHERE id = ?", template) == 2
    worker.open(walked.path)
    expect(open_stop(worker, stop).locator(".check legend").first).to_have_text(old)
    answer_all_well(worker, stop)
    finish_stop(worker, stop)
    worker.nothing_waits()
    fresh = begin(worker, hospital, "ward-electrical")
    expect(open_stop(worker, fresh.stops[0][0]).locator(".check legend").first).to_contain_text("灯带全亮吗")
