"""A fault found on a round becomes a job, or joins the one that is open already."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid5

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.rounds.answers import Given
from crew_app.rounds.content import CheckKind
from crew_app.rounds.models import Finding, RunStop, Visit, VisitPhoto
from crew_app.tickets import actions as tickets
from crew_app.tickets import queries
from crew_app.tickets.deadlines import agree
from crew_app.tickets.models import JobKind, PhotoRole, Ticket, TicketPhoto
from crew_app.tickets.rules import Kind

LONGEST = 2_000
_ANSWERS = {"yes": "是", "no": "否", "fail": "异常", "flag": "留意"}
_ANSWERS_EN = {"yes": "yes", "no": "no", "fail": "fault", "flag": "watch"}


def open_or_join(visit: Visit, stop: RunStop, answers: Sequence[Given], *, by: Person, at: Moment) -> None:
    """Make jobs of the faults that were asked to become one, and of every opinion."""
    for given in answers:
        if stop.place and ((given.wanted and given.fault) or given.check.kind is CheckKind.OPINION):
            _finding(visit, stop, given, by=by, at=at)
    session.flush()


def _finding(visit: Visit, stop: RunStop, given: Given, *, by: Person, at: Moment) -> None:
    kind = _job_kind(stop, given)
    known = _same_fault(stop, given, kind)
    words = description(given)
    if known:
        tickets.add_note(known, words, by=by, at=at)
    ticket = known or _open(visit, stop, given, kind, words, at=at)
    _pass_on_photos(visit, given, ticket)
    session.add(
        Finding(
            site_id=visit.site_id,
            visit_id=visit.id,
            check_key=given.check.key,
            ticket_id=ticket.id,
            joined=known is not None,
            made_at=at.at,
        )
    )


def description(given: Given) -> str:
    """What the job says: the check, what was found, the limits, the words."""
    check = given.check
    label = check.label.zh or check.label.en
    if check.kind is CheckKind.OPINION:
        return f"{label}：{given.value}"[:LONGEST]
    found = _found(given)
    limits = "~".join(f"{limit.normalize():f}" if limit is not None else "" for limit in (check.low, check.high))
    beyond = f"（{limits} {check.unit}）".replace(" ）", "）") if given.number is not None and limits != "~" else ""
    return "\n".join(filter(None, (f"{label}：{found}{beyond}".rstrip("："), given.note)))[:LONGEST]


def _found(given: Given) -> str:
    """The answer in words, in the language the crews write their jobs in."""
    check = given.check
    if given.number is not None:
        return f"{given.number.normalize():f} {check.unit}".strip()
    if check.kind is CheckKind.CHOICE:
        option = check.option(given.value)
        return (option.label.zh or option.label.en) if option else given.value
    words = _ANSWERS if check.label.zh else _ANSWERS_EN
    return words.get(given.value, "")


def _open(visit: Visit, stop: RunStop, given: Given, kind: JobKind, words: str, *, at: Moment) -> Ticket:
    if stop.place is None:
        raise LookupError(stop.id)
    report = tickets.Report(
        uuid5(visit.id, given.check.key),
        stop.place,
        kind,
        stop.asset,
        words,
        kind=Kind.HAZARD if given.check.hazard else Kind.REPAIR,
    )
    ticket = tickets.open_ticket(report, by=visit.person, at=at)
    if given.check.days is not None:
        agree(ticket, at.at + timedelta(days=given.check.days))
    return ticket


def _same_fault(stop: RunStop, given: Given, kind: JobKind) -> Ticket | None:
    """A live job of the same kind at the same asset or place; opinions are never the same."""
    if given.check.kind is CheckKind.OPINION or stop.place_id is None:
        return None
    wanted = Kind.HAZARD if given.check.hazard else Kind.REPAIR
    return queries.same_fault(stop.place_id, stop.asset_id, kind.id, wanted)


def _job_kind(stop: RunStop, given: Given) -> JobKind:
    """The kind of job the check names, or else one of the template's trade, or else any."""
    named = queries.job_kind(given.check.job_kind) if given.check.job_kind else None
    kinds = queries.job_kinds()
    if not kinds:
        raise Refused("job-kind-missing", N_("There is no kind of job yet, so this can't become a job."))
    trade = stop.run.template.trade
    return named or next((kind for kind in kinds if kind.trade is trade), kinds[0])


def _pass_on_photos(visit: Visit, given: Given, ticket: Ticket) -> None:
    """The job shows the photos of the check it came from."""
    query = select(VisitPhoto).filter_by(visit_id=visit.id, check_key=given.check.key).order_by(VisitPhoto.position)
    for position, shot in enumerate(session.scalars(query), len(ticket.photos)):
        session.add(
            TicketPhoto(
                photo_id=shot.photo_id,
                ticket_id=ticket.id,
                site_id=ticket.site_id,
                role=PhotoRole.REPORT,
                position=position,
            )
        )
