"""Webhooks: made, changed, paused, removed; what is waiting for them is written down where it happens."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.connections.models import SendState, Webhook, WebhookMessage
from crew_app.connections.scopes import Topic, in_order
from crew_app.core import outside
from crew_app.core.changes import NEW, REMOVED, Trace, note, put
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right

MOST = 20
"""Webhooks of a site: each of them gets a copy of everything it hears."""
PAGE = 50
BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Draft:
    """A webhook as somebody wants it. `house`: hosts of the house that may be named."""

    name: str
    url: str
    topics: frozenset[Topic]
    house: frozenset[str] = frozenset()


def new_nonce() -> str:
    """What a row keeps of a secret."""
    return secrets.token_urlsafe(24)


def make(webhook_id: UUID, site: Site, draft: Draft, *, by: Person, trace: Trace) -> Webhook:
    """Tell an address from now on."""
    if not by.can(Right.CONNECT, site.id):
        raise Forbidden("may-not", N_("Your role does not allow this."))
    _check(draft)
    if session.get(Webhook, webhook_id):
        raise Refused("webhook-known", N_("This address is told already."))
    if len(listed([site.id])) >= MOST:
        raise Refused("too-many", N_("There are 20 addresses already. Please remove one that is not needed."))
    webhook = Webhook(
        id=webhook_id,
        site_id=site.id,
        name=draft.name,
        url=draft.url,
        secret=new_nonce(),
        topics=in_order(draft.topics),
        made_by_id=by.id,
        made_at=trace.at,
        pause_reason="",
    )
    session.add(webhook)
    session.flush()
    note(webhook, NEW, "", f"{webhook.url}: {webhook.topics}", trace)
    return webhook


def change(webhook: Webhook, draft: Draft, trace: Trace) -> None:
    """Tell it otherwise, or elsewhere. What waits goes to the new address."""
    _check(draft)
    put(webhook, {"name": draft.name, "url": draft.url, "topics": in_order(draft.topics)}, trace)
    session.flush()


def renew_secret(webhook: Webhook, trace: Trace) -> None:
    """Sign with another secret from now on."""
    webhook.secret = new_nonce()
    note(webhook, "secret", "", "renewed", trace)
    session.flush()


def pause(webhook: Webhook, trace: Trace, reason: str = BY_HAND) -> None:
    """Write nothing more for it, and send nothing; what waits goes on waiting."""
    if webhook.paused_at is None:
        put(webhook, {"paused_at": trace.at, "pause_reason": reason[:200]}, trace)
        session.flush()


def resume(webhook: Webhook, trace: Trace) -> None:
    """Tell it again; what waited is tried at once."""
    put(webhook, {"paused_at": None, "pause_reason": ""}, trace)
    for message in session.scalars(select(WebhookMessage).filter_by(webhook_id=webhook.id, state=SendState.WAITING)):
        message.next_at, message.tries = trace.at, 0
    session.flush()


def remove(webhook: Webhook, trace: Trace) -> None:
    """Never tell it again; what was sent stays on record."""
    if webhook.removed_at is None:
        webhook.removed_at = trace.at
        note(webhook, REMOVED, webhook.url, "", trace)
        for message in session.scalars(select(WebhookMessage).filter_by(webhook_id=webhook.id)):
            if message.state is SendState.WAITING:
                message.state, message.failure = SendState.GIVEN_UP, "the webhook was removed"
        session.flush()


def listed(site_ids: Collection[UUID]) -> Sequence[Webhook]:
    """The webhooks of these sites."""
    query = select(Webhook).where(Webhook.site_id.in_(site_ids), Webhook.removed_at.is_(None))
    return session.scalars(query.order_by(Webhook.name, Webhook.id)).all()


def one(person: Person, webhook_id: UUID) -> Webhook:
    """A webhook of a site whose connections the person keeps."""
    found = session.get(Webhook, webhook_id)
    if found is None or found.removed_at or found.site_id not in person.sites_with(Right.CONNECT):
        raise Unseen("unknown-webhook", N_("This address is not told anything here."))
    return found


def message(person: Person, message_id: UUID) -> WebhookMessage:
    """A message to one of them."""
    found = session.get(WebhookMessage, message_id)
    if found is None or found.webhook.removed_at or found.site_id not in person.sites_with(Right.CONNECT):
        raise Unseen("unknown-message", N_("This message is not known here."))
    return found


def messages(webhook: Webhook, before: UUID | None = None) -> Sequence[WebhookMessage]:
    """What was written for it, the newest first; `before` is the id of the last one seen."""
    query = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook.id)
    if before:
        query = query.where(WebhookMessage.id < before)
    return session.scalars(query.order_by(WebhookMessage.id.desc()).limit(PAGE)).all()


def waiting(site_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many messages of each webhook wait, and how many were given up."""
    query = select(WebhookMessage.webhook_id, WebhookMessage.state).where(
        WebhookMessage.site_id.in_(site_ids), WebhookMessage.state != SendState.SENT
    )
    found: dict[UUID, tuple[int, int]] = {}
    for webhook_id, state in session.execute(query):
        waits, lost = found.get(webhook_id, (0, 0))
        found[webhook_id] = (waits + 1, lost) if state is SendState.WAITING else (waits, lost + 1)
    return found


def hearing(site_id: UUID, topic: Topic) -> Iterable[Webhook]:
    """Who hears of a topic at a site now."""
    query = select(Webhook).where(Webhook.site_id == site_id, Webhook.removed_at.is_(None), Webhook.paused_at.is_(None))
    return [one for one in session.scalars(query) if topic in one.topics.split()]


def try_again(found: WebhookMessage, at: datetime) -> None:
    """Send one again that was given up, or at once what would wait longer."""
    found.state, found.next_at, found.tries = SendState.WAITING, at, 0
    session.flush()


def _check(draft: Draft) -> None:
    if not draft.name.strip():
        raise Refused("name-missing", N_("Please say which system it is for."))
    if not draft.topics:
        raise Refused("topics-missing", N_("Please choose at least one thing that it is told."))
    try:
        with outside.allowing(draft.house):
            outside.check(draft.url)
    except (outside.NotOutside, ValueError) as error:
        words = N_("This address can't be told: it must begin with https:// and have no password in it.")
        raise Refused("bad-address", words) from error
