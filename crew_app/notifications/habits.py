"""What people want to be told, how, and when; and the phones where they asked for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from uuid import UUID

from sqlalchemy import delete, select

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.revisions import kept
from crew_app.core.words import N_
from crew_app.notifications.models import Choices, NoticeChoice, NoticeHabit, PushSubscription
from crew_app.notifications.push import keys_of_browser
from crew_app.notifications.rules import PERSONAL, Channel, Later, Topic, wanted_by_default
from crew_app.people.models import Person

MOST_PHONES = 10
FEW = 3
"""Of so many people at once the ways are kept; more are asked for together."""
LONGEST_ENDPOINT, LONGEST_MAIL = 600, 120


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything somebody says on the page of settings."""

    wanted: frozenset[tuple[Topic, Channel]]
    mail: str
    quiet: tuple[time, time] | None
    on_duty_only: bool
    later: Later


def habit_of(person_id: UUID) -> NoticeHabit:
    """The habits of somebody; the usual ones where nothing was said."""
    found = session.get(NoticeHabit, person_id)
    return found or NoticeHabit(person_id=person_id, mail="", on_duty_only=False, later=Later.WAIT)


def choices(people: Iterable[UUID]) -> dict[UUID, Choices]:
    """What each of these people wants, by topic and channel."""
    ids = set(people)
    rows: dict[UUID, list[NoticeChoice]] = {person_id: [] for person_id in ids}
    for row in session.scalars(select(NoticeChoice).where(NoticeChoice.person_id.in_(ids))):
        rows[row.person_id].append(row)
    return {person_id: Choices(found) for person_id, found in rows.items()}


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody is reached: what they want, the addresses of their phones, whether there is one for e-mails."""

    choices: Choices
    phones: tuple[UUID, ...]
    by_mail: bool


def ways_to(people: Collection[UUID]) -> dict[UUID, Way]:
    """How these people are reached now: what is kept of a few, three questions for many."""
    if len(people) > FEW:
        return _ways_to(people)
    return {one: kept(("habits",), ("way", one), partial(_way_to, one)) for one in people}


def _way_to(person_id: UUID) -> Way:
    return _ways_to([person_id])[person_id]


def _ways_to(people: Collection[UUID]) -> dict[UUID, Way]:
    query = select(PushSubscription.person_id, PushSubscription.id).where(PushSubscription.person_id.in_(people))
    phones: dict[UUID, list[UUID]] = {}
    for person_id, subscription_id in session.execute(query.order_by(PushSubscription.id)):
        phones.setdefault(person_id, []).append(subscription_id)
    with_mail = select(NoticeHabit.person_id).where(NoticeHabit.person_id.in_(people), NoticeHabit.mail != "")
    mails = set(session.scalars(with_mail))
    wanted = choices(people)
    return {one: Way(wanted[one], tuple(phones.get(one, ())), one in mails) for one in people}


def choose(person: Person, wish: Wish) -> None:
    """Keep what somebody wants; only what differs from what most get is written down."""
    if wish.mail and not plausible_mail(wish.mail):
        raise Refused("bad-mail", N_("This is no e-mail address."))
    if not wish.mail and any(channel is Channel.MAIL for _topic, channel in wish.wanted):
        raise Refused("mail-missing", N_("Please say to which address e-mails shall go."))
    habit = habit_of(person.id)
    habit.mail, habit.on_duty_only, habit.later = wish.mail, wish.on_duty_only, wish.later
    habit.quiet_from, habit.quiet_until = wish.quiet or (None, None)
    session.add(habit)
    session.execute(delete(NoticeChoice).where(NoticeChoice.person_id == person.id))
    for topic in Topic:
        for channel in PERSONAL:
            wanted = (topic, channel) in wish.wanted
            if wanted != wanted_by_default(channel, topic):
                session.add(NoticeChoice(person_id=person.id, topic=topic, channel=channel, wanted=wanted))
    session.flush()


def plausible_mail(text: str) -> bool:
    """Whether it looks like one address: a letter that comes back is the only real proof."""
    name, _, host = text.partition("@")
    plain = text.isascii() and text.isprintable() and not any(sign in text for sign in " ,;<>\"'\\()[]:")
    return plain and len(text) <= LONGEST_MAIL and bool(name) and "@" not in host and "." in host.strip(".")


def subscribe(
    person: Person, endpoint: str, keys: Mapping[str, str], device_id: UUID | None, at: datetime
) -> PushSubscription:
    """Push to this phone from now on. A phone has one address: it is this person's now, and nobody else's."""
    p256dh, auth = str(keys.get("p256dh", "")), str(keys.get("auth", ""))
    if not endpoint or len(endpoint) > LONGEST_ENDPOINT or not keys_of_browser(p256dh, auth):
        raise Refused("bad-subscription", N_("This browser gave no usable address for notices."))
    session.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint))
    if device_id:
        unsubscribe(person, device_id)
    made = PushSubscription(
        person_id=person.id, device_id=device_id, endpoint=endpoint, p256dh=p256dh, auth=auth, made_at=at
    )
    session.add(made)
    session.flush()
    _keep_newest(person)
    return made


def unsubscribe(person: Person, device_id: UUID) -> None:
    """Push nothing more of this person to this phone."""
    mine = PushSubscription.person_id == person.id, PushSubscription.device_id == device_id
    session.execute(delete(PushSubscription).where(*mine))


def subscriptions(person: Person) -> list[PushSubscription]:
    """The phones of somebody, the newest first."""
    query = select(PushSubscription).where(PushSubscription.person_id == person.id)
    found = session.scalars(query.order_by(PushSubscription.made_at.desc(), PushSubscription.id.desc()))
    return [one for one in found if is_alive(one, person)]


def is_alive(phone: PushSubscription, person: Person) -> bool:
    """Whether it may still be told: all sign-ins may have ended since, and a lost phone must know nothing more."""
    ended = person.sign_ins_ended_at
    return phone.person_id == person.id and person.active and (ended is None or phone.made_at >= ended)


def _keep_newest(person: Person) -> None:
    old = [one.id for one in subscriptions(person)[MOST_PHONES:]]
    session.execute(delete(PushSubscription).where(PushSubscription.id.in_(old)))
