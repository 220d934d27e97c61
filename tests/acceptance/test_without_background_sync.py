"""iPhones have no Background Sync: what waits leaves on other signs. And people are told when something waits long."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

expect.set_options(timeout=20_000)  # two slow cores
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WORDS = "没有后台同步"
NOTES = "SELECT COUNT(*) FROM ticket_events WHERE note = ?"
OWN = """
    SELECT t.id FROM tickets t JOIN people p ON p.id = t.owner_id
    WHERE p.login = 'wang' AND t.state = 'accepted' ORDER BY t.opened_at LIMIT 1
"""
NO_SYNC = "delete globalThis.ServiceWorkerRegistration?.prototype.sync; delete globalThis.SyncManager;"
AS_IPHONE = "Object.defineProperty(Navigator.prototype, 'standalone', {get: () => %s});"


@pytest.fixture
def wang(hospital: Hospital, phone: Callable[..., Phone]) -> Phone:
    held = phone("wang", "en").switch_on()
    held.context.add_init_script(NO_SYNC)
    return held.sign_in()


def write_note(held: Phone, hospital: Hospital) -> None:
    form = held.page.locator("form[action$='/notes']")
    held.page.locator("details", has=form).locator("summary").click()
    form.locator("textarea").fill(WORDS)
    form.get_by_role("button").last.click()
    expect(held.page.locator("[data-outbox-count]").first).to_have_text("1")


def open_job(held: Phone, hospital: Hospital) -> None:
    held.open(f"/tickets/{UUID(str(hospital.value(OWN)))}")
    assert held.page.evaluate("navigator.serviceWorker.ready.then((found) => 'sync' in found)") is False


@pytest.mark.parametrize("sign", ["visibilitychange", "pageshow", "online"])
def test_what_waits_leaves_on_every_sign_that_it_could_work(hospital: Hospital, wang: Phone, sign: str) -> None:
    """The next try by the clock is far away: it is this sign alone that sends it."""
    open_job(wang, hospital)
    hospital.stop()
    write_note(wang, hospital)
    wang.until(_HALTED)
    wang.page.evaluate(_NOT_SOON)
    wang.page.evaluate("new BroadcastChannel('crew').postMessage({type: 'outbox'})")  # sets the timer anew
    hospital.start()
    assert hospital.value(NOTES, WORDS) == 0
    target = "document" if sign == "visibilitychange" else "window"
    wang.page.evaluate(f"{target}.dispatchEvent(new Event('{sign}'))")
    wang.nothing_waits()
    assert hospital.value(NOTES, WORDS) == 1


def test_what_waits_leaves_by_the_clock(hospital: Hospital, wang: Phone) -> None:
    open_job(wang, hospital)
    hospital.stop()
    write_note(wang, hospital)
    wang.until(_HALTED)
    hospital.start()
    wang.nothing_waits()
    assert hospital.value(NOTES, WORDS) == 1


def test_what_waits_longer_than_a_day_is_told_on_every_page(hospital: Hospital, wang: Phone) -> None:
    open_job(wang, hospital)
    wang.take_along()
    wang.offline()
    write_note(wang, hospital)
    for hours, told in ((23, False), (25, True)):
        wang.page.evaluate(_MADE_HOURS_AGO, hours)
        wang.open("/more")
        expect(wang.page.locator("[data-outbox-count]").first).to_have_text("1")
        expect(wang.page.locator("[data-outbox-late]")).to_be_visible(visible=told)


@pytest.mark.parametrize("installed", [False, True])
def test_an_iphone_is_told_where_what_waits_is_safe(
    hospital: Hospital, phone: Callable[..., Phone], *, installed: bool
) -> None:
    """Safari deletes what a page stores after 7 days; the app on the home screen keeps it."""
    held = phone("wang", "en").switch_on()
    held.context.add_init_script(NO_SYNC + AS_IPHONE % str(installed).lower())
    held.sign_in()
    held.open("/outbox")
    hint = held.page.locator("[data-install-waiting]")
    expect(held.page.locator("[data-outbox-none]")).to_be_visible()
    expect(hint).to_be_hidden()
    open_job(held, hospital)
    held.take_along()
    held.offline()
    write_note(held, hospital)
    held.open("/outbox")
    expect(held.page.locator("[data-outbox-items] > *")).to_have_count(1)
    expect(hint).to_be_visible(visible=not installed)
    if not installed:
        expect(hint).to_contain_text("7 days")
        expect(hint).to_contain_text("Add to Home Screen")


_HALTED = """new Promise((resolve) => {
  const asked = indexedDB.open("crew");
  asked.onsuccess = () => {
    const pause = asked.result.transaction("settings").objectStore("settings").get("pause");
    pause.onsuccess = () => { asked.result.close(); resolve(pause.result?.why === "down"); };
  };
})"""

_NOT_SOON = """new Promise((resolve) => {
  const asked = indexedDB.open("crew");
  asked.onsuccess = () => {
    const store = asked.result.transaction("settings", "readwrite").objectStore("settings");
    store.put({ why: "down", attempts: 1, until: Date.now() + 3600000 }, "pause");
    store.transaction.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""

_MADE_HOURS_AGO = """(hours) => new Promise((resolve) => {
  const asked = indexedDB.open("crew");
  asked.onsuccess = () => {
    const store = asked.result.transaction("items", "readwrite").objectStore("items");
    const all = store.getAll();
    all.onsuccess = () => {
      for (const item of all.result) {
        store.put({ ...item, madeAt: new Date(Date.now() - hours * 3600000).toISOString() });
      }
    };
    store.transaction.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""
