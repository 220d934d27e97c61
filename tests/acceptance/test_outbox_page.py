"""The outbox page: what was refused is corrected, discarded or kept as words; what waits can be carried elsewhere."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.pictures import camera_photo
from tests.acceptance.work import Work, quiet_room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PATIENT = 30_000
EMPTY = "   "
"""A note of nothing but spaces passes the form and is refused by the server."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return camera_photo(tmp_path / "photo.jpg", "#604020")


@pytest.fixture
def wang(hospital: Hospital, phone: Callable[..., Phone]) -> Phone:
    """A technician with an accepted job before him, and all that is needed to go on without a network."""
    made = phone("wang", "en").switch_on().sign_in()
    made.take_along()
    made.open(f"/t/{quiet_room(hospital).code}")
    work = Work(made, hospital)
    work.report("lamp", "Dark")
    work.accept()
    made.nothing_waits()
    return made


def ticket_of(phone: Phone) -> UUID:
    return UUID(str(phone.page.locator("#ticket").get_attribute("data-ticket")))


def note(phone: Phone, words: str) -> None:
    """Add a note through the form on the job's page."""
    fold = phone.page.locator("details", has=phone.page.locator("form[action$='/notes']"))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    fold.locator("textarea").fill(words)
    fold.locator("form button").click()
    expect(fold.locator("form")).not_to_have_attribute("inert", "")


def items(phone: Phone) -> list[dict[str, Any]]:
    """What is in the outbox of this phone."""
    found: list[dict[str, Any]] = phone.page.evaluate(_ITEMS)
    return found


def row(phone: Phone, text: str) -> Locator:
    """The entry with this title."""
    return phone.page.locator("[data-outbox-items] li", has=phone.page.locator(".row-title", has_text=text))


def open_outbox(phone: Phone) -> None:
    phone.open("/outbox")
    expect(phone.page.locator("[data-outbox-items] li").first).to_be_visible(timeout=PATIENT)


def notes(hospital: Hospital, ticket: UUID, verb: str = "note") -> list[object]:
    found = hospital.rows("SELECT note FROM ticket_events WHERE ticket_id = ? AND verb = ?", ticket.hex, verb)
    return [words for (words,) in found]


def test_what_was_refused_is_corrected_and_what_waited_for_it_follows(
    hospital: Hospital, wang: Phone, photo: Path
) -> None:
    ticket = ticket_of(wang)
    wang.offline()
    note(wang, EMPTY)
    Work(wang, hospital).photograph("after", photo)
    wang.offline(off=False)
    expect(wang.page.locator("[data-refused-pill]")).to_be_visible(timeout=PATIENT)
    expect(wang.page.locator(".photo.waiting[data-standing='held']")).to_be_visible()
    expect(wang.page.locator("[data-state-refused]")).to_be_visible()

    wang.open("/")
    mark = wang.page.locator(f"[data-waiting-for='{ticket}']").first
    expect(mark).to_have_attribute("data-kind", "danger")
    open_outbox(wang)
    refused, held = row(wang, "Note"), row(wang, "After")
    expect(refused).to_have_attribute("data-standing", "refused")
    expect(refused).to_contain_text("Please write something first.")
    expect(held).to_contain_text("Waits until you have decided about “Note”")
    expect(held.locator("img")).to_have_count(1)
    expect(wang.page.locator("[data-outbox-items] h2")).to_contain_text("WX-")

    wang.link("Correct it").first.click()
    form = wang.page.locator("form[action$='/notes']")
    expect(form.locator("[data-form-error]")).to_have_text("Please write something first.")
    form.locator("textarea").fill("Ladder needed")
    form.locator("button").click()
    wang.nothing_waits()
    assert notes(hospital, ticket) == ["Ladder needed"]
    assert notes(hospital, ticket, "photo") == ["after"]


def test_a_discard_is_asked_twice_and_told_to_the_server(hospital: Hospital, wang: Phone, photo: Path) -> None:
    ticket = ticket_of(wang)
    wang.offline()
    Work(wang, hospital).photograph("after", photo)
    command = next(item for item in items(wang) if item["url"].endswith("/photos"))
    open_outbox(wang)

    dialog = wang.page.get_by_role("dialog")
    row(wang, "After").get_by_role("button", name="Discard").click()
    dialog.get_by_role("button", name="Discard").click()
    dialog.get_by_role("button", name="Cancel").click()
    assert len(items(wang)) == 2, "a discard that was not confirmed removed something"

    row(wang, "After").get_by_role("button", name="Discard").click()
    dialog.get_by_role("button", name="Discard", exact=True).click()
    dialog.get_by_role("button", name="Discard for good").click()
    expect(row(wang, "Discarded: After")).to_be_visible()
    (told,) = items(wang)
    assert told["url"] == "/sync/discards"

    wang.offline(off=False)
    wang.nothing_waits()
    ((key, sha256, label, photos),) = hospital.rows("SELECT discarded_key, sha256, label, photos FROM discards")
    assert (str(UUID(str(key))), label, photos) == (command["key"], command["label"], 1)
    assert sha256 == hashlib.sha256(command["body"].encode()).hexdigest()
    assert notes(hospital, ticket, "discard") == [f"{label} · 1 photo"]
    assert notes(hospital, ticket, "photo") == []


def test_an_entry_without_a_form_is_no_dead_end(hospital: Hospital, wang: Phone) -> None:
    """The entry was refused and its form is gone: it is opened from the outbox and kept as a note on the job."""
    ticket = ticket_of(wang)
    wang.offline()
    note(wang, "On the ladder")
    wang.page.evaluate(_REFUSE, {"url": f"/tickets/{ticket}/nothing-like-this", "label": "Finish WX"})
    wang.offline(off=False)
    open_outbox(wang)
    wang.link("Correct it").click()
    dialog = wang.page.get_by_role("dialog")
    expect(dialog).to_contain_text("not possible any more")
    dialog.get_by_role("button", name="Keep it as a note on the job").click()
    wang.nothing_waits()
    assert notes(hospital, ticket) == ["Could not be entered as usual: Finish WX · On the ladder"]


def test_a_file_carries_everything_to_another_phone_once(
    hospital: Hospital, wang: Phone, phone: Callable[..., Phone], photo: Path, tmp_path: Path
) -> None:
    ticket = ticket_of(wang)
    wang.offline()
    note(wang, "Ladder needed")
    Work(wang, hospital).photograph("after", photo)
    open_outbox(wang)
    wang.page.locator("summary", has_text="Take it to another phone").click()
    with wang.page.expect_download() as download:
        wang.button("Save as a file").click()
    file = tmp_path / "outbox.json"
    download.value.save_as(file)
    assert len(json.loads(file.read_text())["items"]) == 3

    li = phone("li", "en").switch_on().sign_in()
    take_in(li, file)
    expect(li.page.locator("#notices")).to_contain_text("Somebody else saved this file.")
    assert items(li) == []

    other = phone("wang", "en").switch_on().sign_in()
    for _ in range(2):
        take_in(other, file)
        other.nothing_waits()
    wang.offline(off=False)
    wang.nothing_waits()
    assert notes(hospital, ticket) == ["Ladder needed"]
    assert notes(hospital, ticket, "photo") == ["after"]
    assert hospital.value(
        "SELECT COUNT(*) FROM photos WHERE stored_at IS NOT NULL AND person_id = ?", wang_id(hospital)
    )


def take_in(phone: Phone, file: Path) -> None:
    phone.open("/outbox")
    phone.page.locator("[data-outbox-import]").set_input_files(file)
    expect(phone.page.locator("#notices > *").first).to_be_visible()


def wang_id(hospital: Hospital) -> object:
    return hospital.value("SELECT id FROM people WHERE login = 'wang'")


def test_a_full_phone_says_so_and_keeps_the_form(hospital: Hospital, wang: Phone, photo: Path) -> None:
    wang.offline()
    devtools = wang.context.new_cdp_session(wang.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": hospital.url, "quotaSize": 1})
    wait_until_full(wang)
    note(wang, "Ladder needed")
    expect(wang.page.locator("#notices")).to_contain_text("This phone has no space left")
    form = wang.page.locator("form[action$='/notes']")
    expect(form.locator("[data-form-error]")).to_contain_text("the form stays as it is")
    expect(form.locator("textarea")).to_have_value("Ladder needed")
    assert items(wang) == []

    devtools.send("Storage.overrideQuotaForOrigin", {"origin": hospital.url})
    form.locator("button").click()
    expect(wang.page.locator("[data-outbox-count]").first).to_be_visible()
    assert len(items(wang)) == 1


def wait_until_full(phone: Phone) -> None:
    """The browser looks at its quota again only after half a minute."""
    for _ in range(100):
        if phone.page.evaluate(_IS_FULL):
            return
        phone.page.wait_for_timeout(1000)
    raise AssertionError("the browser never noticed that it has no space")


def test_little_space_is_said_before_the_camera_is_opened(wang: Phone) -> None:
    wang.page.add_init_script("navigator.storage.estimate = async () => ({quota: 100e6, usage: 99e6})")
    wang.page.reload()
    expect(wang.page.locator("#notices")).to_contain_text("This phone is nearly full")
    expect(wang.page.locator("#notices")).to_contain_text("room for about 2 more photos")
    wang.open("/outbox")
    expect(wang.page.locator("[data-outbox-space]")).to_contain_text("2 more photos")


@pytest.mark.parametrize("online", [True, False], ids=["online", "offline"])
def test_finish_can_be_undone_while_nobody_has_heard_of_it(hospital: Hospital, wang: Phone, online: bool) -> None:
    ticket, work = ticket_of(wang), Work(wang, hospital)
    if not online:
        wang.offline()
    work.finish("New tube")
    wang.button("Undo").click()
    work.state("accepted")
    expect(wang.page.locator("#completion textarea")).to_have_value("New tube")
    assert items(wang) == []
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "accepted"

    work.finish("New tube")
    wang.offline(off=False)
    wang.nothing_waits()
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "finished"
    assert notes(hospital, ticket, "finish") == ["New tube"]
    expect(wang.page.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_finish_that_nobody_undoes_outlives_a_dead_battery(hospital: Hospital, wang: Phone) -> None:
    ticket = ticket_of(wang)
    wang.close_app()
    wang.switch_on().open(f"/tickets/{ticket}")
    Work(wang, hospital).finish("New tube")
    wang.kill()
    wang.switch_on().open("/")
    wang.nothing_waits()
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "finished"


_ITEMS = """() => new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const all = asked.result.transaction('items').objectStore('items').getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result); };
  };
})"""

_IS_FULL = """() => new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const tx = asked.result.transaction('settings', 'readwrite');
    tx.objectStore('settings').put('x'.repeat(1000), 'probe');
    tx.oncomplete = () => { asked.result.close(); resolve(false); };
    tx.onabort = () => { asked.result.close(); resolve(true); };
  };
})"""

_REFUSE = """(changes) => new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const store = asked.result.transaction('items', 'readwrite').objectStore('items');
    store.openCursor().onsuccess = ({target}) => {
      const refusal = {status: 422, code: 'wrong-state', reason: 'That is not possible any more.'};
      target.result.update({...target.result.value, ...changes, state: 'refused', refusal});
      store.transaction.oncomplete = () => { asked.result.close(); resolve(); };
    };
  };
})"""
