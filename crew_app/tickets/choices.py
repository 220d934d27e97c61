"""What can be wrong here: the kinds of jobs that were most frequent at such a place, before all the others.

What is frequent somewhere is counted from a bounded number of the latest jobs, and holds for ten minutes: it is the
same question for every scan of every place.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.revisions import apart, kept
from crew_app.places.doors import doors
from crew_app.places.models import Asset, Care, Place, PlaceContext
from crew_app.tickets import queries
from crew_app.tickets.models import JobKind, Ticket

SHOWN = 8
LATEST = 1_000
"""So many of the latest jobs say what is frequent: a bounded question, however long the history."""
HOLDS = 600
"""Seconds for which it is known what is frequent; new kinds of jobs and places are known at once."""
Frequent = Counter[UUID]
Groups = dict[tuple[str, Hashable], Frequent]


def choices(place: Place, asset: Asset | None = None) -> tuple[Sequence[JobKind], Sequence[JobKind]]:
    """The kinds to show as pictures here, and the rest."""
    scores: Frequent = Counter()
    if asset:
        _add(scores, 50, _of_kind(asset.site_id, asset.kind_id))
    else:
        groups, care = _groups(place.site_id), doors(place.site_id).of(place.id, place.path).care
        _add(scores, 50, _of_place(place.id))
        _add(scores, 1, groups.get(("kind", place.kind)))
        _add(scores, 10, groups.get(("department", place.department_id)) if place.department_id else None)
        _add(scores, 3, groups.get(("care", care)) if care and care is not Care.OTHER else None)
    ranked = sorted(_kinds(), key=lambda kind: -scores[kind.id])
    return ranked[:SHOWN], ranked[SHOWN:]


def _add(scores: Frequent, weight: int, found: Frequent | None) -> None:
    for kind_id, number in (found or {}).items():
        scores[kind_id] += weight * number


def _kinds() -> Sequence[JobKind]:
    return kept(("lists",), "kinds offered", lambda: apart(lambda own: own.scalars(queries.KINDS_OFFERED).all()))


def _while_it_holds() -> int:
    return int(now().timestamp()) // HOLDS


def _of_place(place_id: UUID) -> Frequent:
    """Of this place alone."""
    key = ("frequent at", place_id)
    return kept(("places",), key, lambda: _counted(Ticket.place_id == place_id), also=_while_it_holds())


def _of_kind(site_id: UUID, kind_id: UUID) -> Frequent:
    """Of all things of a kind at the site."""
    alike = select(Asset.id).where(Asset.kind_id == kind_id, Asset.site_id == site_id)
    key = ("frequent of", site_id, kind_id)
    return kept(("places",), key, lambda: _counted(Ticket.asset_id.in_(alike)), also=_while_it_holds())


def _groups(site_id: UUID) -> Groups:
    """Of all places of a kind, of a ward, of such care, at the site."""
    return kept(("places",), ("frequent", site_id), lambda: _grouped(site_id), also=_while_it_holds())


def _counted(where: ColumnElement[bool]) -> Frequent:
    query = select(Ticket.job_kind_id).where(where).order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    jobs = query.limit(LATEST).subquery()
    rows = session.execute(select(jobs.c.job_kind_id, func.count()).group_by(jobs.c.job_kind_id))
    return Counter({row[0]: row[1] for row in rows})


def _grouped(site_id: UUID) -> Groups:
    latest = select(Ticket.job_kind_id, Ticket.place_id).where(Ticket.site_id == site_id)
    jobs = latest.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(LATEST).subquery()
    own, around = aliased(PlaceContext), aliased(PlaceContext)
    query = (
        select(jobs.c.job_kind_id, Place.kind, Place.department_id, own.care, around.care)
        .join(Place, Place.id == jobs.c.place_id)
        .outerjoin(own, own.place_id == Place.id)
        .outerjoin(around, around.place_id == Place.parent_id)
    )
    found: Groups = defaultdict(Counter)
    for job_kind_id, kind, department_id, *cares in session.execute(query):
        found["kind", kind][job_kind_id] += 1
        found["department", department_id][job_kind_id] += 1
        for care in set(cares) - {None}:
            found["care", care][job_kind_id] += 1
    return dict(found)
