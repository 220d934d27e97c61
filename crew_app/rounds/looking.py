"""What photos of rounds are there for, for whoever looks at them: as evidence, and in words."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.evidence.flag_queries import Caption
from crew_app.evidence.oddities import Belonging, Use
from crew_app.rounds.models import Run, RunStop, Visit, VisitPhoto


def belongings(photo_ids: Collection[UUID]) -> Iterator[Belonging]:
    """The stops of rounds these photos belong to: a stop is one of one walk."""
    query = select(VisitPhoto.photo_id, Visit.stop_id).join(Visit).where(VisitPhoto.photo_id.in_(photo_ids))
    for photo_id, stop_id in session.execute(query):
        yield Belonging(photo_id, stop_id, Use.PROOF)


def captions(photo_ids: Collection[UUID]) -> Iterator[tuple[UUID, Caption]]:
    """Round and place of the stops these photos belong to."""
    stop = joinedload(VisitPhoto.visit).joinedload(Visit.stop)
    query = select(VisitPhoto).where(VisitPhoto.photo_id.in_(photo_ids))
    query = query.options(stop.joinedload(RunStop.place), stop.joinedload(RunStop.asset))
    query = query.options(joinedload(VisitPhoto.visit).joinedload(Visit.run).joinedload(Run.template))
    for taken in session.scalars(query):
        visit = taken.visit
        href = f"/rounds/runs/{visit.run_id}#stop-{visit.stop_id}"
        yield taken.photo_id, Caption(visit.run.template, href, visit.stop.subject)
