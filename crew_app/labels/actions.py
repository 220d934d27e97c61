"""Verbs about labels: tags for what has none, blank tags printed ahead, voided, claimed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from crew_app.core.changes import NEW, REMOVED, How, Trace, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.labels.choosing import MOST, Selection, subjects
from crew_app.labels.models import BlankTag, TagBatch
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places.actions import make_tag, make_tags, retire_tag
from crew_app.places.codes import GIVEN, fresh_codes
from crew_app.places.models import Asset, Place, Tag
from crew_app.places.queries import tags_of

MOST_BLANK = 1_000
"""Blank tags of one batch."""

GIVEN.append(lambda codes: set(session.scalars(select(BlankTag.code).where(BlankTag.code.in_(codes)))))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a blank tag is stuck on; whether tags that were there before are gone."""

    subject: Place | Asset
    replaces: bool = False


def tag_all(chosen: Selection, *, by: Person | None, at: Moment) -> int:
    """Make tags for what is chosen and has none; returns how many. At most `MOST` at once."""
    if by is not None:
        _need(by, chosen.site_id)
    made = 0
    without = [one for found in subjects(chosen, without_tag=True) for one in found][:MOST]
    made += len(make_tags(without, by=by, at=at))
    return made


def make_batch(site_id: UUID, count: int, words: str, *, by: Person, at: Moment, how: How = How.PAGE) -> TagBatch:
    """Make so many blank tags of a site."""
    _need(by, site_id)
    if not 1 <= count <= MOST_BLANK:
        raise Refused("batch-size", N_("Between 1 and %(most)s blank tags can be made at once."), most=MOST_BLANK)
    batch = TagBatch(site_id=site_id, note=words[:80], made_by_id=by.id, made_at=at.at)
    session.add(batch)
    session.flush()
    session.add_all(BlankTag(code=code, site_id=site_id, batch_id=batch.id) for code in fresh_codes(count))
    note(batch, NEW, None, count, Trace(by.id, at.at, how), name=words or str(count))
    session.flush()
    return batch


def void_batch(batch: TagBatch, *, by: Person, at: Moment) -> int:
    """Void whatever of a batch is not claimed: spoilt or lost. Returns how many."""
    return _void(batch, at.at, by, BlankTag.batch_id == batch.id)


def void_tag(tag: BlankTag, *, by: Person, at: Moment) -> None:
    """Void one blank tag."""
    if not _void(tag.batch, at.at, by, BlankTag.code == tag.code):
        raise _gone(tag)


def _void(batch: TagBatch, at: datetime, by: Person, which: Any) -> int:
    _need(by, batch.site_id)
    statement = update(BlankTag).where(which, BlankTag.claimed_at.is_(None), BlankTag.voided_at.is_(None))
    found: CursorResult[Any] = session.execute(statement.values(voided_at=at))  # type: ignore[assignment]
    session.expire_all()
    if found.rowcount:
        note(batch, REMOVED, found.rowcount, None, Trace(by.id, at), name=batch.note or str(found.rowcount))
    return int(found.rowcount)


def claim(blank: BlankTag, what: Claim, *, by: Person, at: Moment) -> Tag:
    """Make a blank tag the tag of what it is stuck on.

    `Refused`: "tag-claimed" by somebody before, "tag-voided", "other-site" for what belongs to another site, "retired".
    """
    _need(by, blank.site_id)
    subject = what.subject
    if subject.site_id != blank.site_id:
        raise Refused("other-site", N_("This label was printed for another site. Please take one of this site."))
    if subject.retired_at:
        raise Refused("retired", N_("%(name)s is retired. Please choose what is in use."), name=subject.name)
    free = (BlankTag.code == blank.code, BlankTag.claimed_at.is_(None), BlankTag.voided_at.is_(None))
    taken = update(BlankTag).where(*free).values(claimed_at=at.at, claimed_by_id=by.id)
    found: CursorResult[Any] = session.execute(taken)  # type: ignore[assignment]
    session.refresh(blank)
    if found.rowcount != 1:
        raise _gone(blank)
    former = [tag for tag in tags_of(subject) if not tag.retired_at] if what.replaces else []
    tag = make_tag(subject, by=by, at=at, code=blank.code)
    for old in former:
        retire_tag(old, by=by, at=at)
        old.replaced_by_code = tag.code
    session.flush()
    return tag


def _gone(blank: BlankTag) -> Refused:
    if blank.voided_at:
        return Refused("tag-voided", N_("This label was voided. Please take it off and use another one."))
    return Refused("tag-claimed", N_("Somebody has said before what this label is stuck on. Scan it again to see."))


def _need(by: Person, site_id: UUID) -> None:
    if not by.can(Right.MANAGE_TAGS, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
