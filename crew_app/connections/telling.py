"""What webhooks are told, written in the transaction in which it happens: whatever is committed is told, nothing else.

A message names things by their addresses in the API and by codes; it holds no names, phone numbers or words of people.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crew_app.connections.models import Webhook, WebhookMessage
from crew_app.connections.scopes import Topic
from crew_app.connections.webhooks import hearing
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.rounds.content import NUMERIC
from crew_app.rounds.models import Answer, Run, Visit
from crew_app.rounds.rules import Outcome
from crew_app.rounds.runs import AFTER_MISSED
from crew_app.rounds.series_models import ReadingSeries
from crew_app.rounds.visits import AFTER_VISIT
from crew_app.stock.actions import AFTER_POST
from crew_app.stock.models import AccountKind, Balance, Move
from crew_app.storeroom.demand_models import StockLevel
from crew_app.tickets.events import AFTER_EVENT
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import Verb

API = "/api/v1"
OF_A_TICKET = {
    Verb.OPEN: Topic.TICKET_OPENED,
    Verb.FINISH: Topic.TICKET_FINISHED,
    Verb.VERIFY: Topic.TICKET_VERIFIED,
    Verb.DROP: Topic.TICKET_VERIFIED,
    Verb.CANCEL: Topic.TICKET_CANCELLED,
}
"""Every other verb is a change."""


def start() -> None:
    """Listen to what happens; called at every start, connected once.

    First of all listeners: what others do upon an event makes events of its own, which come later.
    """
    hooks: tuple[tuple[list[Any], Any], ...] = (
        (AFTER_EVENT, tell_of_ticket),
        (AFTER_POST, tell_of_stock),
        (AFTER_MISSED, tell_of_missed),
    )
    if tell_of_readings not in AFTER_VISIT:
        AFTER_VISIT.append(tell_of_readings)  # when the series it names is up to date
    for hook, follow in hooks:
        if follow not in hook:
            hook.insert(0, follow)


def tell_of_ticket(ticket: Ticket, event: TicketEvent) -> None:
    """Something happened to a job."""
    topic = OF_A_TICKET.get(event.verb, Topic.TICKET_CHANGED)
    for webhook in hearing(ticket.site_id, topic):
        _write(webhook, topic, f"{API}/tickets/{ticket.id}", of_ticket(ticket, event), event.received_at)


def of_ticket(ticket: Ticket, event: TicketEvent) -> dict[str, Any]:
    """A job as a message tells it."""
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "job_kind": ticket.job_kind.code,
        "priority": ticket.priority,
        "state": ticket.state,
        "verb": event.verb,
        "place": ticket.place.code,
        "asset": ticket.asset.code if ticket.asset else None,
        "happened_at": stamp(event.at),
    }


def tell_of_stock(moves: list[Move], at: Moment) -> None:
    """A material fell to its reorder point or below, which it was above before."""
    heard = hearing(moves[0].site_id, Topic.STOCK_LOW)
    for move in moves if heard else ():
        source = move.from_account
        level = session.get(StockLevel, (source.id, move.item_id)) if source.kind is AccountKind.STORE else None
        balance = session.get(Balance, (source.id, move.item_id), populate_existing=True) if level else None
        if not level or not balance or not balance.quantity <= level.reorder_point < balance.quantity + move.quantity:
            continue
        data = {
            "item": move.item.code,
            "store": source.name,
            "quantity": said(balance.quantity),
            "reorder_point": said(level.reorder_point),
            "unit": move.item.unit,
        }
        for webhook in heard:
            _write(webhook, Topic.STOCK_LOW, f"{API}/stock/items/{move.item_id}", data, at.received_at)


def tell_of_missed(run: Run, at: datetime) -> None:
    """Stops of a round were missed."""
    data = {
        "number": run.number,
        "template": run.template.code,
        "state": run.state,
        "missed": run.missed_count,
        "stops": run.stop_count,
        "closed_at": stamp(run.closes_at),
    }
    for webhook in hearing(run.site_id, Topic.ROUND_MISSED):
        _write(webhook, Topic.ROUND_MISSED, f"{API}/rounds/runs/{run.id}", data, at)


def tell_of_readings(visit: Visit) -> None:
    """Readings of a visit are outside their limits."""
    heard = hearing(visit.site_id, Topic.READING_BEYOND)
    if not heard:
        return
    query = select(Answer).where(Answer.visit_id == visit.id, Answer.outcome == Outcome.FAIL)
    for answer in session.scalars(query):
        if answer.kind not in NUMERIC or answer.number is None:
            continue
        series = session.scalar(
            select(ReadingSeries).filter_by(subject_id=answer.subject_id, check_key=answer.check_key)
        )
        if series:
            for webhook in heard:
                _write(webhook, Topic.READING_BEYOND, f"{API}/readings/{series.id}", _beyond(series, answer), visit.at)


def _beyond(series: ReadingSeries, answer: Answer) -> dict[str, Any]:
    subject = series.subject
    return {
        "subject": subject.code,
        "check": series.check_key,
        "value": said(answer.number),
        "unit": series.unit,
        "low": said(series.low),
        "high": said(series.high),
        "happened_at": stamp(answer.at),
    }


def tell_of_test(webhook: Webhook, at: datetime) -> WebhookMessage:
    """A test that somebody asked for."""
    return _write(webhook, Topic.TEST, f"{API}/me", {"message": "This is a test."}, at)


def _write(webhook: Webhook, topic: Topic, subject: str, data: dict[str, Any], at: datetime) -> WebhookMessage:
    message_id = new_id()
    body = {"id": str(message_id), "topic": topic, "at": stamp(at), "site": webhook.site.code, "subject": subject}
    message = WebhookMessage(
        id=message_id,
        site_id=webhook.site_id,
        webhook_id=webhook.id,
        topic=topic,
        subject=subject,
        body=json.dumps(body | {"data": data}, ensure_ascii=False, separators=(",", ":")),
        next_at=at,
        made_at=at,
        tries=0,
        failure="",
    )
    session.add(message)
    session.flush()
    return message


def stamp(at: datetime) -> str:
    """A time as the API writes it: RFC 3339, UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def said(number: Decimal | None) -> str | None:
    """A number as the API writes it: exact, without exponent."""
    return None if number is None else f"{number.normalize():f}"
