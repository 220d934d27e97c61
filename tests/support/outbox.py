"""One browser for all tests of the outbox's modules."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.outbox.lab import IDB, Lab


@pytest.fixture(scope="session")
def lab(chromium: Browser) -> Iterator[Lab]:
    """The outbox in a browser, against a server that answers by a script."""
    if not IDB.exists():
        if os.environ.get("CREW_REQUIRE_BROWSER") == "1":
            pytest.fail("The front end's packages are missing", pytrace=False)
        pytest.skip("The front end's packages are missing")
    made = Lab(chromium)
    yield made
    made.stop()
