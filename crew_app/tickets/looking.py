"""What photos of jobs are there for, for whoever looks at them: as evidence, and in words."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.evidence.oddities import Belonging, Use
from crew_app.tickets.models import PhotoRole, TicketPhoto

USES = {
    PhotoRole.REPORT: Use.REPORT,
    PhotoRole.BEFORE: Use.BEFORE,
    PhotoRole.AFTER: Use.PROOF,
    PhotoRole.SCENE: Use.PROOF,
    PhotoRole.RETURN: Use.MARKS,
}
REGISTERED_LATER = timedelta(hours=12)
"""What was fixed on the spot is written down afterwards."""


def belongings(photo_ids: Collection[UUID]) -> Iterator[Belonging]:
    """The jobs these photos belong to."""
    query = select(TicketPhoto).where(TicketPhoto.photo_id.in_(photo_ids)).options(joinedload(TicketPhoto.ticket))
    for taken in session.scalars(query):
        yield Belonging(taken.photo_id, taken.ticket_id, USES[taken.role], _since(taken))


def _since(taken: TicketPhoto) -> datetime | None:
    if taken.role is not PhotoRole.AFTER:
        return None
    opened = taken.ticket.opened_at
    return opened - REGISTERED_LATER if taken.ticket.on_the_spot else opened
