"""Questions about rounds, always within what a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.hints import unindexed
from crew_app.core.newest import newest_ids
from crew_app.core.revisions import kept
from crew_app.core.words import N_
from crew_app.evidence.models import Photo
from crew_app.fixed_assets import queries as assets
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Place
from crew_app.roster import queries as roster
from crew_app.roster.models import Responsibility
from crew_app.rounds import contractor_queries
from crew_app.rounds.models import (
    Answer,
    Finding,
    RoundPlan,
    RoundTemplate,
    Run,
    RunStop,
    Visit,
    VisitPhoto,
)
from crew_app.rounds.rules import LIVE, OVER, RunState, StopState
from crew_app.rounds.series_models import ReadingSeries
from crew_app.storeroom import queries as storeroom

PAGE = 30
WAY = " / "
"""Between the parts of a place's path."""
AHEAD = timedelta(hours=12)
"""So long before it may be walked a run is shown to who will walk it."""
LAST_READINGS = timedelta(days=200)
FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)
_CARD = (joinedload(Run.template), joinedload(Run.person), joinedload(Run.begun_by), joinedload(Run.plan))
_WHOLE = (
    *_CARD,
    joinedload(Run.version),
    joinedload(Run.ended_by),
    selectinload(Run.stops).joinedload(RunStop.place),
    selectinload(Run.stops).joinedload(RunStop.asset),
    selectinload(Run.stops).selectinload(RunStop.visits).options(joinedload(Visit.person), joinedload(Visit.frame)),
    selectinload(Run.stops).selectinload(RunStop.visits).selectinload(Visit.answers),
    selectinload(Run.stops).selectinload(RunStop.visits).selectinload(Visit.photos).joinedload(VisitPhoto.photo),
    selectinload(Run.stops).selectinload(RunStop.visits).selectinload(Visit.flags),
    selectinload(Run.stops).selectinload(RunStop.visits).selectinload(Visit.findings).joinedload(Finding.ticket),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which runs to list."""

    state: RunState | None = None
    template_id: UUID | None = None
    ahead: bool = False
    """What is still to come, the soonest first; otherwise what has opened, the newest first."""


def template(person: Person, template_id: UUID, right: Right = Right.SEE_SITE, *, lock: bool = False) -> RoundTemplate:
    """A template of a site where the person has the right."""
    query = select(RoundTemplate).where(RoundTemplate.id == template_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query.where(RoundTemplate.site_id.in_(person.sites_with(right))))
    if found is None:
        raise Unseen("unknown-template", N_("This template is not known."))
    return found


def templates(person: Person, right: Right = Right.SEE_SITE, *, retired: bool = False) -> Sequence[RoundTemplate]:
    """The templates of the person's sites, by category and name."""
    there = RoundTemplate.retired_at.is_not(None) if retired else RoundTemplate.retired_at.is_(None)
    query = select(RoundTemplate).where(RoundTemplate.site_id.in_(person.sites_with(right)), there)
    return session.scalars(query.order_by(RoundTemplate.category, RoundTemplate.name, RoundTemplate.id)).all()


def run(person: Person, run_id: UUID, *, lock: bool = False, whole: bool = True) -> Run:
    """A run the person may see, with everything that its page shows, unless it is locked or not wanted `whole`."""
    if lock:
        session.execute(select(Run.id).where(Run.id == run_id).with_for_update())
    query = select(Run).where(Run.id == run_id, Run.site_id.in_(person.sites_with(Right.SEE_SITE)))
    options = _WHOLE if whole and not lock else ()
    found = session.scalar(query.options(*options).execution_options(populate_existing=True))
    if found is None:
        raise Unseen("unknown-run", N_("This round is not known."))
    return found


def stop(person: Person, stop_id: UUID) -> RunStop:
    """A stop of a run the person may see, with its run locked for those who will change it."""
    sites = person.sites_with(Right.SEE_SITE)
    run_id = session.scalar(select(RunStop.run_id).where(RunStop.id == stop_id, RunStop.site_id.in_(sites)))
    if run_id is None:
        raise Unseen("unknown-stop", N_("This stop is not known."))
    run(person, run_id, lock=True)
    return session.get_one(RunStop, stop_id, populate_existing=True)


def due_for(person: Person, at: datetime, limit: int = PAGE, *, on_duty_only: bool = False) -> Sequence[Run]:
    """The runs somebody is to walk, now or soon; those begun first, then as they end.

    What any of a role or trade may walk is for those on duty: it comes last for whoever is off duty, or not at all.
    Rounds of an area that the person answers for (网格) come first.
    """
    query = _own(person).where(Run.state.in_(LIVE), Run.opens_at <= at + AHEAD)
    away = [site for site in person.sites_with(Right.WALK) if roster.off_duty(person, site, at, AHEAD)]
    for_others = and_(Run.site_id.in_(away), Run.person_id.is_(None), Run.begun_by_id.is_distinct_from(person.id))
    if on_duty_only:
        query = query.where(~for_others)
    order = (case((for_others, 2), (_in_own_area(person), 0), else_=1), Run.state.desc(), Run.closes_at, Run.id)
    return session.scalars(query.order_by(*order).limit(limit).options(*_CARD)).all()


def _in_own_area(person: Person) -> ColumnElement[bool]:
    """Runs of plans for a place that the person answers for, or that lies within one."""
    area, own = aliased(Place), aliased(Place)
    around = own.path + WAY
    within = or_(area.id == own.id, func.substr(area.path, 1, func.length(around)) == around)
    return (
        select(RoundPlan.id)
        .join(area, area.id == RoundPlan.area_id)
        .join(own, own.site_id == area.site_id)
        .join(Responsibility, Responsibility.place_id == own.id)
        .where(RoundPlan.id == Run.plan_id, Responsibility.person_id == person.id, within)
        .exists()
    )


def missed_by(person: Person, since: datetime, limit: int = 10) -> Sequence[Run]:
    """The person's own runs of which something was missed."""
    query = _own(person).where(Run.state.in_(OVER), Run.opens_at >= since)
    return session.scalars(query.order_by(Run.opens_at.desc(), Run.id).limit(limit).options(*_CARD)).all()


def under_way(person: Person, limit: int = PAGE) -> Sequence[Run]:
    """For who watches: what is being walked."""
    query = _watched(person).where(Run.state == RunState.WALKING)
    return session.scalars(query.order_by(Run.closes_at, Run.id).limit(limit).options(*_CARD)).all()


def alerts(person: Person, since: datetime, limit: int = PAGE) -> Sequence[Run]:
    """For who watches: runs of which something was missed, the newest first."""
    query = _watched(person).where(Run.state.in_(OVER), Run.closes_at >= since)
    return session.scalars(query.order_by(Run.closes_at.desc(), Run.id).limit(limit).options(*_CARD)).all()


def runs(person: Person, chosen: Filter, at: datetime, last: tuple[datetime, UUID] | None = None) -> Sequence[Run]:
    """Runs a page at a time; `last` is the window's beginning and id of the last one seen."""
    query = select(Run).where(Run.opens_at > at if chosen.ahead else Run.opens_at <= at)
    if chosen.state:  # most are over: their state narrows nothing
        state = unindexed(Run.state) if chosen.state in OVER or chosen.state is RunState.DONE else Run.state
        query = query.where(state == chosen.state)
    if chosen.template_id:
        query = query.where(Run.template_id == chosen.template_id)
    key = tuple_(Run.opens_at, Run.id)
    if last:
        query = query.where(key > tuple_(*last) if chosen.ahead else key < tuple_(*last))
    sites = person.sites_with(Right.SEE_SITE)
    if chosen.ahead:
        query = query.where(Run.site_id.in_(sites)).order_by(Run.opens_at, Run.id)
    else:
        newest = newest_ids(query, Run.id, [Run.site_id == site_id for site_id in sites], (Run.opens_at, Run.id), PAGE)
        query = select(Run).where(newest).order_by(Run.opens_at.desc(), Run.id.desc())
    return session.scalars(query.limit(PAGE).options(*_CARD)).all()


def stops_here(person: Person, place_id: UUID, asset_id: UUID | None, at: datetime) -> Sequence[RunStop]:
    """What a scan at a place or an asset opens: stops still to be visited on the person's runs, soonest first."""
    query = kept(
        ("people",), ("stops here", person.id, bool(asset_id)), lambda: _stops_here(person, of_asset=bool(asset_id))
    )
    asked = {"subject": asset_id or place_id, "until": at + AHEAD, "since": at - AHEAD}
    ids = session.scalars(query, asked).all()
    if not ids:  # at most places: making ready for rows takes longer than to ask
        return []
    options = (joinedload(RunStop.run).joinedload(Run.template), joinedload(RunStop.run).joinedload(Run.version))
    found = session.scalars(select(RunStop).where(RunStop.id.in_(ids)).options(*options))
    return sorted(found, key=lambda one: ids.index(one.id))


def _stops_here(person: Person, *, of_asset: bool) -> Select[UUID]:
    """Which stops those are: the statement is the same for a person wherever they are."""
    here = (RunStop.asset_id if of_asset else RunStop.place_id) == bindparam("subject")
    shown = or_(Run.state.in_(LIVE), and_(Run.state.in_(OVER), Run.closes_at >= bindparam("since")))
    query = select(RunStop.id).join(Run).where(here, shown, _mine(person), Run.opens_at <= bindparam("until"))
    query = query.where(RunStop.state.in_((StopState.WAITING, StopState.MISSED)))
    order = (RunStop.asset_id.is_not(None), Run.state.desc(), Run.closes_at, RunStop.position)
    return query.order_by(*order).limit(5)


def open_stops(person: Person, at: datetime, limit: int = 500) -> Sequence[RunStop]:
    """Every stop that is still to be visited on the person's runs: what a phone must know to open one by a scan."""
    query = select(RunStop).join(Run).where(RunStop.state == StopState.WAITING, Run.state.in_(LIVE))
    query = query.where(_mine(person), Run.opens_at <= at + AHEAD, RunStop.place_id.is_not(None))
    return session.scalars(query.order_by(Run.closes_at, RunStop.position).limit(limit)).all()


def last_readings(run_: Run) -> dict[tuple[UUID, str], Answer]:
    """The newest number of each check at each stop of a run, from before it was begun.

    Each is looked for from the newest on in the index of answers: however long the history is, one step is enough.
    Points are no readings: whoever gives them is not shown those of last time.
    """
    subjects = {stop_.asset_id or stop_.place_id for stop_ in run_.stops} - {None}
    same = (Answer.subject_id == ReadingSeries.subject_id, Answer.check_key == ReadingSeries.check_key)
    within = (Answer.at >= run_.opens_at - LAST_READINGS, Answer.at < (run_.begun_at or FAR_AHEAD))
    query = select(Answer.id).where(*same, *within, Answer.number.is_not(None)).order_by(Answer.at.desc()).limit(1)
    newest = query.correlate(ReadingSeries).scalar_subquery()
    known = select(newest).select_from(ReadingSeries).where(ReadingSeries.subject_id.in_(subjects))
    found = session.scalars(select(Answer).where(Answer.id.in_(list(filter(None, session.scalars(known))))))
    return {(one.subject_id, one.check_key): one for one in found if one.subject_id}


def last_number(subject_id: UUID, check_key: str, before: datetime) -> Decimal | None:
    """The newest number of a check before a moment."""
    query = select(Answer.number).where(
        Answer.subject_id == subject_id,
        Answer.check_key == check_key,
        Answer.at < before,
        Answer.number.is_not(None),
    )
    return session.scalar(query.order_by(Answer.at.desc()).limit(1))


def findings_of(ticket_id: UUID) -> Sequence[Finding]:
    """Where on rounds a job was found."""
    options = joinedload(Finding.visit).joinedload(Visit.run).joinedload(Run.template)
    return session.scalars(select(Finding).filter_by(ticket_id=ticket_id).options(options)).all()


def photo(person: Person, photo_id: UUID) -> Photo:
    """A photo the person may see: of a round, of an asset, of a slip, of a job."""
    sites = person.sites_with(Right.SEE_SITE)
    query = select(Photo).where(Photo.id == photo_id, Photo.site_id.in_(sites))
    shown = select(VisitPhoto.photo_id).where(VisitPhoto.photo_id == photo_id)
    frame = select(Visit.id).where(Visit.frame_id == photo_id)
    found = session.scalar(query.where(or_(shown.exists(), frame.exists())))
    found = found or contractor_queries.photo(person, photo_id)
    return found or assets.photo(person, photo_id) or storeroom.photo(person, photo_id)


def _own(person: Person) -> Select[Run]:
    return select(Run).where(_mine(person))


def _mine(person: Person) -> ColumnElement[bool]:
    """Runs this person is to walk: named, or of the role and trade they have at the run's site."""
    roles = [and_(Run.site_id == m.site_id, Run.role == m.role) for m in person.memberships]
    trade = or_(Run.trade.is_(None), Run.trade.in_(person.trade_set))
    anybody = and_(Run.person_id.is_(None), or_(Run.role.is_(None), *roles), trade)
    return and_(
        Run.site_id.in_(person.sites_with(Right.WALK)),
        or_(Run.person_id == person.id, Run.begun_by_id == person.id, anybody),
    )


def _watched(person: Person) -> Select[Run]:
    return select(Run).where(Run.site_id.in_(person.sites_with(Right.WATCH_ROUNDS)))
