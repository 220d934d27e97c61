"""Every way in which a network can fail, in front of a running server: what is saved arrives, and arrives once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.acceptance.basement import Basement, small_photo
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.pictures import camera_photo
from tests.support import faults
from tests.support.fault_proxy import FaultProxy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NOTES = r"^/tickets/[^/]+/notes$"
ORIGINALS = r"^/photos/[^/]+/original$"
ELSEWHERE = "http://127.0.0.1:9/login"
LONG = "Leuchte im Flur getauscht, Vorschaltgerät brummt noch"
"""Long enough that half of it would be a note as well."""
LINES = {
    "reset": faults.reset,
    "black-hole": faults.blackhole,
    "lost-answer": faults.deliver_and_drop,
    "cut": faults.cut_upload,
}
ANSWERS = {
    "portal": faults.portal,
    "redirect-elsewhere": faults.redirect(ELSEWHERE),
    "redirect-here": faults.redirect("/login"),
    "500": faults.status(500),
    "502": faults.status(502),
    "503": faults.status(503),
    "429": faults.status(429),
}


@pytest.fixture
def basement(far_phone: Callable[..., Phone], hospital: Hospital) -> Basement:
    """wang at a job of his."""
    made = Basement(far_phone("wang").switch_on().sign_in(), hospital)
    made.begin()
    return made


@pytest.mark.parametrize("kind", [LINES, ANSWERS], ids=["broken-line", "wrong-answer"])
def test_a_note_outlives_each_fault_and_arrives_once(
    basement: Basement, proxy: FaultProxy, subtests: pytest.Subtests, kind: dict[str, faults.Break]
) -> None:
    """One after the other at the same job: to get there takes longer than the fault itself."""
    for name, fault in kind.items():
        with subtests.test(name):
            _outlives(basement, proxy, fault)


def _outlives(basement: Basement, proxy: FaultProxy, fault: faults.Break) -> None:
    noted, tried = basement.notes(), len(proxy.passed("POST", NOTES))
    with proxy.broken(fault, method="POST", path=NOTES):
        basement.note(LONG)
        assert [item["state"] for item in basement.waiting()] == ["waiting"]
        expect(basement.page.locator("[data-outbox-count]").first).to_be_visible()
    basement.wake()
    basement.phone.nothing_waits()

    assert basement.notes() == [*noted, LONG]
    sent = proxy.passed("POST", NOTES)[tried:]
    assert len(sent) >= 2, "it was tried before and after"
    assert len({one.key for one in sent}) == 1, "always under the same key"


def test_connections_are_refused(basement: Basement, proxy: FaultProxy) -> None:
    proxy.refuse()
    basement.note("erste")
    basement.note("zweite")
    assert len(basement.waiting()) == 2
    proxy.accept_again()
    basement.wake()
    basement.phone.nothing_waits()
    assert basement.notes() == ["erste", "zweite"]


def test_a_slow_answer_is_waited_for_and_not_asked_for_twice(basement: Basement, proxy: FaultProxy) -> None:
    with proxy.broken(faults.slow(6), method="POST", path=NOTES):
        basement.note("erste")
        basement.phone.nothing_waits()
    assert basement.notes() == ["erste"]
    assert len(proxy.passed("POST", NOTES)) == 1


def test_nobody_is_led_away_by_a_portal_or_a_log_in_page_elsewhere(basement: Basement, proxy: FaultProxy) -> None:
    for fault in (faults.portal, faults.redirect(ELSEWHERE)):
        with proxy.broken(fault, method="POST"):
            basement.note("hier")
        expect(basement.page.locator("#ticket")).to_be_visible()
    basement.wake()
    basement.phone.nothing_waits()
    assert basement.notes() == ["hier", "hier"]


def test_an_upload_that_is_cut_arrives_whole(basement: Basement, proxy: FaultProxy, tmp_path: Path) -> None:
    photo = camera_photo(tmp_path / "before.jpg", "#604020")
    with proxy.broken(faults.cut_upload, method="POST", path=ORIGINALS):
        basement.photograph("before", photo)
        proxy.wait_for(1, "POST", ORIGINALS)
        assert basement.photos() == []
    basement.wake()
    basement.phone.nothing_waits()
    assert len(basement.photos()) == 1
    assert [event.verb for event in basement.story()] == ["open", "accept", "photo"]


def test_a_photo_that_is_too_large_on_the_way_does_not_hold_up_anything(
    basement: Basement, proxy: FaultProxy, tmp_path: Path
) -> None:
    (tmp_path / "before.jpg").write_bytes(small_photo(1))
    with proxy.broken(faults.status(413), method="POST", path=ORIGINALS):
        basement.photograph("before", tmp_path / "before.jpg")
        expect(basement.page.locator("[data-refused-count]").first).to_have_text("1")
        basement.note("danach")
        basement.until_left(1)
        assert basement.notes() == ["danach"]
    basement.open("/outbox")
    expect(basement.page.locator("[data-outbox-items] .error")).to_be_visible()
    basement.page.locator("[data-outbox-resend]").click()
    basement.phone.nothing_waits()
    assert len(basement.photos()) == 1


def test_poison_at_the_head_holds_up_only_what_depends_on_it(basement: Basement, proxy: FaultProxy) -> None:
    poisoned = basement.ticket
    healthy = basement.begin()
    basement.open(f"/tickets/{poisoned}")
    with proxy.broken(faults.status(503), method="POST"):
        basement.note("\u200b")  # words for a browser, none for the server
        basement.note("danach")
        basement.open(f"/tickets/{healthy}")
        basement.note("unabhängig")
        assert len(basement.waiting()) == 3
    basement.wake()
    expect(basement.page.locator("[data-refused-count]").first).to_have_text("1")
    basement.until_left(2)
    assert basement.notes(healthy) == ["unabhängig"]
    assert basement.notes(poisoned) == []

    rows = _open_outbox(basement)
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text(
        basement.phone.say("Waits until you have decided about “{label}”").partition("“")[0]
    )
    basement.page.locator("[data-outbox-edit]").locator("visible=true").click()
    form = basement.page.locator("form[action$='/notes']")
    form.locator("textarea").fill("verbessert")
    form.locator("button").last.click()
    basement.phone.nothing_waits()
    assert basement.notes(poisoned) == ["verbessert", "danach"]


def _open_outbox(basement: Basement) -> Locator:
    basement.open("/outbox")
    return basement.page.locator("[data-outbox-items] li.outbox-item")
