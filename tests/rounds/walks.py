"""Honest walks through an invented hospital, as they happen: slow, offline, interrupted, shared, in the dark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from PIL import Image

from crew_app.rounds.presence import Verdict, plain, verdict
from crew_app.rounds.rules import Challenge, How
from crew_app.rounds.runs import ONE_IN
from crew_app.rounds.sightings import Asked, Clock, Oddity, Reading, Sight, Tag
from tests.rounds import frames
from tests.rounds.house import Route, Stop, Walker, named, order, reading, way
from tests.rounds.site import Site, Step

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
WINDOW = timedelta(hours=3)


@dataclass(frozen=True)
class Manner:
    """How somebody walks and works, apart from their own speed; times in seconds."""

    haste: float = 1.0
    offline: float = 0.0
    """Until everything is sent, after the end; 0: at once."""
    shift: float = 0.0
    """By how much the phone's clock is fast."""
    pauses: tuple[tuple[int, float], ...] = ()
    unread: tuple[tuple[int, How], ...] = ()
    """Stops whose tag could not be scanned."""
    dark: bool = False
    wrong_tag: int = -1


@dataclass
class Walk:
    """A walk of some kind, ready to arrive at the site. `left_out`: stops nobody says to have been at."""

    kind: str
    honest: bool
    steps: list[Step]
    left_out: int = 0

    def outcome(self, site: Site) -> tuple[list[Oddity], Verdict]:
        """Let it arrive: its flags, and what they amount to."""
        arrived = sorted(self.steps, key=lambda step: (step.received_at, step.seen.at))
        flags = [oddity for step in arrived for oddity in site.receive(step)]
        return flags, verdict(flags, len(self.steps))


@dataclass
class Ground:
    """What a walk is made from: chance, the route, who walks, when."""

    rng: Random
    route: Route
    walker: Walker
    start: datetime
    number: int

    @property
    def run(self) -> UUID:
        """The id of the run."""
        return named(f"run {self.number}")

    def stops(self) -> list[Stop]:
        """In the order somebody would walk them."""
        return list(self.route.stops) if self.route.ordered else order(self.route.stops, self.rng)


def walk(ground: Ground, manner: Manner = Manner(), stops: Sequence[Stop] | None = None) -> list[Step]:
    """Steps of somebody who is really there."""
    rng, walker, stops = ground.rng, ground.walker, list(stops or ground.stops())
    pauses, unread = dict(manner.pauses), dict(manner.unread)
    at, before, steps = ground.start, stops[0], []
    for index, stop in enumerate(stops):
        at += timedelta(seconds=way(before, stop, walker.speed * manner.haste, rng) + pauses.get(index, 0) + 3)
        how = unread.get(index, How.SCAN)
        tagged = stops[index - 1] if index == manner.wrong_tag else stop
        frame = look(ground, tagged, dark=manner.dark) if how is How.SCAN else None
        steps.append(step(ground, stop, at, how=how, frame=frame, tagged=tagged))
        at += timedelta(seconds=work(ground, stop) / manner.haste)
        before = stop
    return sent(steps, at, manner)


def work(ground: Ground, stop: Stop) -> float:
    """Seconds at a stop, never less than it takes to touch the screen."""
    longer = 8 if stop.gauge else 0
    return max(5.0, ground.rng.lognormvariate(0, 0.45) * ground.walker.work) + longer


def sent(steps: Sequence[Step], end: datetime, manner: Manner) -> list[Step]:
    """The same steps with the times of the phone's clock and of their arrival."""
    shift = timedelta(seconds=manner.shift)
    late = end + timedelta(seconds=manner.offline)
    clock = [Clock(one.seen.at + shift, round(-manner.shift * 1000), suspect=abs(manner.shift) > 3600) for one in steps]
    arrival = [late + timedelta(seconds=n) if manner.offline else one.received_at for n, one in enumerate(steps)]
    return [replace(one, clock=c, received_at=a) for one, c, a in zip(steps, clock, arrival, strict=True)]


def step(
    ground: Ground,
    stop: Stop,
    at: datetime,
    *,
    how: How = How.SCAN,
    frame: int | None = None,
    tagged: Stop | None = None,
) -> Step:
    """A visit at a stop, with right answers to everything."""
    tagged, walker = tagged or stop, ground.walker
    seen = Sight(
        visit=named(f"{ground.number} {walker.name} {stop.name} {at}"),
        run=ground.run,
        person=walker.id,
        device=walker.id,
        at=at,
        how=how,
        spot=stop.spot,
        tag=None if how is How.TAP else tagged.name,
        frame=frame,
    )
    hours = (at - BEGIN) / timedelta(hours=1)
    numbers = (Decimal(str(round(reading(stop, hours, ground.rng), 3))),) if stop.gauge else ()
    return Step(
        seen=seen,
        received_at=at + timedelta(seconds=20),
        opens_at=ground.start - timedelta(minutes=20),
        closes_at=ground.start + WINDOW,
        position=ground.route.stops.index(stop),
        ordered=ground.route.ordered,
        clock=Clock(at, 0),
        tag=None if how is How.TAP else Tag(tagged.spot == stop.spot, tagged.spot.place),
        asked=challenge(ground, stop),
        reading=Reading(walker.id, at, numbers) if numbers else None,
    )


def look(ground: Ground, stop: Stop, *, dark: bool = False) -> int:
    """What the walker's phone sees at a stop."""
    grip = frames.Grip(scale=0.22, turn=8, shift=0.10)
    return seen_by(ground, stop.scene, grip, dark=dark)


def seen_by(ground: Ground, picture: Image.Image, grip: frames.Grip, *, dark: bool = False) -> int:
    """A frame of the walker's phone: each sees wider or narrower than others, darker or lighter."""
    view = frames.taken(picture, ground.rng, grip, zoom=ground.walker.zoom, light=ground.walker.light, dark=dark)
    return frames.difference_hash(view)


def challenge(ground: Ground, stop: Stop) -> Asked | None:
    """On live routes every third stop asks for something (`runs.ONE_IN`); the honest rarely overlook it."""
    rng = ground.rng
    if not ground.route.live or rng.random() > 1 / ONE_IN:
        return None
    heeded = rng.random() > 0.01
    if rng.random() < 0.5:
        return Asked(Challenge.PHOTO, photos=int(heeded))
    return Asked(Challenge.NUMBER, answer=stop.door if heeded else "", expected=frozenset({plain(stop.door)}))


def shared(ground: Ground, other: Walker) -> list[Step]:
    """Two people share a round: each walks half of it, at the same time."""
    stops = list(ground.route.stops)
    half = len(stops) // 2
    return [*walk(ground, stops=stops[:half]), *walk(replace(ground, walker=other), stops=stops[half:])]


def together(ground: Ground, other: Walker) -> list[Step]:
    """Two people walk one round side by side; now this one scans, now that one."""
    return [
        replace(one, seen=replace(one.seen, person=who.id, device=who.id), reading=None)
        for one in walk(ground)
        for who in (ground.rng.choice((ground.walker, other)),)
    ]


def returning(ground: Ground) -> list[Step]:
    """Something was forgotten: back to an earlier stop, and on."""
    stops = ground.stops()
    turn = ground.rng.randrange(2, len(stops))
    return walk(ground, stops=[*stops[:turn], stops[turn - 2], *stops[turn:]])


def _some(ground: Ground, most: int) -> list[int]:
    stops = len(ground.route.stops)
    return ground.rng.sample(range(1, stops), min(most, stops - 1))


def _interrupted(ground: Ground) -> list[Step]:
    return walk(ground, Manner(pauses=tuple((n, ground.rng.uniform(600, 5400)) for n in _some(ground, 2))))


def _torn(ground: Ground) -> list[Step]:
    broken = _some(ground, ground.rng.choice((1, 1, 2)))
    return walk(ground, Manner(unread=tuple((n, ground.rng.choice((How.TAP, How.TYPED))) for n in broken)))


def _no_camera(ground: Ground) -> list[Step]:
    return walk(ground, Manner(unread=tuple((n, How.TYPED) for n in range(len(ground.route.stops)))))


def _other(ground: Ground, walkers: Sequence[Walker]) -> Walker:
    return ground.rng.choice([one for one in walkers if one is not ground.walker])


HONEST: dict[str, Callable[[Ground, Sequence[Walker]], list[Step]]] = {
    "ordinary": lambda g, _: walk(g),
    "slow": lambda g, _: walk(g, Manner(haste=g.rng.uniform(0.3, 0.7))),
    "in a hurry": lambda g, _: walk(g, Manner(haste=g.rng.uniform(1.2, 1.5))),
    "offline for hours": lambda g, _: walk(g, Manner(offline=g.rng.uniform(1800, 40_000))),
    "clock off by minutes": lambda g, _: walk(
        g, Manner(shift=g.rng.uniform(-1500, 1500), offline=g.rng.choice((0, 3000)))
    ),
    "clock off by hours": lambda g, _: walk(g, Manner(shift=g.rng.choice((-1, 1)) * g.rng.uniform(4000, 40_000))),
    "returning": lambda g, _: returning(g),
    "interrupted by a job": lambda g, _: _interrupted(g),
    "begun late": lambda g, _: walk(g, Manner(pauses=((0, g.rng.uniform(9000, 14_000)),))),
    "two share a round": lambda g, w: shared(g, _other(g, w)),
    "two side by side": lambda g, w: together(g, _other(g, w)),
    "torn tags": lambda g, _: _torn(g),
    "no camera": lambda g, _: _no_camera(g),
    "in the dark": lambda g, _: walk(g, Manner(dark=True)),
    "the neighbour's tag": lambda g, _: walk(g, Manner(wrong_tag=_some(g, 1)[0])),
}
