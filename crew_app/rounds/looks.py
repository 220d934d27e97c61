"""Rules of what the camera saw at the scan: the same picture again, or one that looks like a copy of the tag. Pure.

A frame is kept as 64 bits (difference hash: is a field brighter than its neighbour?). Two frames of the same tag taken
by hand differ by some 17 bits at the nearest of a dozen, strangers by 25 (tests/rounds/frames.py), so one frame says
little. What counts is how much the frames of a whole walk are unlike what others saw at the same tags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from math import sqrt
from statistics import fmean, median, pstdev

from crew_app.rounds.rules import FlagRule, How
from crew_app.rounds.sightings import Case, Oddity, Reference, Sight

SAME_BITS = 2
PLAIN = range(9, 56)
"""Ones in a frame that shows something; a dark or covered camera gives nearly none or nearly all."""
AGAIN = timedelta(minutes=10)
"""Whoever scans the same tag twice within this has held the phone still."""
ENOUGH = 6
NEWEST = 16
FRAMES = 5
UNLIKE_BITS = 3.7
UNLIKE_SURE = 3.5
SPREAD = 4.0
"""Bits by which honest frames vary in their nearness, at the least."""
ALIKE_FRAMES = 5
ALIKE_BITS = 1.5
TORCH_BITS, HALF = 11, 4


@dataclass(frozen=True, slots=True)
class Compared:
    """Bits from a frame to the nearest of its tag; how near these are to one another, and how much that varies."""

    near: int
    usual: float
    spread: float


def apart(one: int, other: int) -> int:
    """Bits in which two frames differ."""
    return (one ^ other).bit_count()


def shows_something(frame: int | None) -> bool:
    """Whether a frame can be compared at all."""
    return frame is not None and frame.bit_count() in PLAIN


def same_frame(case: Case) -> Iterator[Oddity]:
    """Nobody holds a phone the same way twice: the very same frame is the same picture."""
    seen = case.seen
    if not shows_something(seen.frame):
        return
    for frame, at, other in _earlier(case):
        if apart(frame, seen.frame or 0) <= (0 if by_torch(frame) else SAME_BITS):
            yield FlagRule.SAME_FRAME, {"at": at, "other": int(other)}
            return


def _earlier(case: Case) -> Iterator[tuple[int, str, bool]]:
    """Frames of this tag and of the stops before: the frame, when, whether it was at another stop."""
    seen = case.seen
    for reference in case.references.get(seen.tag or "", ()):
        if abs(seen.at - reference.at) > AGAIN:
            yield reference.frame, reference.at.isoformat(timespec="minutes"), False
    for one in case.trail:
        if one.frame is not None and one.tag != seen.tag:
            yield one.frame, one.at.isoformat(timespec="minutes"), True


def copy_look(case: Case) -> Iterator[Oddity]:
    """The frames of this walk look like one desk with pictures of tags on it, not like the places of these tags."""
    if _compared(case, case.seen) is None:
        return
    walk = [one for one in case.trail if one.run == case.seen.run] + [case.seen]
    compared = [(one, found) for one in walk if (found := _compared(case, one))]
    if _unlike([found for _, found in compared]):
        yield FlagRule.COPY_LOOK, {"frames": len(compared), "why": "unlike"}
    elif alike := _alike(walk, compared):
        yield FlagRule.COPY_LOOK, {"frames": alike, "why": "alike"}


def _unlike(compared: Sequence[Compared]) -> bool:
    """Whether the frames are further from their tags' own frames than these are from one another."""
    if len(compared) < FRAMES:
        return False
    excess = [one.near - one.usual for one in compared]
    sure = sum(excess) / sqrt(sum(one.spread**2 for one in compared))
    return fmean(excess) >= UNLIKE_BITS and sure >= UNLIKE_SURE


def _alike(walk: Sequence[Sight], compared: Sequence[tuple[Sight, Compared]]) -> int:
    """How many frames look more like those of other stops of this walk than like their own tags; 0 when too few."""
    lit = [one for one in walk if one.frame is not None and not by_torch(one.frame)]
    closer = [
        found.near - min(apart(one.frame, other.frame or 0) for other in lit if other.tag != one.tag)
        for one, found in compared
        if one in lit and one.frame is not None and any(other.tag != one.tag for other in lit)
    ]
    return len(closer) if len(closer) >= ALIKE_FRAMES and fmean(closer) >= ALIKE_BITS else 0


def by_torch(frame: int) -> bool:
    """Whether a frame is bright in the middle and dark around: by torch light all places look alike."""
    outward = ((frame >> (63 - bit)) & 1 ^ (bit % 8 >= HALF) for bit in range(64))
    return abs(sum(outward) - 32) >= TORCH_BITS


def _compared(case: Case, seen: Sight) -> Compared | None:
    if seen.how is not How.SCAN or seen.frame is None or not shows_something(seen.frame):
        return None
    known = tuple(islice(_usable(case.references.get(seen.tag or "", ()), seen), NEWEST))
    if len(known) < ENOUGH:
        return None
    usual, spread = _usual(known)
    return Compared(min(apart(seen.frame, frame) for frame in known), usual, spread)


@lru_cache(maxsize=4096)
def _usual(frames: tuple[int, ...]) -> tuple[float, float]:
    """How near each frame is to the nearest of the others: the middle, and how much it varies."""
    near = [
        min(apart(frame, other) for other in (*frames[:index], *frames[index + 1 :]))
        for index, frame in enumerate(frames)
    ]
    return median(near), max(SPREAD, pstdev(near))


def _usable(references: Sequence[Reference], seen: Sight) -> list[int]:
    """Frames that say what it looks like there, newest first: those of others, if there are enough of them.

    Doubted ones count only after somebody has explained their flags: or two people with the same copies would vouch
    for one another.
    """
    good = [one for one in references if one.at < seen.at and not one.doubted and shows_something(one.frame)]
    others = [one.frame for one in good if one.person != seen.person]
    return others if len(others) >= ENOUGH else [one.frame for one in good]
