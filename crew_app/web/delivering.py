"""The worker sends what notices wait to be sent: each at least once, in the language of whoever reads it.

What is to be said is put together in one transaction; the network is asked outside of any; what came of it is written
down one by one. A process that dies in between sends again: phones show a notice once, by its tag.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from functools import partial
from uuid import UUID

from flask_babel import force_locale, gettext

from crew_app.config import Settings
from crew_app.core import outside, seal
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.desk import reaching
from crew_app.notifications import chat, deliveries, habits, mail, push
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.models import ChatHook, Notice, PushSubscription
from crew_app.notifications.outcome import Came, Outcome
from crew_app.notifications.rules import PERSONAL, Channel
from crew_app.web.notices import words

BATCH, THREADS, ROUNDS = 40, 4, 10
CHINESE = "zh_Hans_CN"
Errand = Callable[[], Outcome]


class Unsendable(Exception):
    """There is nobody to send it to; the text says why."""


def deliver(settings: Settings, at: datetime) -> int:
    """Send what is due; how many attempts were made."""
    tried = 0
    for _ in range(ROUNDS):
        if not deliveries.due(at, 1):
            break
        tried += _send(settings, _errands(settings, at))
    session.rollback()
    return tried


def _errands(settings: Settings, at: datetime) -> dict[UUID, Errand]:
    """What to do for each delivery that may go now; the others are put off or left."""
    with write_transaction():
        found = [one for one in deliveries.due(at, BATCH) if not _held_back(one, at)]
        return {one.id: errand for one in found if (errand := _errand(settings, one, at))}


def _held_back(delivery: NoticeDelivery, at: datetime) -> bool:
    notice = delivery.notice
    if delivery.channel not in PERSONAL:
        return False
    if notice.read_at or not notice.person.active:
        deliveries.leave(delivery, "read already" if notice.read_at else "the account is closed", at)
        return True
    habit = habits.habit_of(notice.person_id)
    until = reaching.wait_until(notice, habit, at)
    if until and reaching.is_left(notice, habit, until):
        deliveries.leave(delivery, "only in the list", at)
    elif until:
        deliveries.put_off(delivery, until)
    return until is not None


def _errand(settings: Settings, delivery: NoticeDelivery, at: datetime) -> Errand | None:
    try:
        return _MAKERS[delivery.channel](settings, delivery)
    except Unsendable as error:
        deliveries.leave(delivery, str(error), at)
    except seal.Unreadable:
        deliveries.settle(delivery, Outcome(Came.NEVER, "SECRET_KEY has changed: enter the address again"), at)
    return None


def _by_push(settings: Settings, delivery: NoticeDelivery) -> Errand:
    phone, keys = session.get(PushSubscription, delivery.target), push.keys()
    if phone is None or keys is None or not habits.is_alive(phone, delivery.notice.person):
        raise Unsendable("the phone is signed out")
    notice = delivery.notice
    content = {"id": str(notice.id), "title": _said(notice, notice.person.locale), "href": notice.href or "/notices"}
    letter = push.Letter(phone.endpoint, phone.p256dh, phone.auth, content, notice.urgent)
    return partial(push.send, letter, keys.private, _contact(settings))


def _by_mail(settings: Settings, delivery: NoticeDelivery) -> Errand:
    notice = delivery.notice
    address = habits.habit_of(notice.person_id).mail
    if not address or not settings.smtp_url:
        raise Unsendable("there is no address or no mail server")
    with force_locale(notice.person.locale or CHINESE):
        title = words(notice)
        lines = [
            title,
            *_link(settings, notice),
            "",
            gettext("You chose to get this by e-mail. Change it under Notices."),
        ]
    letter = mail.Letter(str(delivery.id), address, title.replace("\n", " ")[:150], "\n".join(lines))
    return partial(mail.send, letter, settings.smtp_url, settings.mail_from)


def _by_chat(settings: Settings, delivery: NoticeDelivery) -> Errand:
    hook = session.get(ChatHook, delivery.target)
    if hook is None or not hook.active:
        raise Unsendable("the group is not told any more")
    said = "\n".join([_said(delivery.notice, hook.locale), *_link(settings, delivery.notice)])
    return partial(chat.send, seal.unseal(settings.secret_key, hook.sealed), said)


_MAKERS: dict[Channel, Callable[[Settings, NoticeDelivery], Errand]] = {
    Channel.PUSH: _by_push,
    Channel.MAIL: _by_mail,
    Channel.CHAT: _by_chat,
}


def _said(notice: Notice, locale: str | None) -> str:
    with force_locale(locale or CHINESE):
        return words(notice)


def _link(settings: Settings, notice: Notice) -> list[str]:
    return [settings.public_url + notice.href] if settings.public_url and notice.href else []


def _contact(settings: Settings) -> str:
    """Whom a push service may ask about us."""
    address = settings.mail_from.rpartition("<")[2].rstrip(">")
    return f"mailto:{address}" if address else settings.public_url or "mailto:crew@localhost"


def _send(settings: Settings, errands: dict[UUID, Errand]) -> int:
    if not errands:
        return 0
    with ThreadPoolExecutor(THREADS) as pool:
        running = {pool.submit(_run, settings.outside_hosts, errand): key for key, errand in errands.items()}
        for future in as_completed(running):
            _settle(running[future], future.result())
    return len(errands)


def _run(hosts: frozenset[str], errand: Errand) -> Outcome:
    with outside.allowing(hosts):
        try:
            return errand()
        except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
            return Outcome(Came.LATER, type(error).__name__)


def _settle(delivery_id: UUID, outcome: Outcome) -> None:
    with write_transaction():
        delivery = session.get(NoticeDelivery, delivery_id)
        if delivery:
            deliveries.settle(delivery, outcome, now())
