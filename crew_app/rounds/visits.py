"""Verbs of a walk: check in at a stop with answers and photos, or leave it out with a reason.

What has physically happened is never refused because of its time, its order or who else was there: it is recorded
and looked at by the rules of presence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement, announce, known_photo
from crew_app.evidence.site_rules import positions_since
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.phones.models import Device
from crew_app.places.models import Tag
from crew_app.rounds import findings
from crew_app.rounds.answers import Given
from crew_app.rounds.content import CheckKind
from crew_app.rounds.models import Answer, Run, RunStop, Visit, VisitPhoto
from crew_app.rounds.rules import How, Outcome, StopState
from crew_app.rounds.runs import settle

AFTER_VISIT: list[Callable[[Visit], None]] = []
"""Told of every visit, with its answers, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo for a check, or for the stop as a whole."""

    photo: Announcement
    check_key: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A stop as somebody left it; `visit_id` was made on the device."""

    visit_id: UUID
    answers: Sequence[Given] = ()
    how: How = How.TAP
    tag_code: str = ""
    scanned_at: datetime | None = None
    frame_hash: str = ""
    frame: Announcement | None = None
    photos: Sequence[Shot] = field(default_factory=tuple)
    challenge_answer: str = ""
    reason: str = ""
    note: str = ""
    device: Device | None = None
    position: tuple[float, float, float] | None = None
    """Latitude, longitude, accuracy in metres."""


def check_in(stop: RunStop, seen: Seen, *, by: Person, at: Moment) -> Visit:
    """Somebody was here. `Refused` ("too-early") before the stop's time, unless a reason is given."""
    if at.at < stop.opens_at and not seen.reason.strip():
        raise Refused("too-early", N_("This stop is not to be visited yet. If it has to be now, please say why."))
    visit = _visit(stop, seen, by=by, at=at)
    answers = [_judged(given) for given in seen.answers]
    session.add_all(_answer(visit, stop, position, given) for position, given in enumerate(answers))
    _attach(visit, seen.photos, by=by, at=at)
    stop.state = StopState.VISITED
    stop.visited_at = min(filter(None, (stop.visited_at, at.at)))
    stop.fault_count = sum(given.fault for given in answers)
    session.flush()
    findings.open_or_join(visit, stop, answers, by=by, at=at)
    return _done(visit, stop.run, by=by, at=at)


def skip(stop: RunStop, seen: Seen, *, by: Person, at: Moment) -> Visit:
    """Leave a stop out, with the reason. Whoever was there already was there."""
    if not seen.reason.strip():
        raise Refused("words-missing", N_("Please say why this stop is left out."))
    visit = _visit(stop, seen, by=by, at=at, skipped=True)
    _attach(visit, seen.photos, by=by, at=at)
    if stop.state is not StopState.VISITED:
        stop.state = StopState.SKIPPED
    return _done(visit, stop.run, by=by, at=at)


def may_walk(run: Run, person: Person) -> bool:
    """Whether the person may check in on this run."""
    return person.can(Right.WALK, run.site_id)


def _visit(stop: RunStop, seen: Seen, *, by: Person, at: Moment, skipped: bool = False) -> Visit:
    if not may_walk(stop.run, by):
        raise Forbidden("may-not", N_("You may see this round, but not do this."))
    if session.get(Visit, seen.visit_id):
        raise Refused("visit-known", N_("This stop was already sent."))
    tag = _tag(seen.tag_code, stop.site_id)
    frame = announce(seen.frame, stop.site_id, _place(stop), by=by, at=at) if seen.frame else None
    latitude, longitude, accuracy = _position(stop, seen, at) or (None, None, None)
    visit = Visit(
        id=seen.visit_id,
        site_id=stop.site_id,
        run_id=stop.run_id,
        stop_id=stop.id,
        person_id=by.id,
        device_id=seen.device.id if seen.device else None,
        skipped=skipped,
        reason=seen.reason.strip()[:500],
        how=seen.how if tag else How.TAP,
        tag_code=tag.code if tag else None,
        scanned_at=seen.scanned_at,
        frame_hash=seen.frame_hash,
        frame_id=frame.id if frame else None,
        challenge_answer=seen.challenge_answer.strip()[:60],
        latitude=latitude,
        longitude=longitude,
        accuracy=accuracy,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        offset_ms=at.offset_ms,
        clock_suspect=at.suspect,
        receipt_key=at.receipt,
        note=seen.note,
    )
    session.add(visit)
    session.flush()
    return visit


def _position(stop: RunStop, seen: Seen, at: Moment) -> tuple[float, float, float] | None:
    """Where the walker was, if the site wants to know it and still would."""
    return seen.position if at.at > positions_since(stop.site_id, at.received_at) else None


def _tag(text: str, site_id: UUID) -> Tag | None:
    """The tag that was scanned, if this site has it; whichever it is, it is kept."""
    try:
        found = session.get(Tag, normalise(text)) if text else None
    except BadTagCode:
        return None
    return found if found and found.site_id == site_id else None


def _judged(given: Given) -> Given:
    """A second tag is right when it is the one asked for."""
    if given.check.kind is not CheckKind.TAG:
        return given
    try:
        tag = session.get(Tag, normalise(given.value))
    except BadTagCode:
        tag = None
    codes = {thing.code for thing in (tag.asset, tag.where) if thing} if tag else set()
    right = bool(codes) and (not given.check.tag or given.check.tag in codes)
    return replace(given, outcome=Outcome.OK if right else Outcome.FAIL)


def _answer(visit: Visit, stop: RunStop, position: int, given: Given) -> Answer:
    return Answer(
        site_id=visit.site_id,
        visit_id=visit.id,
        position=position,
        check_key=given.check.key,
        kind=given.check.kind,
        subject_id=stop.asset_id or stop.place_id,
        number=given.number,
        value=given.value,
        outcome=given.outcome,
        note=given.note,
        at=visit.at,
    )


def _place(stop: RunStop) -> UUID | None:
    return stop.asset.place_id if stop.asset else stop.place_id


def _attach(visit: Visit, shots: Sequence[Shot], *, by: Person, at: Moment) -> None:
    for position, shot in enumerate(shots):
        if session.get(VisitPhoto, shot.photo.photo_id):
            raise known_photo()
        photo = announce(shot.photo, visit.site_id, _place(visit.stop), by=by, at=at)
        session.add(
            VisitPhoto(
                photo_id=photo.id,
                site_id=visit.site_id,
                visit_id=visit.id,
                check_key=shot.check_key,
                position=position,
            )
        )
    session.flush()


def _done(visit: Visit, run: Run, *, by: Person, at: Moment) -> Visit:
    if run.begun_at is None or at.at < run.begun_at:
        run.begun_at, run.begun_by_id = at.at, by.id
    settle(run, at.at)
    for told in AFTER_VISIT:
        told(visit)
    session.flush()
    return visit


def visits_of(run: Run) -> Sequence[Visit]:
    """All visits of a run in the order in which they happened."""
    return session.scalars(select(Visit).filter_by(run_id=run.id).order_by(Visit.at, Visit.id)).all()
