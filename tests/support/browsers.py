"""One browser driver for all tests of a process: Playwright allows no second one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver; without Chromium tests are skipped, or fail where a machine must have it."""
    if not CHROMIUM.exists():
        if os.environ.get("CREW_REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is missing, and CREW_REQUIRE_BROWSER=1 asks for it", pytrace=False)
        pytest.skip("Chromium is not installed")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser for tests that take a context of their own each."""
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
    yield browser
    browser.close()
