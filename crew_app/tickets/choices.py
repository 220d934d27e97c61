"""What can be wrong here: the kinds of jobs that were most frequent at such a place, before all the others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.revisions import apart, kept
from crew_app.places.models import Asset, Care, Place, PlaceContext
from crew_app.places.queries import care_of
from crew_app.tickets import queries
from crew_app.tickets.models import JobKind, Ticket

SHOWN = 8
HOLDS = 600
"""Seconds for which it is known what is frequent somewhere; new job kinds and places are known at once."""
LATEST = 1_000
"""So many of the latest jobs say what is frequent: a bounded question, however long the history."""
Latest = Select[UUID, UUID]


def choices(place: Place, asset: Asset | None = None) -> tuple[Sequence[JobKind], Sequence[JobKind]]:
    """The kinds to show as pictures here, and the rest."""
    about = ("frequent", place.id, asset.id if asset else None)
    while_it_holds = int(now().timestamp()) // HOLDS
    ranked = kept(("places", "lists"), about, lambda: _ranked(place, asset), also=while_it_holds)
    return ranked[:SHOWN], ranked[SHOWN:]


def _ranked(place: Place, asset: Asset | None) -> Sequence[JobKind]:
    scores: Counter[UUID] = Counter()
    for weight, latest, where in _scopes(place, asset):
        for job_kind_id, number in _counted(latest, where):
            scores[job_kind_id] += weight * number
    kinds = kept(("lists",), "kinds offered", lambda: apart(lambda own: own.scalars(queries.KINDS_OFFERED).all()))
    return sorted(kinds, key=lambda kind: -scores[kind.id])


def _scopes(place: Place, asset: Asset | None) -> Iterator[tuple[int, Latest, ColumnElement[bool]]]:
    """Which jobs count how much: of this thing's kind; or of this place, of its ward, of such care, of such places."""
    if asset:
        alike = select(Asset.id).where(Asset.kind_id == asset.kind_id, Asset.site_id == asset.site_id)
        yield 50, _latest(Ticket.asset_id.in_(alike)), Place.site_id == place.site_id
        return
    yield 50, _latest(Ticket.place_id == place.id), Place.id == place.id
    everywhere = _latest(Ticket.site_id == place.site_id)
    yield 1, everywhere, Place.kind == place.kind
    if place.department_id:
        yield 10, everywhere, Place.department_id == place.department_id
    care = care_of(place)
    if care is not Care.OTHER:
        known = select(PlaceContext.place_id).where(PlaceContext.site_id == place.site_id, PlaceContext.care == care)
        yield 3, everywhere, or_(Place.id.in_(known), Place.parent_id.in_(known))


def _latest(where: ColumnElement[bool]) -> Latest:
    query = select(Ticket.job_kind_id, Ticket.place_id).where(where)
    return query.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(LATEST)


def _counted(latest: Latest, where: ColumnElement[bool]) -> list[tuple[UUID, int]]:
    jobs = latest.subquery()
    query = select(jobs.c.job_kind_id, func.count()).join(Place, Place.id == jobs.c.place_id).where(where)
    return [(job_kind_id, number) for job_kind_id, number in session.execute(query.group_by(jobs.c.job_kind_id))]
