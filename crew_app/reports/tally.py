"""What one job adds to the counts of its day, by what they are counted. Pure but for the names of measures.

A count is of a measure, in a dimension ("" for all together), for a member of it: the id of a job kind, place, asset
or person, an hour of the week ("0-08" is Monday, eight), or a class of durations.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from crew_app.reports.durations import class_of


class Dimension(StrEnum):
    """By what something is counted."""

    ALL = ""
    KIND = "kind"
    PLACE = "place"
    ASSET = "asset"
    PERSON = "person"
    HOUR = "hour"
    ITEM = "item"
    GIVEN = "given"
    """What a department was given as such, beyond what was used on jobs in its rooms."""
    TIME = "time"
    """Classes of durations."""
    TIME_KIND = "time-kind"
    TIME_PERSON = "time-person"


COUNTED = ("reported", "found", "done", "on_time", "accepted", "answered", "sent_back", "repeat", "material")
"""Measures of `reports.measures` that are kept per day; and `accepted`, whether somebody ever did."""
TIMED = ("respond", "repair")
"""Durations in seconds, of what was reported."""
LATE = frozenset({"overdue", "unanswered"})
"""What grows late by itself, without an event: never kept, always asked for."""
COST = "cost"
"""Ten-thousandths of a yuan."""
BY_PLACE = LATE | frozenset({"reported", "found", "done", "on_time", "repeat"})
BY_HOUR = frozenset({"reported", "found"})
BY_PERSON = LATE | frozenset({"done", "on_time", "accepted", "answered", "sent_back", "repeat", "material"})


class Key(NamedTuple):
    """What a count is of, within a day of a site."""

    measure: str
    dimension: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What the counts need to know of a job; `true` are the measures that hold for it."""

    opened_at: datetime
    kind_id: UUID
    place_id: UUID
    asset_id: UUID | None
    owner_id: UUID | None
    true: tuple[str, ...] = ()
    respond: int | None = None
    repair: int | None = None


Counts = Counter[Key]


def by_day(jobs: Iterable[Job], zone: ZoneInfo) -> dict[date, Counts]:
    """The counts of each day of the site's own calendar on which one of these jobs was opened."""
    found: dict[date, Counts] = {}
    for job in jobs:
        opened = job.opened_at.astimezone(zone)
        add(found.setdefault(opened.date(), Counter()), job, opened)
    return found


def add(counts: Counts, job: Job, opened: datetime) -> None:
    """Add a job, opened at this time of the site's zone."""
    for measure in job.true:
        for dimension, member in _members(measure, job, opened):
            counts[Key(measure, dimension, member)] += 1
    for measure, seconds in zip(TIMED, (job.respond, job.repair), strict=True):
        if seconds is not None:
            _add_duration(counts, measure, job, class_of(max(seconds, 0)))


def _members(measure: str, job: Job, opened: datetime) -> Iterable[tuple[str, str]]:
    yield Dimension.ALL.value, ""
    yield Dimension.KIND.value, str(job.kind_id)
    if measure in BY_PLACE:
        yield Dimension.PLACE.value, str(job.place_id)
    if measure in BY_PLACE and job.asset_id:
        yield Dimension.ASSET.value, str(job.asset_id)
    if job.owner_id and measure in BY_PERSON:
        yield Dimension.PERSON.value, str(job.owner_id)
    if measure in BY_HOUR:
        yield Dimension.HOUR.value, f"{opened.weekday()}-{opened.hour:02}"


def _add_duration(counts: Counts, measure: str, job: Job, number: int) -> None:
    counts[Key(measure, Dimension.TIME.value, f"{number:03}")] += 1
    counts[Key(measure, Dimension.TIME_KIND.value, f"{job.kind_id.hex}:{number:03}")] += 1
    if job.owner_id and measure == "repair":
        counts[Key(measure, Dimension.TIME_PERSON.value, f"{job.owner_id.hex}:{number:03}")] += 1
