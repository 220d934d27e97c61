"""Templates of rounds as people hand them in: read, or refused with the place that is wrong in their own words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import Any

from flask_babel import gettext

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.rounds.content import Check, Content
from crew_app.rounds.differences import CHECK_FIELDS, CONTENT_FIELDS, STOP_FIELDS
from crew_app.rounds.reading import Wrong, read
from crew_app.web.filters import label

NUMBERED = {
    "stops": N_("stop %(number)s"),
    "checks": N_("check %(number)s"),
    "options": N_("option %(number)s"),
    "suggested": N_("usual time %(number)s"),
}
NAMES = {"key": N_("key"), "format": N_("format"), "stops": N_("stops"), "checks": N_("checks")}
NAMES |= {"times": N_("times of day"), "zh": N_("Chinese"), "en": N_("English"), "area": N_("area")}
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def read_document(text: str) -> Content:
    """The template in a document; `Refused` says where it is wrong, in words and as the way through the document."""
    try:
        return read(text)
    except Wrong as wrong:
        where = str(wrong.params["where"])
        words = N_("%(place)s: %(what)s")
        raise Refused("bad-template", words, place=place_words(where), what=str(wrong.params["what"])) from wrong


def place_words(where: str) -> str:
    """The way through a document in words, and behind it as it is: stop 3, check 1, lower limit (stops[2]…)."""
    steps = list(_steps(where))
    if not steps or where == "template":
        return gettext("The template is wrong")
    words = gettext(", ").join(steps)
    return f"{words[:1].upper()}{words[1:]} ({where})"


def words_of(value: Any) -> str:
    """The words for a member of an enumeration or a text that was marked with `N_`; anything else as it is."""
    if isinstance(value, Enum):
        return label(value)
    return gettext(value) if isinstance(value, str) and value else str(value)


def set_apart(check: Check, prefix: str) -> Check:
    """The check under another key, so that two stops on one page may have checks of the same key."""
    when = replace(check.when, check=prefix + check.when.check) if check.when else None
    return replace(check, key=prefix + check.key, when=when)


def _steps(where: str) -> Iterator[str]:
    around = CONTENT_FIELDS
    for name, number in _STEP.findall(where):
        if number and name in NUMBERED:
            yield gettext(NUMBERED[name], number=int(number) + 1)
            around = {"stops": STOP_FIELDS, "checks": CHECK_FIELDS}.get(name, {})
        else:
            yield gettext(around.get(name) or NAMES.get(name) or name)
