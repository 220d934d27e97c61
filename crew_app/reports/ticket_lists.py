"""The list of jobs behind a figure: an address says which, and the list has exactly as many rows as were counted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from crew_app.core.db import session
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.places.models import Place
from crew_app.reports.figures import day_or
from crew_app.reports.measures import MEASURES, Measure, opened_in
from crew_app.reports.periods import Period
from crew_app.stock.models import Item
from crew_app.storeroom.demand_models import Demand
from crew_app.tickets.models import JobKind, Ticket

NAMES = ("from", "to", "is", "job_kind", "item")
"""What an address must have one of, to mean such a list."""
LIMITS = ("place", "asset", "department", "person")


@dataclass(frozen=True, slots=True)
class Behind:
    """Which jobs: opened in a period at a site, with all of these measures, of a kind, waiting for an item."""

    site: Site
    period: Period
    measures: tuple[Measure, ...] = ()
    job_kind: JobKind | None = None
    item: Item | None = None
    within: tuple[tuple[str, UUID], ...] = ()
    """Further limits by id: place, asset, department, person (who has or had the job)."""

    def conditions(self, at: datetime) -> list[ColumnElement[bool]]:
        """The same as conditions on `Ticket`."""
        found = [opened_in(self.period, [self.site.id]), *(one.condition(at) for one in self.measures)]
        if self.job_kind:
            found.append(Ticket.job_kind_id == self.job_kind.id)
        if self.item:
            waits = select(1).where(Demand.ticket_id == Ticket.id, Demand.item_id == self.item.id)
            found.append(waits.exists())
        return [*found, *(_limit(name, of) for name, of in self.within)]

    def count(self, at: datetime) -> int:
        """How many there are."""
        query = select(func.count()).select_from(Ticket).where(*self.conditions(at))
        return session.scalar(query) or 0


def behind(person: Person, asked: Mapping[str, str], today: datetime) -> Behind | None:
    """What an address asks for, at a site whose jobs the person may see; nothing for an ordinary list."""
    sites = _sites(person.sites_with(Right.SEE_SITE))
    if not sites or not any(name in asked for name in NAMES):
        return None
    site = next((one for one in sites if one.code == asked.get("site")), sites[0])
    local = today.astimezone(site.zone).date()
    last = day_or(asked.get("to", ""), local)
    first = min(day_or(asked.get("from", ""), last.replace(month=1, day=1)), last)
    wanted = [MEASURES[key] for key in asked.get("is", "").split(",") if key in MEASURES]
    return Behind(
        site,
        Period(first, last, site.zone),
        tuple(wanted),
        session.scalar(select(JobKind).filter_by(code=asked.get("job_kind", ""))),
        session.scalar(select(Item).filter_by(code=asked.get("item", ""))),
        tuple((name, of) for name in LIMITS if (of := _uuid(asked.get(name, "")))),
    )


def _sites(site_ids: Collection[UUID]) -> list[Site]:
    return list(session.scalars(select(Site).where(Site.id.in_(site_ids)).order_by(Site.code)))


def _limit(name: str, of: UUID) -> ColumnElement[bool]:
    if name == "department":
        return Ticket.place_id.in_(select(Place.id).where(Place.department_id == of))
    return {"place": Ticket.place_id == of, "asset": Ticket.asset_id == of, "person": Ticket.owner_id == of}[name]


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
