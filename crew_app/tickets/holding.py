"""Jobs that are not over keep their place and their asset from being retired."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from crew_app.core.db import session
from crew_app.places.holding import HOLDERS, Hold, What
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import LIVE


def open_jobs(place_ids: Sequence[UUID], asset_ids: Sequence[UUID]) -> Iterator[Hold]:
    """How many jobs are open there, with the latest of them."""
    here = or_(Ticket.place_id.in_(place_ids), Ticket.asset_id.in_(asset_ids))
    query = select(func.count(), func.max(Ticket.opened_at)).where(here, Ticket.state.in_(LIVE))
    count, latest = session.execute(query).one()
    if count:
        first = session.scalar(
            select(Ticket.id).where(here, Ticket.state.in_(LIVE), Ticket.opened_at == latest).limit(1)
        )
        href = f"/places/{place_ids[0]}" if place_ids else f"/assets/{asset_ids[0]}"
        yield Hold(What.JOBS, count, f"/tickets/{first}" if count == 1 else href)


HOLDERS.append(open_jobs)
