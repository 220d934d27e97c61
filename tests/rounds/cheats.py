"""Dishonest walks: nobody was there, or not at all stops, or did not look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from PIL import Image

from crew_app.rounds.rules import Challenge, How
from crew_app.rounds.sightings import Clock
from tests.rounds import frames
from tests.rounds.house import Stop, Walker, named
from tests.rounds.site import Step
from tests.rounds.walks import Ground, Manner, seen_by, sent, step, walk


@dataclass
class Album:
    """What cheats have prepared: photos of the tags, the frame they play back, the numbers they write."""

    photos: dict[str, Image.Image] = field(default_factory=dict)
    replayed: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def photo(self, stop: Stop) -> Image.Image:
        """A photo of the tag with some wall around it, taken once from near."""
        if stop.name not in self.photos:
            wide, high = stop.scene.size
            edge = 0.18
            box = (round(wide * edge), round(high * edge), round(wide * (1 - edge)), round(high * (1 - edge)))
            self.photos[stop.name] = stop.scene.crop(box)
        return self.photos[stop.name]


def desk(
    ground: Ground, album: Album, gaps: tuple[float, float], share: tuple[float, float] = (0.4, 0.8)
) -> list[Step]:
    """Codes scanned from a screen or a print on the desk, `gaps` seconds apart."""
    rng, at, size = ground.rng, ground.start, ground.rng.uniform(*share)
    steps = []
    for stop in ground.stops():
        picture = frames.on_screen(album.photo(stop), ground.walker.desk, rng, size)
        frame = seen_by(ground, picture, frames.DESK)
        steps.append(_bluffed(ground, step(ground, stop, at, frame=frame)))
        at += timedelta(seconds=rng.uniform(*gaps))
    return sent(steps, at, Manner())


def _bluffed(ground: Ground, one: Step) -> Step:
    """Numbers on doors are known by heart mostly; a photo of the place is hard to have at the desk."""
    asked, rng = one.asked, ground.rng
    if asked is None:
        return one
    if asked.challenge is Challenge.PHOTO:
        return replace(one, asked=replace(asked, photos=1, gallery=int(rng.random() < 0.6)))
    return replace(one, asked=replace(asked, answer=asked.answer if rng.random() < 0.8 else "1"))


def replay(ground: Ground, album: Album) -> list[Step]:
    """The very same pictures are fed to the camera each time, with plausible gaps."""
    at, steps = ground.start, []
    for stop in ground.stops():
        key = f"{ground.walker.name} {stop.name}"
        fresh = seen_by(ground, stop.scene, frames.HAND)
        frame = album.replayed.setdefault(key, fresh) ^ (
            1 << ground.rng.randrange(64) if ground.rng.random() < 0.3 else 0
        )
        steps.append(step(ground, stop, at, frame=frame))
        at += timedelta(seconds=ground.rng.uniform(50, 240))
    return sent(steps, at, Manner())


def copied(ground: Ground, album: Album) -> list[Step]:
    """Really walked, but the numbers are the ones of last time."""
    return [_copied(one, album) for one in walk(ground)]


def _copied(one: Step, album: Album) -> Step:
    if one.reading is None:
        return one
    key = (str(one.seen.person), one.seen.tag or "")
    number = album.numbers.setdefault(key, one.reading.numbers[0])
    return replace(one, reading=replace(one.reading, numbers=(number,)))


def for_a_friend(ground: Ground, friend: Walker) -> list[Step]:
    """One walks with two phones: the friend's round is scanned beside the own one."""
    own = walk(ground)
    run = named(f"run {ground.number} of a friend")
    beside = []
    for one in own:
        later = timedelta(seconds=ground.rng.uniform(4, 18))
        there = next(stop for stop in ground.route.stops if stop.name == one.seen.tag)
        who = replace(ground, walker=friend)
        frame = seen_by(who, there.scene, frames.HAND)
        other = step(who, there, one.seen.at + later, frame=frame)
        beside.append(replace(other, seen=replace(other.seen, run=run)))
    return [*own, *beside]


def half(ground: Ground, *, tapped: bool) -> list[Step]:
    """Half of the stops are left out; `tapped`: or said to be done without a scan."""
    stops = ground.stops()
    there = set(ground.rng.sample(range(len(stops)), len(stops) // 2))
    if not tapped:
        return walk(ground, stops=[stop for index, stop in enumerate(stops) if index in there])
    return walk(ground, Manner(unread=tuple((n, How.TAP) for n in range(len(stops)) if n not in there)))


def clock_back(ground: Ground, album: Album) -> list[Step]:
    """All from the desk in some minutes, the phone's clock set back before and on between, and right when it sends."""
    steps = desk(ground, album, (60, 240))
    end = steps[-1].seen.at + timedelta(hours=3)
    return [
        replace(one, clock=Clock(one.seen.at, 0), received_at=end + timedelta(seconds=number))
        for number, one in enumerate(steps)
    ]


def clock_jumps(ground: Ground, album: Album) -> list[Step]:
    """The same by somebody less careful: the clock is set back again and again, and stays wrong while sending."""
    steps = desk(ground, album, (8, 30))
    shift = timedelta(hours=ground.rng.uniform(1.2, 5))
    offset = round(shift / timedelta(milliseconds=1))
    return [replace(one, clock=Clock(one.seen.at - shift, offset, suspect=True)) for one in steps]


def typed(ground: Ground) -> list[Step]:
    """Codes typed from a list at the desk, with plausible gaps."""
    at, steps = ground.start, []
    for stop in ground.stops():
        steps.append(_bluffed(ground, step(ground, stop, at, how=How.TYPED)))
        at += timedelta(seconds=ground.rng.uniform(60, 240))
    return steps


FOUND: dict[str, Callable[[Ground, Sequence[Walker], Album], list[Step]]] = {
    "desk, all within a minute or two": lambda g, _, a: desk(g, a, (3, 9)),
    "desk, some minutes": lambda g, _, a: desk(g, a, (10, 25)),
    "desk, spread out": lambda g, _, a: desk(g, a, (60, 240)),
    "same frames played back": lambda g, _, a: replay(g, a),
    "numbers copied": lambda g, _, a: copied(g, a),
    "one walks for two phones": lambda g, w, _: for_a_friend(g, next(one for one in w if one is not g.walker)),
    "half tapped": lambda g, _, __: half(g, tapped=True),
    "half left out": lambda g, _, __: half(g, tapped=False),
    "clock set back, then right": lambda g, _, a: clock_back(g, a),
    "clock set back, left so": lambda g, _, a: clock_jumps(g, a),
}
BEYOND: dict[str, Callable[[Ground, Sequence[Walker], Album], list[Step]]] = {
    "desk, spread out, picture fills the view": lambda g, _, a: desk(g, a, (60, 240), (1.0, 1.0)),
    "typed from a list, plausible gaps": lambda g, _, __: typed(g),
}
"""Kinds that the rules cannot find reliably; measured apart."""
