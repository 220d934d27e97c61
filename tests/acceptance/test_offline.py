"""A week in the basement, in a real browser: what was recorded without a network arrives, once and in order."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.acceptance.basement import Basement, settled, small_photo
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.support import faults
from tests.support.fault_proxy import FaultProxy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

POSTS = r"^/(tickets|photos)"
ROUNDS = 5
"""How often the battery dies."""


@pytest.fixture
def basement(far_phone: Callable[..., Phone], hospital: Hospital) -> Basement:
    """wang at a job of his, with a phone that has been switched off once since he signed in."""
    wang = far_phone("wang").switch_on().sign_in()
    wang.take_along()
    wang.close_app()  # a browser writes its cookies down when it is closed, or after half a minute
    made = Basement(wang.switch_on(), hospital)
    made.begin()
    return made


def test_a_phone_that_comes_back_to_a_network_sends_by_itself(basement: Basement) -> None:
    basement.phone.offline()
    basement.note("erste")
    basement.note("zweite")
    assert len(basement.waiting()) == 2
    basement.phone.offline(off=False)
    basement.phone.nothing_waits()
    assert basement.notes() == ["erste", "zweite"]


def test_work_goes_on_while_the_server_is_gone(basement: Basement, tmp_path: Path) -> None:
    (tmp_path / "after.jpg").write_bytes(small_photo(1))
    basement.hospital.stop()
    basement.note("erste")
    basement.photograph("after", tmp_path / "after.jpg")
    basement.open(f"/tickets/{basement.ticket}")  # from the phone's own copy
    basement.note("zweite")
    assert len(basement.waiting()) == 4
    basement.hospital.start()
    basement.wake()
    basement.phone.nothing_waits()
    assert [event.verb for event in basement.story()] == ["open", "accept", "note", "photo", "note"]
    assert basement.notes() == ["erste", "zweite"]
    assert len(basement.photos()) == 1


def test_a_battery_that_dies_at_any_moment(basement: Basement, proxy: FaultProxy) -> None:
    """What the phone had said was saved arrives; what it had not arrives whole or not at all; nothing twice."""
    chance = random.Random(7)
    saved: list[str] = []
    for number in range(ROUNDS):
        proxy.put(chance.choice([faults.deliver_and_drop, faults.blackhole, faults.slow(0.5)]), "POST", POSTS)
        basement.open(f"/tickets/{basement.ticket}")
        basement.note(f"sicher {number}")
        saved.append(f"sicher {number}")
        basement.page.evaluate(_SUBMIT_A_NOTE, f"vielleicht {number}")
        basement.page.wait_for_timeout(chance.uniform(0, 150))
        basement.phone.kill()
        proxy.clear()
        basement.phone.switch_on()
    basement.open(f"/tickets/{basement.ticket}")
    basement.phone.nothing_waits()

    arrived = basement.notes()
    assert len(arrived) == len(set(arrived))
    assert [words for words in arrived if words.startswith("sicher")] == saved
    assert arrived == sorted(arrived, key=lambda words: (int(words[-1]), words)), "in the order they were written"


def test_several_tabs_save_and_send_at_once(basement: Basement, proxy: FaultProxy) -> None:
    tabs = [basement.page, basement.phone.context.new_page(), basement.phone.context.new_page()]
    for tab in tabs[1:]:
        tab.goto(f"/tickets/{basement.ticket}")
    proxy.put(faults.status(503), "POST", POSTS)
    for number in range(3):
        for place, tab in enumerate(tabs):
            basement.note(f"{number} {place}", tab)
    assert len(basement.waiting()) == 9
    proxy.clear()
    before = len(proxy.passed("POST", POSTS))
    for tab in tabs:
        tab.evaluate("() => { dispatchEvent(new Event('online')); dispatchEvent(new Event('pageshow')); }")
    basement.phone.nothing_waits()
    assert basement.notes() == [f"{number} {place}" for number in range(3) for place in range(3)]
    assert len(proxy.passed("POST", POSTS)) - before == 9, "the tabs do not send what another is sending"
    for tab in tabs:
        settled(tab)
        expect(tab.locator("[data-outbox-pill]").first).to_be_hidden()


def test_the_browser_sends_in_the_background_when_no_page_is_open(basement: Basement, proxy: FaultProxy) -> None:
    proxy.refuse()
    basement.note("im Hintergrund")
    blank = basement.phone.context.new_page()
    session = basement.phone.context.new_cdp_session(blank)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"]),
    )
    session.send("ServiceWorker.enable")
    basement.page.close()
    proxy.accept_again()
    assert basement.notes() == []
    registration = {"origin": basement.phone.url, "registrationId": found[-1]}
    session.send("ServiceWorker.dispatchSyncEvent", registration | {"tag": "crew-outbox", "lastChance": False})
    proxy.wait_for(1, "POST", "/notes$")
    basement.phone.page = blank
    blank.goto("/outbox")
    basement.phone.nothing_waits()
    assert basement.notes() == ["im Hintergrund"]


_SUBMIT_A_NOTE = """(words) => {
  const form = document.querySelector("form[action$='/notes']");
  form.elements.namedItem("note").value = words;
  form.requestSubmit(form.querySelector("button:last-of-type"));
}"""


def test_whoever_has_the_cursor_in_an_empty_field_can_go_on_typing(basement: Basement) -> None:
    page, tab = basement.page, basement.phone.context.new_page()
    fold = page.locator("details", has=page.locator("form[action$='/notes']"))
    fold.locator("summary").click()
    fold.locator("textarea").focus()
    tab.goto(page.url)
    basement.note("anderswo", tab)
    expect(tab.locator("#main")).to_contain_text("anderswo")
    page.keyboard.type("hier")
    expect(fold.locator("textarea")).to_have_value("hier")
    fold.locator("form button").last.click()
    basement.until_sent()
    assert sorted(basement.notes()) == ["anderswo", "hier"]
