"""Chat groups of a site: an administrator says where, and what they hear of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.seal import seal
from crew_app.core.words import N_
from crew_app.notifications import chat
from crew_app.notifications.models import ChatHook, ChatHookTopic
from crew_app.notifications.rules import Topic
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right


@dataclass(frozen=True, slots=True)
class Draft:
    """What is said about a chat group. `url` is empty where the address stays as it was."""

    name: str
    url: str
    topics: frozenset[Topic]
    locale: str
    active: bool = True


def add(hook_id: UUID, site: Site, draft: Draft, secret_key: str, *, by: Person, at: datetime) -> ChatHook:
    """Tell a group from now on."""
    address, service = chat.address(draft.url)
    made = ChatHook(
        id=hook_id,
        site_id=site.id,
        name=_name(draft),
        service=service,
        sealed=seal(secret_key, address),
        locale=draft.locale,
        made_by_id=by.id,
        made_at=at,
    )
    made.topics = _topics(made, draft.topics)
    session.add(made)
    session.flush()
    return made


def change(hook: ChatHook, draft: Draft, secret_key: str) -> None:
    """Tell it otherwise, elsewhere, or not any more."""
    hook.name, hook.locale, hook.active = _name(draft), draft.locale, draft.active
    if draft.url:
        address, hook.service = chat.address(draft.url)
        hook.sealed = seal(secret_key, address)
    kept = [one for one in hook.topics if one.topic in draft.topics]
    hook.topics = kept + _topics(hook, draft.topics - {one.topic for one in kept})
    session.flush()


def hooks(site_ids: Iterable[UUID]) -> Sequence[ChatHook]:
    """The chat groups of these sites, by name."""
    query = select(ChatHook).where(ChatHook.site_id.in_(site_ids))
    return session.scalars(query.order_by(ChatHook.active.desc(), ChatHook.name, ChatHook.id)).all()


def hook(person: Person, hook_id: UUID) -> ChatHook:
    """A chat group that this person may change."""
    found = session.get(ChatHook, hook_id)
    if found is None or not person.can(Right.MANAGE_NOTICES, found.site_id):
        raise Unseen("unknown-chat-group", N_("This chat group does not exist, or not for you."))
    return found


def _name(draft: Draft) -> str:
    if not draft.name:
        raise Refused("name-missing", N_("Please give a name."))
    return draft.name[:60]


def _topics(made: ChatHook, topics: Iterable[Topic]) -> list[ChatHookTopic]:
    return [ChatHookTopic(hook_id=made.id, topic=topic, site_id=made.site_id) for topic in sorted(topics)]
