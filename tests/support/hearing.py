"""Webhooks in tests: one that listens on this machine, and the worker's round."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from crew_app.connections import signing, webhooks
from crew_app.connections.models import SendState, Webhook, WebhookMessage
from crew_app.connections.scopes import Topic
from crew_app.connections.sending import send_waiting
from crew_app.core.changes import Trace
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Site
from tests.support.world import World

HOUSE = frozenset({"127.0.0.1"})
ALL = frozenset(Topic) - {Topic.TEST}
ENDS = ALL - {Topic.TICKET_CHANGED}
"""Without what happens in between: dispatch tells something of its own."""


def listening(app: Flask, world: World, url: str, topics: frozenset[Topic] = ENDS, *, site: str = "north") -> UUID:
    """A webhook of the site."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], outside_hosts=HOUSE)
    with app.app_context(), write_transaction():
        by = world.person("administrator" if site == "north" else "outsider")
        draft = webhooks.Draft("BMS", url, topics, HOUSE)
        found = session.get_one(Site, world.sites[site])
        trace = Trace(by.id, datetime.now(UTC) - timedelta(hours=1))
        return webhooks.make(new_id(), found, draft, by=by, trace=trace).id


def round_of(app: Flask, at: datetime | None = None) -> int:
    """The worker looks once what there is to send; how many attempts."""
    with app.app_context():
        return send_waiting(app.config["SETTINGS"], at or datetime.now(UTC) + timedelta(seconds=1))


def stands(app: Flask) -> list[tuple[str, str, int]]:
    """Topic, state and tries of each message, the oldest first."""
    with app.app_context():
        rows = session.scalars(select(WebhookMessage).order_by(WebhookMessage.id)).all()
        return [(row.topic, row.state.value, row.tries) for row in rows]


def waiting(app: Flask) -> list[Any]:
    """When each message that waits is due."""
    with app.app_context():
        query = select(WebhookMessage.next_at).where(WebhookMessage.state == SendState.WAITING)
        return list(session.scalars(query.order_by(WebhookMessage.id)))


def secret_of(app: Flask, webhook_id: UUID) -> str:
    """What its messages are signed with."""
    with app.app_context():
        nonce = session.get_one(Webhook, webhook_id).secret
        return signing.secret_of(app.config["SETTINGS"].secret_key, nonce)
