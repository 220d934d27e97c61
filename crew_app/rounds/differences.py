"""What changed from one version of a template to the next, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from crew_app.core.words import N_
from crew_app.rounds.content import Content, StopPlan, Where, Words

NOTHING = Words()
CHECK_FIELDS = {
    "kind": N_("kind of check"),
    "label": N_("words"),
    "hint": N_("hint"),
    "required": N_("must be answered"),
    "photo": N_("photo"),
    "unit": N_("unit"),
    "low": N_("lower limit"),
    "high": N_("upper limit"),
    "jump": N_("largest change"),
    "fails_on": N_("answer that is a fault"),
    "options": N_("options"),
    "most": N_("full score"),
    "seconds": N_("seconds"),
    "parties": N_("signatures"),
    "tag": N_("second tag"),
    "when": N_("condition"),
    "job_kind": N_("kind of job"),
    "hazard": N_("hazard"),
    "days": N_("days to settle"),
    "source": N_("source"),
}
STOP_FIELDS = {
    "title": N_("name"),
    "where": N_("place"),
    "hint": N_("hint"),
    "presence": N_("how one checks in"),
    "opens": N_("not before"),
    "closes": N_("at the latest"),
}
CONTENT_FIELDS = {
    "code": N_("code"),
    "name": N_("name"),
    "category": N_("category"),
    "purpose": N_("purpose"),
    "source": N_("source"),
    "trade": N_("trade"),
    "roles": N_("roles"),
    "ordered": N_("fixed order"),
    "live": N_("live challenges"),
    "suggested": N_("usual times"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `stop` and `check` say where; `field` is what, with old and new value when those are short."""

    words: str
    stop: Words = NOTHING
    check: Words = NOTHING
    field: str = ""
    old: Any = None
    new: Any = None


def differences(old: Content, new: Content) -> list[Difference]:
    """Every change, in the order of the newer one; what was removed comes last."""
    return [*_fields(old, new, CONTENT_FIELDS), *_stops(old, new)]


def _stops(old: Content, new: Content) -> Iterator[Difference]:
    before, after = {stop.key: stop for stop in old.stops}, {stop.key: stop for stop in new.stops}
    for key, stop in after.items():
        if key in before:
            yield from _stop(before[key], stop)
        else:
            yield Difference(N_("Stop added"), stop.title)
    yield from (Difference(N_("Stop removed"), stop.title) for key, stop in before.items() if key not in after)
    if _order(before, after) != _order(after, before):
        yield Difference(N_("Stops in another order"))


def _stop(old: StopPlan, new: StopPlan) -> Iterator[Difference]:
    yield from _fields(old, new, STOP_FIELDS, stop=new.title)
    before, after = {check.key: check for check in old.checks}, {check.key: check for check in new.checks}
    for key, check in after.items():
        if key in before:
            yield from _fields(before[key], check, CHECK_FIELDS, stop=new.title, check=check.label)
        else:
            yield Difference(N_("Check added"), new.title, check.label)
    for key, check in before.items():
        if key not in after:
            yield Difference(N_("Check removed"), new.title, check.label)
    if _order(before, after) != _order(after, before):
        yield Difference(N_("Checks in another order"), new.title)


def _order(keys: dict[str, Any], others: dict[str, Any]) -> list[str]:
    return [key for key in keys if key in others]


def _fields(
    old: Any, new: Any, names: dict[str, str], *, stop: Words = NOTHING, check: Words = NOTHING
) -> Iterator[Difference]:
    for one in fields(old):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if one.name not in names or before == after:
            continue
        yield Difference(N_("Changed"), stop, check, names[one.name], _short(before), _short(after))


def _short(value: Any) -> Any:
    """A value that fits on a line: words, a number, yes or no, a place; nothing for what is long."""
    if isinstance(value, Where):
        return value.place or value.asset or " ".join(filter(None, (value.kind, value.area)))
    if isinstance(value, bool | Words | Decimal | int) or value is None:
        return value
    return value if isinstance(value, str) else ""
