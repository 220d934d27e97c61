"""What the rules of presence look at: a visit as it was seen, and what the site knows around it. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crew_app.rounds.pace import Pace
from crew_app.rounds.rules import Challenge, FlagRule, How

Facts = dict[str, str | int]
Oddity = tuple[FlagRule, Facts]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and where it lies; `floor` and `building` are empty when the place itself stands so high."""

    place: UUID
    floor: UUID | None = None
    building: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody at a stop. `at` is when the tag was scanned, in corrected time, or else when the stop was finished."""

    visit: UUID
    run: UUID
    person: UUID
    device: UUID | None
    at: datetime
    how: How = How.SCAN
    spot: Spot | None = None
    tag: str | None = None
    frame: int | None = None
    """64 bits of difference hash."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A frame that was seen at a tag. `doubted`: it was found unlike the others when it came."""

    frame: int
    person: UUID
    at: datetime
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """The tag that was scanned: where it hangs now, and since when it is out of use."""

    matches: bool
    place: UUID | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers that somebody noted at a stop, in the order of its checks."""

    person: UUID
    at: datetime
    numbers: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """What the phone's clock said. `last_device_at`: the latest time it has told with anything received before."""

    device_at: datetime | None = None
    offset_ms: int | None = None
    suspect: bool = False
    last_device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A live challenge and what came back. `expected`: numbers that are right, empty when nobody can say."""

    challenge: Challenge
    answer: str = ""
    expected: frozenset[str] = frozenset()
    photos: int = 0
    gallery: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One visit and what is known around it when it is judged."""

    seen: Sight
    opens_at: datetime
    closes_at: datetime
    wants_scan: bool = True
    ordered: bool = False
    position: int = 0
    passed: Sequence[int] = ()
    """Positions that the same person visited earlier in this run."""
    tag: Tag | None = None
    trail: Sequence[Sight] = ()
    """The same person's visits of the hours before, oldest first."""
    beside: Sequence[tuple[Sight, Sight]] = ()
    """Own visits, this one among them, each with a scan of the same tag by another person's phone for another run."""
    paces: Mapping[tuple[UUID, UUID], Pace] = field(default_factory=dict)
    references: Mapping[str, Sequence[Reference]] = field(default_factory=dict)
    """Frames by code of tag, newest first, for this tag and those of the trail."""
    clock: Clock = Clock()
    asked: Asked | None = None
    reading: Reading | None = None
    readings: Sequence[Reading] = ()
    """Readings at the same stop before, newest first."""
