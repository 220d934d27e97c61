"""Rounds of a whole year at the demo hospital, behind the week that `rounds` lets happen: rows, written at once.

Twice a week somebody goes through wards, and finds what `history` says was found on a round; once a month there is a
safety inspection, once a week a patrol that is written down here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from crew_app.core.db import Base, session
from crew_app.demo import words
from crew_app.demo.loading.ids import timed
from crew_app.demo.records import ZONE
from crew_app.demo.rounds import person, plan, site
from crew_app.places.models import Place
from crew_app.rounds.content import Category, Check, CheckKind, Content, StopPlan, Suggestion, Where, Words
from crew_app.rounds.models import Answer, Finding, RoundTemplate, Run, RunNumber, RunStop, Visit
from crew_app.rounds.rules import How, Outcome, RunState, StopState
from crew_app.tickets.models import Ticket

SEED = 216
WEEKS = 52
REGULAR = 4
"""So many rooms are looked at on each round of the wards, besides those where something was found."""
MISSED, LEFT = 0.02, 0.06
"""How often a whole round was missed, and how often a stop of one."""
STOP = "ward"
CHECKS = (("lights", "照明正常", "Lights in order"), ("power", "插座、开关正常", "Sockets and switches in order"))
WARDS = Content(
    code="ward-week",
    name=Words("科室巡查（每周两次）", "Round of the wards, twice a week"),
    category=Category.ROUND,
    stops=(
        StopPlan(
            STOP,
            Words("科室房间", "Room of a ward"),
            Where(place="Z1-0301"),
            checks=tuple(Check(key, CheckKind.YES_NO, Words(zh, en)) for key, zh, en in CHECKS),
        ),
    ),
    purpose=Words("主动下科室，把问题解决在报修之前", "Find problems before they are reported"),
    suggested=(Suggestion("FREQ=WEEKLY;BYDAY=MO,TH", ("08:30",), 480, 60),),
)
WALKERS = ("dian1", "shui1", "wang")


@dataclass(slots=True)
class _Rows:
    """What is written at the end, by table."""

    dice: Random
    runs: list[dict[str, Any]] = field(default_factory=list)
    stops: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)


def stir(now: datetime) -> None:
    """Write the year before last week; `now` is when the hospital is found."""
    rows = _Rows(Random(SEED))  # noqa: S311 - a demo, no secret
    given = select(RunNumber.day, RunNumber.last).filter_by(site_id=site().id)
    rows.numbers = dict(session.execute(given).all())
    found = _found_on_rounds(now)
    wards = plan(WARDS, now, days=380)
    rooms = _rooms()
    for opens, closes in _halves(now):
        here = [ticket for ticket in found if opens <= ticket.opened_at < closes]
        _ward_round(rows, wards, (opens, closes), here, rooms)
    for code, days, minutes in (("safety-25th", 30, 480), ("night-patrol", 7, 100)):
        template = session.scalars(select(RoundTemplate).filter_by(code=code, site_id=site().id)).one()
        for opens in _every(now, days):
            _ready_round(rows, template, opens, minutes)
    for model, many in (
        (Run, rows.runs),
        (RunStop, rows.stops),
        (Visit, rows.visits),
        (Answer, rows.answers),
        (Finding, rows.findings),
    ):
        _write(model, many)
    session.execute(delete(RunNumber).where(RunNumber.site_id == site().id))
    _write(RunNumber, [{"site_id": site().id, "day": day, "last": last} for day, last in rows.numbers.items()])


def _found_on_rounds(now: datetime) -> Sequence[Ticket]:
    """The jobs of which their words say that they were found on a round."""
    query = select(Ticket).where(Ticket.site_id == site().id, Ticket.description.endswith(words.ON_ROUND))
    return session.scalars(query.where(Ticket.opened_at < now - timedelta(days=9)).order_by(Ticket.opened_at)).all()


def _halves(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The halves of each week up to last week: from Monday, and from Thursday."""
    today = now.astimezone(ZONE).date()
    monday = datetime.combine(today - timedelta(days=today.weekday() + 7), time(), ZONE)
    for week in range(WEEKS, 0, -1):
        first = monday - timedelta(days=7 * week)
        yield first, first + timedelta(days=3)
        yield first + timedelta(days=3), first + timedelta(days=7)


def _every(now: datetime, days: int) -> list[datetime]:
    last = now.replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=14)
    return [last - timedelta(days=days * back) for back in range(340 // days, -1, -1)]


def _rooms() -> list[UUID]:
    query = select(Place.id).where(Place.site_id == site().id, Place.code.like("Z1-0%")).order_by(Place.code)
    return list(session.scalars(query))


def _ward_round(
    rows: _Rows, template: RoundTemplate, span: tuple[datetime, datetime], found: Sequence[Ticket], rooms: list[UUID]
) -> None:
    begin = span[0] + timedelta(hours=9)
    regular = [(begin + timedelta(minutes=6 * n), one, None) for n, one in enumerate(rows.dice.sample(rooms, REGULAR))]
    stops = [*regular, *((ticket.opened_at, ticket.place_id, ticket) for ticket in found)]
    stops.sort(key=lambda one: one[0])
    missed = not found and rows.dice.random() < MISSED
    walker = person(rows.dice.choice(WALKERS)).id
    run_id = _run(rows, template, span, len(stops), missed=missed, left=False, walker=walker)
    for position, (at, place_id, ticket) in enumerate(stops):
        stop_id = _stop(rows, run_id, position, STOP, place_id, span, None if missed else at)
        if not missed:
            visit_id = _visit(rows, run_id, stop_id, walker, at)
            faulty = CHECKS[0][0] if ticket else ""
            for number, (key, _, _) in enumerate(CHECKS):
                _answer(rows, visit_id, number, key, place_id, at, faulty=key == faulty)
            if ticket:
                _finding(rows, visit_id, faulty, ticket)


def _ready_round(rows: _Rows, template: RoundTemplate, opens: datetime, minutes: int) -> None:
    """A run of a template of `rounds`: where its stops are is taken from the one that happened there."""
    run = session.scalars(select(Run).filter_by(template_id=template.id).order_by(Run.opens_at)).first()
    known = session.scalars(select(RunStop).filter_by(run_id=run.id).order_by(RunStop.position)).all() if run else []
    span = (opens, opens + timedelta(minutes=minutes))
    left = rows.dice.random() < LEFT
    walker = person("bao2" if template.category is Category.PATROL else "li").id
    run_id = _run(rows, template, span, len(known), missed=False, left=left, walker=walker)
    for position, stop in enumerate(known):
        at = None if left and position == len(known) - 1 else opens + timedelta(minutes=3 + 4 * position)
        place_id = stop.place_id
        stop_id = _stop(rows, run_id, position, stop.key, place_id, span, at, asset_id=stop.asset_id)
        if at:
            visit_id = _visit(rows, run_id, stop_id, walker, at)
            checks = [
                one for one in template.versions[-1].content.stop(stop.key).checks if one.kind is CheckKind.YES_NO
            ]
            for number, check in enumerate(one for one in checks if one.required and one.when is None):
                good = "no" if check.fails_on == "yes" else "yes"
                _answer(rows, visit_id, number, check.key, stop.asset_id or place_id, at, value=good)


def _run(
    rows: _Rows,
    template: RoundTemplate,
    span: tuple[datetime, datetime],
    stops: int,
    *,
    missed: bool,
    left: bool,
    walker: UUID,
) -> UUID:
    opens, closes = span
    day = opens.astimezone(ZONE).date()
    rows.numbers[day] = rows.numbers.get(day, 0) + 1
    visited = 0 if missed else stops - left
    state = RunState.MISSED if missed else RunState.INCOMPLETE if left else RunState.DONE
    run_id = timed(opens, rows.dice)
    begun = None if missed else opens + timedelta(minutes=3)
    rows.runs.append(
        {
            "id": run_id,
            "site_id": template.site_id,
            "number": f"XJ-{day:%Y%m%d}-{rows.numbers[day]:04d}",
            "template_id": template.id,
            "version_id": template.versions[-1].id,
            "occasion": "",
            "state": state,
            "opens_at": opens,
            "closes_at": closes,
            "grace_minutes": 15,
            "begun_at": begun,
            "begun_by_id": None if missed else walker,
            "ended_at": closes,
            "ended_by_id": None if missed or left else walker,
            "end_reason": "",
            "stop_count": stops,
            "visited_count": visited,
            "missed_count": stops - visited,
            "fault_count": 0,
            "flag_count": 0,
            "changed_at": closes,
            "made_at": opens - timedelta(hours=10),
        }
    )
    return run_id


def _stop(
    rows: _Rows,
    run_id: UUID,
    position: int,
    key: str,
    place_id: UUID | None,
    span: tuple[datetime, datetime],
    at: datetime | None,
    *,
    asset_id: UUID | None = None,
) -> UUID:
    stop_id = timed(span[0], rows.dice)
    about = {"id": stop_id, "site_id": site().id, "run_id": run_id, "position": position, "key": key}
    state = StopState.VISITED if at else StopState.MISSED
    stands = {"place_id": place_id, "asset_id": asset_id, "state": state, "visited_at": at, "fault_count": 0}
    rows.stops.append(about | stands | {"opens_at": span[0], "closes_at": span[1]})
    return stop_id


def _visit(rows: _Rows, run_id: UUID, stop_id: UUID, walker: UUID, at: datetime) -> UUID:
    visit_id = timed(at, rows.dice)
    about = {"id": visit_id, "site_id": site().id, "run_id": run_id, "stop_id": stop_id, "person_id": walker}
    how = {"skipped": False, "reason": "", "how": How.SCAN, "frame_hash": "", "challenge_answer": "", "note": ""}
    rows.visits.append(about | how | {"at": at, "received_at": at, "scanned_at": at, "clock_suspect": False})
    return visit_id


def _answer(
    rows: _Rows,
    visit_id: UUID,
    position: int,
    key: str,
    subject_id: UUID | None,
    at: datetime,
    *,
    faulty: bool = False,
    value: str = "yes",
) -> None:
    about = {"id": timed(at, rows.dice), "site_id": site().id, "visit_id": visit_id, "position": position}
    said = {"value": "no" if faulty else value, "outcome": Outcome.FAIL if faulty else Outcome.OK, "note": ""}
    rows.answers.append(about | said | {"check_key": key, "kind": CheckKind.YES_NO, "subject_id": subject_id, "at": at})


def _finding(rows: _Rows, visit_id: UUID, key: str, ticket: Ticket) -> None:
    about = {"id": timed(ticket.opened_at, rows.dice), "site_id": ticket.site_id, "visit_id": visit_id}
    rows.findings.append(
        about | {"check_key": key, "ticket_id": ticket.id, "joined": False, "made_at": ticket.opened_at}
    )
    rows.runs[-1]["fault_count"] += 1
    rows.stops[-1]["fault_count"] = 1


def _write(model: type[Base], many: list[dict[str, Any]]) -> None:
    if many:
        session.execute(insert(model), many)
