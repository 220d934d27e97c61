"""What is asked for when the metrics are read: queues and their ages, phones, proofs, disk. Each asks by an index."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, select, text

from crew_app.config import Settings
from crew_app.connections.models import SendState, WebhookMessage
from crew_app.core import heartbeat, hosts
from crew_app.core.check_results import CheckResult
from crew_app.core.db import db, session
from crew_app.held.models import HeldEntry
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.rules import Stand
from crew_app.people.record_models import AccessRecord, What
from crew_app.phones.models import DevicePerson
from crew_app.web.pictures import store

FAILURES_OF = timedelta(minutes=15)


def lines(at: datetime) -> Iterator[str]:
    """All of them in the text format of Prometheus."""
    yield from _queue("notices", NoticeDelivery.due_at, at, NoticeDelivery.stand == Stand.WAITING)
    yield from _queue("webhooks", WebhookMessage.next_at, at, WebhookMessage.state == SendState.WAITING)
    yield from _queue("held", HeldEntry.received_at, at, HeldEntry.decided_at.is_(None))
    yield from _photos(at)
    yield from _phones(at)
    yield from _worker(at)
    yield from _checks(at)
    yield from _hosts(at)
    yield from _database()
    yield from _disks(current_app.config["SETTINGS"])
    refused = AccessRecord.what == What.REFUSED
    failures = select(func.count()).where(AccessRecord.at > at - FAILURES_OF, refused)
    yield from _gauge("crew_sign_in_failures", "Refused sign-ins of the last 15 minutes.", session.scalar(failures))
    session.rollback()


def _queue(name: str, since: Any, at: datetime, waits: ColumnElement[bool]) -> Iterator[str]:
    """How much waits, and for how long the oldest is overdue; what is due later waits on purpose and counts as 0 s."""
    many, oldest = session.execute(select(func.count(), func.min(since)).where(waits)).one()
    label = f'{{queue="{name}"}}'
    yield f"crew_queue_length{label} {many}"
    yield f"crew_queue_age_seconds{label} {_age(oldest, at):.0f}"


def _photos(at: datetime) -> Iterator[str]:
    found = store().waits()
    if found is not None:
        yield f'crew_queue_length{{queue="photos"}} {found.files}'
        yield f'crew_queue_age_seconds{{queue="photos"}} {_age(found.since, at):.0f}'


def _phones(at: datetime) -> Iterator[str]:
    """What phones said that they have not sent yet."""
    query = select(func.count(), func.sum(DevicePerson.unsent), func.min(DevicePerson.oldest_at))
    phones, entries, oldest = session.execute(query.where(DevicePerson.unsent > 0)).one()
    yield from _gauge("crew_outbox_phones", "Phones that said they hold something unsent.", phones)
    yield from _gauge("crew_outbox_entries", "Entries that phones said they hold unsent.", entries or 0)
    yield from _gauge("crew_outbox_age_seconds", "Age of the oldest of them.", round(_age(oldest, at)))


def _worker(at: datetime) -> Iterator[str]:
    found = heartbeat.last_beat()
    if found is not None:
        age = round(abs((at - found.at).total_seconds()))
        yield from _gauge("crew_worker_age_seconds", "Since the worker was last heard of.", age)


def _checks(at: datetime) -> Iterator[str]:
    """Of proofs that ended; the age counts from their end."""
    for found in session.scalars(select(CheckResult).where(CheckResult.ended_at.is_not(None))):
        label = f'{{check="{found.name}"}}'
        yield f"crew_check_problems{label} {found.problems}"
        yield f"crew_check_age_seconds{label} {_age(found.ended_at, at):.0f}"
        yield f"crew_check_duration_seconds{label} {found.seconds}"


def _hosts(at: datetime) -> Iterator[str]:
    """Machines that share a database: a silent one with photos holds what nobody else has."""
    for found in hosts.known():
        label = f'{{host="{found.id}"}}'
        yield f"crew_host_age_seconds{label} {_age(found.seen_at, at):.0f}"
        yield f"crew_host_photos_waiting{label} {found.waiting}"


def _database() -> Iterator[str]:
    sqlite = db.engine.dialect.name == "sqlite"
    query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    size = session.scalar(text(query if sqlite else "SELECT pg_database_size(current_database())"))
    yield from _gauge("crew_database_bytes", "Size of the database.", size)


def _disks(settings: Settings) -> Iterator[str]:
    for name, folder in (("data", settings.data), ("photos", settings.photo_store)):
        if folder.exists():
            yield f'crew_disk_free_bytes{{folder="{name}"}} {shutil.disk_usage(folder).free}'


def _gauge(name: str, words: str, value: Any) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0
