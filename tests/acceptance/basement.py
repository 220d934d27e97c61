"""A crew member at a job where the network fails: what is done there, what waits on the phone, what arrived."""

import hashlib
import io
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PIL import Image
from playwright.sync_api import Error, Page, expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.work import Room, Work, quiet_room

PATIENCE = 60_000


@dataclass(frozen=True)
class Event:
    """One line of a ticket's story in the server's books."""

    verb: str
    note: str
    login: str


class Basement:
    """One person's phone, the job at hand, and the server's books."""

    def __init__(self, phone: Phone, hospital: Hospital) -> None:
        self.phone, self.hospital = phone, hospital
        self.ticket = UUID(int=0)

    @property
    def page(self) -> Page:
        """What the phone shows."""
        return self.phone.page

    def open(self, path: str) -> None:
        """Go to a page."""
        self.phone.open(path)

    def begin(self, room: Room | None = None) -> UUID:
        """Report and accept a job, so that there is something to work at."""
        self.open(f"/t/{(room or quiet_room(self.hospital)).code}")
        work = Work(self.phone, self.hospital)
        self.ticket = work.report("lamp", "灯不亮")
        work.accept()
        self.until_sent()
        return self.ticket

    def note(self, words: str, page: Page | None = None) -> None:
        """Add a note; it is on the phone when this returns."""
        page = page or self.page
        fold = page.locator("details", has=page.locator("form[action$='/notes']"))
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        before = saved(page)
        fold.locator("textarea").fill(words)
        fold.locator("form button").last.click()
        wait_for(page, f"{_SAVED} > {before}")
        settled(page)

    def photograph(self, role: str, photo: Path) -> None:
        """Take a photo before or after the work; it is on the phone when this returns."""
        before = saved(self.page)
        form = self.page.locator("form", has=self.page.locator(f"input[name=role][value={role}]"))
        form.locator("input[type=file]").set_input_files(photo)
        wait_for(self.page, f"{_SAVED} >= {before + 2}")
        settled(self.page)

    def waiting(self) -> list[dict[str, object]]:
        """What this phone holds of everybody, in order."""
        return held(self.page)

    def until_sent(self) -> None:
        """Wait until nothing is left of the person who is signed in."""
        wait_for(self.page, NOTHING_OF_MINE)

    def until_left(self, count: int) -> None:
        """Wait until so many items are left on the phone."""
        wait_for(self.page, f"{_HELD}.items.length === {count}")

    def wake(self) -> None:
        """Tell the page what a phone tells it when the network is back."""
        self.page.evaluate("() => void dispatchEvent(new Event('online'))")

    def send_now(self) -> None:
        """Open the outbox and have everything sent at once."""
        self.open("/outbox")
        self.page.locator("[data-outbox-send]").dispatch_event("click")  # it hides itself when nothing waits
        self.phone.nothing_waits()

    def story(self, ticket: UUID | None = None) -> list[Event]:
        """What people did to a ticket, in the server's order; what it dispatched by itself is left out."""
        rows = self.hospital.rows(
            "SELECT e.verb, e.note, p.login FROM ticket_events e LEFT JOIN people p ON p.id = e.person_id"
            " WHERE e.ticket_id = ? AND e.verb <> 'assign' ORDER BY e.position",
            (ticket or self.ticket).hex,
        )
        return [Event(*map(str, row)) for row in rows]

    def notes(self, ticket: UUID | None = None) -> list[str]:
        """The notes the server has of a ticket, in its order."""
        return [event.note for event in self.story(ticket) if event.verb == "note"]

    def photos(self, ticket: UUID | None = None) -> list[str]:
        """Hashes of the photos of a ticket whose bytes have arrived and are what was announced."""
        rows = self.hospital.rows(
            "SELECT p.sha256 FROM ticket_photos t JOIN photos p ON p.id = t.photo_id"
            " WHERE t.ticket_id = ? AND p.stored_at IS NOT NULL ORDER BY t.position",
            (ticket or self.ticket).hex,
        )
        hashes = [str(sha256) for (sha256,) in rows]
        for sha256 in hashes:
            stored = self.hospital.data / "photos" / "original" / sha256[:2] / sha256
            assert hashlib.sha256(stored.read_bytes()).hexdigest() == sha256
        return hashes


def settled(page: Page) -> None:
    """Wait until no form is being saved or sent."""
    expect(page.locator("form[aria-busy=true]")).to_have_count(0, timeout=PATIENCE)


def held(page: Page) -> list[dict[str, object]]:
    """The items on this phone, of everybody, in order."""
    found: list[dict[str, object]] = page.evaluate(f"async () => {_HELD}.items")
    return found


def saved(page: Page) -> int:
    """How many requests this phone has saved so far, sent or not."""
    found: int = page.evaluate(f"async () => {_SAVED}")
    return found


def wait_for(page: Page, condition: str) -> None:
    """Wait until an expression (which may await) is true in the page, through its changes of pages."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        with suppress(Error):  # the page is on its way to the next
            if page.evaluate(f"async () => {condition}"):
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {condition}")


def small_photo(seed: int) -> bytes:
    """A small JPEG, another one for each seed; phones send it as it is."""
    grain = random.Random(seed).randbytes(48 * 32 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (48, 32), grain).save(out, "JPEG", quality=80)
    return out.getvalue()


_HELD = """(await new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const found = {};
    const transaction = asked.result.transaction(['items', 'receipts']);
    for (const name of ['items', 'receipts']) {
      const all = transaction.objectStore(name).getAll();
      all.onsuccess = () => (found[name] = all.result);
    }
    transaction.oncomplete = () => { asked.result.close(); resolve(found); };
  };
}))"""
_SAVED = f"(({{items, receipts}}) => items.length + receipts.length)({_HELD})"
NOTHING_OF_MINE = f"{_HELD}.items.every(({{person}}) => person !== document.documentElement.dataset.person)"
NO_MORE_TO_SEND = f"""(({{items}}) => {{
  const mine = items.filter(({{person}}) => person === document.documentElement.dataset.person);
  const stuck = new Set(mine.filter(({{state}}) => state === 'refused').map(({{subject}}) => subject));
  return mine.every(({{subject}}) => stuck.has(subject));
}})({_HELD})"""
"""Nothing is left of the person who is signed in but what was refused, and what waits behind that."""
