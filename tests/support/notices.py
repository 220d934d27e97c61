"""Notices, the phones they go to, and a worker's round, for tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from crew_app.core.db import session, write_transaction
from crew_app.notifications import habits, push
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.rules import Later, Stand, Topic
from crew_app.people.models import Person
from crew_app.web.delivering import deliver
from tests.support.client import CrewClient, some_id
from tests.support.lint import Page
from tests.support.stubs import Browser
from tests.support.world import World

AT = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""14:00 in the hospital."""
USUAL = habits.Wish(frozenset(), "", None, on_duty_only=False, later=Later.WAIT)
TITLE = "Finished: %(job)s"


def subscribed(app: Flask, world: World, login: str, url: str, browser: Browser | None = None) -> UUID:
    """A phone of this person, whose push service is at this address."""
    with app.app_context(), write_transaction():
        push.make_keys(AT)
        fields = (browser or Browser()).fields
        return habits.subscribe(world.person(login), url, fields, None, AT).id


def told(app: Flask, world: World, login: str, key: str = "k", at: datetime = AT, **more: Any) -> UUID:
    """Somebody was told something; the id of the notice."""
    fields: dict[str, Any] = {"topic": Topic.JOB, "title": TITLE, "params": {"job": {"zh": "灯", "en": "Lamp"}}}
    message = Message(site_id=world.sites["north"], href="/tickets", **{**fields, **more})
    with app.app_context(), write_transaction():
        return tell([world.person(login)], message, key=key, at=at)[0].id


def round_of(app: Flask, at: datetime = AT) -> int:
    """The worker looks once what there is to send."""
    with app.app_context():
        return deliver(app.config["SETTINGS"], at)


def stands(app: Flask) -> list[tuple[str, int, str]]:
    """How far the deliveries have got: state, tries, reason."""
    with app.app_context():
        rows = session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id)).all()
        return [(row.stand.value, row.tries, row.reason) for row in rows]


def due_in(app: Flask, at: datetime = AT) -> list[timedelta]:
    """In what time each is due."""
    with app.app_context():
        rows = session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id)).all()
        return [row.due_at - at for row in rows]


def wishes(app: Flask, world: World, login: str, wish: habits.Wish) -> None:
    """What somebody chose."""
    with app.app_context(), write_transaction():
        habits.choose(session.get_one(Person, world.people[login]), wish)


def notice_pages(app: Flask, world: World, sign_in: Callable[[str], CrewClient]) -> list[Page]:
    """Every page with a form: something unread, a chat group, something that could not be delivered."""
    told(app, world, "technician")
    worker, admin = sign_in("technician"), sign_in("administrator")
    fields = {"hook_id": some_id(), "site_id": str(world.sites["north"]), "name": "群", "locale": "en"}
    assert admin.send("/notices/groups", {**fields, "address": "feishu://0123456789abcdef"}).status_code == 201
    subscribed(app, world, "supervisor", "https://push.example.com/boss")
    told(app, world, "supervisor", "dead")
    with app.app_context(), write_transaction():
        session.execute(update(NoticeDelivery).values(stand=Stand.DEAD, done_at=AT))
    paths = ("/notices/groups", "/notices/undelivered")
    return [*(worker.page(path) for path in ("/notices", "/notices/settings")), *(admin.page(path) for path in paths)]
