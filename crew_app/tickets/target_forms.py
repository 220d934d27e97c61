"""What people send about targets, turned into typed values."""

import re
from collections.abc import Mapping
from datetime import timedelta

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.places.models import Care
from crew_app.tickets import queries
from crew_app.tickets.clocks import Hours
from crew_app.tickets.rules import Kind, Priority
from crew_app.tickets.targets import LONGEST, Scope, Target

_UNITS = {
    timedelta(minutes=1): ("", "m", "min", "minutes", "分", "分钟"),
    timedelta(hours=1): ("h", "hour", "hours", "时", "小时"),
    timedelta(days=1): ("d", "day", "days", "天", "日"),
}
_PART = re.compile(r"(\d{1,5})\s*([a-z]+|[\u4e00-\u9fff]+|)\s*")


def parse_scope(form: Mapping[str, str]) -> Scope:
    """Read for which jobs a rule is; what is not known, or left out, does not matter."""
    code, priority = form.get("job_kind", ""), form.get("priority", "")
    return Scope(
        care=Care(form["care"]) if form.get("care") in set(Care) else None,
        job_kind=code if code and queries.job_kind(code) else None,
        kind=Kind(form["kind"]) if form.get("kind") in set(Kind) else None,
        priority=Priority(int(priority)) if priority in {"1", "2", "3", "4"} else None,
    )


def parse_target(form: Mapping[str, str]) -> Target:
    """Read a rule."""
    raised = form.get("raise_to", "")
    return Target(
        parse_scope(form),
        parse_length(form.get("response", "")),
        parse_length(form.get("resolution", "")),
        Hours.WORKING if form.get("hours") == Hours.WORKING else Hours.ALWAYS,
        Priority(int(raised)) if raised in {"1", "2", "3"} else None,
    )


def parse_length(typed: str) -> timedelta:
    """A length of time as people write it: 30, 30 min, 2 h, 1 h 30, 3 d, 2小时30分钟; minutes without a unit."""
    words, total, at = typed.strip().lower(), timedelta(0), 0
    while match := _PART.match(words, at):
        unit = next((unit for unit, names in _UNITS.items() if match[2] in names), None)
        if unit is None:
            break
        total, at = total + int(match[1]) * unit, match.end()
    if not words or at < len(words) or total > LONGEST:
        raise Refused("length", N_("Please check the time: for example 30 min, 2 h, 1 h 30 min or 3 d."))
    return total
