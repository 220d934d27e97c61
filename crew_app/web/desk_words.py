"""Words for clocks, targets and the chain of escalation."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext

from crew_app.desk.chain import CLOCK_LABELS, TOLD_LABELS, Step, read_key
from crew_app.places.models import CARE_LABELS
from crew_app.tickets.clock_face import clock_face, length
from crew_app.tickets.clocks import HOURS_LABELS
from crew_app.tickets.rules import Priority
from crew_app.web.filters import LABELS, label
from crew_app.web.languages import in_chinese

for _labels in (CLOCK_LABELS, TOLD_LABELS, CARE_LABELS, HOURS_LABELS):
    LABELS.update({(type(member), member): words for member, words in _labels.items()})


def start(app: Flask) -> None:
    """Let templates use them."""
    for filter_ in (exactly, changed_words, step_words, after_words):
        app.add_template_filter(filter_)
    app.add_template_global(clock_face)
    app.add_template_global(length, "pause_length")


def exactly(span: timedelta) -> str:
    """A length of time with nothing rounded away: 1 h 30 min, 2 d."""
    hours, minutes = divmod(round(abs(span) / timedelta(minutes=1)), 60)
    days = hours // 24 if hours % 24 == 0 and not minutes else 0
    if days:
        return gettext("%(count)s d", count=days)
    parts = []
    if hours:
        parts.append(gettext("%(count)s h", count=hours))
    if minutes or not hours:
        parts.append(gettext("%(count)s min", count=minutes))
    return " ".join(parts)


def changed_words(note: str) -> tuple[str, str]:
    """What was changed (from the first line, as `tickets.urgency` writes it) and what was said about it."""
    first, _, said = note.partition("\n")
    return " · ".join(_pair(part) for part in first.split(" · ")), said


def step_words(note: str) -> tuple[str, str]:
    """Which step of the chain was taken, and who was told."""
    key, _, names = note.partition("\n")
    step = read_key(key)
    told = ("、" if in_chinese() else ", ").join(_side(name) for name in names.split("、") if name)
    return (f"{label(step.clock)} · {after_words(step)}" if step else key), told


def after_words(step: Step) -> str:
    """When a step is taken, counted from the deadline or from what happened."""
    if step.percent == 100:  # noqa: PLR2004 - the whole of the time allowed
        return gettext("at the deadline")
    if step.percent:
        return gettext("at %(percent)s%% of the time allowed", percent=step.percent)
    return gettext("after %(length)s", length=exactly(timedelta(minutes=step.minutes)))


def _pair(part: str) -> str:
    before, arrow, after = part.partition("→")
    return f"{_side(before)} → {_side(after)}" if arrow else part


def _side(text: str) -> Any:
    if text in {str(priority.value) for priority in Priority}:
        return label(Priority(int(text)))
    zh, _, en = text.partition("/")
    return zh if in_chinese() or not en else en
