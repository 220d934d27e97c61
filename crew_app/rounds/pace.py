"""How long people take from one place to the next, learned from few numbers. Pure, no database.

Times are whole seconds from scan to scan, so they hold the work at the first place too. Kept are the newest `KEPT`,
at most `OF_ONE` of one person, so that nobody alone decides what is usual.
"""

from dataclasses import dataclass
from statistics import median_low
from uuid import UUID

KEPT = 24
OF_ONE = 8
ENOUGH = 8
ENOUGH_PEOPLE, ENOUGH_DAYS = 2, 3
ALONE_DAYS = 6
LONGEST = 30 * 60
"""Seconds; somebody who takes longer has done something else on the way."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One walk between two places: seconds, who (first digits of the id), which day (days since 1970)."""

    seconds: int
    person: str
    day: int


@dataclass(frozen=True, slots=True)
class Pace:
    """What is remembered of one way."""

    samples: tuple[Taken, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Pace":
        """Read what `written` wrote."""
        parts = (part.split(":") for part in text.split())
        return cls(tuple(Taken(int(seconds), person, int(day)) for seconds, person, day in parts))

    def written(self) -> str:
        """All of it as one short text."""
        return " ".join(f"{one.seconds}:{one.person}:{one.day}" for one in self.samples)

    def with_one(self, taken: Taken) -> "Pace":
        """One more walk; the oldest of this person, or of all, is forgotten."""
        samples = [*self.samples, taken]
        own = [one for one in samples if one.person == taken.person]
        if len(own) > OF_ONE:
            samples.remove(own[0])
        return Pace(tuple(samples[-KEPT:]))

    @property
    def usual(self) -> int | None:
        """Seconds of a quick but ordinary walk: the middle one of everybody's own lower quartile.

        None when too few people on too few days have walked it to say so.
        """
        if not self._enough():
            return None
        return median_low(_lower_quartile(times) for times in self._by_person().values())

    def _enough(self) -> bool:
        people, days = ({one.person for one in self.samples}, {one.day for one in self.samples})
        if len(self.samples) < ENOUGH:
            return False
        return len(days) >= (ENOUGH_DAYS if len(people) >= ENOUGH_PEOPLE else ALONE_DAYS)

    def _by_person(self) -> dict[str, list[int]]:
        times: dict[str, list[int]] = {}
        for one in self.samples:
            times.setdefault(one.person, []).append(one.seconds)
        return times


def short(person: UUID) -> str:
    """The few digits by which a person is told from others in a pace."""
    return person.hex[-6:]


def _lower_quartile(times: list[int]) -> int:
    return sorted(times)[(len(times) - 1) // 4]
