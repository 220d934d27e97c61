"""What people send about emergencies, turned into typed values."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.emergencies.playbooks import LONGEST_MINUTES, Written
from crew_app.emergencies.rules import Answer, Step, Who
from crew_app.tickets.forms import text, uuid

MOST_HEADS = 5000
_WHERE = re.compile(r"(place|asset):([0-9a-f-]{36})")


def parse_where(form: Mapping[str, str]) -> tuple[UUID | None, UUID | None]:
    """Place and asset: "place:…" or "asset:…" chosen from a list."""
    found = _WHERE.fullmatch(form.get("where", ""))
    if not found:
        raise Refused("where-missing", N_("Please say where it is."))
    chosen = uuid({"where": found[2]}, "where")
    return (chosen, None) if found[1] == "place" else (None, chosen)


def parse_answer(form: Mapping[str, str]) -> Answer:
    """Whether somebody comes."""
    try:
        return Answer(form.get("answer", ""))
    except ValueError as error:
        raise Refused("choice-missing", N_("Please choose what it is.")) from error


def parse_heads(form: Mapping[str, str]) -> int | None:
    """How many took part."""
    typed = form.get("headcount", "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST_HEADS):
        raise Refused("number", N_("Please check the number: 0 to %(most)s."), most=MOST_HEADS)
    return int(typed)


def parse_playbook(form: Mapping[str, str], rows: Mapping[str, Sequence[str]], known: Sequence[Step]) -> Written:
    """A playbook with its steps; rows without words are left out, and every known step keeps its key."""
    steps: list[Step] = []
    lines = zip(
        *(rows[name] for name in ("step_key", "step_name", "step_name_en", "step_who", "step_minutes")), strict=False
    )
    ends, keys = set(rows["step_ends"]), {step.key for step in known}
    for number, (key, name, name_en, who, minutes) in enumerate(lines):
        words = text({"name": name}, "name")[:200]
        if words:
            fresh = key if key in keys else f"s{number}-{len(steps)}-{len(keys)}"
            english = text({"name": name_en}, "name")[:300]
            steps.append(Step(fresh, words, english, _who(who), _minutes(minutes), ends=str(number) in ends))
    return Written(text(form, "name")[:60], text(form, "name_en")[:60], _unlike(steps))


def _unlike(steps: list[Step]) -> list[Step]:
    """The same key twice would be one step twice."""
    if len({step.key for step in steps}) < len(steps):
        raise Refused("choice-missing", N_("This request is incomplete. Please load the page again."))
    return steps


def _who(typed: str) -> Who:
    try:
        return Who(typed)
    except ValueError as error:
        raise Refused("choice-missing", N_("Please say whose step it is.")) from error


def _minutes(typed: str) -> int:
    typed = typed.strip()
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= LONGEST_MINUTES):
        raise Refused("number", N_("Please check the minutes of each step."))
    return int(typed)
