"""What people enter about tokens and webhooks, turned into typed values."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crew_app.connections.scopes import Scope, Topic
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.tickets.forms import text

LONGEST_NAME, LONGEST_URL = 60, 400


def parse_name(form: Mapping[str, str]) -> str:
    """Which system it is for."""
    return text(form, "name")[:LONGEST_NAME]


def parse_scopes(values: Iterable[str]) -> frozenset[Scope]:
    """What a token is for."""
    return frozenset(Scope(one) for one in values if one in set(Scope))


def parse_topics(values: Iterable[str]) -> frozenset[Topic]:
    """What a webhook is told; a test is sent whatever it is."""
    return frozenset(Topic(one) for one in values if one in set(Topic)) - {Topic.TEST}


def parse_url(form: Mapping[str, str]) -> str:
    """Where messages go."""
    url = text(form, "url")
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise Refused("bad-address", N_("This address is too long, or has blanks in it."))
    return url


def parse_expiry(form: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    """Until the end of which day of the site a token holds; nothing is without end."""
    typed = form.get("expires_on", "")
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("bad-day", N_("Please check the day on which the token ends.")) from error
