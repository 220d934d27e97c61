"""How a job becomes points (绩效). Pure functions, no database.

All points are exact, to one decimal place. A person's points are the sum of their rows, a row's the sum of its parts.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from crew_app.core.words import N_

TENTH = Decimal("0.1")
NOTHING = Decimal(0)
MIDDLE = 3
"""Stars that neither add nor take away."""
MOST_POINTS, MOST_PERCENT = 1000, 200


class Why(StrEnum):
    """Why points were given or taken away."""

    JOB = "job"
    LATE = "late"
    SENT_BACK = "sent_back"
    CAME_BACK = "came_back"
    STARS = "stars"
    FLOOR = "floor"
    HELPED = "helped"
    GRANTED = "granted"
    """An objection was right: what it counts more (or less) than the formula says."""


WHY_LABELS = {
    Why.JOB: N_("The job"),
    Why.LATE: N_("Done after its deadline"),
    Why.SENT_BACK: N_("Sent back"),
    Why.CAME_BACK: N_("The fault came back"),
    Why.STARS: N_("Rating"),
    Why.FLOOR: N_("Never below zero"),
    Why.HELPED: N_("Second pair of hands"),
    Why.GRANTED: N_("Objection granted"),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """What a site adds and takes away, in percent of the points of a job."""

    basic: int = 10
    late_percent: int = 20
    sent_back_percent: int = 30
    repeat_percent: int = 50
    repeat_days: int = 30
    star_percent: int = 10
    helper_percent: int = 50


@dataclass(frozen=True, slots=True)
class Work:
    """What counts of a job: its points, and how it went. `stars` is the mean of all who rated it, if anybody did."""

    points: int
    late: bool = False
    sent_back: int = 0
    came_back: bool = False
    stars: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the reckoning."""

    why: Why
    points: Decimal


Parts = tuple[Part, ...]


def total(parts: Parts) -> Decimal:
    """What the parts come to."""
    return sum((part.points for part in parts), NOTHING)


def owner_parts(work: Work, formula: Formula) -> Parts:
    """What the owner of a job gets, part by part; never below zero together, and nothing that is zero."""
    parts = [Part(Why.JOB, Decimal(work.points))]
    if work.late:
        parts.append(Part(Why.LATE, -_share(work.points, formula.late_percent)))
    if work.sent_back:
        parts.append(Part(Why.SENT_BACK, -work.sent_back * _share(work.points, formula.sent_back_percent)))
    if work.came_back:
        parts.append(Part(Why.CAME_BACK, -_share(work.points, formula.repeat_percent)))
    if work.stars is not None:
        parts.append(Part(Why.STARS, _share(work.points, formula.star_percent, work.stars - MIDDLE)))
    below = total(tuple(parts))
    if below < 0:
        parts.append(Part(Why.FLOOR, -below))
    return tuple(part for part in parts if part.points or part.why is Why.JOB)


def helper_parts(work: Work, formula: Formula) -> Parts:
    """What each second pair of hands gets, besides the owner: a share of what the job came to."""
    return (Part(Why.HELPED, _share(total(owner_parts(work, formula)), formula.helper_percent)),)


def granted(parts: Parts, points: int) -> Parts:
    """The same row after an objection was granted: it comes to `points`."""
    change = points - total(parts)
    return (*parts, Part(Why.GRANTED, change)) if change else parts


def _share(points: Decimal | int, percent: int, times: Decimal | int = 1) -> Decimal:
    """So many percent of some points, so many times, to one place; half a tenth goes away from zero."""
    return (Decimal(points) * percent * times / 100).quantize(TENTH, ROUND_HALF_UP)
