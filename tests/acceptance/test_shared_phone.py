"""Two people on one phone: they change over by PIN, and what one of them has not sent waits for that one alone."""

import sqlite3
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import PASSWORD, Phone

expect.set_options(timeout=20_000)  # two slow cores
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PIN, WRONG = "7293", "8164"
WORDS = "地下室里写的"
NOTES = "SELECT p.login FROM ticket_events e JOIN people p ON p.id = e.person_id WHERE e.note = ?"
OWN = """
    SELECT t.id FROM tickets t JOIN people p ON p.id = t.owner_id
    WHERE p.login = 'wang' AND t.state = 'accepted' ORDER BY t.opened_at LIMIT 1
"""
CACHED = """caches.keys().then((names) => names.filter((name) => name.startsWith("crew-pages-")).sort().join())"""


@pytest.fixture
def shared(hospital: Hospital, phone: Callable[..., Phone]) -> Phone:
    """A phone that the administrator shared, where dian1 chose a PIN and wang, who has one too, is signed in."""
    held = phone("admin", "en").switch_on().sign_in()
    held.open("/phones")
    held.page.locator("#here summary").click()
    choose_main(held, hospital)
    held.field("Name on the phone").fill("Night shift 1")
    held.button("Share this phone").click()
    held.page.wait_for_url("**/phones/*-*")
    for login in ("dian1", "wang"):
        sign_out(held)
        held.login = login
        held.sign_in()
        choose_pin(held)
    return held


def choose_main(held: Phone, hospital: Hospital) -> None:
    """Share it for the site where both work."""
    query = "SELECT m.site_id FROM memberships m JOIN people p ON p.id = m.person_id WHERE p.login = 'wang'"
    wanted = str(hospital.value(query)).replace("-", "")
    for choice in held.page.locator("#here input[name=site_id]").all():
        if str(choice.get_attribute("value")).replace("-", "") == wanted:
            choice.check()


def sign_out(held: Phone) -> None:
    held.open("/more")
    held.button("Sign out").click()
    held.page.wait_for_url("**/login")


def choose_pin(held: Phone) -> None:
    held.open("/pin")
    held.field("Current password").fill(PASSWORD)
    held.field("New PIN").fill(PIN)
    held.button("Set the PIN").click()
    held.page.wait_for_url("**/pin?saved=1")


def change_over(held: Phone, name: str, pin: str = PIN) -> None:
    """As people do it: More, change over, my name, my PIN."""
    held.open("/switch")
    held.page.get_by_role("link", name=name).click()
    held.field("PIN").fill(pin)
    held.button("Change over").click()


def person_of(hospital: Hospital, login: str) -> str:
    return str(UUID(str(hospital.value("SELECT id FROM people WHERE login = ?", login))))


def expect_person(held: Phone, hospital: Hospital, login: str) -> None:
    expect(held.page.locator("html")).to_have_attribute("data-person", person_of(hospital, login))


def end_sign_ins(hospital: Hospital, login: str) -> None:
    """The server ends a sign-in while its phone is in the basement."""
    with sqlite3.connect(hospital.data / "crew.db", timeout=20) as database:
        query = "DELETE FROM login_sessions WHERE person_id = (SELECT id FROM people WHERE login = ?)"
        database.execute(query, (login,))
    database.close()


def write_note(held: Phone, hospital: Hospital) -> str:
    """A note on one's own job, saved without a network; returns the job's page."""
    path = f"/tickets/{UUID(str(hospital.value(OWN)))}"
    held.open(path)
    held.offline()
    form = held.page.locator("form[action$='/notes']")
    held.page.locator("details", has=form).locator("summary").click()
    form.locator("textarea").fill(WORDS)
    form.get_by_role("button").last.click()
    expect(held.page.locator("[data-outbox-count]").first).to_have_text("1")
    return path


def test_what_one_has_not_sent_waits_for_that_one(hospital: Hospital, shared: Phone) -> None:
    path = write_note(shared, hospital)
    end_sign_ins(hospital, "wang")
    shared.offline(off=False)
    expect(shared.page.locator("[data-outbox-halted]")).to_be_visible()

    change_over(shared, "Zhang Zhiqiang")
    expect_person(shared, hospital, "dian1")
    expect(shared.page.locator("[data-outbox-pill]")).to_be_hidden()
    shared.until(f"{CACHED}.then((names) => names === 'crew-pages-{person_of(hospital, 'dian1')}')")
    shared.open("/outbox")
    expect(shared.page.locator("[data-outbox-others]")).to_be_visible()
    expect(shared.page.locator("[data-outbox-items] > *")).to_have_count(0)
    expect(shared.page.locator("main")).not_to_contain_text(WORDS)
    shared.open(path)
    expect(shared.page.locator("[data-waiting]").first).to_be_hidden()
    expect(shared.page.locator("main")).not_to_contain_text(WORDS)
    shared.open("/outbox")
    shared.page.locator("[data-outbox-send]").dispatch_event("click")  # hidden: nothing is theirs to send
    shared.page.evaluate("navigator.locks.request('crew-outbox', () => true)")
    assert hospital.rows(NOTES, WORDS) == []

    change_over(shared, "Wang Jianguo")
    expect_person(shared, hospital, "wang")
    shared.nothing_waits()
    assert hospital.rows(NOTES, WORDS) == [("wang",)]


def test_the_supervisor_sees_what_was_kept_when_changing_over(hospital: Hospital, shared: Phone) -> None:
    """The last word of the one who leaves is how much stays behind, locked."""
    refuse_one(shared, hospital)
    shared.open("/switch")
    expect(shared.page.locator("[data-unsent-here]")).to_contain_text("1")
    change_over(shared, "Zhang Zhiqiang")
    expect_person(shared, hospital, "dian1")
    kept = hospital.rows(
        "SELECT d.unsent + d.refused, d.signed_out_at IS NOT NULL FROM device_people d JOIN devices v"
        " ON v.id = d.device_id WHERE v.label = 'Night shift 1' AND d.person_id ="
        " (SELECT id FROM people WHERE login = 'wang')"
    )
    assert kept == [(1, 1)]


def refuse_one(held: Phone, hospital: Hospital) -> None:
    """An entry that the server refuses: it stays on the phone until somebody decides."""
    write_note(held, hospital)
    held.page.evaluate(_MAKE_REFUSED)
    held.offline(off=False)
    held.open("/outbox")
    expect(held.page.locator("[data-refused-count]").first).to_have_text("1")


def test_a_wrong_pin_leaves_everything_as_it_is(hospital: Hospital, shared: Phone) -> None:
    shared.open("/")
    shared.take_along()
    before = shared.page.evaluate(CACHED)
    change_over(shared, "Zhang Zhiqiang", WRONG)
    expect(shared.page.locator("main [role=alert]")).to_be_visible()
    shared.open("/")
    expect_person(shared, hospital, "wang")
    assert shared.page.evaluate(CACHED) == before


def test_without_a_network_nobody_changes_over_and_nothing_is_lost(hospital: Hospital, shared: Phone) -> None:
    shared.open("/")
    shared.take_along()
    shared.open("/switch")
    shared.page.get_by_role("link", name="Zhang Zhiqiang").click()
    hospital.stop()
    shared.field("PIN").fill(PIN)
    shared.button("Change over").click()
    expect(shared.page.locator("#notices")).to_contain_text("Changing over needs a connection")
    shared.open("/")
    expect_person(shared, hospital, "wang")
    expect(shared.page.locator("[data-as-of-banner]")).to_be_visible()


def test_signing_out_is_held_back_and_what_is_kept_is_locked(hospital: Hospital, shared: Phone) -> None:
    refuse_one(shared, hospital)
    shared.open("/more")
    shared.button("Sign out").click()
    shared.button("Cancel").click()
    expect_person(shared, hospital, "wang")
    shared.button("Sign out").click()
    shared.button("Keep it on this phone and sign out").click()
    shared.page.wait_for_url("**/login")
    assert shared.page.evaluate(CACHED) == ""
    assert shared.page.evaluate(_HELD) == {"items": 1, "directory": 0}
    shared.login = "dian1"
    shared.sign_in()
    shared.open("/outbox")
    expect(shared.page.locator("[data-outbox-others]")).to_be_visible()
    expect(shared.page.locator("[data-outbox-items] > *")).to_have_count(0)


def test_signing_out_wipes_nothing_while_the_server_is_away(hospital: Hospital, shared: Phone) -> None:
    """In a basement the pages on the phone are all there is, and the sign-in could not be ended anyway."""
    shared.open("/more")
    shared.take_along()
    hospital.stop()
    shared.button("Sign out").click()
    expect(shared.page.locator("#notices")).to_contain_text("Signing out needs a connection")
    assert shared.page.evaluate(CACHED) != ""
    shared.open("/")
    expect_person(shared, hospital, "wang")


_MAKE_REFUSED = """new Promise((resolve, reject) => {
  const asked = indexedDB.open("crew");
  asked.onsuccess = () => {
    const store = asked.result.transaction("items", "readwrite").objectStore("items");
    const all = store.getAll();
    all.onsuccess = () => {
      for (const item of all.result) {
        store.put({...item, state: "refused", refusal: {status: 422, code: "wrong-state", reason: "No."}});
      }
      store.transaction.oncomplete = () => { asked.result.close(); resolve(); };
    };
  };
  asked.onerror = reject;
})"""


_HELD = """new Promise((resolve) => {
  const asked = indexedDB.open("crew");
  asked.onsuccess = () => {
    const tx = asked.result.transaction(["items", "directory"]);
    const counts = ["items", "directory"].map((name) => [name, tx.objectStore(name).count()]);
    tx.oncomplete = () => {
      asked.result.close();
      resolve(Object.fromEntries(counts.map(([name, { result }]) => [name, result])));
    };
  };
})"""
