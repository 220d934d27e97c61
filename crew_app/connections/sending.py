"""The worker sends what waits for webhooks: each message at least once, those about one thing in their order.

What is due is read in one transaction, the network is asked outside of any, what came of it is written down one by
one. A worker that dies in between sends again; receivers drop doubles by the id.
"""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import requests
from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased, joinedload

from crew_app.config import Settings
from crew_app.connections import signing, webhooks
from crew_app.connections.models import SendState, Webhook, WebhookMessage
from crew_app.core import outside
from crew_app.core.changes import How, Trace
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic as NoticeTopic
from crew_app.people.rules import Right
from crew_app.roster.queries import with_right

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
GIVE_UP = timedelta(days=3)
KEPT = timedelta(days=30)
"""So long what was sent stays on the page."""
FEWEST_TRIES = 10
"""A message is not given up before: it may have waited while its webhook was paused."""
BATCH, THREADS = 100, 4
TAKEN = (200, 300)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes out."""

    message_id: UUID
    webhook_id: UUID
    url: str
    secret: str
    topic: str
    body: str


@dataclass(frozen=True, slots=True)
class Came:
    """What came of sending: the answer, or why there was none."""

    status: int | None
    failure: str
    took_ms: int

    @property
    def fine(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and TAKEN[0] <= self.status < TAKEN[1]


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute, then twice as long each time, six hours at most."""
    doubled: int = 2 ** min(max(tries, 1) - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def send_waiting(settings: Settings, at: datetime) -> int:
    """Send what is due, as long as something is taken; how many attempts were made."""
    tried = 0
    for _ in range(10):
        letters = _due(settings, at)
        session.rollback()
        if not letters:
            break
        tried += _send(settings, letters)
    return tried


def forget_sent(_settings: Settings, at: datetime) -> int:
    """Forget what was sent, or given up, a month ago."""
    with write_transaction():
        old = delete(WebhookMessage).where(
            WebhookMessage.state != SendState.WAITING, WebhookMessage.made_at < at - KEPT
        )
        return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def _due(settings: Settings, at: datetime) -> list[Letter]:
    """Of each thing the oldest message that waits, for webhooks that are told."""
    earlier = aliased(WebhookMessage)
    before = select(earlier.id).where(
        earlier.webhook_id == WebhookMessage.webhook_id,
        earlier.subject == WebhookMessage.subject,
        earlier.state == SendState.WAITING,
        earlier.id < WebhookMessage.id,
    )
    query = (
        select(WebhookMessage)
        .join(Webhook)
        .where(WebhookMessage.state == SendState.WAITING, WebhookMessage.next_at <= at, ~before.exists())
        .where(Webhook.paused_at.is_(None), Webhook.removed_at.is_(None))
        .options(joinedload(WebhookMessage.webhook))
        .order_by(WebhookMessage.webhook_id, WebhookMessage.tries, WebhookMessage.id)
        .limit(BATCH)
    )
    return [_letter(one, settings.secret_key) for one in session.scalars(query)]


def _letter(message: WebhookMessage, key: str) -> Letter:
    webhook = message.webhook
    secret = signing.secret_of(key, webhook.secret)
    return Letter(message.id, webhook.id, webhook.url, secret, message.topic, message.body)


def _send(settings: Settings, letters: list[Letter]) -> int:
    with ThreadPoolExecutor(THREADS) as pool:
        groups = [list(group) for _, group in groupby(letters, key=lambda one: one.webhook_id)]
        running = [pool.submit(_deliver, settings.outside_hosts, group) for group in groups]
        return sum(_settle(came) for one in running for came in [one.result()])


def _deliver(hosts: frozenset[str], letters: Iterable[Letter]) -> list[tuple[Letter, Came]]:
    """One after the other to one address, until it does not take one: the others are not tried in vain."""
    found = []
    for letter in letters:
        with outside.allowing(hosts):
            came = post(letter)
        found.append((letter, came))
        if not came.fine:
            break
    return found


def post(letter: Letter) -> Came:
    """Send one; never raises."""
    began = time.monotonic()
    headers = signing.headers(letter.secret, str(letter.message_id), letter.body, now())
    headers |= {"Content-Type": "application/json", "User-Agent": "crew-app", "Crew-Topic": letter.topic}
    try:
        answer = outside.Session().post(letter.url, data=letter.body.encode(), headers=headers)
        taken = TAKEN[0] <= answer.status_code < TAKEN[1]
        status, failure = answer.status_code, "" if taken else f"answered {answer.status_code}"
    except outside.NotOutside as error:
        status, failure = None, str(error)
    except (OSError, requests.RequestException, ValueError) as error:
        status, failure = None, type(error).__name__
    return Came(status, failure, round((time.monotonic() - began) * 1000))


def _settle(results: list[tuple[Letter, Came]]) -> int:
    for letter, came in results:
        with write_transaction():
            message = session.get(WebhookMessage, letter.message_id)
            if message and message.state is SendState.WAITING:
                keep(message, came, now())
    return len(results)


def keep(message: WebhookMessage, came: Came, at: datetime) -> None:
    """Write down what came of a message: sent, tried again later, or given up, with its webhook paused."""
    message.tries += 1
    message.status, message.failure, message.took_ms = came.status, came.failure[:200], came.took_ms
    if came.fine:
        message.state, message.sent_at = SendState.SENT, at
    elif at - message.made_at >= GIVE_UP and message.tries >= FEWEST_TRIES:
        message.state = SendState.GIVEN_UP
        _stop(message.webhook, came, at)
    else:
        message.next_at = at + pause_after(message.tries)
        _put_off(message)
    session.flush()


def _put_off(message: WebhookMessage) -> None:
    """What else is due for an address that does not answer waits as long; what was never tried goes first then."""
    others = update(WebhookMessage).where(
        WebhookMessage.webhook_id == message.webhook_id,
        WebhookMessage.state == SendState.WAITING,
        WebhookMessage.next_at < message.next_at,
    )
    session.execute(others.values(next_at=message.next_at))


def _stop(webhook: Webhook, came: Came, at: datetime) -> None:
    """Nothing was taken for three days: pause it, and tell those who keep the connections."""
    if webhook.paused_at:
        return
    webhooks.pause(webhook, Trace(None, at, How.COMMAND), came.failure or "no answer")
    message = Message(
        webhook.site_id,
        NoticeTopic.PAPERS,
        N_("“%(name)s” has not taken our messages for three days and is told nothing more."),
        {"name": webhook.name},
        f"/admin/connections/webhooks/{webhook.id}",
    )
    tell(with_right(webhook.site_id, Right.CONNECT), message, key=f"webhook:{webhook.id}:{at:%Y%m%d%H%M}", at=at)
