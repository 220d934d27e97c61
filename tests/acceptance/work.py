"""A technician's hands: each method is one step of the job, done through the screen."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Locator, expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone


@dataclass(frozen=True)
class Room:
    """A room with a tag."""

    id: str
    code: str


@dataclass(frozen=True)
class BagItem:
    """An item in somebody's bag, and how much of it there was."""

    id: str
    account: str
    code: str
    spec: str
    before: Decimal

    def in_bag(self, hospital: Hospital) -> Decimal:
        """How much there is now."""
        query = "SELECT quantity FROM balances WHERE account_id = ? AND item_id = ?"
        return Decimal(str(hospital.value(query, self.account, self.id))) / 1000


def quiet_room(hospital: Hospital) -> Room:
    """A tagged room of wang's site with nothing open in it."""
    query = """
        SELECT p.id, t.code FROM tags t JOIN places p ON p.id = t.place_id
        JOIN memberships m ON m.site_id = p.site_id JOIN people w ON w.id = m.person_id AND w.login = 'wang'
        WHERE p.kind = 'room' AND t.retired_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM tickets k WHERE k.place_id = p.id AND k.state NOT IN ('verified', 'cancelled'))
        ORDER BY p.code LIMIT 1
    """
    ((place, code),) = hospital.rows(query)
    return Room(str(place), str(code))


def codes_of(hospital: Hospital, login: str) -> list[str]:
    """Codes of all tags on places of somebody's sites."""
    query = """
        SELECT t.code FROM tags t JOIN memberships m ON m.site_id = t.site_id JOIN people p ON p.id = m.person_id
        WHERE p.login = ? AND t.retired_at IS NULL AND t.place_id IS NOT NULL ORDER BY t.code
    """
    return [str(code) for (code,) in hospital.rows(query, login)]


class Work:
    """One job, from the scanned tag on."""

    def __init__(self, phone: Phone, hospital: Hospital) -> None:
        self.phone, self.page, self.hospital = phone, phone.page, hospital

    def items_in_bag(self, count: int) -> list[BagItem]:
        """Some items that the person really has."""
        query = """
            SELECT b.item_id, b.account_id, i.code, i.spec, b.quantity FROM balances b JOIN items i ON i.id = b.item_id
            JOIN accounts a ON a.id = b.account_id JOIN people p ON p.id = a.person_id
            WHERE p.login = ? AND b.quantity >= 2000 ORDER BY i.code LIMIT ?
        """
        found = self.hospital.rows(query, self.phone.login, count)
        assert len(found) == count
        return [BagItem(str(i), str(a), str(c), str(s), Decimal(str(q)) / 1000) for i, a, c, s, q in found]

    def report(self, kind: str, words: str) -> UUID:
        """Three touches: what is wrong, words, send. Returns the id the phone gave the job."""
        self.page.locator("label.tile", has=self.page.locator(f"input[value={kind!r}]")).click()
        self.phone.page.locator("#report textarea[name=description]").fill(words)
        self.phone.button("Report").click()
        self.page.wait_for_url("**/tickets/*-*")
        expect(self.page.locator("#ticket")).to_have_attribute("data-state", "open")
        return UUID(self.page.url.rsplit("/", 1)[1].partition("#")[0])

    def accept(self) -> None:
        """Take the job."""
        self.phone.button("Accept").click()
        self.state("accepted")

    def photograph(self, role: str, photo: Path) -> None:
        """Take a photo before or after the work; it is saved by itself."""
        form = self.page.locator("form", has=self.page.locator(f"input[name=role][value={role}]"))
        shown = self.page.locator(f"[data-waiting-photos='role={role}'] img, .photo-side img[src*='/thumb']")
        before = shown.count()
        form.locator("input[type=file]").set_input_files(photo)
        expect(shown).to_have_count(before + 1)

    def choose(self, item: BagItem) -> Locator:
        """Find an item by its code; returns the part of the page about materials."""
        section = self.page.locator("section", has=self.page.locator("form[action$='/materials']"))
        section.locator("summary").click()
        section.locator("[data-item-search]").fill(item.code)
        results = section.locator("[data-item-results] [data-item]")
        expect(results).to_have_count(1)
        expect(results).to_contain_text(item.spec)
        results.click()
        expect(section.locator("[data-item-picker]")).to_have_attribute("data-chosen", str(UUID(item.id)))
        return section

    def use(self, item: BagItem) -> None:
        """Log one piece of an item from the bag."""
        section = self.choose(item)
        section.get_by_role("button", name=self.phone.say("Add material"), exact=True).click()
        expect(section.locator("form[action$='/materials']")).to_be_hidden()
        expect(section.locator("li.row:visible")).not_to_have_count(0)

    def finish(self, words: str) -> None:
        """Report the work as done."""
        self.page.locator("#completion textarea").fill(words)
        self.phone.button("Finish").click()
        self.state("finished")

    def state(self, state: str) -> None:
        """The page shows that the job stands so."""
        expect(self.page.locator("#ticket")).to_have_attribute("data-state", state)
