"""Blank tags and their batches, within the sites a person may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crew_app.core.codes import BadTagCode, normalise
from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.labels.models import BlankTag, TagBatch
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.models import Asset, Place, Tag

PAGE = 30


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch, and what became of its tags."""

    batch: TagBatch
    all: int
    claimed: int
    voided: int

    @property
    def free(self) -> int:
        """How many may still be claimed."""
        return self.all - self.claimed - self.voided


def blank(text: str, *, lock: bool = False) -> BlankTag | None:
    """The blank tag with this code, if it ever was one."""
    try:
        code = normalise(text)
    except BadTagCode:
        return None
    query = select(BlankTag).options(joinedload(BlankTag.batch)).where(BlankTag.code == code)
    if lock:
        query = query.with_for_update(of=BlankTag).execution_options(populate_existing=True)
    return session.scalar(query)


def batches(site_id: UUID, before: datetime | None = None) -> list[Batch]:
    """The batches of a site, the newest first."""
    query = select(TagBatch).where(TagBatch.site_id == site_id).order_by(TagBatch.made_at.desc()).limit(PAGE)
    query = query.where(TagBatch.made_at < before) if before else query
    found = session.scalars(query).all()
    numbers = _numbers([batch.id for batch in found])
    return [Batch(batch, *numbers.get(batch.id, (0, 0, 0))) for batch in found]


def batch(person: Person, batch_id: UUID) -> Batch:
    """One batch, for whoever manages tags at its site."""
    found = session.get(TagBatch, batch_id)
    if found is None or found.site_id not in person.sites_with(Right.MANAGE_TAGS):
        raise Unseen("unknown-batch", N_("This batch of labels is not known."))
    return Batch(found, *_numbers([found.id]).get(found.id, (0, 0, 0)))


def _numbers(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, int]]:
    counts = (func.count(), func.count(BlankTag.claimed_at), func.count(BlankTag.voided_at))
    query = select(BlankTag.batch_id, *counts).where(BlankTag.batch_id.in_(ids)).group_by(BlankTag.batch_id)
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query)}


def free_tags(batch_id: UUID) -> Iterator[BlankTag]:
    """The tags of a batch that may still be claimed, by code: what is worth printing."""
    query = select(BlankTag).where(BlankTag.batch_id == batch_id, BlankTag.voided_at.is_(None))
    yield from session.scalars(query.where(BlankTag.claimed_at.is_(None)).order_by(BlankTag.code))


def claimed(batch_id: UUID, limit: int = 100) -> Sequence[Tag]:
    """What tags of a batch were stuck on, the latest first."""
    codes = select(BlankTag.code).where(BlankTag.batch_id == batch_id, BlankTag.claimed_at.is_not(None))
    options = joinedload(Tag.place), joinedload(Tag.asset).joinedload(Asset.place)
    query = select(Tag).options(*options).where(Tag.code.in_(codes)).order_by(Tag.created_at.desc(), Tag.code)
    return session.scalars(query.limit(limit)).all()


def last_place(person: Person, site_id: UUID) -> Place | None:
    """Where this person last claimed a label: the next one is probably stuck on nearby."""
    query = select(Tag).join(BlankTag, BlankTag.code == Tag.code).where(BlankTag.claimed_by_id == person.id)
    found = session.scalar(query.where(Tag.site_id == site_id).order_by(Tag.created_at.desc(), Tag.code).limit(1))
    return found.where if found else None
