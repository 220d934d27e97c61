"""How well the rules of presence tell dishonest walks from honest ones, on walks made by tests/rounds.

    python -m tests.bench.fraud [--each 1100] [--seed 1]

The site runs for some weeks first; what is learned there comes from honest and dishonest people alike.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from crew_app.rounds.presence import DOUBT, Verdict
from crew_app.rounds.rules import FlagRule
from crew_app.rounds.sightings import Oddity
from tests.rounds.cheats import BEYOND, FOUND, Album
from tests.rounds.house import House, Walker, build
from tests.rounds.site import Site
from tests.rounds.walks import BEGIN, HONEST, Ground, Walk

A_DAY = 16
"""Walks a day at the site."""
CHEATS = 4
"""So many of the walkers never walk honestly; the first of them walks, but copies the numbers of last time."""
FIRST, HONEST_AT_FIRST = 300, 0.8
ORDINARY = 0.3
COPYING = "numbers copied"
NEED_TWO = {"two share a round", "two side by side", "one walks for two phones"}
HABITS = {"numbers copied": 9, "same frames played back": 2}
"""From which time on a person's habit on a route is counted: before, nothing has been repeated often enough."""


@dataclass
class Tally:
    """What became of the walks of some kinds."""

    walks: Counter[str] = field(default_factory=Counter)
    suspicious: Counter[str] = field(default_factory=Counter)
    unfinished: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    rules: defaultdict[str, Counter[FlagRule]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, walk: Walk, flags: Sequence[Oddity], verdict: Verdict) -> None:
        """Count what is said of a walk."""
        self.walks[walk.kind] += 1
        self.suspicious[walk.kind] += verdict is Verdict.SUSPICIOUS
        self.unfinished[walk.kind] += bool(walk.left_out) and verdict is not Verdict.SUSPICIOUS
        self.noted[walk.kind] += verdict is Verdict.NOTE
        self.rules[walk.kind].update({rule for rule, _ in flags})

    def rate(self, kinds: Sequence[str]) -> float:
        """Share of walks of these kinds that were found: suspicious, or plainly unfinished."""
        found = sum(self.suspicious[kind] + self.unfinished[kind] for kind in kinds)
        return found / max(1, sum(self.walks[kind] for kind in kinds))

    def share_noted(self, kind: str) -> float:
        """Share of walks of this kind with flags that only inform."""
        return self.noted[kind] / max(1, self.walks[kind])

    def by_rule(self, rule: FlagRule, kinds: Sequence[str]) -> float:
        """Share of walks of these kinds with a flag of this rule."""
        return sum(self.rules[kind][rule] for kind in kinds) / max(1, sum(self.walks[kind] for kind in kinds))


@dataclass
class Town:
    """A site with its people over the days."""

    rng: Random
    house: House
    site: Site = field(default_factory=Site)
    album: Album = field(default_factory=Album)
    number: int = 0
    busy: dict[str, datetime] = field(default_factory=dict)
    habits: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def honest(self, kind: str) -> Walk:
        """An honest walk of this kind."""
        walkers = self.house.walkers[CHEATS:]
        return self._walk(kind, self._ground(walkers), walkers, honest=True)

    def dishonest(self, kind: str) -> Walk:
        """A dishonest walk of this kind; whoever copies numbers does nothing else."""
        if kind == COPYING:
            return self._copying()
        cheats = self.house.walkers[1:CHEATS]
        return self._walk(kind, self._ground(cheats), cheats, honest=False)

    def _copying(self) -> Walk:
        ground = self._ground(self.house.walkers[:1])
        ground.route = max(self.house.routes, key=lambda route: sum(stop.gauge is not None for stop in route.stops))
        return self._walk(COPYING, ground, self.house.walkers, honest=False)

    def _ground(self, walkers: Sequence[Walker]) -> Ground:
        """The next walk: some route, somebody who is free, the time of the day."""
        day, slot = divmod(self.number, A_DAY)
        self.number += 1
        start = BEGIN + timedelta(days=day, minutes=slot * 85 + self.rng.uniform(0, 20))
        free = [one for one in walkers if self.busy.get(one.name, BEGIN) <= start]
        walker = self.rng.choice(free) if free else min(walkers, key=lambda one: self.busy[one.name])
        return Ground(self.rng, self.rng.choice(self.house.routes), walker, self._at(walker, start), self.number)

    def _at(self, walker: Walker, start: datetime) -> datetime:
        return max(start, self.busy.get(walker.name, start))

    def _walk(self, kind: str, ground: Ground, walkers: Sequence[Walker], *, honest: bool) -> Walk:
        free = [one for one in walkers if one is ground.walker or self.busy.get(one.name, BEGIN) <= ground.start]
        if kind in NEED_TWO and len(free) < 2:
            kind = "ordinary" if honest else "desk, spread out"
        steps = HONEST[kind](ground, free) if honest else (FOUND | BEYOND)[kind](ground, free, self.album)
        for step in steps:
            name = next(one.name for one in self.house.walkers if one.id == step.seen.person)
            self.busy[name] = max(self.busy.get(name, BEGIN), step.received_at, step.seen.at) + timedelta(minutes=5)
        missing = len(ground.route.stops) - len({step.position for step in steps})
        return Walk(kind, honest, steps, missing)


@dataclass
class Result:
    """Tallies of the first weeks, and of everything after them (honest walks of the first weeks count there too)."""

    first: Tally = field(default_factory=Tally)
    later: Tally = field(default_factory=Tally)


def measure(each: int, seed: int = 1, first: int = FIRST) -> Result:
    """Let a town live: first weeks without data, then `each` honest and `each` dishonest walks, mixed."""
    town, result = Town(Random(seed), build(seed)), Result()
    plans = [(_plan(town.rng, honest=town.rng.random() < HONEST_AT_FIRST), result.first) for _ in range(first)]
    later = [(_plan(town.rng, honest=number % 2 == 0), result.later) for number in range(2 * each)]
    later += [((kind, False), result.later) for kind in BEYOND for _ in range(each // 10)]
    town.rng.shuffle(later)
    waiting: list[tuple[datetime, int, Walk, Tally]] = []
    for number, ((kind, honest), tally) in enumerate([*plans, *later]):
        walk = town.honest(kind) if honest else town.dishonest(kind)
        begin = min(step.seen.at for step in walk.steps)
        while waiting and waiting[0][0] < begin:
            _arrive(heappop(waiting), town, result)
        heappush(waiting, (max(step.received_at for step in walk.steps), number, walk, tally))
    while waiting:
        _arrive(heappop(waiting), town, result)
    return result


def _plan(rng: Random, *, honest: bool) -> tuple[str, bool]:
    if honest:
        return ("ordinary" if rng.random() < ORDINARY else rng.choice(list(HONEST)), True)
    return (rng.choice(list(FOUND)), False)


def _arrive(entry: tuple[datetime, int, Walk, Tally], town: Town, result: Result) -> None:
    _, _, walk, tally = entry
    key = (walk.kind, walk.steps[0].seen.person, frozenset(step.seen.tag for step in walk.steps))
    town.habits[key] += 1
    if town.habits[key] < HABITS.get(walk.kind, 0):
        tally = Tally()
    flags, verdict = walk.outcome(town.site)
    for one in [tally, result.later] if walk.honest and tally is result.first else [tally]:
        one.add(walk, flags, verdict)


def report(result: Result, each: int) -> Iterator[str]:
    """The table."""
    later, first = result.later, result.first
    yield f"{'kind of walk':44} walks  found  noted   flags (share of walks)"
    for title, kinds in (("honest", HONEST), ("dishonest", FOUND), ("beyond the rules", BEYOND)):
        yield f"-- {title}"
        yield from (_line(later, kind) for kind in kinds)
    yield "-- dishonest walks of the first weeks, before anything is learned"
    yield from (_line(first, kind) for kind in FOUND if first.walks[kind])
    yield f"\n{'rule':14} honest  dishonest  (share of walks with such a flag)"
    yield from (
        f"{rule:14} {later.by_rule(rule, list(HONEST)):6.2%}  {later.by_rule(rule, list(FOUND)):8.1%}"
        f"   {'counts' if rule in DOUBT else 'informs'}"
        for rule in FlagRule
    )
    yield f"\nfalse alarms  {later.rate(list(HONEST)):.2%} of {sum(later.walks[kind] for kind in HONEST)} honest walks"
    yield f"detection     {later.rate(list(FOUND)):.1%} of {sum(later.walks[kind] for kind in FOUND)} dishonest walks"


def _line(tally: Tally, kind: str) -> str:
    rules = ", ".join(
        f"{rule} {count / max(1, tally.walks[kind]):.0%}" for rule, count in tally.rules[kind].most_common(5)
    )
    return f"{kind:44} {tally.walks[kind]:5}  {tally.rate([kind]):5.1%}  {tally.share_noted(kind):5.1%}  {rules}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description="How well the rules of presence tell dishonest walks from honest ones."
    )
    parser.add_argument("--each", type=int, default=1100, help="walks of either sort")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.writelines(f"{line}\n" for line in report(measure(options.each, options.seed), options.each))


if __name__ == "__main__":
    main()
