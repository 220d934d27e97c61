"""What photos of rounds are there for, for whoever looks at them: as evidence, and in words."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.evidence.oddities import Belonging, Use
from crew_app.rounds.models import Visit, VisitPhoto


def belongings(photo_ids: Collection[UUID]) -> Iterator[Belonging]:
    """The stops of rounds these photos belong to: a stop is one of one walk."""
    query = select(VisitPhoto.photo_id, Visit.stop_id).join(Visit).where(VisitPhoto.photo_id.in_(photo_ids))
    for photo_id, stop_id in session.execute(query):
        yield Belonging(photo_id, stop_id, Use.PROOF)
