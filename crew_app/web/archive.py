"""What a month's archive of evidence holds: which photos, in which folders, how much that is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import case, func, select

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.people.models import Person, Site
from crew_app.people.queries import sites_where
from crew_app.people.rules import Right
from crew_app.rounds.models import Run, Visit, VisitPhoto
from crew_app.tickets.models import Ticket, TicketPhoto

MONTHS = 24
"""So many are offered; older ones by their address."""
STAMPED = 260_000
"""Bytes that a stamped copy and its share of a sheet take, about."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a site's own calendar, and what there is of it."""

    first: date
    photos: int = 0
    size: int = 0

    @property
    def name(self) -> str:
        """As addresses and files say it: 2026-11."""
        return self.first.strftime("%Y-%m")

    @property
    def estimate(self) -> int:
        """Bytes of its archive, about."""
        return self.size + self.photos * STAMPED


@dataclass(frozen=True, slots=True)
class Folder:
    """What goes together: the photos of a job, of a round, or those of nothing else."""

    name: str
    ticket_id: UUID | None = None
    photo_ids: list[UUID] = field(default_factory=list)


def site_of(me: Person, code: str) -> Site:
    """The site with this code, or the person's first, among those whose work the person verifies."""
    found = next((one for one in sites_where(me, Right.VERIFY) if code in ("", one.code)), None)
    if found is None:
        raise Unseen("unknown-site", N_("This site is not known here."))
    return found


def month_of(text: str) -> date:
    """A month as an address says it; `Unseen` for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Unseen("bad-month", N_("This page does not exist, or not for you.")) from error


def bounds(site: Site, first: date) -> tuple[datetime, datetime]:
    """When a month begins and ends at the site."""
    return _begin(site, first), _begin(site, _next(first))


def months(site: Site, at: datetime) -> list[Month]:
    """The last months with photos, the newest first; counted in one query."""
    firsts = [at.astimezone(site.zone).date().replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append(_before(firsts[-1]))
    number = case(*((Photo.received_at >= _begin(site, first), place) for place, first in enumerate(firsts)), else_=-1)
    query = select(number.label("place"), func.count(Photo.id), func.sum(Photo.byte_size)).where(
        Photo.site_id == site.id, Photo.received_at >= _begin(site, firsts[-1])
    )
    rows = session.execute(query.group_by("place")).all()
    found = {place: Month(firsts[place], count, int(size)) for place, count, size in rows if place >= 0}
    return [found[place] for place in sorted(found)]


def folders(site: Site, first: date) -> list[Folder]:
    """The folders of a month with the ids of their photos, jobs first, by number."""
    begin, end = bounds(site, first)
    within = (Photo.site_id == site.id, Photo.received_at >= begin, Photo.received_at < end)
    jobs = select(Photo.id, Ticket.number, Ticket.id).join(TicketPhoto, TicketPhoto.photo_id == Photo.id).join(Ticket)
    stops = select(Photo.id, Run.number).join(VisitPhoto, VisitPhoto.photo_id == Photo.id).join(Visit)
    stops = stops.join(Run, Run.id == Visit.run_id)
    found: dict[str, Folder] = {}
    for photo_id, number, ticket_id in session.execute(jobs.where(*within).order_by(Ticket.number, Photo.id)):
        found.setdefault(f"jobs/{number}", Folder(f"jobs/{number}", ticket_id)).photo_ids.append(photo_id)
    for photo_id, number in session.execute(stops.where(*within).order_by(Run.number, Photo.id)):
        found.setdefault(f"rounds/{number}", Folder(f"rounds/{number}")).photo_ids.append(photo_id)
    known = {photo_id for folder in found.values() for photo_id in folder.photo_ids}
    every = session.scalars(select(Photo.id).where(*within).order_by(Photo.id))
    rest = [photo_id for photo_id in every if photo_id not in known]
    return [*found.values(), *_parts(rest)]


def _parts(ids: Sequence[UUID], most: int = 200) -> list[Folder]:
    parts = [list(ids[start : start + most]) for start in range(0, len(ids), most)]
    return [Folder(f"other/{number:03}", None, part) for number, part in enumerate(parts, 1)]


def _begin(site: Site, first: date) -> datetime:
    return datetime(first.year, first.month, 1, tzinfo=site.zone).astimezone(UTC)


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
