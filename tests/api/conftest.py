"""What the API is asked about in tests."""

import pytest

from tests.support.api import new_system
from tests.support.api_check import staged_ids


@pytest.fixture
def system(app, world):
    """Another system with every scope, in the name of somebody who works and verifies."""
    return new_system(app, world, "foreman")


@pytest.fixture
def staged(app, world):
    """Ids of something of everything in the north, by the names that addresses have for them."""
    return staged_ids(app, world)
