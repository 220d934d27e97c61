"""The rows of a month: each verified job once for its owner, and once for each second pair of hands.

A job belongs to the month in which it was verified. What is not verified yet does not count yet; what was cancelled
never does. Rows of a settled month are what was written down then.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from crew_app.core.db import session
from crew_app.core.hints import unindexed
from crew_app.people.models import Site
from crew_app.reports import measures
from crew_app.reports.periods import Period, months_later, span_of
from crew_app.reports.point_models import JobPoints, ObjectionState, PointMonth, PointObjection, PointRule
from crew_app.reports.point_rules import Formula, Part, Parts, Why, Work, granted, helper_parts, owner_parts, total
from crew_app.reports.summary_models import Span
from crew_app.tickets.follower_models import TicketRating
from crew_app.tickets.models import JobKind, Ticket, TicketEvent
from crew_app.tickets.rules import State, Verb

COUNTED_ONCE = 2
"""So many months back a settled job is looked for that was opened again and verified once more."""
_FIELDS = tuple(Formula.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class PointRow:
    """What one person got for one job, and why."""

    ticket_id: UUID
    person_id: UUID
    number: str
    name: str
    name_en: str
    """Of the job kind, as it was called then."""
    trade: str
    helper: bool
    verified_at: datetime
    late: bool
    sent_back: int
    came_back: bool
    stars: Decimal | None
    parts: Parts
    month: date | None = None
    """For an objection granted after its month was settled: that month. The row is then only the difference."""

    @property
    def points(self) -> Decimal:
        """What it came to."""
        return total(self.parts)


@dataclass(frozen=True, slots=True)
class PointsOfMonth:
    """A month of a site: by which formula, the rows, and since when it is settled."""

    month: date
    formula: Formula
    rows: Sequence[PointRow]
    settled: PointMonth | None

    @property
    def total(self) -> Decimal:
        """All points of all people."""
        return sum((row.points for row in self.rows), Decimal(0))


def month_of(site: Site, month: date) -> PointsOfMonth:
    """What a month came to; `month` is its first day."""
    settled = settled_month(site, month)
    if settled:
        formula, rows = thawed(settled)
        return PointsOfMonth(month, formula, rows, settled)
    formula = formula_of(site.id)
    return PointsOfMonth(month, formula, [*_counted(site, month, formula), *_corrections(site, month)], None)


def settled_month(site: Site, month: date) -> PointMonth | None:
    """What was written down when a month was settled; nothing while it is not."""
    return session.get(PointMonth, (site.id, month))


def formula_of(site_id: UUID) -> Formula:
    """The formula of a site as it stands, or the usual one."""
    row = session.get(PointRule, site_id)
    return Formula(**{field: getattr(row, field) for field in _FIELDS}) if row else Formula()


def job_points(site_id: UUID) -> dict[UUID, int]:
    """What jobs of each kind are worth at a site, where it says so."""
    return {row.job_kind_id: row.points for row in session.scalars(select(JobPoints).filter_by(site_id=site_id))}


def frozen(formula: Formula, rows: Sequence[PointRow]) -> str:
    """A month as it is kept when it is settled."""
    return json.dumps({"formula": asdict(formula), "rows": [_packed(row) for row in rows]}, ensure_ascii=False)


def thawed(settled: PointMonth) -> tuple[Formula, list[PointRow]]:
    """The formula and the rows of a settled month."""
    kept = json.loads(settled.rows)
    return Formula(**kept["formula"]), [_unpacked(row) for row in kept["rows"]]


def month_at(site: Site, at: datetime) -> date:
    """The month, in the site's own calendar, of a moment."""
    return at.astimezone(site.zone).date().replace(day=1)


def _counted(site: Site, month: date, formula: Formula) -> list[PointRow]:
    period = span_of(Span.MONTH, month, site.zone)
    before = _settled_before(site, month)
    worth, kinds = job_points(site.id), {kind.id: kind for kind in session.scalars(select(JobKind))}
    stars, helpers, objections = _stars(period, site), _helpers(period, site), _granted_in(period, site)
    rows = []
    for job in session.execute(_jobs(period, site, formula)):
        if job.id in before:
            continue
        points = worth.get(job.job_kind_id, formula.basic)
        work = Work(points, not job.on_time, job.sent_back_count, job.came_back, stars.get(job.id))
        owner = _row(job, kinds[job.job_kind_id], work, owner_parts(work, formula))
        share = replace(owner, helper=True, parts=helper_parts(work, formula))
        rows += [owner, *(replace(share, person_id=one) for one in helpers.get(job.id, ()) if one != job.owner_id)]
    return [_as_granted(row, objections) for row in rows]


def _jobs(period: Period, site: Site, formula: Formula) -> Any:
    columns = (Ticket.id, Ticket.number, Ticket.job_kind_id, Ticket.owner_id, Ticket.closed_at, Ticket.sent_back_count)
    late, back = measures.on_time().label("on_time"), measures.came_back(formula.repeat_days).label("came_back")
    query = select(*columns, late, back).where(_verified(period, site), Ticket.owner_id.is_not(None))
    return query.order_by(Ticket.closed_at, Ticket.id)


def _verified(period: Period, site: Site) -> ColumnElement[bool]:
    return (
        (Ticket.site_id == site.id)
        & (unindexed(Ticket.state) == State.VERIFIED)
        & (Ticket.closed_at >= period.start)
        & (Ticket.closed_at < period.end)
    )


def _row(job: Any, kind: JobKind, work: Work, parts: Parts) -> PointRow:
    return PointRow(
        ticket_id=job.id,
        person_id=job.owner_id,
        number=job.number,
        name=kind.name,
        name_en=kind.name_en,
        trade=kind.trade.value,
        helper=False,
        verified_at=job.closed_at,
        late=work.late,
        sent_back=work.sent_back,
        came_back=work.came_back,
        stars=work.stars,
        parts=parts,
    )


def _stars(period: Period, site: Site) -> dict[UUID, Decimal]:
    """The mean rating of the jobs of a period: of each voice the last word counts, quality and service alike."""
    last = (
        select(TicketRating.ticket_id, TicketRating.voice, func.max(TicketRating.number).label("number"))
        .join(Ticket, Ticket.id == TicketRating.ticket_id)
        .where(_verified(period, site))
        .group_by(TicketRating.ticket_id, TicketRating.voice)
        .subquery()
    )
    same = (TicketRating.voice == last.c.voice) & (TicketRating.number == last.c.number)
    query = (
        select(TicketRating.ticket_id, func.sum(TicketRating.quality + TicketRating.service), func.count())
        .join(last, (TicketRating.ticket_id == last.c.ticket_id) & same)
        .group_by(TicketRating.ticket_id)
    )
    return {ticket: Decimal(int(marks)) / (2 * count) for ticket, marks, count in session.execute(query)}


def _helpers(period: Period, site: Site) -> Mapping[UUID, list[UUID]]:
    """Who helped with the jobs of a period."""
    query = (
        select(TicketEvent.ticket_id, TicketEvent.person_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(_verified(period, site), TicketEvent.verb == Verb.HELP, TicketEvent.person_id.is_not(None))
        .distinct()
        .order_by(TicketEvent.ticket_id, TicketEvent.person_id)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for ticket, person in session.execute(query):
        if person is not None:
            found[ticket].append(person)
    return found


def _granted_in(period: Period, site: Site) -> dict[tuple[UUID, UUID], int]:
    query = (
        select(PointObjection.ticket_id, PointObjection.person_id, PointObjection.points)
        .join(Ticket, Ticket.id == PointObjection.ticket_id)
        .where(_verified(period, site), PointObjection.state == ObjectionState.GRANTED)
    )
    return {(ticket, person): points or 0 for ticket, person, points in session.execute(query)}


def _as_granted(row: PointRow, objections: Mapping[tuple[UUID, UUID], int]) -> PointRow:
    points = objections.get((row.ticket_id, row.person_id))
    return row if points is None else replace(row, parts=granted(row.parts, points))


def _settled_before(site: Site, month: date) -> Collection[UUID]:
    """Jobs that a settled month before has counted: opened again and verified once more, they count no second time."""
    months = [months_later(month, -back) for back in range(1, COUNTED_ONCE + 1)]
    query = select(PointMonth).where(PointMonth.site_id == site.id, PointMonth.month.in_(months))
    return {row.ticket_id for settled in session.scalars(query) for row in thawed(settled)[1]}


def _corrections(site: Site, month: date) -> list[PointRow]:
    """Objections that were granted in this month about a month that was settled before: the difference counts here."""
    period = span_of(Span.MONTH, month, site.zone)
    query = select(PointObjection).where(
        PointObjection.site_id == site.id,
        PointObjection.state == ObjectionState.GRANTED,
        PointObjection.answered_at >= period.start,
        PointObjection.answered_at < period.end,
    )
    found = [_difference(site, objection) for objection in session.scalars(query.order_by(PointObjection.id))]
    return [row for row in found if row and row.parts]


def _difference(site: Site, objection: PointObjection) -> PointRow | None:
    found = settled_row(site, objection.ticket_id, objection.person_id)
    if found is None or objection.answered_at is None:
        return None
    settled, row = found
    if objection.answered_at < settled.closed_at:
        return None  # the settled row has it already
    change = (objection.points or 0) - row.points
    return replace(row, parts=(Part(Why.GRANTED, change),) if change else (), month=settled.month)


def settled_row(site: Site, ticket_id: UUID, person_id: UUID) -> tuple[PointMonth, PointRow] | None:
    """What a settled month says about a person's part in a job."""
    query = select(PointMonth).where(PointMonth.site_id == site.id, PointMonth.rows.contains(str(ticket_id)))
    for settled in session.scalars(query.order_by(PointMonth.month)):
        for row in thawed(settled)[1]:
            if (row.ticket_id, row.person_id, row.month) == (ticket_id, person_id, None):
                return settled, row
    return None


def _packed(row: PointRow) -> dict[str, Any]:
    kept = {field: getattr(row, field) for field in PointRow.__dataclass_fields__ if field != "parts"}
    words = {
        field: value if isinstance(value, (bool, int)) or value is None else str(value) for field, value in kept.items()
    }
    return words | {"parts": [[part.why.value, str(part.points)] for part in row.parts]}


def _unpacked(kept: dict[str, Any]) -> PointRow:
    return PointRow(
        **kept
        | {
            "ticket_id": UUID(kept["ticket_id"]),
            "person_id": UUID(kept["person_id"]),
            "verified_at": datetime.fromisoformat(kept["verified_at"]),
            "stars": None if kept["stars"] is None else Decimal(kept["stars"]),
            "month": date.fromisoformat(kept["month"]) if kept["month"] else None,
            "parts": tuple(Part(Why(why), Decimal(points)) for why, points in kept["parts"]),
        }
    )
