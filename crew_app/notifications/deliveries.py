"""Deliveries: written in the transaction of the notice, sent later by the worker, each until it has arrived."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.revisions import kept
from crew_app.notifications import habits
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.models import ChatHook, ChatHookTopic, Notice, PushSubscription
from crew_app.notifications.outcome import Came, Outcome
from crew_app.notifications.rules import MOST_TRIES, Channel, Stand, Topic, pause

KEPT = timedelta(days=30)
"""Deliveries that are settled are forgotten after this time."""


def plan(notices: Sequence[Notice], at: datetime) -> None:
    """Write down by which ways these new notices leave: one row for each address."""
    if not notices:
        return
    ways = habits.ways_to({notice.person_id for notice in notices})
    for notice in notices:
        way = ways[notice.person_id]
        if way.choices.wants(notice.topic, Channel.PUSH):
            _add(notice, Channel.PUSH, way.phones, at)
        if way.by_mail and way.choices.wants(notice.topic, Channel.MAIL):
            _add(notice, Channel.MAIL, [notice.person_id], at)
    _tell_groups(notices, at)
    session.flush()


def _add(notice: Notice, channel: Channel, targets: Iterable[UUID], at: datetime) -> None:
    session.add_all(
        NoticeDelivery(site_id=notice.site_id, notice_id=notice.id, channel=channel, target=target, due_at=at)
        for target in targets
    )


def _tell_groups(notices: Sequence[Notice], at: datetime) -> None:
    """A chat group hears of an event once, however many people it was told to."""
    first = notices[0]
    hooks = kept(("lists",), ("groups", first.site_id, first.topic), lambda: _groups(first.site_id, first.topic))
    if not hooks:
        return
    told = select(NoticeDelivery.target).join(Notice).where(Notice.key == first.key)
    told = told.where(NoticeDelivery.channel == Channel.CHAT, NoticeDelivery.target.in_(hooks))
    _add(first, Channel.CHAT, sorted(hooks - set(session.scalars(told))), at)


def _groups(site_id: UUID, topic: Topic) -> set[UUID]:
    query = select(ChatHook.id).join(ChatHookTopic).where(ChatHook.site_id == site_id, ChatHook.active)
    return set(session.scalars(query.where(ChatHookTopic.topic == topic)))


def send_to(notice: Notice, channel: Channel, target: UUID, at: datetime) -> None:
    """Send a notice one way more, whatever anybody chose: for trying an address."""
    known = select(NoticeDelivery.id).where(
        NoticeDelivery.notice_id == notice.id, NoticeDelivery.channel == channel, NoticeDelivery.target == target
    )
    if session.scalar(known) is None:
        _add(notice, channel, [target], at)
        session.flush()


def due(at: datetime, limit: int) -> Sequence[NoticeDelivery]:
    """What is to be sent now: the urgent first, then as it came."""
    query = (
        select(NoticeDelivery).join(Notice).where(NoticeDelivery.stand == Stand.WAITING, NoticeDelivery.due_at <= at)
    )
    query = query.options(joinedload(NoticeDelivery.notice).joinedload(Notice.person))
    return session.scalars(
        query.order_by(Notice.urgent.desc(), NoticeDelivery.due_at, NoticeDelivery.id).limit(limit)
    ).all()


def put_off(delivery: NoticeDelivery, until: datetime) -> None:
    """Not now; that is no failure."""
    delivery.due_at = until


def leave(delivery: NoticeDelivery, reason: str, at: datetime) -> None:
    """Not at all, on purpose."""
    delivery.stand, delivery.reason, delivery.done_at = Stand.LEFT, reason, at


def settle(delivery: NoticeDelivery, outcome: Outcome, at: datetime) -> None:
    """Write down what came of an attempt."""
    delivery.tries += 1
    delivery.reason = outcome.reason[:300]
    if outcome.came is Came.SENT:
        delivery.stand, delivery.done_at = Stand.DONE, at
    elif outcome.came is Came.GONE:
        leave(delivery, outcome.reason[:300], at)
        _forget_phone(delivery.target, at)
    elif outcome.came is Came.NEVER or delivery.tries >= MOST_TRIES:
        delivery.stand, delivery.done_at = Stand.DEAD, at
    else:
        delivery.due_at = at + max(pause(delivery.tries), outcome.wait or timedelta())


def _forget_phone(subscription_id: UUID, at: datetime) -> None:
    session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))
    waiting = NoticeDelivery.target == subscription_id, NoticeDelivery.stand == Stand.WAITING
    session.execute(update(NoticeDelivery).where(*waiting).values(stand=Stand.LEFT, done_at=at))


def dead(site_ids: Iterable[UUID], limit: int = 100) -> Sequence[NoticeDelivery]:
    """What could not be delivered at these sites, the newest first."""
    query = select(NoticeDelivery).where(NoticeDelivery.stand == Stand.DEAD, NoticeDelivery.site_id.in_(site_ids))
    query = query.options(joinedload(NoticeDelivery.notice).joinedload(Notice.person))
    return session.scalars(query.order_by(NoticeDelivery.done_at.desc(), NoticeDelivery.id).limit(limit)).all()


def try_again(deliveries: Iterable[NoticeDelivery], at: datetime) -> None:
    """Give them all their tries anew."""
    for delivery in deliveries:
        delivery.stand, delivery.tries, delivery.due_at, delivery.done_at = Stand.WAITING, 0, at, None


def clean_up(at: datetime, limit: int = 1000) -> int:
    """Forget deliveries that were settled long ago; how many."""
    old = NoticeDelivery.stand.in_((Stand.DONE, Stand.LEFT)), NoticeDelivery.done_at < at - KEPT
    ids = session.scalars(select(NoticeDelivery.id).where(*old).limit(limit)).all()
    session.execute(delete(NoticeDelivery).where(NoticeDelivery.id.in_(ids)))
    return len(ids)
