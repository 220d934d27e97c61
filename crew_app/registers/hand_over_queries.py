"""Which hand-overs wait for a signature, which are missing, which there were; within one's own sites."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.registers.shift_models import (
    HandOver,
    HandOverLine,
    HandOverNote,
    HandOverSignature,
    LineSource,
    ShiftPost,
)
from crew_app.registers.shift_rules import last_change, overdue

PAGE = 30
_CARD = (
    joinedload(HandOver.post),
    joinedload(HandOver.person).options(*NAMED),
    joinedload(HandOver.relieved_by).options(*NAMED),
)


def post(person: Person, post_id: UUID, right: Right) -> ShiftPost:
    """A post at a site where the person has this right."""
    found = session.get(ShiftPost, post_id)
    if found is None or found.site_id not in person.sites_with(right):
        raise Unseen("unknown-post", N_("This post is not known here."))
    return found


def posts(site_ids: Collection[UUID], *, all_of_them: bool = False) -> Sequence[ShiftPost]:
    """The posts that are relieved, or all that ever were."""
    query = select(ShiftPost).where(ShiftPost.site_id.in_(site_ids))
    if not all_of_them:
        query = query.where(ShiftPost.active.is_(True))
    return session.scalars(query.order_by(ShiftPost.active.desc(), ShiftPost.created_at, ShiftPost.id)).all()


def usual_post(person: Person, among: Sequence[ShiftPost]) -> ShiftPost | None:
    """The post this person handed over or took over last; else one of their trades; else the only one there is."""
    mine = or_(HandOver.person_id == person.id, HandOver.relieved_by_id == person.id)
    last = session.scalar(select(HandOver.post_id).where(mine).order_by(HandOver.at.desc()).limit(1))
    found = [one for one in among if one.id == last] or [one for one in among if one.trade in person.trade_set]
    return found[0] if found else among[0] if len(among) == 1 else None


def hand_over(person: Person, hand_over_id: UUID, right: Right = Right.SEE_SITE, *, lock: bool = False) -> HandOver:
    """A hand-over at a site where the person has this right, with its lines, notes and signatures."""
    query = select(HandOver).where(HandOver.id == hand_over_id, HandOver.site_id.in_(person.sites_with(right)))
    query = query.options(*_WHOLE)
    if lock:
        query = query.with_for_update(of=HandOver).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-hand-over", N_("This hand-over is not known here."))
    return found


_WHOLE = (
    selectinload(HandOver.post),
    selectinload(HandOver.lines).selectinload(HandOverLine.notes).selectinload(HandOverNote.person),
    selectinload(HandOver.signatures).selectinload(HandOverSignature.device_person),
)


def waiting(site_ids: Collection[UUID]) -> Sequence[HandOver]:
    """Hand-overs that no relief has signed, the oldest first."""
    query = select(HandOver).where(HandOver.site_id.in_(site_ids), HandOver.relieved_at.is_(None)).options(*_CARD)
    return session.scalars(query.order_by(HandOver.at).limit(PAGE)).all()


def past(site_ids: Collection[UUID], before: UUID | None = None) -> Sequence[HandOver]:
    """Hand-overs that both have signed, the newest first, a page at a time."""
    query = select(HandOver).where(HandOver.site_id.in_(site_ids), HandOver.relieved_at.is_not(None)).options(*_CARD)
    last = session.get(HandOver, before) if before else None
    if last:
        query = query.where(tuple_(HandOver.at, HandOver.id) < (last.at, last.id))
    return session.scalars(query.order_by(HandOver.at.desc(), HandOver.id.desc()).limit(PAGE)).all()


def missing(site_ids: Collection[UUID], at: datetime) -> list[tuple[ShiftPost, datetime]]:
    """Posts whose shift ended more than half an hour ago without anybody handing over, and when it should have been."""
    here = posts(site_ids)
    ends = select(HandOver.post_id, func.max(HandOver.ends_at)).where(HandOver.post_id.in_([one.id for one in here]))
    last = {row[0]: row[1] for row in session.execute(ends.group_by(HandOver.post_id))}
    due = [(one, last_change(one.changes, at.astimezone(one.site.zone))) for one in here]
    return [
        (one, change)
        for one, change in due
        if change and overdue(change, at) and max(last.get(one.id, one.created_at), one.created_at) < change
    ]


def running_state(found: ShiftPost) -> str:
    """What the last hand-over of a post said about the running state: where one goes on writing from."""
    query = select(HandOverLine.text).join(HandOver)
    query = query.where(HandOver.post_id == found.id, HandOverLine.source == LineSource.RUNNING)
    return session.scalar(query.order_by(HandOver.at.desc(), HandOverLine.position).limit(1)) or ""
