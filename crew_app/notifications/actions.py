"""Telling people something, in the transaction in which it happens."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.notifications import deliveries
from crew_app.notifications.models import Notice
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person

Words = str | Mapping[str, str]
"""A text, or the same in both languages: {"zh": "12床", "en": "Bed 12"}."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: `title` a text marked with `N_()`, with `%(name)s` for each of `params`; `href` a path of ours."""

    site_id: UUID
    topic: Topic
    title: str
    params: Mapping[str, Words] = field(default_factory=dict)
    href: str = ""
    urgent: bool = False
    """Reaches people in their quiet hours and off duty, too."""


def tell(people: Iterable[Person], message: Message, *, key: str, at: datetime) -> list[Notice]:
    """Tell these people, each once for this `key` (at most 120 characters); the notices that are new.

    What leaves the application for it is written down with it, and sent by the worker.
    """
    wanted = {person.id for person in people if person.active}
    known = set(session.scalars(select(Notice.person_id).where(Notice.key == key, Notice.person_id.in_(wanted))))
    made = [
        Notice(
            site_id=message.site_id,
            person_id=person_id,
            key=key,
            topic=message.topic,
            title=message.title,
            params=json.dumps(dict(message.params), ensure_ascii=False, sort_keys=True),
            href=message.href,
            urgent=message.urgent,
            made_at=at,
        )
        for person_id in sorted(wanted - known)
    ]
    session.add_all(made)
    session.flush()
    deliveries.plan(made, at)
    return made
