"""The verification page in a real browser: whoever has a code compares a file with it, and nothing is sent."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.nurse import stranger

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_stranger_compares_a_file_on_the_own_device(browser: Browser, hospital: Hospital, tmp_path: Path) -> None:
    [(code, sha256)] = hospital.rows("SELECT code, sha256 FROM photos WHERE stored_at IS NOT NULL LIMIT 1")
    assert isinstance(code, str)
    assert isinstance(sha256, str)
    original = (hospital.data / "photos" / "original" / sha256[:2] / sha256).read_bytes()
    same, other = tmp_path / "same.jpg", tmp_path / "other.jpg"
    same.write_bytes(original)
    other.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    page = stranger(browser, hospital)
    page.goto(f"{hospital.url}/v")
    page.get_by_label("Code on the picture").fill(f" {code[:5]}-{code[5:10].lower()}-{code[10:]} ")
    page.get_by_role("button", name="Check").click()
    expect(page).to_have_url(f"{hospital.url}/v/{code}")
    expect(page.get_by_alt_text("The picture of this code")).to_be_visible()
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    page.get_by_label("Choose your picture").set_input_files(same)
    expect(page.get_by_text("Bit for bit the original", exact=True)).to_be_visible()
    page.get_by_label("Choose your picture").set_input_files(other)
    expect(page.get_by_text("Not bit for bit the original", exact=True)).to_be_visible()
    expect(page.get_by_text("Bit for bit the original", exact=True)).to_be_hidden()
    assert [request.url for request in sent if request.method != "GET"] == []
