"""Sites' own words, kept in the process for a minute: every page asks for many of them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from flask import Flask, current_app

from crew_app.people.rules import ROLE_LABELS, TRADE_LABELS
from crew_app.places.models import CARE_LABELS
from crew_app.places.site_words import Both, all_words
from crew_app.tickets.rules import HOLD_LABELS, KIND_LABELS, PRIORITY_LABELS
from crew_app.web.people import person_or_none

FRESH = 60.0
"""Seconds until another process has noticed a change."""
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
_KEPT = "crew_own_words"


@dataclass
class _Kept:
    read_at: float = float("-inf")
    words: dict[UUID, dict[str, Both]] = field(default_factory=dict)


def start(app: Flask) -> None:
    """Nothing is known yet."""
    app.extensions[_KEPT] = _Kept()


def forget() -> None:
    """Read them anew next time: some were changed."""
    current_app.extensions[_KEPT].read_at = float("-inf")


def own_word(member: Enum, *, chinese: bool) -> str:
    """What the person's (first) site calls it, empty for the software's own word."""
    key = KEYS.get((type(member), member))
    person = person_or_none() if key else None
    if key is None or person is None or not person.memberships:
        return ""
    zh, en = _words().get(person.memberships[0].site_id, {}).get(key, ("", ""))
    return zh if chinese else en


def _words() -> dict[UUID, dict[str, Both]]:
    kept: _Kept = current_app.extensions[_KEPT]
    if time.monotonic() - kept.read_at > FRESH:
        kept.words, kept.read_at = all_words(), time.monotonic()
    return kept.words
