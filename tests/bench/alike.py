"""How well copies of pictures are told from other pictures of similar things, on pictures made by the project.

    python -m tests.bench.alike [--each 25] [--seed 90000]

A site gets pictures of many subjects; then come copies of them, and other people's pictures of the same subjects.
A copy counts as found when its own original is flagged. A picture that is no copy and is flagged is a false one.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from PIL import Image

from crew_app.evidence.closeness import Placement
from crew_app.evidence.looking import SAME
from crew_app.evidence.prints import BANDS, KEPT, band_value, centred, distance
from crew_app.evidence.searching import ALIKE, MOST, STARTS, Candidate, asked
from crew_app.evidence.sight import Sight, compare, see
from tests.bench.copies import COPIES, WANTED
from tests.bench.scenery import KINDS
from tests.support.pictures import encoded

TUNED = range(1000, 4000)
"""Subjects that were looked at while the numbers were chosen; the measurement uses others."""


@dataclass
class Site:
    """Pictures that are there, as the database keeps them."""

    pictures: list[bytes] = field(default_factory=list)
    prints: dict[tuple[int, int], list[tuple[int, int, int]]] = field(default_factory=dict)

    def add(self, data: bytes) -> None:
        """One more picture."""
        for part, one in enumerate(see(data, "", "").kept):
            for band in range(BANDS):
                key = band, band_value(one.bits, band)
                self.prints.setdefault(key, []).append((len(self.pictures), part, one.bits))
        self.pictures.append(data)

    def same(self, data: bytes, sight: Sight) -> dict[int, float]:
        """The pictures that count as the same as this one."""
        scores = {number: self._close(data, number, one) for number, one in self._candidates(sight)}
        return {number: score for number, score in scores.items() if score >= SAME}

    def _candidates(self, sight: Sight) -> list[tuple[int, Candidate]]:
        found: dict[int, Candidate] = {}
        for key, askers in asked(sight.looks).items():
            for number, part, bits in self.prints.get(key, ()):
                for one, mirrored in askers:
                    apart = distance(one.bits, bits)
                    if apart <= ALIKE:
                        candidate = found.setdefault(number, Candidate(number))  # type: ignore[arg-type]
                        candidate.hits[mirrored, one.window, centred(KEPT[part])] = apart
        return sorted(found.items(), key=lambda pair: pair[1].distance)[:MOST]

    def _close(self, data: bytes, number: int, candidate: Candidate) -> float:
        starts: list[Placement] = candidate.starts[:STARTS]
        return compare(data, self.pictures[number], starts, candidate.mirrored)


@dataclass
class Result:
    """Counts by kind of copy, and by kind of picture that is no copy."""

    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    """A copy flagged as another picture than the one it was made from."""
    others: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    screens: Counter[str] = field(default_factory=Counter)
    shots: Counter[str] = field(default_factory=Counter)

    def recall(self, kind: str) -> float:
        """Share of copies of a kind that were found."""
        return self.found[kind] / max(1, self.tried[kind])

    @property
    def precision(self) -> float:
        """Share of flagged pictures that are copies of what they are flagged for, all kinds together."""
        right = sum(self.found.values())
        return right / max(1, right + sum(self.wrong.values()) + sum(self.false.values()))


def measure(each: int, seed: int) -> Result:
    """Copies of each kind of `each` subjects of every sort, and two more people's pictures of each subject."""
    site, result = Site(), Result()
    subjects = [(sort, seed + 7 * number) for sort in KINDS for number in range(each)]
    taken = [KINDS[sort](subject, 1) for sort, subject in subjects]
    for picture in taken:
        site.add(encoded(picture, "JPEG", quality=85))
    for number, picture in enumerate(taken):
        for kind in COPIES:
            _copied(site, result, number, kind, picture)
    for sort, subject in subjects:
        for person in (2, 3):
            _another(site, result, sort, KINDS[sort](subject, person))
    return result


def _copied(site: Site, result: Result, number: int, kind: str, picture: Image.Image) -> None:
    data = encoded(COPIES[kind](picture, Random(number)), "JPEG", quality=85)
    sight = see(data, "", "")
    same = site.same(data, sight)
    result.tried[kind] += 1
    result.found[kind] += number in same
    result.wrong[kind] += bool(same.keys() - {number})
    result.screens[kind] += sight.signs.screen_photo > 0
    result.shots[kind] += sight.signs.screenshot > 0


def _another(site: Site, result: Result, sort: str, picture: Image.Image) -> None:
    data = encoded(picture, "JPEG", quality=85)
    sight = see(data, "", "")
    result.others[sort] += 1
    result.false[sort] += bool(site.same(data, sight))
    result.screens["others"] += sight.signs.screen_photo > 0
    result.shots["others"] += sight.signs.screenshot > 0


def report(result: Result) -> Iterator[str]:
    """The table."""
    yield f"{'kind of copy':22} tried  found   screenshot  photo of a screen"
    for kind in COPIES:
        shots, screens = (count[kind] / max(1, result.tried[kind]) for count in (result.shots, result.screens))
        star = "*" if kind in WANTED else " "
        yield f"{kind:21}{star} {result.tried[kind]:5}  {result.recall(kind):6.1%}  {shots:6.1%}      {screens:6.1%}"
    yield f"\n{'no copy':22} tried  flagged"
    yield from (f"{sort:22} {number:5}  {result.false[sort]:5}" for sort, number in result.others.items())
    number = sum(result.others.values())
    yield f"as screenshot {result.shots['others']} of {number}, as photo of a screen {result.screens['others']}"
    wanted = [result.recall(kind) for kind in WANTED]
    yield f"\nprecision {result.precision:.2%}; copies flagged as another picture: {sum(result.wrong.values())}"
    yield f"recall of those with a star: {sum(wanted) / len(wanted):.2%}, the least {min(wanted):.2%}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How well copies are told from other pictures of similar things.")
    parser.add_argument("--each", type=int, default=25, help="subjects of each sort")
    parser.add_argument("--seed", type=int, default=90_000)
    options = parser.parse_args()
    if options.seed in TUNED:
        sys.stderr.write("These subjects were used for tuning.\n")
    sys.stdout.writelines(f"{line}\n" for line in report(measure(options.each, options.seed)))


if __name__ == "__main__":
    main()
