"""Labels in the browser: printed from the page without a driver they scan; a blank one is claimed on the spot."""

from collections.abc import Callable
from uuid import UUID

import pytest
import zxingcpp
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.support.degraded import rendered

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SIZES = {"a4-21": (210, 297, 21), "roll-40x60": (40, 60, 1)}


@pytest.mark.parametrize("stock", SIZES)
def test_what_the_browser_prints_scans(phone: Callable[..., Phone], hospital: Hospital, stock: str) -> None:
    boss = phone("li").switch_on().sign_in()
    site = UUID(str(hospital.value("SELECT id FROM sites WHERE code = 'main'")))
    boss.open(f"/labels/print?site_id={site}&kind=asset:lift&stock={stock}")
    expect(boss.page.locator(".label-sheet").first).to_be_visible()
    query = "SELECT count(*) FROM assets JOIN asset_kinds k ON k.id = kind_id WHERE k.code = 'lift' AND site_id = ?"
    lifts = int(str(hospital.value(query, site.hex)))
    printed = boss.page.pdf(prefer_css_page_size=True, print_background=False)
    pages = rendered(printed)
    wide, tall, on_each = SIZES[stock]
    assert {(round(page.width / 300 * 25.4), round(page.height / 300 * 25.4)) for page in pages} == {(wide, tall)}
    assert len(pages) == -(-lifts // on_each)
    read = {found.text for page in pages for found in zxingcpp.read_barcodes(page)}
    assert len(read) == lifts
    assert all("/t/" in text for text in read)


def test_a_blank_label_is_claimed_on_the_spot(phone: Callable[..., Phone], hospital: Hospital) -> None:
    boss = phone("li", "en").switch_on().sign_in()
    code = hospital.value("SELECT code FROM blank_tags WHERE claimed_at IS NULL AND voided_at IS NULL LIMIT 1")
    boss.open(f"/t/{code}")
    expect(boss.page.locator("h1")).to_have_text("What is this stuck on?")
    boss.field("Room, asset, code or initials").fill("MZ-0203")
    boss.page.keyboard.press("Enter")
    boss.page.locator("label.choice", has_text="MZ-0203").first.click()
    boss.button("Stuck on this").click()
    expect(boss.page.locator("h1")).to_have_text("Consulting room 3")
    place = hospital.value("SELECT p.code FROM tags t JOIN places p ON p.id = t.place_id WHERE t.code = ?", code)
    assert place == "MZ-0203"
    assert hospital.value("SELECT count(*) FROM blank_tags WHERE code = ? AND claimed_at IS NOT NULL", code) == 1
