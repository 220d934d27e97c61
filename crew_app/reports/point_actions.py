"""What is decided about points: the formula, what kinds of jobs are worth, objections, settling a month."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy import select

from crew_app.core.changes import NEW, REMOVED, Trace, note, put
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.reports.periods import months_later
from crew_app.reports.point_models import JobPoints, ObjectionState, PointMonth, PointObjection, PointRule
from crew_app.reports.point_rows import PointRow, frozen, month_at, month_of, settled_row
from crew_app.reports.point_rules import MOST_PERCENT, MOST_POINTS, Formula
from crew_app.roster.queries import with_right
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import State

MOST_DAYS = 365
LONGEST_TEXT = 500


def set_formula(site: Site, formula: Formula, *, by: Person, at: Moment) -> None:
    """Change the formula; months that are settled keep theirs."""
    _need(by, site.id)
    percents = (formula.late_percent, formula.sent_back_percent, formula.repeat_percent, formula.star_percent)
    fits = all(0 <= value <= MOST_PERCENT for value in (*percents, formula.helper_percent))
    if not (fits and 0 <= formula.basic <= MOST_POINTS and 1 <= formula.repeat_days <= MOST_DAYS):
        raise Refused("formula", N_("Please check the numbers: points up to 1000, percent up to 200, 1 to 365 days."))
    row = session.get(PointRule, site.id)
    if row is None:
        row = PointRule(site_id=site.id, **asdict(Formula()))
        session.add(row)
        session.flush()
    put(row, asdict(formula), Trace(by.id, at.at), name=site.name)
    row.changed_by_id, row.changed_at = by.id, at.at
    session.flush()


def set_job_points(site: Site, wanted: Mapping[UUID, int | None], *, by: Person, at: Moment) -> None:
    """Say what jobs of these kinds are worth; without a number a kind has the basic points again."""
    _need(by, site.id)
    if any(points is not None and not 0 <= points <= MOST_POINTS for points in wanted.values()):
        raise Refused("points", N_("Please check the points: a whole number from 0 to 1000."))
    trace, kinds = Trace(by.id, at.at), {kind.id: kind for kind in session.scalars(select(JobKind))}
    known = {row.job_kind_id: row for row in session.scalars(select(JobPoints).filter_by(site_id=site.id))}
    for kind_id, points in wanted.items():
        row, name = known.get(kind_id), kinds[kind_id].name
        if row and points is None:
            note(row, REMOVED, row.points, None, trace, name=name)
            session.delete(row)
        elif row:
            put(row, {"points": points}, trace, name=name)
        elif points is not None:
            row = JobPoints(site_id=site.id, job_kind_id=kind_id, points=points)
            session.add(row)
            note(row, NEW, None, points, trace, name=name)
    session.flush()


def object_to(site: Site, ticket_id: UUID, words: str, *, by: Person, at: Moment) -> PointObjection:
    """Say that a row of one's own points is wrong, once for each job."""
    ticket = session.get(Ticket, ticket_id)
    row = row_of(site, ticket, by) if ticket and ticket.site_id == site.id else None
    if ticket is None or row is None:
        raise Unseen("unknown-row", N_("You have no points for this job here."))
    if not words.strip():
        raise Refused("words-missing", N_("Please write something first."))
    found = session.scalar(select(PointObjection).filter_by(ticket_id=ticket_id, person_id=by.id).with_for_update())
    if found and found.state is not ObjectionState.WITHDRAWN:
        raise Refused("objected", N_("You have objected to this row already. The answer stands there, too."))
    found = found or PointObjection(site_id=site.id, person_id=by.id, ticket_id=ticket_id)
    found.text, found.made_at, found.state = words.strip()[:LONGEST_TEXT], at.at, ObjectionState.OPEN
    session.add(found)
    session.flush()
    title = N_("%(name)s objects to the points of %(number)s")
    message = Message(site.id, Topic.JOB, title, {"name": _both(by), "number": ticket.number}, "/reports/points")
    deciders = [one for one in with_right(site.id, Right.SET_POINTS) if one.id != by.id]
    tell(deciders, message, key=f"objection:{found.id}:{at.at.isoformat()}", at=at.at)
    return found


def withdraw(objection: PointObjection, *, by: Person) -> None:
    """Take one's own objection back while nobody has decided."""
    if objection.person_id != by.id:
        raise Unseen("unknown-objection", N_("This objection is not known here."))
    _need_open(objection)
    objection.state = ObjectionState.WITHDRAWN
    session.flush()


def decide(objection: PointObjection, points: int | None, words: str, *, by: Person, at: Moment) -> None:
    """Grant an objection (`points` is what the row counts instead) or decline it, with the reason. Never one's own."""
    _need(by, objection.site_id)
    refuse_own(objection, by)
    _need_open(objection)
    if not words.strip():
        raise Refused("words-missing", N_("Please give the reason: it is shown to whoever objected."))
    if points is not None and not 0 <= points <= MOST_POINTS:
        raise Refused("points", N_("Please check the points: a whole number from 0 to 1000."))
    trace, number = Trace(by.id, at.at), objection.ticket.number
    state = ObjectionState.DECLINED if points is None else ObjectionState.GRANTED
    put(objection, {"state": state, "points": points, "answer": words.strip()[:LONGEST_TEXT]}, trace, name=number)
    objection.answered_by_id, objection.answered_at = by.id, at.at
    session.flush()
    title = (
        N_("%(number)s: your objection was declined")
        if points is None
        else N_("%(number)s: your objection was granted")
    )
    message = Message(objection.site_id, Topic.JOB, title, {"number": number}, "/reports/points/mine")
    tell([objection.person], message, key=f"objection-answer:{objection.id}", at=at.at)


def refuse_own(objection: PointObjection, by: Person) -> None:
    """Nobody decides on their own objection, whatever their rights."""
    if objection.person_id == by.id:
        raise Forbidden("own-objection", N_("Nobody decides on their own objection. Somebody else has to."))


def settle(site: Site, month: date, *, by: Person, at: Moment) -> PointMonth:
    """Settle a month that is over: its rows and its formula stand from now on. Once, and not while objections wait."""
    _need(by, site.id)
    if month >= month_at(site, at.received_at):
        raise Refused("month-running", N_("This month is not over yet. It can be settled from the first of the next."))
    found = month_of(site, month)
    if found.settled:
        raise Refused("month-settled", N_("This month is settled already."))
    rows = {(row.ticket_id, row.person_id) for row in found.rows}
    waiting = [one for one in open_objections(site.id) if (one.ticket_id, one.person_id) in rows]
    if waiting:
        raise Refused(
            "objections-open", N_("%(count)s objections wait for a decision. Decide them first."), count=len(waiting)
        )
    settled = PointMonth(
        site_id=site.id,
        month=month,
        rows=frozen(found.formula, found.rows),
        closed_by_id=by.id,
        closed_at=at.received_at,
    )
    session.add(settled)
    session.flush()
    note(settled, NEW, None, found.total, Trace(by.id, at.at), name=f"{month:%Y-%m}")
    return settled


def open_objections(site_id: UUID) -> list[PointObjection]:
    """What waits for a decision, the oldest first."""
    query = select(PointObjection).filter_by(site_id=site_id, state=ObjectionState.OPEN)
    return list(session.scalars(query.order_by(PointObjection.made_at)))


def row_of(site: Site, ticket: Ticket, person: Person) -> PointRow | None:
    """What a person got for a job, in a settled month or as it stands now."""
    settled = settled_row(site, ticket.id, person.id)
    if settled:
        return settled[1]
    if ticket.state is not State.VERIFIED or ticket.closed_at is None:
        return None
    rows = month_of(site, month_at(site, ticket.closed_at)).rows
    return next((row for row in rows if (row.ticket_id, row.person_id) == (ticket.id, person.id)), None)


def months(site: Site, at: Moment, count: int = 13) -> list[date]:
    """The months one may look at: this one and those before."""
    return [months_later(month_at(site, at.at), -back) for back in range(count)]


def _both(person: Person) -> dict[str, str]:
    return {"zh": person.name, "en": person.name_en or person.name}


def _need_open(objection: PointObjection) -> None:
    if objection.state is not ObjectionState.OPEN:
        raise Refused("decided", N_("This objection does not wait any more."))


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.SET_POINTS, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
