"""A nurse without an account: whatever browser she has, she scans a room's tag, reports, follows, and judges."""

import re

from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.acceptance.hospital import Hospital
from tests.support.pictures import jpeg

OWN_LINK = re.compile(r"/r/[\w-]{32}$")


def stranger(browser: Browser, hospital: Hospital, *, scripts: bool = True) -> Page:
    """A phone that was never here, and asks in English."""
    context = browser.new_context(
        base_url=hospital.url, java_script_enabled=scripts, locale="en-GB", viewport={"width": 390, "height": 844}
    )
    return context.new_page()


def photo(width: int = 1200, height: int = 900) -> FilePayload:
    """As her camera takes it."""
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg(width, height)}


def report(page: Page, code: str, kind: str) -> None:
    """Scan, say what is wrong by a picture of it, photograph it, send; the secret page follows."""
    page.goto(f"/t/{code}")
    tile = page.locator("#report label.tile", has=page.locator(f"input[value={kind}]"))
    if not tile.is_visible():  # not among what is most frequent in such a room
        page.locator("#report .kinds summary").click()
    tile.click()
    page.locator("#report-photo").set_input_files(photo())
    page.get_by_role("button", name="Report").click()
    expect(page).to_have_url(OWN_LINK)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report has arrived")


def join(page: Page, code: str) -> None:
    """Scan, see that it is reported, say "me too"."""
    page.goto(f"/t/{code}")
    page.get_by_role("button", name="Me too").first.click()
    expect(page).to_have_url(OWN_LINK)
    expect(page.get_by_text("1 more has this, too")).to_be_visible()


def look(page: Page, words: str) -> None:
    """Load the secret page again and read these words."""
    page.get_by_text("See how it stands now").click()
    expect(page.get_by_text(words).first).to_be_visible()


def refuse(page: Page, words: str) -> None:
    """It is not fixed."""
    look(page, "Is it fixed?")
    page.locator("#objection summary").click()
    page.locator("#objection-note").fill(words)
    page.locator("#objection-photo").set_input_files(photo())
    page.get_by_role("button", name="Send it back to the crew").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody looks at it again")


def judge(page: Page, quality: int = 5, service: int = 5) -> None:
    """It is fixed, and this is what she thinks of it."""
    look(page, "Is it fixed?")
    page.get_by_role("button", name="Yes, it is fixed").click()
    expect(page.get_by_text("Thank you: you accepted the work")).to_be_visible()
    for name, mark in (("Quality of the work", quality), ("Service and manner", service)):
        page.get_by_role("group", name=name).get_by_role("radio", name=str(mark)).check()
    page.get_by_role("button", name="Send the rating").click()
    expect(page.get_by_text(f"Your rating: {quality} and {service}")).to_be_visible()
