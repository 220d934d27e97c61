"""Who should do a job: trade, roster, area, licence and load, weighed and explained in words. Pure, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from crew_app.core.words import N_
from crew_app.people.rules import TRADE_LABELS, Trade
from crew_app.roster.models import Duty

Words = str | Mapping[str, str]
Reason = tuple[str, Mapping[str, Words]]
"""A text marked with `N_` and what stands in it; a name is given in both languages."""

PRESENT, ON_CALL, TRADE = 60, 20, 100
AREA, FARTHER, CREW = 30, 5, 12
"""Whoever answers for the very place; less for each step farther out; for the crew of a trade."""
JOB = 6
"""What each job in hand takes off: five of them weigh as much as the area."""


@dataclass(frozen=True, slots=True)
class Area:
    """That somebody, or their crew, answers for a place `steps` around the job's."""

    name: Mapping[str, str]
    steps: int
    named: bool
    """The person, not only the crew."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may work at the site, and what speaks for and against them."""

    person_id: UUID
    knows: bool
    """Has the trade of the job."""
    duty: Duty | None = None
    """None: not on the roster now."""
    area: Area | None = None
    jobs: int = 0
    """In hand, or waiting for an answer."""
    lacks: tuple[Mapping[str, str], ...] = ()
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate, weighed."""

    candidate: Candidate
    points: int
    fits: bool
    """May be chosen without anybody looking."""
    reasons: tuple[Reason, ...]

    @property
    def order(self) -> tuple[bool, int, int, UUID]:
        """The best first; among equals whoever has less in hand."""
        return not self.fits, -self.points, self.candidate.jobs, self.candidate.person_id


def score(one: Candidate, trade: Trade, *, rostered: bool) -> Score:
    """Weigh one candidate; without a roster everybody counts as being there."""
    there = one.duty is not None or not rostered
    fits = one.knows and there and not one.lacks and not one.declined
    return Score(one, _points(one, rostered=rostered), fits, tuple(_reasons(one, trade, rostered=rostered)))


def ranked(candidates: Iterable[Candidate], trade: Trade, *, rostered: bool) -> list[Score]:
    """All candidates, the best first."""
    return sorted((score(one, trade, rostered=rostered) for one in candidates), key=lambda one: one.order)


def chosen(scores: Iterable[Score]) -> Score | None:
    """Who gets the job by itself: the best of those who fit, never anybody else."""
    return next((one for one in scores if one.fits), None)


def last_resort(scores: list[Score]) -> Score | None:
    """Who gets it where nobody fits and nobody dispatches: with a licence before without, not declined before declined.

    Somebody without the licence is taken only when there is nobody else at all, and the reasons say so.
    """
    weighed = sorted(scores, key=lambda one: (bool(one.candidate.lacks), one.candidate.declined, one.order))
    return weighed[0] if weighed else None


def _points(one: Candidate, *, rostered: bool) -> int:
    there = {Duty.PRESENT: PRESENT, Duty.ON_CALL: ON_CALL, None: 0 if rostered else PRESENT}[one.duty]
    return TRADE * one.knows + there + _area_points(one.area) - JOB * one.jobs


def _area_points(area: Area | None) -> int:
    if area is None:
        return 0
    return max(AREA - FARTHER * area.steps, 0) if area.named else CREW


def _reasons(one: Candidate, trade: Trade, *, rostered: bool) -> Iterable[Reason]:
    yield (TRADE_LABELS[trade], {}) if one.knows else (N_("another trade"), {})
    if rostered:
        yield {Duty.PRESENT: N_("on duty"), Duty.ON_CALL: N_("on call"), None: N_("off duty")}[one.duty], {}
    if one.area:
        yield N_("area: %(place)s"), {"place": one.area.name}
    yield N_("jobs in hand: %(count)s"), {"count": str(one.jobs)}
    for licence in one.lacks:
        yield N_("no valid licence: %(licence)s"), {"licence": licence}
    if one.declined:
        yield N_("gave it back before"), {}
