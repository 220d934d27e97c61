"""Somebody with the camera inside the application: shots, drawings, and what the hospital has of them."""

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.basement import Basement, wait_for
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

SHOTS = """
    SELECT p.source, p.shape, p.challenge_id IS NOT NULL, p.copy_of_id, p.id FROM photos p
    JOIN ticket_photos t ON t.photo_id = p.id WHERE t.ticket_id = ? AND t.role = ? ORDER BY t.position
"""
PURSE = """(await new Promise((resolve) => {
  const asked = indexedDB.open('crew');
  asked.onsuccess = () => {
    const found = asked.result.transaction('directory').objectStore('directory').get('purse');
    found.onsuccess = () => { asked.result.close(); resolve(found.result?.kept ?? []); };
  };
}))"""


class Camera:
    """Somebody with a phone at a job, and what the hospital has of it."""

    def __init__(self, phone: Phone, hospital: Hospital) -> None:
        self.phone, self.page, self.hospital = phone, phone.page, hospital
        self.job = Basement(phone, hospital)

    def begin(self) -> "Camera":
        """A job in hand, and a phone that is ready for the basement."""
        self.job.begin()
        self.phone.take_along()
        wait_for(self.page, f"{PURSE}.length >= 8")
        return self

    def form(self, role: str) -> Locator:
        """Where photos before or after are taken."""
        return self.page.locator("form", has=self.page.locator(f"input[name=role][value={role}]"))

    def open(self, role: str = "before") -> None:
        """Touch the field for a photo; the camera shows its picture."""
        self.form(role).locator("label.shoot").click()
        expect(self.page.locator("dialog.camera[data-state=scanning]")).to_be_visible()

    def shoot(self, taken: int) -> None:
        """Press the shutter; so many are taken then, and in the draft."""
        self.page.locator("[data-camera-shutter]").click()
        self.has(taken)

    def has(self, taken: int) -> None:
        """So many shots are in the row, and on the disk of the phone."""
        expect(self.page.locator(".camera-shot")).to_have_count(taken)
        expect(self.page.locator(f"dialog.camera[data-kept='{taken}']")).to_be_visible()

    def done(self) -> None:
        """Enough."""
        self.page.locator("dialog.camera button[value=done]").click()
        expect(self.page.locator("dialog.camera")).to_have_count(0)

    def arrived(self, role: str) -> list[tuple[object, ...]]:
        """What the server has: source, shape, whether challenged, copy of, id."""
        self.job.until_sent()
        return self.hospital.rows(SHOTS, self.job.ticket.hex, role)


def draw(page: Page) -> None:
    """A line on the picture in the drawing dialog, and done."""
    box = page.locator("[data-mark-canvas]").bounding_box()
    assert box
    mouse = page.mouse
    mouse.move(box["x"] + 60, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 120, box["y"] + 90)
    mouse.move(box["x"] + 180, box["y"] + 120)
    mouse.up()
    page.locator("[data-mark-done]").click()
    expect(page.locator("dialog.camera-marks")).to_have_count(0)
