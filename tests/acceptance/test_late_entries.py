"""Late entries on real phones: somebody is shut out in the basement; two change one job without a network."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.work import Work, quiet_room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def begun(phone: Phone, hospital: Hospital) -> tuple[Work, UUID]:
    """A job that was reported and accepted while there was a network."""
    phone.open(f"/t/{quiet_room(hospital).code}")
    work = Work(phone, hospital)
    ticket = work.report("lamp", "灯不亮")
    work.accept()
    phone.nothing_waits()
    phone.take_along()
    return work, ticket


def finish(phone: Phone, words: str) -> None:
    """Report the job as done without a network; the phone keeps it."""
    phone.page.locator("#completion textarea").fill(words)
    phone.button("Finish").click()
    expect(phone.page.locator("#ticket")).to_have_attribute("data-state", "finished")


MADE_EARLIER = """async (minutes) => {
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open('crew');
    asked.onsuccess = () => resolve(asked.result);
  });
  const store = db.transaction('items', 'readwrite').objectStore('items');
  await new Promise((resolve) => {
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return resolve();
      const madeAt = new Date(Date.parse(cursor.value.madeAt) - minutes * 60000).toISOString();
      cursor.update({ ...cursor.value, madeAt, due: 0 });
      cursor.continue();
    };
  });
  db.close();
}"""


def test_a_phone_hands_in_what_its_owner_did_before_being_shut_out(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    wang = phone("wang", "en").switch_on().sign_in()
    _, ticket = begun(wang, hospital)
    wang.offline()
    finish(wang, "fertig")
    wang.page.evaluate(MADE_EARLIER, 10)
    suspend(phone, "wang", hospital)
    wang.offline(off=False)
    wang.open("/tickets")
    wang.page.wait_for_url(re.compile("/login"))
    expect(wang.page.locator("main")).to_contain_text(wang.say("Your sign-in was ended"))
    wang.nothing_waits()
    assert hospital.value("SELECT COUNT(*) FROM held_entries WHERE why = 'rights'") == 1
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "accepted"


def test_two_finish_the_same_job_and_a_supervisor_decides(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = phone("wang", "en").switch_on().sign_in()
    _, ticket = begun(wang, hospital)
    wang.offline()
    finish(wang, "Wang war es")
    wang.page.evaluate(MADE_EARLIER, 10)
    boss = phone("li", "en").switch_on().sign_in()
    boss.open(f"/tickets/{ticket}")
    cancel(boss)
    wang.offline(off=False)
    wang.open("/outbox")
    wang.nothing_waits()
    boss.open("/late")
    boss.page.get_by_role("link", name="Lamp out").first.click()
    expect(boss.page.locator("main")).to_contain_text("Wang war es")
    boss.button("Take it over").click()
    boss.page.wait_for_url("**/late")
    boss.nothing_waits()
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "finished"
    wang.open("/late")
    expect(wang.page.locator("main")).to_contain_text(wang.say("Taken over"))


def cancel(boss: Phone) -> None:
    """The supervisor cancels the job meanwhile."""
    fold = boss.page.locator("details", has=boss.page.locator("form[action$='/cancellation']"))
    fold.locator("summary").click()
    fold.locator("textarea").fill("doppelt")
    fold.locator("form button").last.click()
    boss.nothing_waits()


def suspend(phone: Callable[..., Phone], login: str, hospital: Hospital) -> None:
    """An administrator shuts somebody out."""
    person = UUID(str(hospital.value("SELECT id FROM people WHERE login = ?", login)))
    admin = phone("admin", "en").switch_on().sign_in()
    admin.open(f"/people/{person}")
    admin.page.locator("form[action$='/suspension'] button").click()
    if admin.page.locator("dialog[open]").count():
        admin.page.locator("dialog[open] [value=ok]").click()
    admin.nothing_waits()
