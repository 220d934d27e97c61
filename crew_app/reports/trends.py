"""What can be looked at over time or by member: counts, rates, durations, money. Numbers only; words are the page's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crew_app.core.words import N_
from crew_app.reports.durations import quantile
from crew_app.reports.figure_queries import Amounts, Reader, by_department, histogram, histograms, time_dimension
from crew_app.reports.periods import Period
from crew_app.reports.tally import COST, Dimension
from crew_app.reports.windows import Span, Window, before, steps

MEDIAN, MOST = 0.5, 0.9


class Form(StrEnum):
    """How a number of a topic is written."""

    COUNT = "count"
    RATE = "rate"
    """Percent."""
    HOURS = "hours"
    YUAN = "yuan"
    DAYS = "days"


class By(StrEnum):
    """Along what a topic is looked at."""

    TIME = "time"
    KIND = "kind"
    DEPARTMENT = "department"
    PLACE = "place"
    ASSET = "asset"
    PERSON = "person"
    ITEM = "item"


BY_LABELS = {
    By.TIME: N_("Over time"),
    By.KIND: N_("By kind of job"),
    By.DEPARTMENT: N_("By department"),
    By.PLACE: N_("By place"),
    By.ASSET: N_("By asset"),
    By.PERSON: N_("By person"),
    By.ITEM: N_("By material"),
}
_THINGS = (By.TIME, By.KIND, By.DEPARTMENT, By.PLACE, By.ASSET)
_WORK = (*_THINGS, By.PERSON)
_CREW = (By.TIME, By.KIND, By.PERSON)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to look at: the counts it is made of, and the measures that the list behind it is narrowed to."""

    key: str
    label: str
    meaning: str
    form: Form
    part: str
    """The count itself, or what is above the line of a rate."""
    whole: tuple[str, ...] = ()
    """What is below the line."""
    by: tuple[By, ...] = _THINGS
    good_high: bool | None = None
    """Whether more is better; neither is said of plain counts."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The counts it needs."""
        return self.part, *self.whole


_TOPICS = (
    Topic(
        "reported",
        N_("Reported"),
        N_("Repairs, incidents and works that somebody asked for. Not counted: found on a round, planned, cancelled."),
        Form.COUNT,
        "reported",
    ),
    Topic(
        "found",
        N_("Found on rounds"),
        N_("Opened from a failed check or an opinion on a round, or as a hazard, before anybody reported it."),
        Form.COUNT,
        "found",
    ),
    Topic(
        "done",
        N_("Done"),
        N_("Finished, whether or not it was verified yet; counted on the day on which it was reported."),
        Form.COUNT,
        "done",
        by=_WORK,
    ),
    Topic(
        "on_time",
        N_("On-time rate"),
        N_("Done before the deadline, of all that were done or are overdue."),
        Form.RATE,
        "on_time",
        ("done", "overdue"),
        _WORK,
        good_high=True,
    ),
    Topic(
        "answered",
        N_("Answered in time"),
        N_("Accepted before the deadline for answering, of all that were accepted or wait for longer."),
        Form.RATE,
        "answered",
        ("accepted", "unanswered"),
        _CREW,
        good_high=True,
    ),
    Topic(
        "sent_back",
        N_("Sent-back rate"),
        N_("Sent back at least once, of all that are done."),
        Form.RATE,
        "sent_back",
        ("done",),
        _CREW,
        good_high=False,
    ),
    Topic(
        "repeat",
        N_("Repeat faults"),
        N_("The same kind of fault at the same asset, or place, was repaired in the 30 days before."),
        Form.COUNT,
        "repeat",
        by=_WORK,
        good_high=False,
    ),
    Topic(
        "material",
        N_("Had to wait for material"),
        N_("Stood still for want of material at least once."),
        Form.COUNT,
        "material",
        by=_CREW,
        good_high=False,
    ),
    Topic(
        "respond",
        N_("Time to respond"),
        N_("From the report until somebody accepted it. Half of the jobs were faster than the median."),
        Form.HOURS,
        "respond",
        by=(By.TIME, By.KIND),
        good_high=False,
    ),
    Topic(
        "repair",
        N_("Time to repair"),
        N_("From the report until it was done, without pauses. Half of the jobs were faster than the median."),
        Form.HOURS,
        "repair",
        by=_CREW,
        good_high=False,
    ),
    Topic(
        "between",
        N_("Days between faults"),
        N_("The days of the period, divided by how often the asset failed in it (reported or found on a round)."),
        Form.DAYS,
        "reported",
        ("found",),
        (By.ASSET,),
        good_high=True,
    ),
    Topic(
        "cost",
        N_("Cost of materials"),
        N_("What was used on jobs and given to departments, on the day it was booked."),
        Form.YUAN,
        COST,
        by=(*_THINGS, By.ITEM),
        good_high=False,
    ),
)
TOPICS: Mapping[str, Topic] = {one.key: one for one in _TOPICS}


@dataclass(frozen=True, slots=True)
class Value:
    """A number of a topic: nothing where there is none (a rate of no jobs). `second`: the 90th percentile of times."""

    number: float | None
    second: float | None = None
    of: int = 0
    """How many jobs it is made of."""


def over_time(reader: Reader, topic: Topic, window: Window, period: Period) -> list[tuple[Span, Value, Value]]:
    """The topic in each step of a window, and in the same step a year before."""
    spans = steps(window, period)
    earlier = [before(window, span) for span in spans]
    monthly = window is Window.YEAR
    days = [day for span in (*spans, *earlier) for day in ([span.first] if monthly else span.days)]
    found = reader.series(topic.wanted, _dimension(topic, ""), days, monthly=monthly)
    return [
        (
            now,
            value(topic, _added(found, now, monthly=monthly), now),
            value(topic, _added(found, then, monthly=monthly), then),
        )
        for now, then in zip(spans, earlier, strict=True)
    ]


def by_member(reader: Reader, topic: Topic, by: By, period: Period) -> dict[str, Value]:
    """The topic for each member of a dimension, by id; "" is none (a place of no department)."""
    span = Span(period.first, period.last)
    if topic.form is Form.HOURS:
        amounts = reader.amounts(topic.wanted, time_dimension(by.value), period)
        return {member: _time(counts) for member, counts in histograms(amounts, topic.part).items()}
    amounts = _amounts(reader, topic, by, period)
    members = {member for measure, member in amounts if measure == topic.part or topic.whole}
    parts = {one: Counter({(name, ""): amounts[name, one] for name in topic.wanted}) for one in members}
    return {one: value(topic, counts, span) for one, counts in parts.items()}


def value(topic: Topic, amounts: Amounts, span: Span) -> Value:
    """A topic's number from the counts of a time."""
    part = amounts[topic.part, ""]
    whole = sum(amounts[name, ""] for name in topic.whole)
    match topic.form:
        case Form.RATE:
            return Value(part / whole * 100 if whole else None, of=whole)
        case Form.HOURS:
            return _time(histogram(amounts, topic.part))
        case Form.DAYS:
            return Value(span.length / (part + whole) if part + whole else None, of=part + whole)
        case Form.YUAN:
            return Value(part / 10_000, of=part)
    return Value(part, of=part)


def _amounts(reader: Reader, topic: Topic, by: By, period: Period) -> Amounts:
    if by is not By.DEPARTMENT:
        return reader.amounts(topic.wanted, by.value, period)
    given: Amounts = Counter()
    if topic.part == COST:
        given = reader.amounts([COST], Dimension.GIVEN.value, period)
    return by_department(reader.amounts(topic.wanted, Dimension.PLACE.value, period), given, reader.departments)


def _added(found: Mapping[date, Amounts], span: Span, *, monthly: bool) -> Amounts:
    days: Sequence[date] = [span.first] if monthly else span.days
    added: Amounts = Counter()
    for day in days:
        added.update(found.get(day, {}))
    return added


def _time(counts: Mapping[int, int]) -> Value:
    """Median and 90th percentile in hours."""
    median, most = quantile(counts, MEDIAN), quantile(counts, MOST)
    if median is None or most is None:
        return Value(None)
    return Value(median / 3600, most / 3600, sum(counts.values()))


def _dimension(topic: Topic, dimension: str) -> str:
    return time_dimension(dimension) if topic.form is Form.HOURS else dimension
