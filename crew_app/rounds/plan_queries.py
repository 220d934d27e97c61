"""Which plans there are, when their next runs are, and what the form of a plan offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Membership, Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place, PlaceKind
from crew_app.roster.days import DayOff
from crew_app.rounds.content import CheckKind, Words
from crew_app.rounds.meters import expected, readings
from crew_app.rounds.models import RoundPlan, RoundTemplate, Run
from crew_app.rounds.places import spots
from crew_app.rounds.plans import Draft
from crew_app.rounds.rules import LIVE
from crew_app.rounds.templates import current
from crew_app.rounds.wanted import PlanKind, kind_of, last_run, next_floating, timetable

PAGE = 30
MOST = 300
_CARD = (joinedload(RoundPlan.template), joinedload(RoundPlan.person), joinedload(RoundPlan.area))


@dataclass(frozen=True, slots=True)
class Meter:
    """Something a plan can count by."""

    asset: Asset
    check_key: str
    label: Words


def plan(person: Person, plan_id: UUID, *, lock: bool = False) -> RoundPlan:
    """A plan of a site whose rounds the person plans."""
    query = select(RoundPlan).where(RoundPlan.id == plan_id, _planned_by(person))
    if lock:
        query = query.with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Unseen("unknown-plan", N_("This plan is not known."))
    return found


def plans(person: Person, before: UUID | None = None) -> Sequence[RoundPlan]:
    """The plans of the person's sites, the newest first; `before` is the id of the last one seen."""
    query = select(RoundPlan).where(_planned_by(person))
    if before:
        query = query.where(RoundPlan.id < before)
    return session.scalars(query.order_by(RoundPlan.id.desc()).limit(PAGE).options(*_CARD)).all()


def coming(plan_: RoundPlan, at: datetime, count: int, exceptions: Mapping[date, bool] | None = None) -> list[datetime]:
    """When the next runs open, as far as that is known; by meter it is an expectation.

    `exceptions`: the `days_off` of its site, when they were asked for before.
    """
    kind = kind_of(plan_)
    if not plan_.active or kind is PlanKind.DUE:
        return []
    if kind is PlanKind.CALENDAR:
        return timetable(plan_, exceptions).coming(at, count)
    if kind is PlanKind.METER:
        return _expected(plan_)
    last = last_run(plan_)
    return [] if last and last.state in LIVE else [next_floating(plan_, last, at)]


def made(plan_: RoundPlan, limit: int = 10) -> Sequence[Run]:
    """The newest runs of a plan."""
    query = select(Run).where(Run.plan_id == plan_.id).order_by(Run.opens_at.desc(), Run.id).limit(limit)
    return session.scalars(query.options(joinedload(Run.template), joinedload(Run.person))).all()


def people(site_id: UUID) -> Sequence[Person]:
    """Who works at a site."""
    here = select(Membership.person_id).where(Membership.site_id == site_id)
    return session.scalars(select(Person).where(Person.active, Person.id.in_(here)).order_by(Person.name)).all()


def areas(site_id: UUID) -> Sequence[Place]:
    """Buildings and floors: what a plan may be narrowed to."""
    query = select(Place).where(Place.site_id == site_id, Place.kind.in_((PlaceKind.BUILDING, PlaceKind.FLOOR)))
    query = query.where(Place.retired_at.is_(None))
    return session.scalars(query.order_by(Place.path).limit(MOST)).all()


def meters(site_id: UUID) -> list[Meter]:
    """The meters that the templates of a site have read at assets."""
    live = select(RoundTemplate).where(RoundTemplate.site_id == site_id, RoundTemplate.retired_at.is_(None))
    found: dict[tuple[UUID, str], Meter] = {}
    for template in session.scalars(live.order_by(RoundTemplate.id).limit(MOST)):
        asked = [s for s in current(template).content.stops if any(c.kind is CheckKind.METER for c in s.checks)]
        for stop, (_, asset) in spots(asked, site_id, None):
            for check in stop.checks:
                if asset and check.kind is CheckKind.METER:
                    found.setdefault((asset.id, check.key), Meter(asset, check.key, check.label))
    return list(found.values())[:MOST]


def check_draft(draft: Draft, site_id: UUID) -> None:
    """`Unseen` when the area, the person or the asset of a plan is not of its site."""
    place = session.get(Place, draft.area_id) if draft.area_id else None
    asset = session.get(Asset, draft.meter_asset_id) if draft.meter_asset_id else None
    for asked, found in ((draft.area_id, place), (draft.meter_asset_id, asset)):
        if asked and (found is None or found.site_id != site_id):
            raise Unseen("unknown-place", N_("This place is not known."))
    member = select(Membership.id).where(Membership.person_id == draft.person_id, Membership.site_id == site_id)
    if draft.person_id and session.scalar(member.limit(1)) is None:
        raise Unseen("unknown-person", N_("This person is not known here."))


def days_of(site_id: UUID, year: int) -> Sequence[DayOff]:
    """What is not as the weekday says, in one year."""
    query = select(DayOff).where(DayOff.site_id == site_id).order_by(DayOff.day)
    return [one for one in session.scalars(query) if one.day.year == year]


def _expected(plan_: RoundPlan) -> list[datetime]:
    if plan_.meter_asset_id is None or plan_.every is None or plan_.meter_base is None:
        return []
    found = expected(readings(plan_.meter_asset_id, plan_.meter_check), plan_.meter_base + plan_.every)
    return [found] if found else []


def _planned_by(person: Person) -> ColumnElement[bool]:
    return RoundPlan.site_id.in_(person.sites_with(Right.PLAN_ROUNDS))
