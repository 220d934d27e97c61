"""What stands in somebody's calendar: rounds, due dates of jobs, shifts, tests and licences that run out.

Only what the person may see; nothing of whoever reported a job: no name, no number, no word of theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from crew_app.connections.feeds import FeedScope
from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.registers import credential_queries
from crew_app.roster.models import Duty, DutyShift
from crew_app.rounds.due import due_dates
from crew_app.rounds.models import RoundPlan, Run
from crew_app.rounds.plan_queries import coming
from crew_app.rounds.rules import RunState
from crew_app.tickets.models import Ticket
from crew_app.tickets.queries import CARD
from crew_app.tickets.rules import UNDER_WORK, State

BACK, AHEAD = timedelta(days=14), timedelta(days=90)
MOST, MOST_OF_PLAN = 500, 60
DUE_LASTS = timedelta(minutes=30)
Both = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `title` is marked with `N_`, `words` are names in both languages; a day, or from when until when."""

    uid: str
    title: str
    words: Mapping[str, Both]
    starts: datetime | date
    ends: datetime | date | None
    stamp: datetime
    href: str = ""
    where: Both = field(default_factory=dict)


def entries(person: Person, scope: FeedScope, at: datetime) -> list[Entry]:
    """Everything in its order: two weeks back and three months ahead."""
    whole = scope == FeedScope.SITE
    found = [*_runs(person, at, whole=whole), *_planned(person, at, whole=whole)]
    found += [*_jobs(person, whole=whole), *_shifts(person, at, whole=whole), *_papers(person, at, whole=whole)]
    known = {entry.uid: entry for entry in reversed(found)}  # a run that is made counts, not the plan for it
    return sorted(known.values(), key=lambda one: (one.starts.isoformat(), one.uid))


def _runs(person: Person, at: datetime, *, whole: bool) -> Iterator[Entry]:
    """Rounds that are made: one's own; of the whole site for who watches them."""
    mine = or_(_for(Run, person), Run.begun_by_id == person.id)
    which = or_(mine, Run.site_id.in_(person.sites_with(Right.WATCH_ROUNDS))) if whole else mine
    query = select(Run).where(which, Run.opens_at > at - BACK, Run.opens_at < at + AHEAD)
    query = query.where(Run.state != RunState.CANCELLED, Run.site_id.in_(person.site_ids))
    for run in session.scalars(query.options(joinedload(Run.template)).order_by(Run.opens_at.desc()).limit(MOST)):
        uid = _slot(run.plan_id, run.slot) if run.plan_id and run.slot else f"run-{run.id}"
        words = {"round": _both(run.template)}
        path = f"/rounds/runs/{run.id}"
        yield Entry(uid, N_("Round: %(round)s"), words, run.opens_at, run.closes_at, run.changed_at, path)


def _planned(person: Person, at: datetime, *, whole: bool) -> Iterator[Entry]:
    """Rounds that plans will make."""
    mine = _for(RoundPlan, person)
    which = or_(mine, RoundPlan.site_id.in_(person.sites_with(Right.WATCH_ROUNDS))) if whole else mine
    query = select(RoundPlan).where(which, RoundPlan.active, RoundPlan.site_id.in_(person.site_ids))
    for plan in session.scalars(query.options(joinedload(RoundPlan.template)).limit(MOST)):
        for slot in coming(plan, at, MOST_OF_PLAN):
            if slot < at + AHEAD:
                ends, words = slot + timedelta(minutes=plan.minutes), {"round": _both(plan.template)}
                yield Entry(_slot(plan.id, slot), N_("Round: %(round)s"), words, slot, ends, plan.made_at, "/rounds")


def _for(model: type[Run] | type[RoundPlan], person: Person) -> ColumnElement[bool]:
    """What somebody is named for, or anybody of a role and trade of theirs."""
    roles = [and_(model.site_id == one.site_id, model.role == one.role) for one in person.memberships]
    trade = or_(model.trade.is_(None), model.trade.in_(person.trade_set))
    anybody = and_(model.person_id.is_(None), or_(*roles), trade) if roles else model.person_id == person.id
    return or_(model.person_id == person.id, anybody)


def _slot(plan_id: UUID, slot: datetime) -> str:
    return f"plan-{plan_id}-{slot:%Y%m%dT%H%M}"


def _jobs(person: Person, *, whole: bool) -> Iterator[Entry]:
    """By when jobs are to be done: those in hand; all live ones for who verifies."""
    which: ColumnElement[bool] = and_(Ticket.owner_id == person.id, Ticket.site_id.in_(person.site_ids))
    if whole:
        which = or_(which, Ticket.site_id.in_(person.sites_with(Right.VERIFY)))
    query = select(Ticket).where(which, Ticket.state.in_((*UNDER_WORK, State.OPEN))).options(*CARD)
    for ticket in session.scalars(query.order_by(Ticket.resolution_due_at).limit(MOST)):
        due = ticket.resolution_due_at
        words = {"job": _both(ticket.job_kind), "number": {"zh": ticket.number, "en": ticket.number}}
        yield Entry(
            f"job-{ticket.id}",
            N_("Due: %(job)s %(number)s"),
            words,
            due - DUE_LASTS,
            due,
            ticket.changed_at,
            f"/tickets/{ticket.id}",
            _both(ticket.place, "path"),
        )


def _shifts(person: Person, at: datetime, *, whole: bool) -> Iterator[Entry]:
    """One's own shifts; everybody's for who makes the roster."""
    which: ColumnElement[bool] = DutyShift.person_id == person.id
    if whole:
        which = or_(which, DutyShift.site_id.in_(person.sites_with(Right.DISPATCH)))
    query = select(DutyShift).where(which, DutyShift.ends_at > at - BACK, DutyShift.starts_at < at + AHEAD)
    query = query.where(DutyShift.site_id.in_(person.site_ids)).options(joinedload(DutyShift.person).options(*NAMED))
    for shift in session.scalars(query.order_by(DutyShift.starts_at).limit(MOST)):
        title = N_("On duty: %(name)s") if shift.duty is Duty.PRESENT else N_("On call: %(name)s")
        mine = shift.person_id == person.id
        name = {"zh": shift.name, "en": shift.name} if mine and shift.name else _both(shift.person)
        yield Entry(f"shift-{shift.id}", title, {"name": name}, shift.starts_at, shift.ends_at, shift.starts_at)


def _papers(person: Person, at: datetime, *, whole: bool) -> Iterator[Entry]:
    """Last days of one's own licences; of tests of assets, and everybody's licences, for who keeps the registers."""
    keeping = person.sites_with(Right.KEEP_REGISTERS)
    held = credential_queries.of_person(person.id, at)
    if whole and keeping:
        held = [*held, *credential_queries.licences(keeping, at)]
    for one in held:
        if one.paper and one.paper.expires_on:
            words = {"paper": _both(one.kind), "name": _both(one.bearer)}
            yield _day(f"paper-{one.paper.id}", N_("Licence ends: %(paper)s, %(name)s"), words, one.paper.expires_on)
    for site_id in person.sites_with(Right.SEE_SITE) if whole else keeping:
        for due in due_dates(site_id, at):
            words = {"asset": _both(due.asset), "what": {"zh": due.what, "en": due.what}}
            uid = f"test-{due.asset.id}-{due.what}-{due.due_on}"
            yield _day(uid, N_("Test due: %(asset)s, %(what)s"), words, due.due_on, f"/assets/{due.asset.id}")


def _day(uid: str, title: str, words: Mapping[str, Both], day: date, href: str = "/registers") -> Entry:
    stamp = datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")
    return Entry(uid, title, words, day, day + timedelta(days=1), stamp, href)


def _both(thing: object, name: str = "name") -> dict[str, str]:
    chinese = str(getattr(thing, name, ""))
    return {"zh": chinese, "en": str(getattr(thing, f"{name}_en", "")) or chinese}
