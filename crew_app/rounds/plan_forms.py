"""What people fill in about plans and days off, turned into typed values; and a plan as the form shows it again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.rules import Role, Trade
from crew_app.rounds.calendar import Days, Shift
from crew_app.rounds.content import Suggestion
from crew_app.rounds.models import RoundPlan
from crew_app.rounds.plans import Draft
from crew_app.rounds.wanted import PlanKind, kind_of
from crew_app.storeroom.forms import Fields
from crew_app.tickets.forms import optional_uuid, quantity, text

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PATTERNS = ("daily", "weekly", "monthly", "floating", "meter", "due", "rule")
REMINDERS = "60,30,7"
_LAST, _SHORT = 31, 28
_FREQUENCY = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "floating": "DAILY"}
_PATTERN = {words: name for name, words in _FREQUENCY.items() if name != "floating"}


class PlanFields(Fields, Protocol):
    """A form of which single fields are asked for as well."""

    def get(self, key: str, default: str, /) -> str:
        """The first value of a field."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How often, as the form asks for it."""

    pattern: str = "daily"
    interval: int = 1
    weekdays: Sequence[str] = ()
    monthdays: str = ""
    months: Sequence[int] = field(default_factory=tuple)
    rule: str = ""


def parse_plan(form: PlanFields, values: Mapping[str, str], today: date) -> Draft:
    """Read the form of a plan; `Refused` says which answer is missing or cannot be."""
    pattern = form.get("pattern", "")
    if pattern not in PATTERNS:
        raise Refused("choice-missing", N_("Please choose how often."))
    meter, _, check = form.get("meter", "").partition("|")
    return Draft(
        name=text(values, "name")[:120],
        rule=_rule(pattern, form),
        times=form.get("times", "")[:300],
        starts_on=_day(form.get("starts_on", "")) or today,
        minutes=_whole(form, "minutes", 120),
        grace_minutes=_whole(form, "grace", 15),
        days=_one_of(Days, form.get("days", "all")),
        shift_to=_one_of(Shift, form.get("shift", "skip")),
        floating=pattern == "floating",
        ends_on=_day(form.get("ends_on", "")),
        area_id=optional_uuid(values, "area_id"),
        person_id=optional_uuid(values, "person_id"),
        role=Role(form.get("role", "")) if form.get("role", "") in set(Role) else None,
        trade=Trade(form.get("trade", "")) if form.get("trade", "") in set(Trade) else None,
        meter_asset_id=_meter(meter) if pattern in ("meter", "due") else None,
        meter_check=check[:40] if pattern == "meter" else "",
        every=_every(values, meter) if pattern == "meter" else None,
        remind=_reminders(form) if pattern == "due" else "",
    )


def shape_of(plan: RoundPlan) -> Shape:
    """A plan as the form shows it."""
    kind = kind_of(plan)
    found = shape_of_rule(plan.rule)
    if kind is PlanKind.CALENDAR:
        return found
    return Shape(kind.value, found.interval)


def shape_of_rule(rule: str) -> Shape:
    """A rule as the form shows it; one that the form has no words for stays as it is."""
    by = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    pattern = _PATTERN.get(by.get("FREQ", ""), "rule")
    known = {"FREQ", "INTERVAL", "BYMONTH"} | {"weekly": {"BYDAY"}, "monthly": {"BYMONTHDAY", "BYSETPOS"}}.get(
        pattern, set()
    )
    if pattern == "rule" or set(by) - known or re.search(r"\d", by.get("BYDAY", "")):
        return Shape("rule", rule=rule)
    days = by.get("BYMONTHDAY", "").replace("-1", str(_LAST))
    return Shape(
        pattern,
        int(by.get("INTERVAL", "1")),
        tuple(by.get("BYDAY", "").split(",")),
        days.split(",")[-1] if "BYSETPOS" in by else days,
        tuple(int(month) for month in by.get("BYMONTH", "").split(",") if month),
    )


def suggested(one: Suggestion | None) -> dict[str, object]:
    """What a template suggests, as values of the form."""
    if one is None:
        return {"times": "08:00", "minutes": 120, "grace": 15}
    return {"times": ", ".join(one.times), "minutes": one.minutes, "grace": one.grace}


def parse_day(form: Mapping[str, str]) -> date:
    """A day that must be there."""
    found = _day(form.get("day", ""))
    if found is None:
        raise Refused("day", N_("Please check the date."))
    return found


def _rule(pattern: str, form: PlanFields) -> str:
    if pattern == "rule":
        return form.get("rule", "")[:200]
    if pattern not in _FREQUENCY:
        return ""
    parts = [f"FREQ={_FREQUENCY[pattern]}", f"INTERVAL={_whole(form, 'interval', 1)}"]
    if pattern == "weekly":
        chosen = [day for day in WEEKDAYS if day in form.getlist("weekday")]
        if not chosen:
            raise Refused("weekdays", N_("Please choose the days of the week."))
        parts.append(f"BYDAY={','.join(chosen)}")
    parts += _month_days(form.get("monthdays", "")) if pattern == "monthly" else []
    months = sorted({int(month) for month in form.getlist("month") if re.fullmatch(r"[1-9]|1[0-2]", month)})
    if months and pattern != "floating":
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    return ";".join(parts)


def _month_days(typed: str) -> list[str]:
    """31 is the last day of every month; a single 29 or 30 is the last one where a month is shorter."""
    words = re.findall(r"\d+", typed[:100])
    days = sorted({int(word) for word in words if len(word) <= 2})  # noqa: PLR2004 - digits
    if not days or days[0] < 1 or days[-1] > _LAST:
        raise Refused("monthdays", N_("Please check the days of the month: 1, 15, 25. 31 is the last day."))
    if len(days) == 1 and _SHORT < days[0] < _LAST:
        return [f"BYMONTHDAY={','.join(str(day) for day in range(_SHORT, days[0] + 1))}", "BYSETPOS=-1"]
    return [f"BYMONTHDAY={','.join('-1' if day == _LAST else str(day) for day in days)}"]


def _reminders(form: PlanFields) -> str:
    days = sorted({int(word) for word in re.findall(r"\d{1,3}", form.get("remind", "")[:60])}, reverse=True)
    if not 0 < len(days) <= 8:  # noqa: PLR2004 - as many as the column holds
        raise Refused("remind", N_("Please say how many days before the due date: 60, 30, 7."))
    return ",".join(map(str, days))


def _every(values: Mapping[str, str], meter: str) -> Decimal:
    if not meter:
        raise Refused("meter", N_("Please choose the meter."))
    return quantity(values, "every")


def _meter(typed: str) -> UUID | None:
    return optional_uuid({"meter": typed}, "meter")


def _whole(form: PlanFields, name: str, default: int) -> int:
    typed = form.get(name, "").strip() or str(default)
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 5:  # noqa: PLR2004 - digits
        raise Refused("number", N_("Please check the numbers: they must be whole."))
    return int(typed)


def _one_of(kind: type[Days] | type[Shift], typed: str) -> str:
    if typed not in set(kind):
        raise Refused("choice-missing", N_("Please choose which days count."))
    return typed


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError as error:
        raise Refused("day", N_("Please check the date.")) from error
    if not 2000 <= found.year < 2100:  # noqa: PLR2004 - this century
        raise Refused("day", N_("Please check the date."))
    return found
