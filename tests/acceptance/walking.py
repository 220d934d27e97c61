"""Walking rounds by hand: scanning a stop, answering, finishing it; and runs put where a test needs them."""

import re
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.acceptance.basement import small_photo
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

HAS_STOPS = """new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const found = asked.result.transaction('directory').objectStore('directory').get('manifest');
    found.onsuccess = () => { asked.result.close(); resolve(found.result?.done && found.result?.stops?.length > 0); };
  };
})"""
STOPS = """
    SELECT s.id, g.code FROM run_stops s LEFT JOIN tags g ON g.retired_at IS NULL
    AND (g.asset_id = s.asset_id OR (s.asset_id IS NULL AND g.place_id = s.place_id))
    WHERE s.run_id = ? GROUP BY s.id ORDER BY s.position
"""
RUNS = "SELECT r.id FROM runs r JOIN round_templates t ON t.id = r.template_id WHERE t.code = ? AND r.state = ?"
FROM_NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now', ?)"
WINDOW = f"opens_at = {FROM_NOW}, closes_at = {FROM_NOW}"


@dataclass
class Round:
    """A run as the server's books have it: its stops in order, each with the code of its tag."""

    hospital: Hospital
    id: str

    @property
    def stops(self) -> list[tuple[str, str]]:
        """Ids and codes."""
        return [(str(stop), str(code or "")) for stop, code in self.hospital.rows(STOPS, self.id)]

    @property
    def path(self) -> str:
        """Its page."""
        return f"/rounds/runs/{dashed(self.id)}"

    def state(self) -> str:
        """How it stands."""
        return str(self.hospital.value("SELECT state FROM runs WHERE id = ?", self.id))

    def open_between(self, first: int, last: int) -> None:
        """The run and all its stops are open between these minutes from now; nothing is asked at random."""
        self.hospital.change(f"UPDATE runs SET {WINDOW} WHERE id = ?", *_minutes(first, last), self.id)
        moved = f"UPDATE run_stops SET challenge = NULL, {WINDOW} WHERE run_id = ?"
        self.hospital.change(moved, *_minutes(first, last), self.id)

    def open_stop_between(self, stop: str, first: int, last: int) -> None:
        """The same of one stop."""
        self.hospital.change(f"UPDATE run_stops SET {WINDOW} WHERE id = ?", *_minutes(first, last), stop)

    def visited(self, stop: str) -> list[tuple[object, ...]]:
        """How, with which tag, what the camera saw."""
        return self.hospital.rows("SELECT how, tag_code, frame_hash FROM visits WHERE stop_id = ?", stop)


def _minutes(*minutes: int) -> list[str]:
    return [f"{number:+d} minutes" for number in minutes]


def run_of(hospital: Hospital, template: str, state: str) -> Round:
    """The first run of a template in this state."""
    return Round(hospital, str(hospital.rows(RUNS, template, state)[0][0]))


def dashed(key: str) -> str:
    """An id as addresses have it."""
    return re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", key)


def take_stops_along(phone: Phone) -> None:
    """Wait until the phone knows its stops and has their pages; on a loaded machine that takes a while."""
    phone.take_along()
    for _ in range(3):
        with suppress(AssertionError):
            phone.until(HAS_STOPS)
    phone.until(HAS_STOPS)


def begin(phone: Phone, hospital: Hospital, template: str) -> Round:
    """Begin a round of a template without a plan."""
    key = str(hospital.value("SELECT id FROM round_templates WHERE code = ?", template))
    phone.open(f"/rounds/templates/{dashed(key)}")
    phone.button("Begin now").click()
    phone.page.wait_for_url("**/rounds/runs/**")
    found = phone.page.url.rpartition("/")[2].replace("-", "")
    hospital.change("UPDATE run_stops SET challenge = NULL WHERE run_id = ?", found)
    phone.open(f"/rounds/runs/{dashed(found)}")
    return Round(hospital, found)


def scan_stop(phone: Phone, code: str, stop: str) -> None:
    """The camera sees the tag of a stop, which opens."""
    phone.point_camera_at(f"{phone.url}/t/{code}")
    phone.link("Scan").last.click()
    phone.page.wait_for_url("**/rounds/runs/**", timeout=30_000)
    expect(stop_on(phone, stop).locator("details").first).to_have_attribute("open", "")


def stop_on(phone: Phone, stop: str) -> Locator:
    """A stop on the page of its run."""
    return phone.page.locator(f'[data-stop="{dashed(stop)}"]')


def open_stop(phone: Phone, stop: str) -> Locator:
    """Unfold a stop by hand."""
    found = stop_on(phone, stop)
    if found.locator("details").first.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def answer_all_well(phone: Phone, stop: str) -> None:
    """Touch the good answer of every check that is asked."""
    form = stop_on(phone, stop).locator("form[data-visit]").first
    for good in form.locator('.answer[data-kind="good"] input').all():
        if good.is_visible() and good.is_enabled():
            good.check()


def find_fault(phone: Phone, stop: str) -> None:
    """The first check that can fail does, with a photo of it."""
    bad = stop_on(phone, stop).locator(".check").filter(has=phone.page.locator("[data-bad]")).first
    bad.locator("[data-bad]").first.check()
    expect(bad.locator(".fault")).to_be_visible()
    photograph(bad)


def photograph(check: Locator) -> None:
    """Take a photo for a check."""
    taken = check.locator("input[data-photo]").first
    taken.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": small_photo(7)})
    expect(check.locator("[data-photo-previews] img").first).to_be_visible()


def finish_stop(phone: Phone, stop: str) -> None:
    """Done here."""
    stop_on(phone, stop).get_by_role("button", name=phone.say("Done here")).click()
    expect(stop_on(phone, stop)).to_have_attribute("data-stop-state", "visited")


def sign(phone: Phone, pad: Locator) -> None:
    """Draw something with a finger."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    mouse = phone.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 60)
    mouse.down()
    for step in range(1, 6):
        mouse.move(box["x"] + 40 + 30 * step, box["y"] + 60 + (-1) ** step * 20)
    mouse.up()
