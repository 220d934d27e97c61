"""Other systems of the demo hospital: tokens in use, and a webhook that is paused, so that nothing leaves the demo."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from crew_app.connections import feeds, telling, tokens, webhooks
from crew_app.connections.feeds import FeedScope
from crew_app.connections.models import SendState, WebhookMessage
from crew_app.connections.scopes import Scope, Topic
from crew_app.core.changes import Trace
from crew_app.core.db import session
from crew_app.core.ids import new_id, new_secret
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.models import Ticket, TicketEvent

SYSTEMS = (
    ("HIS", "admin", {Scope.TICKETS_READ, Scope.TICKETS_WRITE, Scope.PLACES_READ}, 120, 3, None),
    ("楼宇自控 BMS", "li", {Scope.READINGS_READ, Scope.READINGS_WRITE}, 60, 1, None),
    ("采购平台", "zhao", {Scope.STOCK_READ, Scope.EVENTS_READ}, 40, 60 * 22, None),
    ("大屏（旧）", "admin", {Scope.TICKETS_READ, Scope.ROUNDS_READ}, 300, 60 * 24 * 35, 30),
)
"""Name, in whose name, scopes, made how many days ago, used how many minutes ago, revoked how many days ago."""
SHOWN = 12


def stir(now: datetime) -> None:
    """Make them, in the present transaction; `now` is when the hospital is found."""
    admin = _person("admin")
    site_id = min(admin.sites_with(Right.CONNECT), key=str)
    site = next(one.site for one in admin.memberships if one.site_id == site_id)
    for name, login, scopes, days, minutes, revoked in SYSTEMS:
        holder = _person(login)
        site = next((one.site for one in holder.memberships if one.site_id in admin.site_ids), site)
        trace = Trace(admin.id, now - timedelta(days=days))
        draft = tokens.Draft(name, site, holder, frozenset(scopes), now + timedelta(days=365 - days))
        token = tokens.make(new_id(), draft, tokens.new_token(), by=admin, trace=trace)
        token.used_at = now - timedelta(minutes=minutes)
        if revoked:
            tokens.revoke(token, by=admin, trace=Trace(admin.id, now - timedelta(days=revoked)))
    _webhook(admin, now)
    feeds.make(_person("wang"), FeedScope.MINE, new_secret(), now - timedelta(days=9)).used_at = now


def _webhook(admin: Person, now: datetime) -> None:
    """Told of jobs until this morning; the last message was not taken."""
    newest = list(_newest(admin))
    site = newest[0][0].site
    topics = frozenset({Topic.TICKET_OPENED, Topic.TICKET_CHANGED, Topic.TICKET_FINISHED, Topic.STOCK_LOW})
    draft = webhooks.Draft("企业微信网关", "https://gateway.example.org/crew", topics)
    webhook = webhooks.make(new_id(), site, draft, by=admin, trace=Trace(admin.id, now - timedelta(days=50)))
    for ticket, event in newest:
        telling.tell_of_ticket(ticket, event)
    query = select(WebhookMessage).filter_by(webhook_id=webhook.id).order_by(WebhookMessage.id)
    for number, message in enumerate(session.scalars(query)):
        message.state, message.tries, message.status = SendState.SENT, 1, 200
        message.sent_at, message.took_ms = message.made_at + timedelta(seconds=3), 80 + number * 37 % 90
    message.state, message.tries, message.status, message.failure = SendState.GIVEN_UP, 12, 503, "answered 503"
    webhooks.pause(webhook, Trace(admin.id, now - timedelta(hours=2)))


def _newest(admin: Person) -> Iterator[tuple[Ticket, TicketEvent]]:
    query = select(TicketEvent).join(Ticket).where(Ticket.site_id.in_(admin.sites_with(Right.CONNECT)))
    found = session.scalars(query.order_by(TicketEvent.received_at.desc(), TicketEvent.id).limit(SHOWN * 3)).all()
    same = [event for event in found if event.site_id == found[0].site_id][:SHOWN]
    return ((event.ticket, event) for event in reversed(same))


def _person(login: str) -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()
