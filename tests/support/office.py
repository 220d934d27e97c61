"""The office: somebody who looks after every site."""

from crew_app.core.db import session, write_transaction
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from tests.support.world import World


def everywhere(world: World) -> None:
    """Let the administrator of the north campus look after the south one too; needs an application context."""
    with write_transaction():
        person_id, site_id = world.people["administrator"], world.sites["south"]
        session.add(Membership(person_id=person_id, site_id=site_id, role=Role.ADMINISTRATOR))
