"""Addresses under which calendars read: made, renewed, revoked, recognised. Whoever has one reads it."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from crew_app.connections.models import CalendarFeed
from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.ids import secret_hash
from crew_app.core.words import N_
from crew_app.people.models import Person

SELDOM = timedelta(hours=1)


class FeedScope(StrEnum):
    """How much a calendar shows."""

    MINE = "mine"
    SITE = "site"


def feed_of(person: Person) -> CalendarFeed | None:
    """The address of somebody, if there is one that holds."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
    return session.scalar(query.order_by(CalendarFeed.made_at.desc()).limit(1))


def make(person: Person, scope: FeedScope, secret: str, at: datetime) -> CalendarFeed:
    """Make an address; the one before is ended."""
    revoke(person, at)
    feed = CalendarFeed(person_id=person.id, secret_hash=secret_hash(secret), scope=scope, made_at=at)
    session.add(feed)
    session.flush()
    return feed


def revoke(person: Person, at: datetime) -> None:
    """End it: calendars get nothing more."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
    for feed in session.scalars(query):
        feed.revoked_at = at
    session.flush()


def recognise(secret: str) -> CalendarFeed:
    """The feed behind an address; `Unseen` when it does not hold, or its person does not work here any more."""
    query = select(CalendarFeed).where(
        CalendarFeed.secret_hash == secret_hash(secret), CalendarFeed.revoked_at.is_(None)
    )
    feed = session.scalar(query)
    if feed is None or not feed.person.active or not feed.person.memberships:
        raise Unseen("unknown-calendar", N_("This calendar address does not hold any more. Make a new one in the app."))
    return feed


def is_to_be_noted(feed: CalendarFeed, at: datetime) -> bool:
    """Whether it is time again to write down that somebody read it."""
    return feed.used_at is None or at - feed.used_at >= SELDOM
