"""Rule of answers that are always identical: numbers copied instead of read. Pure.

How often two readings after one another are equal is learned from what other people note at the same stop; a gauge
that never moves gives nobody away.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from crew_app.rounds.rules import FlagRule
from crew_app.rounds.sightings import Case, Oddity, Reading

BY_CHANCE = 1e-4
OTHERS = 5
"""So many readings of others are needed to say that they vary."""


def same_answers(case: Case) -> Iterator[Oddity]:
    """The same numbers again and again, where others' numbers vary."""
    if case.reading is None or not case.reading.numbers:
        return
    comparable = [one for one in case.readings if len(one.numbers) == len(case.reading.numbers)]
    others = [one for one in comparable if one.person != case.reading.person]
    if len(others) < OTHERS:
        return
    chance = _equal_by_chance(others)
    times = max(_own_streak(case.reading, comparable), _copied_streak(case.reading, comparable))
    if times > 1 and chance ** (times - 1) < BY_CHANCE:
        yield FlagRule.SAME_ANSWERS, {"times": times}


def _equal_by_chance(readings: Sequence[Reading]) -> float:
    pairs = list(pairwise(readings))
    return (sum(one.numbers == other.numbers for one, other in pairs) + 1) / (len(pairs) + 2)


def _own_streak(reading: Reading, before: Sequence[Reading]) -> int:
    """How often in a row this person noted exactly these numbers."""
    times = 1
    for one in before:
        if one.person == reading.person:
            if one.numbers != reading.numbers:
                break
            times += 1
    return times


def _copied_streak(reading: Reading, before: Sequence[Reading]) -> int:
    """How often in a row this person noted what stood there before, whoever had written it."""
    times = 1
    for later, earlier in pairwise([reading, *before]):
        if later.person == reading.person:
            if later.numbers != earlier.numbers:
                break
            times += 1
    return times
