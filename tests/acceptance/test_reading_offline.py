"""Down to the basement: the server is stopped, and what the crew needs to read is on the phone all the same."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

READY = 120_000
PERSON = "(SELECT id FROM people WHERE login = ?)"
SITES = f"(SELECT site_id FROM memberships WHERE person_id = {PERSON})"


def ready(phone: Phone) -> Phone:
    """Sign in, open the calm page, and wait until it says that everything is here."""
    phone.switch_on().sign_in().open("/more")
    expect(phone.page.locator("[data-ready]")).to_have_attribute("data-ready", "yes", timeout=READY)
    phone.take_along()
    return phone


def is_as_of(phone: Phone) -> None:
    """The page says that it is a copy, and of when."""
    expect(phone.page.locator("[data-as-of-banner]")).to_contain_text(":")
    assert phone.page.locator("html").get_attribute("data-cached")


def ids(hospital: Hospital, query: str, *values: str) -> list[str]:
    return [str(UUID(str(row[0]))) for row in hospital.rows(query, *values)]


def test_the_jobs_of_the_week_open_without_the_server(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = ready(phone("wang", "en"))
    expect(wang.page.locator("[data-ready-text]")).to_contain_text("Ready for offline")
    query = f"SELECT id FROM tickets WHERE owner_id = {PERSON} AND state = 'accepted'"
    mine = ids(hospital, query, "wang")
    trades = f"SELECT trade FROM person_trades WHERE person_id = {PERSON}"
    area = ids(
        hospital,
        "SELECT t.id FROM tickets t JOIN job_kinds k ON k.id = t.job_kind_id"
        f" WHERE t.state = 'open' AND t.site_id IN {SITES} AND k.trade IN ({trades}) LIMIT 3",
        "wang",
        "wang",
    )
    assert mine
    assert area
    hospital.stop()
    for job in (*mine[:2], *area):
        wang.open(f"/tickets/{job}")
        expect(wang.page.locator("#ticket")).to_have_attribute("data-ticket", job)
        expect(wang.page.locator("nav a[aria-current=page]", has_text="Jobs")).to_be_visible()
        is_as_of(wang)
    for path, title in (("/", "Today"), ("/tickets?mine=1", "Jobs"), ("/tickets?state=open", "Jobs")):
        wang.open(path)
        expect(wang.page).to_have_title(title)
        is_as_of(wang)


def test_any_tag_shows_what_was_open(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = ready(phone("wang", "en"))
    query = f"""
        SELECT g.code, k.id, k.number FROM tickets k JOIN tags g ON g.place_id = k.place_id AND g.retired_at IS NULL
        WHERE k.state = 'open' AND k.site_id IN {SITES} LIMIT 1"""
    ((code, job, number),) = hospital.rows(query, "wang")
    hospital.stop()
    wang.open(f"/t/{code}")
    row = wang.page.locator("[data-open-rows] li", has_text=str(number))
    expect(row).to_be_visible()
    expect(row.get_by_role("link")).to_have_attribute("href", f"/tickets/{UUID(str(job))}")
    expect(wang.page.locator("[data-slot=open-as-of]")).to_contain_text("As of")
    wang.open("/t/0000000000000C")
    wang.button("Keep it in the list of scans").click()
    wang.open("/scan")
    expect(wang.page.locator("[data-scan-rows]")).to_contain_text("00000")


def test_the_bag_the_items_and_the_scanner(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = ready(phone("wang"))
    (mine, *_) = ids(hospital, f"SELECT id FROM tickets WHERE owner_id = {PERSON} AND state = 'accepted'", "wang")
    query = f"""
        SELECT i.id, i.name, i.pinyin FROM balances b JOIN items i ON i.id = b.item_id
        JOIN accounts a ON a.id = b.account_id AND a.person_id = {PERSON}
        WHERE b.quantity > 0 ORDER BY i.code LIMIT 1"""
    ((item, name, pinyin),) = hospital.rows(query, "wang")
    hospital.stop()
    wang.open("/stock")
    expect(wang.page.locator(".bag, main").first).to_contain_text(str(name))
    is_as_of(wang)
    wang.open(f"/stock/items/{UUID(str(item))}")
    expect(wang.page.locator("h1")).to_have_text(str(name))
    wang.open(f"/tickets/{mine}")
    section = wang.page.locator("section", has=wang.page.locator("form[action$='/materials']"))
    section.locator("summary").click()
    section.locator("[data-item-search]").fill(str(pinyin).split()[-1])
    expect(section.locator("[data-item-results]")).to_contain_text(str(name))
    wang.open("/scan")
    expect(wang.page.locator("[data-scanner]")).to_have_attribute("data-state", "scanning", timeout=30_000)
    wang.open("/outbox")
    expect(wang.page.locator("[data-outbox-none]")).to_be_visible()


def test_a_supervisor_can_read_the_queue(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    li = ready(phone("li"))
    hospital.stop()
    li.open("/review")
    expect(li.page.locator("#ticket")).to_be_visible()
    is_as_of(li)


def test_what_was_taken_along_goes_with_the_person(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    shared = ready(phone("wang", "en"))
    (mine, *_) = ids(hospital, f"SELECT id FROM tickets WHERE owner_id = {PERSON} AND state = 'accepted'", "wang")
    shared.open("/more")
    shared.button("Sign out").click()
    shared.page.wait_for_url("**/login*")
    assert shared.page.evaluate(_KEPT) == []
    shared.login = "dong1"  # of another site
    shared.sign_in().open("/more")
    expect(shared.page.locator("[data-ready]")).to_have_attribute("data-ready", "yes", timeout=READY)
    assert not any(mine in key for key in shared.page.evaluate(_KEPT))
    hospital.stop()
    shared.open(f"/tickets/{mine}")
    expect(shared.page.locator("html")).to_have_attribute("data-shell", "ticket")


def test_what_changed_comes_along_and_nothing_is_fetched_twice(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    wang = ready(phone("wang", "en"))
    (mine, *_) = ids(hospital, f"SELECT id FROM tickets WHERE owner_id = {PERSON} AND state = 'accepted'", "wang")
    asked: list[str] = []
    wang.context.on("request", lambda request: asked.extend([request.url] * ("/sync/bundle" in request.url)))
    wang.open(f"/tickets/{mine}")
    with wang.context.expect_event("request", lambda request: "/sync/bundle" in request.url, timeout=60_000):
        wang.page.locator("form[action$='/notes'] textarea").evaluate("e => e.closest('details').open = true")
        wang.page.locator("form[action$='/notes'] textarea").fill("Came back with a ladder")
        wang.page.locator("form[action$='/notes'] button").last.click()
    wang.nothing_waits()
    wang.open("/more")
    expect(wang.page.locator("[data-ready]")).to_have_attribute("data-ready", "yes", timeout=READY)
    assert len(asked) == 1
    assert 0 < asked[0].count("url=") < 20
    hospital.stop()
    wang.open(f"/tickets/{mine}")
    expect(wang.page.locator("main")).to_contain_text("Came back with a ladder")


def test_the_button_brings_it_up_to_date_and_says_when_it_cannot(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    wang = ready(phone("wang", "en"))
    wang.open("/more")
    with wang.context.expect_event("request", lambda request: "/sync/manifest" in request.url):
        wang.button("Update now").click()
    expect(wang.button("Update now")).to_be_enabled()
    hospital.stop()
    wang.button("Update now").click()
    expect(wang.page.locator("#notices")).to_contain_text("What is on the phone stays")
    wang.page.evaluate(_AGE)
    wang.open("/more")
    expect(wang.page.locator("[data-ready-old]")).to_be_visible()


_KEPT = """() => new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const keys = asked.result.transaction('directory').objectStore('directory').getAllKeys();
    keys.onsuccess = () => { asked.result.close(); resolve(keys.result); };
  };
})"""

_AGE = """() => new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const store = asked.result.transaction('directory', 'readwrite').objectStore('directory');
    const found = store.get('manifest');
    found.onsuccess = () => {
      const asOf = new Date(Date.parse(found.result.asOf) - 13 * 3600e3).toISOString();
      store.put({...found.result, asOf}, 'manifest').onsuccess = () => { asked.result.close(); resolve(); };
    };
  };
})"""
