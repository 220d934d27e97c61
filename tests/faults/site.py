"""What the small hospital needs beside its world: a round that may be begun at any time."""

from uuid import UUID

from crew_app import create_app
from crew_app.config import Settings
from crew_app.core.clock import server_moment
from crew_app.core.db import db, write_transaction
from crew_app.rounds import templates
from crew_app.rounds.reading import content
from tests.support.database import settings_for, sqlite_url
from tests.support.rounds import document
from tests.support.small_hospital import SmallHospital
from tests.support.world import World


def round_template(hospital: SmallHospital, world: World) -> UUID:
    """Make the template beside the running server; its id."""
    return make_round(settings_for(hospital.data, sqlite_url(hospital.data)), world)


def make_round(settings: Settings, world: World) -> UUID:
    """The same for any database."""
    app = create_app(settings)
    with app.app_context():
        with write_transaction():
            made = templates.create(world.sites["north"], content(document()), by=None, at=server_moment()).id
        db.session.remove()
        db.engine.dispose()
    return made
