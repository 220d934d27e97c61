"""One browser for all tests of the outbox's modules."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.outbox.lab import IDB, Lab

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The outbox in a browser, against a server that answers by a script."""
    if not CHROMIUM.exists() or not IDB.exists():
        if os.environ.get("CREW_REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium or the front end's packages are missing", pytrace=False)
        pytest.skip("Chromium or the front end's packages are missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        made = Lab(browser)
        yield made
        made.stop()
        browser.close()
