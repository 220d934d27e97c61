"""Attacks on the application. The quick half runs with all tests, all of it by `make security`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.security.tally import lines

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all of these tests; each takes a context of its own."""
    if not CHROMIUM.exists():
        if os.environ.get("CREW_REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is missing, and CREW_REQUIRE_BROWSER=1 does not allow to go on without")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter):
    for line in lines():
        terminalreporter.write_line(line)
