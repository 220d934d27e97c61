"""What the API is asked about in tests."""

import pytest
from sqlalchemy import select

from crew_app.core.db import session
from crew_app.places.models import Department
from crew_app.rounds.models import Run
from crew_app.rounds.series_models import ReadingSeries
from crew_app.tickets.models import Ticket
from tests.support.api import new_system
from tests.support.api_check import stage


@pytest.fixture
def system(app, world):
    """Another system with every scope, in the name of somebody who works and verifies."""
    return new_system(app, world, "foreman")


@pytest.fixture
def staged(app, world):
    """Ids of something of everything in the north, by the names that addresses have for them."""
    stage(app, world)
    with app.app_context():
        return {
            "ticket_id": session.scalar(select(Ticket.id).where(Ticket.state == "open")),
            "place_id": world.places["room"],
            "asset_id": world.assets["pump"],
            "department_id": session.scalar(select(Department.id).where(Department.site_id == world.sites["north"])),
            "item_id": world.items["tube"],
            "store_id": world.accounts["store"],
            "series_id": session.scalar(select(ReadingSeries.id)),
            "run_id": session.scalar(select(Run.id)),
            "photo_id": world.places["room"],
        }
