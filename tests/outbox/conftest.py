"""The outbox on a fresh phone."""

import pytest
from playwright.sync_api import Page

from tests.outbox.lab import Lab


@pytest.fixture
def page(lab: Lab) -> Page:
    return lab.page()
