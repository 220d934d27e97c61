"""Rules of time and way: faster than people walk, many stops in a minute, one tag on two phones. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from crew_app.rounds.pace import LONGEST, Pace
from crew_app.rounds.rules import FlagRule
from crew_app.rounds.sightings import Case, Facts, Oddity, Sight, Spot

MINUTE = timedelta(minutes=1)
HASTE = 0.3
"""Of the usual time, for one way alone."""
HASTE_TOGETHER = 0.5
TOGETHER = range(4, 9)
"""So many ways in a row are compared as a whole: what single ways vary by evens out."""
OTHER_BUILDING, OTHER_FLOOR, SAME_FLOOR = 25, 12, 4
"""Seconds that nobody undercuts on many ways in a row, from scan to scan, whatever the house looks like."""
ABSURD = 0.5
"""Of those, for one way alone."""
CROWD, CROWD_ON_FLOOR = 4, 6
SIDE_BY_SIDE = timedelta(seconds=40)
COMPANIONS = 3


@dataclass(frozen=True, slots=True)
class Leg:
    """From one place to another: seconds it took, usually takes (if known), takes at the least."""

    took: float
    usual: int | None
    least: float


def too_fast(case: Case) -> Iterator[Oddity]:
    """Faster than people walk here; without data only what no legs can do."""
    legs = _unbroken(_legs(case))
    facts = (_alone(legs[-1]) or _together(legs)) if legs else None
    if facts:
        yield FlagRule.TOO_FAST, facts


def _alone(leg: Leg) -> Facts | None:
    if leg.usual is not None and leg.took < HASTE * leg.usual:
        return {"took": round(leg.took), "usual": leg.usual}
    if leg.took < ABSURD * leg.least:
        return {"took": round(leg.took), "least": round(leg.least)}
    return None


def _together(legs: Sequence[Leg]) -> Facts | None:
    for many in range(min(len(legs), TOGETHER.stop - 1), TOGETHER.start - 1, -1):
        part = legs[-many:]
        known = [leg for leg in part if leg.usual is not None]
        took, usual = sum(leg.took for leg in known), sum(leg.usual or 0 for leg in known)
        if len(known) >= TOGETHER.start and took < HASTE_TOGETHER * usual:
            return {"took": round(took), "usual": usual, "ways": len(known)}
        took, least = sum(leg.took for leg in part), sum(leg.least for leg in part)
        if took < least and least >= OTHER_FLOOR * TOGETHER.start:
            return {"took": round(took), "least": round(least), "ways": many}
    return None


def _unbroken(legs: Iterable[Leg | None]) -> list[Leg]:
    """The ways to this visit since the last one of which nothing can be said; none when the last one is such."""
    run: list[Leg] = []
    for leg in legs:
        run = [*run, leg] if leg else []
    return run


def _legs(case: Case) -> Iterator[Leg | None]:
    path = [one for one in [*case.trail, case.seen] if one.spot]
    if len(path) > 1 and path[-1].spot == path[-2].spot:
        return
    for here, there in pairwise(path):
        if here.spot and there.spot and here.spot != there.spot:
            yield _leg(case, here, there, (here.spot, there.spot))


def _leg(case: Case, here: Sight, there: Sight, way: tuple[Spot, Spot]) -> Leg | None:
    took = (there.at - here.at).total_seconds()
    return Leg(took, _usual(case, *way), least(*way)) if took < LONGEST else None


def _usual(case: Case, here: Spot, there: Spot) -> int | None:
    way = case.paces.get((here.place, there.place), Pace()).usual
    return way if way is not None else case.paces.get((there.place, here.place), Pace()).usual


def least(here: Spot, there: Spot) -> float:
    """Seconds between two places that nobody undercuts, by floor and building alone."""
    if here.building != there.building:
        return OTHER_BUILDING
    return OTHER_FLOOR if here.floor != there.floor else SAME_FLOOR


def burst(case: Case) -> Iterator[Oddity]:
    """Many places in one minute (巡检漂移); things that hang in one place count once."""
    recent = [one for one in [*case.trail, case.seen] if one.spot and case.seen.at - one.at <= MINUTE]
    spots = {one.spot for one in recent if one.spot}
    floors = {(spot.building, spot.floor) for spot in spots}
    if len(spots) >= (CROWD if len(floors) > 1 else CROWD_ON_FLOOR):
        took = (case.seen.at - recent[0].at).total_seconds()
        yield FlagRule.BURST, {"stops": len(spots), "took": round(took)}


def two_phones(case: Case) -> Iterator[Oddity]:
    """One person on two phones in two places at once, or two people's phones side by side on the whole way."""
    last = next((one for one in reversed(case.trail) if _elsewhere(one, case.seen)), None)
    if last and last.spot and case.seen.spot:
        took = (case.seen.at - last.at).total_seconds()
        bound = _usual(case, last.spot, case.seen.spot) or 2 * least(last.spot, case.seen.spot)
        if took < HASTE * bound:
            yield FlagRule.TWO_PHONES, {"took": round(took), "why": "apart"}
            return
    together = _companions(case)
    if together >= COMPANIONS:
        yield FlagRule.TWO_PHONES, {"stops": together, "why": "together"}


def _elsewhere(one: Sight, seen: Sight) -> bool:
    return bool(one.device and seen.device and one.device != seen.device and one.spot != seen.spot)


def _companions(case: Case) -> int:
    """At how many places in a row up to this one the same other phone was there within seconds."""
    now = [other for mine, other in case.beside if mine.visit == case.seen.visit and _close(mine, other)]
    return max((_places_with(case, other) for other in now), default=0)


def _places_with(case: Case, companion: Sight) -> int:
    close = {mine.spot for mine, other in case.beside if other.device == companion.device and _close(mine, other)}
    return len(close)


def _close(mine: Sight, other: Sight) -> bool:
    return abs(mine.at - other.at) <= SIDE_BY_SIDE
