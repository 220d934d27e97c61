"""What the rules of presence look at, taken from the database: a fixed number of queries, each over bounded rows."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, union_all
from sqlalchemy.orm import aliased, joinedload

from crew_app.core.db import session
from crew_app.evidence.models import SHOT, Photo
from crew_app.places.models import Place, PlaceKind, Tag
from crew_app.rounds import sightings
from crew_app.rounds.content import NUMERIC, Presence
from crew_app.rounds.flag_models import FlagRemark
from crew_app.rounds.models import Answer, Flag, RunStop, Visit, VisitPhoto
from crew_app.rounds.presence import DOUBT, plain
from crew_app.rounds.rules import Challenge
from crew_app.rounds.sightings import Asked, Case, Clock, Reading, Reference, Sight, Spot
from crew_app.rounds.walking import paces

TRAIL, TRAIL_LENGTH = timedelta(hours=2), 16
BESIDE = timedelta(hours=1)
DRAWN_OUT = timedelta(minutes=30)
"""By so much the end of a visit may lie after its scan."""
FRAMES, FRAMES_OF_TAG = 40, 200
"""Of each tag on the way, and of the tag itself, where somebody may play the same picture back after weeks."""
READINGS = 60
PHONE = timedelta(days=2)

Spots = dict[UUID, Spot]


def case_of(visit: Visit) -> Case:
    """Everything the rules need to judge a visit that has just been recorded."""
    stop, trail_rows = visit.stop, _trail(visit)
    spots = _spots({place for _, _, place in trail_rows} | {stop.place_id})
    seen = sight(visit, stop.place_id, spots)
    trail = sorted((sight(one, place, spots) for one, _, place in trail_rows), key=lambda one: one.at)
    trail = [one for one in trail if one.at <= seen.at]
    path = [*trail, seen]
    return Case(
        seen=seen,
        opens_at=stop.opens_at,
        closes_at=stop.closes_at + timedelta(minutes=visit.run.grace_minutes),
        wants_scan=stop.plan.presence is Presence.SCAN and stop.subject is not None,
        ordered=visit.run.version.content.ordered,
        position=stop.position,
        passed=[position for one, position, _ in trail_rows if one.run_id == visit.run_id],
        tag=_tag(visit),
        trail=trail,
        beside=_beside(path),
        paces=paces(_ways(path)),
        references=_references({one.tag for one in path if one.tag}, seen),
        clock=Clock(visit.device_at, visit.offset_ms, visit.clock_suspect, _told(visit)),
        asked=_asked(visit),
        reading=_reading(visit),
        readings=_readings(visit),
    )


def sight(visit: Visit, place_id: UUID | None, spots: Spots) -> Sight:
    """A visit as the rules see it."""
    return Sight(
        visit=visit.id,
        run=visit.run_id,
        person=visit.person_id,
        device=visit.device_id,
        at=visit.scanned_at or visit.at,
        how=visit.how,
        spot=spots.get(place_id) if place_id else None,
        tag=visit.tag_code,
        frame=int(visit.frame_hash, 16) if visit.frame_hash else None,
    )


def _trail(visit: Visit) -> Sequence[Row[Visit, int, UUID | None]]:
    query = (
        select(Visit, RunStop.position, RunStop.place_id)
        .join(RunStop, RunStop.id == Visit.stop_id)
        .where(Visit.person_id == visit.person_id, Visit.at.between(visit.at - TRAIL, visit.at), Visit.id != visit.id)
        .where(Visit.skipped.is_(False))
    )
    return session.execute(query.order_by(Visit.at.desc(), Visit.id.desc()).limit(TRAIL_LENGTH)).all()


def _spots(place_ids: Iterable[UUID | None]) -> Spots:
    floor, building = aliased(Place), aliased(Place)
    query = (
        select(Place.id, Place.kind, floor.id, floor.kind, building.id)
        .outerjoin(floor, floor.id == Place.parent_id)
        .outerjoin(building, building.id == floor.parent_id)
        .where(Place.id.in_([one for one in place_ids if one]))
    )
    return {row[0]: _spot(*row) for row in session.execute(query)}


def _spot(place: UUID, kind: PlaceKind, above: UUID | None, above_kind: PlaceKind | None, top: UUID | None) -> Spot:
    if kind is PlaceKind.BUILDING:
        return Spot(place, None, place)
    if kind is PlaceKind.FLOOR:
        return Spot(place, place, above)
    return Spot(place, above, top) if above_kind is PlaceKind.FLOOR else Spot(place, None, above)


def _tag(visit: Visit) -> sightings.Tag | None:
    """Whether the tag belongs here: the stop's own, or of something that stands in the same place."""
    if visit.tag_code is None or visit.stop.place_id is None:
        return None
    found = session.get_one(Tag, visit.tag_code, options=[joinedload(Tag.asset), joinedload(Tag.place)])
    return sightings.Tag(found.where.id == visit.stop.place_id, found.where.id, found.retired_at)


def _ways(path: Sequence[Sight]) -> set[tuple[UUID, UUID]]:
    places = [one.spot.place for one in path if one.spot]
    there = {(here, then) for here, then in pairwise(places) if here != then}
    return there | {(then, here) for here, then in there}


def _beside(path: Sequence[Sight]) -> list[tuple[Sight, Sight]]:
    """Scans of the same tags by others, for other runs, around the same time."""
    seen = path[-1]
    mine = {one.tag: one for one in path if one.tag and seen.at - one.at < BESIDE}
    if not mine:
        return []
    query = select(Visit).where(
        Visit.tag_code.in_(mine),
        Visit.at.between(seen.at - BESIDE, seen.at + DRAWN_OUT),
        Visit.person_id != seen.person,
        Visit.run_id != seen.run,
    )
    others = [sight(one, None, {}) for one in session.scalars(query.order_by(Visit.at.desc()).limit(200))]
    return [(mine[one.tag], one) for one in others if one.tag]


def _references(tags: set[str], seen: Sight) -> dict[str, list[Reference]]:
    rows = _frames(tags, seen) if tags and seen.frame is not None else []
    doubted = _doubted({row.run_id for row in rows})
    found: dict[str, list[Reference]] = {}
    for row in rows:
        at, doubt = row.scanned_at or row.at, (row.run_id, row.person_id) in doubted
        found.setdefault(row.tag_code, []).append(Reference(int(row.frame_hash, 16), row.person_id, at, doubt))
    return found


def _frames(tags: set[str], seen: Sight) -> Sequence[Row[str, str, UUID, UUID, datetime, datetime | None]]:
    """The newest frames of each tag; by so many small look-ups in one query that history may grow."""
    parts = (
        select(Visit.tag_code, Visit.frame_hash, Visit.person_id, Visit.run_id, Visit.at, Visit.scanned_at)
        .where(Visit.tag_code == tag, Visit.frame_hash != "", Visit.id != seen.visit)
        .order_by(Visit.at.desc())
        .limit(FRAMES_OF_TAG if tag == seen.tag else FRAMES)
        .subquery()
        for tag in sorted(tags)
    )
    return session.execute(union_all(*(select(part) for part in parts))).all()


def _doubted(run_ids: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Runs in which a person's visits have flags that count and that nobody has explained."""
    explained = select(FlagRemark.id).where(FlagRemark.flag_id == Flag.id, FlagRemark.explained.is_(True))
    query = select(Visit.run_id, Visit.person_id).join(Flag, Flag.visit_id == Visit.id)
    query = query.where(Visit.run_id.in_(run_ids), Flag.rule.in_(DOUBT), ~explained.exists()).distinct()
    return {(run_id, person_id) for run_id, person_id in session.execute(query)} if run_ids else set()


def _told(visit: Visit) -> datetime | None:
    """The latest time the phone's clock has told before this visit was received."""
    query = select(func.max(Visit.device_at)).where(
        Visit.person_id == visit.person_id,
        Visit.at.between(visit.at - PHONE, visit.at + PHONE),
        Visit.device_id == visit.device_id,
        Visit.received_at < visit.received_at,
    )
    return session.scalar(query) if visit.device_id else None


def _asked(visit: Visit) -> Asked | None:
    challenge = visit.stop.challenge
    if challenge is None:
        return None
    query = select(Photo.source).join(VisitPhoto, VisitPhoto.photo_id == Photo.id)
    sources = session.scalars(query.where(VisitPhoto.visit_id == visit.id)).all()
    return Asked(
        challenge,
        answer=visit.challenge_answer,
        expected=expected(visit.stop) if challenge is Challenge.NUMBER else frozenset(),
        photos=len(sources),
        gallery=sum(source not in SHOT for source in sources),
    )


def expected(stop: RunStop) -> frozenset[str]:
    """Numbers that are right on the door of a place or the plate of an asset; empty when the books name none."""
    names = [stop.place.name, stop.place.code] if stop.place else []
    names += [stop.asset.code, stop.asset.serial, stop.asset.name] if stop.asset else []
    whole = {plain(name) for name in names if any(sign.isdigit() for sign in name)}
    return frozenset(whole | {part for name in names for part in re.findall(r"\d{2,}", plain(name))})


def _reading(visit: Visit) -> Reading | None:
    numbers = tuple(one.number for one in visit.answers if one.kind in NUMERIC and one.number is not None)
    return Reading(visit.person_id, visit.at, numbers) if numbers else None


def _readings(visit: Visit) -> list[Reading]:
    """The numbers noted at the same stop before, newest first."""
    own = [one for one in visit.answers if one.kind in NUMERIC and one.number is not None]
    if not own:
        return []
    query = (
        select(Answer.visit_id, Answer.number, Answer.at, Visit.person_id)
        .join(Visit, Visit.id == Answer.visit_id)
        .where(_same_checks(own), Answer.at <= visit.at, Answer.visit_id != visit.id, Answer.number.is_not(None))
        .order_by(Answer.at.desc(), Answer.visit_id, Answer.position)
        .limit(READINGS * len(own))
    )
    found: dict[UUID, Reading] = {}
    for visit_id, number, at, person_id in session.execute(query):
        before = found.get(visit_id, Reading(person_id, at, ()))
        found[visit_id] = Reading(person_id, at, (*before.numbers, number or Decimal(0)))
    return list(found.values())


def _same_checks(answers: Sequence[Answer]) -> ColumnElement[bool]:
    keys = {one.check_key for one in answers}
    return (Answer.subject_id == answers[0].subject_id) & Answer.check_key.in_(keys)
