"""Sites' own words; every page asks for many of them."""

from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from crew_app.core.revisions import kept
from crew_app.people.rules import ROLE_LABELS, TRADE_LABELS
from crew_app.places.models import CARE_LABELS
from crew_app.places.site_words import Both, all_words
from crew_app.tickets.rules import HOLD_LABELS, KIND_LABELS, PRIORITY_LABELS
from crew_app.web.people import person_or_none

GROUPS: tuple[tuple[str, Mapping[Any, str]], ...] = (
    ("role", ROLE_LABELS),
    ("trade", TRADE_LABELS),
    ("kind", KIND_LABELS),
    ("priority", PRIORITY_LABELS),
    ("hold", HOLD_LABELS),
    ("care", CARE_LABELS),
)
"""What a site may call otherwise."""
KEYS: dict[tuple[type[Enum], Enum], str] = {
    (type(member), member): f"{group}.{member.value}" for group, labels in GROUPS for member in labels
}


def own_word(member: Enum, *, chinese: bool) -> str:
    """What the person's (first) site calls it, empty for the software's own word."""
    key = KEYS.get((type(member), member))
    person = person_or_none() if key else None
    if key is None or person is None or not person.memberships:
        return ""
    zh, en = _words().get(person.memberships[0].site_id, {}).get(key, ("", ""))
    return zh if chinese else en


def _words() -> dict[UUID, dict[str, Both]]:
    return kept(("lists",), "own words", all_words)
