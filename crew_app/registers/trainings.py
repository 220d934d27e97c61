"""Training and drills: planned or held, recorded, listed by year with totals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.evidence.actions import Announcement
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.registers import photos
from crew_app.registers.training_models import (
    Training,
    TrainingKind,
    TrainingPerson,
    TrainingPhoto,
    TrainingRecord,
)

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """A training or a drill as it was announced."""

    training_id: UUID
    kind: TrainingKind
    held_on: date
    topic: str
    place: str = ""
    trainer: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How it went: hours of each, average score out of 100, how many passed; `people` are those who are named."""

    record_id: UUID
    headcount: int
    hours: Decimal = NOTHING
    score: Decimal | None = None
    passed: int | None = None
    note: str = ""
    people: Sequence[Person] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What a year came to: times, people, and hours of all people together."""

    times: int
    people: int
    hours: Decimal
    passed: int


def plan(form: Plan, site: Site, *, by: Person, at: Moment) -> Training:
    """Write down a training, before it or after."""
    if session.get(Training, form.training_id):
        raise Refused("training-known", N_("This entry was already sent."))
    if not form.topic:
        raise Refused("words-missing", N_("Please say what it is about."))
    if abs((form.held_on - at.received_at.date()).days) > 366 * 20:
        raise Refused("day", N_("Please check the day."))
    training = Training(
        id=form.training_id,
        site_id=site.id,
        kind=form.kind,
        held_on=form.held_on,
        topic=form.topic,
        place=form.place,
        trainer=form.trainer,
        person_id=by.id,
        at=at.at,
        received_at=at.received_at,
    )
    session.add(training)
    session.flush()
    return training


def record(
    training: Training, result: Result, pictures: Sequence[Announcement] = (), *, by: Person, at: Moment
) -> TrainingRecord:
    """Write down how it went; said again, the later record counts and the earlier one stays."""
    if session.get(TrainingRecord, result.record_id):
        raise Refused("record-known", N_("This entry was already sent."))
    heads = max(result.headcount, len(result.people))
    if not heads:
        raise Refused("headcount", N_("Please say how many took part."))
    if result.passed is not None and result.passed > heads:
        raise Refused("passed", N_("More cannot have passed than took part."))
    found = TrainingRecord(
        id=result.record_id,
        site_id=training.site_id,
        training_id=training.id,
        headcount=heads,
        hours=result.hours,
        score=result.score,
        passed=result.passed,
        note=result.note,
        person_id=by.id,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        receipt_key=at.receipt,
    )
    session.add(found)
    session.flush()
    named = (TrainingPerson(record_id=found.id, person_id=one.id, site_id=training.site_id) for one in result.people)
    session.add_all(named)
    photos.attach(
        pictures,
        training.site_id,
        lambda photo_id: TrainingPhoto(photo_id=photo_id, training_id=training.id, site_id=training.site_id),
        by=by,
        at=at,
    )
    return found


def training(person: Person, training_id: UUID, right: Right = Right.SEE_SITE) -> Training:
    """A training at a site where the person has this right."""
    query = select(Training).where(Training.id == training_id, Training.site_id.in_(person.sites_with(right)))
    found = session.scalar(query.options(*_WHOLE))
    if found is None:
        raise Unseen("unknown-training", N_("This training is not known here."))
    return found


_WHOLE = (
    selectinload(Training.records).selectinload(TrainingRecord.people).selectinload(TrainingPerson.person),
    selectinload(Training.photos).selectinload(TrainingPhoto.photo),
)


def of_year(site_ids: Collection[UUID], year: int) -> Sequence[Training]:
    """All of a year, the newest first."""
    days = Training.held_on.between(date(year, 1, 1), date(year, 12, 31))
    query = select(Training).where(Training.site_id.in_(site_ids), days).options(selectinload(Training.records))
    return session.scalars(query.order_by(Training.held_on.desc(), Training.id.desc())).all()


def upcoming(site_ids: Collection[UUID], today: date) -> Sequence[Training]:
    """What is planned from today on and not recorded yet, the next first."""
    query = select(Training).where(Training.site_id.in_(site_ids), Training.held_on >= today, ~Training.records.any())
    return session.scalars(query.order_by(Training.held_on, Training.id).limit(20)).all()


def totals(found: Collection[Training]) -> Totals:
    """What these came to; what is only planned does not count."""
    held = [one.record for one in found if one.record]
    return Totals(
        times=len(held),
        people=sum(one.headcount for one in held),
        hours=sum((one.hours * one.headcount for one in held), NOTHING),
        passed=sum(one.passed or 0 for one in held),
    )
