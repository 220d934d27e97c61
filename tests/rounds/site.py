"""What a site remembers of its visits, kept in memory, and judged by the same rules as in the application."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from crew_app.rounds.pace import Pace, Taken, short
from crew_app.rounds.presence import DOUBT, judge
from crew_app.rounds.sightings import Asked, Case, Clock, Oddity, Reading, Reference, Sight, Tag
from crew_app.rounds.walking import teaches

TRAIL = timedelta(hours=2)
BESIDE = timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    """One visit as a phone sends it, with what the template says of the stop."""

    seen: Sight
    received_at: datetime
    opens_at: datetime
    closes_at: datetime
    position: int
    ordered: bool
    clock: Clock
    tag: Tag | None = None
    asked: Asked | None = None
    reading: Reading | None = None


@dataclass
class Site:
    """The memory of one site."""

    people: dict[UUID, list[tuple[datetime, int, Step]]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[str, list[Sight]] = field(default_factory=lambda: defaultdict(list))
    paces: dict[tuple[UUID, UUID], Pace] = field(default_factory=dict)
    readings: dict[str, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    told: dict[UUID, datetime] = field(default_factory=dict)
    doubted: set[tuple[UUID, UUID]] = field(default_factory=set)
    count: int = 0

    def receive(self, step: Step) -> list[Oddity]:
        """Judge a visit that has arrived, and remember it."""
        oddities = judge(self._case(step))
        self._remember(step, oddities)
        return oddities

    def _case(self, step: Step) -> Case:
        seen = step.seen
        before = [one for at, _, one in self.people[seen.person] if seen.at - TRAIL <= at <= seen.at]
        trail = [one.seen for one in before][-16:]
        tags = {one.tag for one in [*trail, seen] if one.tag}
        return Case(
            seen=seen,
            opens_at=step.opens_at,
            closes_at=step.closes_at,
            ordered=step.ordered,
            position=step.position,
            passed=[one.position for one in before if one.seen.run == seen.run],
            tag=step.tag,
            trail=trail,
            beside=list(self._beside([*trail, seen])),
            paces=self.paces,
            references={tag: self._references(tag, 200 if tag == seen.tag else 40) for tag in tags},
            clock=Clock(step.clock.device_at, step.clock.offset_ms, step.clock.suspect, self._told(seen)),
            asked=step.asked,
            reading=step.reading,
            readings=self.readings[seen.tag or ""][:60],
        )

    def _told(self, seen: Sight) -> datetime | None:
        return self.told.get(seen.device) if seen.device else None

    def _beside(self, path: list[Sight]) -> Iterator[tuple[Sight, Sight]]:
        for mine in path:
            for other in self.tags[mine.tag or ""][-20:] if path[-1].at - mine.at < BESIDE else ():
                if other.run != mine.run and other.person != mine.person and abs(other.at - mine.at) < BESIDE:
                    yield mine, other

    def _references(self, tag: str, most: int) -> list[Reference]:
        frames = [one for one in self.tags[tag][-most:] if one.frame is not None]
        return [Reference(one.frame or 0, one.person, one.at, self._doubts(one)) for one in reversed(frames)]

    def _doubts(self, one: Sight) -> bool:
        return (one.run, one.person) in self.doubted

    def _remember(self, step: Step, oddities: list[Oddity]) -> None:
        seen = step.seen
        if {rule for rule, _ in oddities} & DOUBT:
            self.doubted.add((seen.run, seen.person))
        own = self.people[seen.person]
        before = next((one for at, _, one in reversed(own) if at <= seen.at), None)
        if before and not self._doubts(seen) and teaches(before.seen, seen, {rule for rule, _ in oddities}):
            self._learn(before.seen, seen)
        self.count += 1
        insort(own, (seen.at, self.count, step))
        self.tags[seen.tag or ""].append(seen)
        if step.reading:
            self.readings[seen.tag or ""].insert(0, step.reading)
        if seen.device and step.clock.device_at:
            self.told[seen.device] = max(step.clock.device_at, self.told.get(seen.device, step.clock.device_at))

    def _learn(self, here: Sight, there: Sight) -> None:
        if here.spot and there.spot:
            way = (here.spot.place, there.spot.place)
            taken = Taken(round((there.at - here.at).total_seconds()), short(there.person), there.at.toordinal())
            self.paces[way] = self.paces.get(way, Pace()).with_one(taken)
