"""How much is made at a scale, and when it happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

FULL = {"tickets": 3_000_000, "moves": 10_000_000, "answers": 30_000_000, "photos": 6_000_000}
"""At scale 1."""
HOSPITALS, YEARS = 12, 8
WEEK = 7
YEAR = 52 * WEEK


@dataclass(frozen=True, slots=True)
class Found:
    """How much of each there is in the demo's year, as far as it can be repeated."""

    tickets: int
    moves: int
    answers: int


@dataclass(frozen=True, slots=True)
class Size:
    """What a scale comes to."""

    scale: float
    found: Found

    @property
    def hospitals(self) -> int:
        """Each as large as the demo's, with two sites; the demo's own is the first."""
        return max(1, round(HOSPITALS * sqrt(self.scale)))

    @property
    def tickets(self) -> int:
        """How often the jobs of the demo's year are repeated in each hospital."""
        return self._times("tickets", self.found.tickets)

    @property
    def moves(self) -> int:
        """How often its moves are."""
        return self._times("moves", self.found.moves)

    @property
    def answers(self) -> int:
        """How often the week of its logs is."""
        return self._times("answers", self.found.answers)

    def days(self, number: int, many: int, hospital: int) -> int:
        """How many days (whole weeks) a repetition lies before the demo's year; in it only at other hospitals."""
        reach = YEARS * YEAR if many > YEARS else many * YEAR
        first = YEAR if hospital == 0 else 0
        return first + number * (reach - YEAR) // many // WEEK * WEEK

    def log_days(self, number: int, hospital: int) -> int:
        """The same for logs, which are of one week: any day counts."""
        reach = YEARS * YEAR
        first = 2 * WEEK if hospital == 0 else 0
        return first + number * (reach - first) // max(self.answers, reach - first)

    def words(self) -> Iterator[str]:
        """What it will make."""
        for name, full in FULL.items():
            yield f"{round(full * self.scale):,} {name}"

    def _times(self, name: str, here: int) -> int:
        return max(1, round(FULL[name] * self.scale / self.hospitals / max(1, here)))
