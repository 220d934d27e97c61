"""One phone, several people: nobody's unsent work goes out as somebody else's, is shown to them, or is left behind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.basement import Basement, settled
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.support import faults
from tests.support.fault_proxy import FaultProxy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

POSTS = r"^/(tickets|photos)"
SECRET = "streng vertraulich"


@pytest.fixture
def basement(far_phone: Callable[..., Phone], hospital: Hospital) -> Basement:
    """wang at a job of his."""
    made = Basement(far_phone("wang").switch_on().sign_in(), hospital)
    made.begin()
    return made


@pytest.fixture
def unsent(basement: Basement, proxy: FaultProxy) -> Basement:
    """wang has recorded something that has not left the phone, and his session has ended."""
    proxy.put(faults.status(503), "POST", POSTS)
    basement.note(SECRET)
    basement.phone.take_along()
    assert len(basement.waiting()) == 1
    basement.hospital.end_sessions()
    proxy.clear()
    return basement


def sign_in(phone: Phone, login: str) -> None:
    phone.login = login
    phone.sign_in()


def test_it_does_not_go_out_as_somebody_else_and_is_not_shown_to_them(unsent: Basement, proxy: FaultProxy) -> None:
    before = len(proxy.passed("POST", POSTS))
    sign_in(unsent.phone, "dian1")
    for path in ("/", "/outbox", f"/tickets/{unsent.ticket}"):
        unsent.open(path)
        unsent.wake()
        unsent.page.wait_for_load_state("networkidle")
        assert SECRET not in unsent.page.content()
    unsent.open("/outbox")
    expect(unsent.page.locator("[data-outbox-others]")).to_be_visible()
    expect(unsent.page.locator("[data-outbox-items] > *")).to_have_count(0)
    unsent.page.locator("[data-outbox-send]").dispatch_event("click")  # it hides itself when nothing waits
    unsent.page.wait_for_load_state("networkidle")
    assert len(proxy.passed("POST", POSTS)) == before, "nothing was even tried"
    assert len(unsent.waiting()) == 1
    assert unsent.notes() == []


def test_it_leaves_when_its_owner_signs_in_again(unsent: Basement) -> None:
    sign_in(unsent.phone, "dian1")
    unsent.hospital.end_sessions()
    sign_in(unsent.phone, "wang")
    unsent.phone.nothing_waits()
    assert [(event.note, event.login) for event in unsent.story() if event.verb == "note"] == [(SECRET, "wang")]


def test_it_leaves_in_another_session_of_the_same_phone(unsent: Basement) -> None:
    unsent.phone.kill()
    unsent.phone.switch_on()
    sign_in(unsent.phone, "wang")
    unsent.phone.nothing_waits()
    assert [(event.note, event.login) for event in unsent.story() if event.verb == "note"] == [(SECRET, "wang")]


def test_two_people_record_on_one_phone_and_each_sends_their_own(unsent: Basement, proxy: FaultProxy) -> None:
    sign_in(unsent.phone, "dian1")
    other = Basement(unsent.phone, unsent.hospital)
    other.begin()
    with proxy.broken(faults.status(503), "POST", POSTS):
        other.note("von dian1")
    other.wake()
    other.until_left(1)
    assert [(event.note, event.login) for event in other.story() if event.verb == "note"] == [("von dian1", "dian1")]
    assert unsent.notes() == []
    unsent.hospital.end_sessions()
    sign_in(unsent.phone, "wang")
    unsent.phone.nothing_waits()
    assert unsent.notes() == [SECRET]


def test_an_old_tab_of_somebody_else_saves_as_them(basement: Basement, proxy: FaultProxy) -> None:
    """A tab that still shows wang's page, and does not know yet that dian1 has signed in beside it."""
    old = basement.page
    old.evaluate("() => { window.setTimeout = () => 0; }")  # keeps the page from loading itself anew
    basement.phone.page = basement.phone.context.new_page()
    basement.hospital.end_sessions()
    sign_in(basement.phone, "dian1")
    before = len(proxy.passed("POST", POSTS))
    old.evaluate(_SUBMIT_A_NOTE, "aus der alten Seite")
    basement.until_left(1)
    basement.wake()
    basement.page.wait_for_load_state("networkidle")
    assert basement.notes() == []
    assert len(proxy.passed("POST", POSTS)) == before
    old.close()
    basement.hospital.end_sessions()
    sign_in(basement.phone, "wang")
    basement.phone.nothing_waits()
    assert [(event.note, event.login) for event in basement.story() if event.verb == "note"] == [
        ("aus der alten Seite", "wang")
    ]


def test_signing_out_is_held_back_and_what_is_kept_stays_its_owners(basement: Basement, proxy: FaultProxy) -> None:
    with proxy.broken(faults.status(503), "POST", POSTS):
        basement.note(SECRET)
        ask_to_sign_out(basement.page)
        basement.page.locator("dialog[open] [value=cancel]").click()
        expect(basement.page.locator("dialog[open]")).to_have_count(0)
        assert basement.page.url.endswith("/more")
        ask_to_sign_out(basement.page)
        basement.page.locator("dialog[open] [value=keep]").click()
        basement.page.wait_for_url("**/login*")
    assert len(basement.waiting()) == 1
    assert not [name for name in basement.page.evaluate("caches.keys()") if name.startswith("crew-pages-")]
    sign_in(basement.phone, "dian1")
    assert SECRET not in basement.page.content()
    assert basement.notes() == []
    basement.hospital.end_sessions()
    sign_in(basement.phone, "wang")
    basement.phone.nothing_waits()
    assert basement.notes() == [SECRET]


def ask_to_sign_out(page: Page) -> None:
    """Ask to be signed out; the phone asks back."""
    page.goto("/more")
    page.locator("form[data-sign-out] button").click()
    expect(page.locator("dialog[open]")).to_contain_text("1")


def test_a_full_phone_says_so_at_once_and_keeps_the_form(basement: Basement) -> None:
    basement.page.evaluate(_FULL)
    fold = basement.page.locator("details", has=basement.page.locator("form[action$='/notes']"))
    fold.locator("summary").click()
    fold.locator("textarea").fill("kein Platz")
    fold.locator("form button").last.click()
    expect(fold.locator("[data-form-error]")).to_contain_text(basement.phone.say(STORAGE_FULL))
    settled(basement.page)
    expect(fold.locator("textarea")).to_have_value("kein Platz")
    assert basement.waiting() == []
    basement.page.evaluate("() => window.room()")
    fold.locator("form button").last.click()
    basement.phone.nothing_waits()
    assert basement.notes() == ["kein Platz"]


STORAGE_FULL = (
    "This was not saved; the form stays as it is. Send what waits, or save it as a file and remove it, or delete"
    " pictures and apps. Then try again."
)

# A browser's real limit cannot be set for IndexedDB from outside; this is how it speaks when it is reached.
_FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "items") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, given);
  };
  window.room = () => void (IDBObjectStore.prototype.put = put);
}"""

_SUBMIT_A_NOTE = """(words) => {
  const form = document.querySelector("form[action$='/notes']");
  form.elements.namedItem("note").value = words;
  form.requestSubmit(form.querySelector("button:last-of-type"));
}"""
