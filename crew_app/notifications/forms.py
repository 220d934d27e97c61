"""What people send about notices, turned into typed values."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Protocol

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.notifications.habits import Wish
from crew_app.notifications.hooks import Draft
from crew_app.notifications.rules import PERSONAL, Later, Topic


class Fields(Protocol):
    """A form: `MultiDict` is one."""

    def get(self, name: str, default: str) -> str:
        """The first value of a field."""

    def getlist(self, name: str) -> list[str]:
        """All of them."""


def parse_wish(form: Fields) -> Wish:
    """Read the page of settings. Boxes are called `push` and `mail`, with the topic as their value."""
    start, end = _clock(form.get("quiet_from", "")), _clock(form.get("quiet_until", ""))
    if (start is None) != (end is None):
        raise Refused("half-a-time", N_("Please say from when until when it shall be quiet."))
    wanted = {(topic, channel) for channel in PERSONAL for topic in _topics(form.getlist(channel.value))}
    return Wish(
        wanted=frozenset(wanted),
        mail=form.get("mail_address", "").strip()[:200],
        quiet=(start, end) if start is not None and end is not None else None,
        on_duty_only=form.get("on_duty_only", "") == "1",
        later=Later.LIST if form.get("later", "") == Later.LIST else Later.WAIT,
    )


def parse_hook(form: Fields, locales: Mapping[str, str]) -> Draft:
    """Read what is said about a chat group."""
    locale = form.get("locale", "")
    if locale not in locales:
        raise Refused("unknown-language", N_("This language is not available."))
    return Draft(
        name=" ".join(form.get("name", "").split()),
        url=form.get("address", "").strip(),
        topics=frozenset(_topics(form.getlist("topics"))),
        locale=locale,
        active=form.get("inactive", "") != "1",
    )


def parse_until(text: str, at: datetime) -> datetime:
    """Up to when a list was shown; now, where that cannot be read."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return at
    return min(found, at) if found.tzinfo else at


def _topics(values: Iterable[str]) -> set[Topic]:
    try:
        return {Topic(value) for value in values}
    except ValueError as error:
        raise Refused("unknown-topic", N_("There are no notices of this kind.")) from error


def _clock(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        found = time.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("bad-time", N_("This is no time of day.")) from error
    return found.replace(second=0, microsecond=0, tzinfo=None)
