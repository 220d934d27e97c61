"""Who does what at the demo hospital: repairs, verifying, reporting."""

from datetime import datetime, timedelta
from functools import cache
from random import Random

from crew_app.demo.hospital import DemoPlace
from crew_app.demo.job_kinds import DemoKind
from crew_app.demo.people import people, with_role
from crew_app.demo.records import ZONE
from crew_app.people.rules import Role, Trade
from crew_app.tickets.rules import Priority

ROUND_THE_CLOCK = frozenset({Trade.ELECTRICAL, Trade.OXYGEN, Trade.HVAC})
SHIFT = (8, 18)
SIGNED_IN = 0.7
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
CALLERS = {
    "ward": "护士", "station": "护士", "treat": "护士", "duty": "护士", "bay": "护士", "theatre": "护士",
    "clinic": "医生", "office": "医生", "exam": "技师", "kitchen": "师傅", "corridor": "保洁", "toilet": "保洁",
    "outdoor": "保安", "wait": "导诊", "dirty": "保洁",
}  # fmt: skip


def worker(kind: DemoKind, site: str, at: datetime, dice: Random) -> str:
    """Any technician of the trade by day, the one on duty by night."""
    crew = _crew(kind.trade, site)
    return dice.choice(crew) if by_day(at) else crew[at.astimezone(ZONE).toordinal() % len(crew)]


def reviewer(site: str, dice: Random) -> str:
    """A supervisor who verifies."""
    crew = [person.login for person in with_role(Role.SUPERVISOR, site)]
    return dice.choice([*crew, "li"])


def reporter(place: DemoPlace, dice: Random) -> tuple[str | None, str]:
    """A log-in, or the name a stranger left."""
    if place.type == "outdoor":
        return dice.choice([guard.login for guard in with_role(Role.GUARD, place.site)]), ""
    nurse = _head_nurses().get(place.department or "")
    if nurse and dice.random() < SIGNED_IN:
        return nurse, ""
    return None, dice.choice(SURNAMES) + CALLERS.get(place.type, "老师")


def by_day(at: datetime) -> bool:
    """Whether the day shift is there."""
    return SHIFT[0] <= at.astimezone(ZONE).hour < SHIFT[1]


def waits_for_morning(kind: DemoKind, at: datetime) -> bool:
    """Whether nobody of this trade is in the house, and it is not urgent."""
    return kind.trade not in ROUND_THE_CLOCK and kind.priority > Priority.URGENT and not by_day(at)


def next_morning(at: datetime) -> datetime:
    """The beginning of the next day shift."""
    local = at.astimezone(ZONE)
    start = local.replace(hour=SHIFT[0], minute=0, second=0, microsecond=0)
    return start if local < start else start + timedelta(days=1)


@cache
def _crew(trade: Trade, site: str) -> list[str]:
    crew = [p for p in with_role(Role.TECHNICIAN, site) if trade in p.trades]
    home = [p.login for p in crew if p.sites[0] == site]
    return home or [p.login for p in crew]


@cache
def _head_nurses() -> dict[str, str]:
    return {person.department: person.login for person in people().values() if person.department}
