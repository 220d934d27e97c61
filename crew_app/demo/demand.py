"""When things break: the openings of one year, in the proportions of the catalogue."""

from bisect import bisect
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from crew_app.demo.job_kinds import DemoKind, job_kinds
from crew_app.demo.records import ZONE
from crew_app.tickets.rules import Kind

DAYS = 365
WEEKDAYS = (1.25, 1.1, 1.05, 1.05, 1.1, 0.6, 0.5)
HOURS = (3, 2, 2, 2, 2, 4, 12, 40, 95, 90, 75, 55, 30, 45, 75, 70, 60, 45, 30, 25, 22, 18, 11, 6)
UPKEEP_HOURS = (0,) * 8 + (40, 60, 50, 20, 0, 20, 50, 40) + (0,) * 8
SEASONS = {
    "heat": (0.2, 0.2, 0.4, 0.7, 1.2, 2.0, 2.8, 2.6, 1.6, 0.6, 0.3, 0.3),
    "cold": (2.4, 2.0, 1.2, 0.8, 0.5, 0.3, 0.3, 0.3, 0.5, 0.8, 1.4, 2.2),
    "": (1.0,) * 12,
}
KINDS = {
    "lift_upkeep": Kind.PLANNED,
    "lift_trapped": Kind.INCIDENT,
    "burst": Kind.INCIDENT,
    "aircon_move": Kind.WORKS,
}


@dataclass(frozen=True, slots=True)
class Opening:
    """Something breaks."""

    at: datetime
    kind: DemoKind


def openings(total: int, now: datetime, dice: Random) -> list[Opening]:
    """So many openings in the year before `now`, oldest first."""
    today = now.astimezone(ZONE).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    found = [
        Opening(_not_after(now, _moment(day, kind, dice)), kind)
        for kind, count in shares(total).items()
        for day in dice.choices(days, cum_weights=_day_weights(days, kind), k=count)
    ]
    return sorted(found, key=lambda opening: opening.at)


def shares(total: int) -> dict[DemoKind, int]:
    """How often each kind happens among so many, rounded so that the sum is kept."""
    kinds = list(job_kinds().values())
    marks = list(accumulate(kind.weight for kind in kinds))
    ends = [round(total * mark / marks[-1]) for mark in marks]
    return {kind: end - start for kind, start, end in zip(kinds, [0, *ends], ends, strict=False)}


def pick(weights: tuple[int, ...], dice: Random) -> int:
    """An index, as often as its weight says."""
    marks = list(accumulate(weights))
    return bisect(marks, dice.randrange(marks[-1]))


def _day_weights(days: list[date], kind: DemoKind) -> list[float]:
    season = SEASONS[kind.season]
    return list(accumulate(WEEKDAYS[day.weekday()] * season[day.month - 1] for day in days))


def _moment(day: date, kind: DemoKind, dice: Random) -> datetime:
    hours = UPKEEP_HOURS if kind.code == "lift_upkeep" else HOURS
    clock = time(pick(hours, dice), dice.randrange(60), dice.randrange(60), tzinfo=ZONE)
    return datetime.combine(day, clock)


def _not_after(now: datetime, at: datetime) -> datetime:
    """What would lie ahead happened a week ago instead."""
    return at if at < now else at - timedelta(days=7)
