"""What a template says: stops and their checks, as typed values that never change.

The same content is a JSON document (`crew-round/1`) in the database, in the library and in files that hospitals
exchange; `reading.py` checks and reads one, `writing.py` writes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from crew_app.core.words import N_
from crew_app.people.rules import Role, Trade

FORMAT = "crew-round/1"


class Category(StrEnum):
    """What a template is for; lists are ordered by it."""

    ROUND = "round"
    PATROL = "patrol"
    SAFETY = "safety"
    LOG = "log"
    MAINTENANCE = "maintenance"
    METERS = "meters"
    SCORE = "score"
    RECORD = "record"


CATEGORY_LABELS = {
    Category.ROUND: N_("Round"),
    Category.PATROL: N_("Patrol"),
    Category.SAFETY: N_("Safety inspection"),
    Category.LOG: N_("Plant log"),
    Category.MAINTENANCE: N_("Planned maintenance"),
    Category.METERS: N_("Meter reading"),
    Category.SCORE: N_("Scored inspection"),
    Category.RECORD: N_("Record"),
}


class CheckKind(StrEnum):
    """How a check is answered."""

    YES_NO = "yes-no"
    GRADE = "grade"
    """Pass, flag (worth watching), fail, not applicable."""
    CHOICE = "choice"
    NUMBER = "number"
    METER = "meter"
    """A number that only rises; what counts is the difference from the last one."""
    COUNT = "count"
    WEIGHT = "weight"
    TEXT = "text"
    PHOTO = "photo"
    SIGNATURE = "signature"
    SCORE = "score"
    OPINION = "opinion"
    """What somebody asks for; words become a job with a due date (征求意见)."""
    TAG = "tag"
    """A second tag to be scanned."""
    COUNTDOWN = "countdown"
    """Something that has to run for a while, e.g. a pump for two minutes."""


CHECK_LABELS = {
    CheckKind.YES_NO: N_("Yes or no"),
    CheckKind.GRADE: N_("Pass, watch, fail"),
    CheckKind.CHOICE: N_("Choice"),
    CheckKind.NUMBER: N_("Number with unit"),
    CheckKind.METER: N_("Meter"),
    CheckKind.COUNT: N_("Count"),
    CheckKind.WEIGHT: N_("Weight"),
    CheckKind.TEXT: N_("Words"),
    CheckKind.PHOTO: N_("Photo"),
    CheckKind.SIGNATURE: N_("Signature"),
    CheckKind.SCORE: N_("Score"),
    CheckKind.OPINION: N_("Opinion"),
    CheckKind.TAG: N_("Second tag"),
    CheckKind.COUNTDOWN: N_("Countdown"),
}
NUMERIC = frozenset({CheckKind.NUMBER, CheckKind.METER, CheckKind.COUNT, CheckKind.WEIGHT})


class PhotoRule(StrEnum):
    """Whether a check wants a photo."""

    OPTIONAL = "optional"
    ON_FAIL = "on-fail"
    ALWAYS = "always"


class Presence(StrEnum):
    """How somebody shows to have been at a stop."""

    SCAN = "scan"
    TAP = "tap"


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese and English; English may be missing."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. `fails` says that whoever chooses it has found a fault."""

    key: str
    label: Words
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A check is only asked when another check of the same stop has one of these answers or outcomes."""

    check: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One question at a stop.

    `low` and `high` are the limits in `unit`; outside them is a fault. `jump` is the largest plausible change from the
    last reading. `fails_on` is the answer of a yes/no check that is a fault. `most` is the full score. `seconds`
    is the length of a countdown, `parties` the number of signatures, `days` the time to settle an opinion or a fault.
    """

    key: str
    kind: CheckKind
    label: Words
    hint: Words = Words()
    required: bool = True
    photo: PhotoRule = PhotoRule.OPTIONAL
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    jump: Decimal | None = None
    fails_on: str = "no"
    options: tuple[Option, ...] = ()
    most: Decimal = Decimal(10)
    seconds: int = 60
    parties: int = 1
    tag: str = ""
    """Code of the asset or place whose tag is to be scanned; any other tag of the site when empty."""
    when: Condition | None = None
    job_kind: str = ""
    """Code of the kind of job that a fault becomes."""
    hazard: bool = False
    days: int | None = None
    source: str = ""
    """Standard or document that a limit comes from."""

    def option(self, key: str) -> Option | None:
        """The option with this key."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class Where:
    """What a stop stands for: a place, an asset, or every asset of a kind (in an area) when the run is made.

    All codes empty: a stop that is tied to nothing and needs no scan.
    """

    place: str = ""
    asset: str = ""
    kind: str = ""
    area: str = ""

    @property
    def anywhere(self) -> bool:
        """Whether the stop is tied to nothing."""
        return not (self.place or self.asset or self.kind or self.area)


@dataclass(frozen=True, slots=True)
class StopPlan:
    """One stop of a template.

    `opens` and `closes` are minutes after the beginning of the run, for windows of single stops (not before, at the
    latest); without them the window of the run counts.
    """

    key: str
    title: Words
    where: Where = Where()
    hint: Words = Words()
    presence: Presence = Presence.SCAN
    opens: int | None = None
    closes: int | None = None
    checks: tuple[Check, ...] = ()

    def check(self, key: str) -> Check | None:
        """The check with this key."""
        return next((check for check in self.checks if check.key == key), None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """When such a round usually takes place: RRULE, times of day, minutes to walk it and minutes of grace."""

    rule: str
    times: tuple[str, ...] = ("08:00",)
    minutes: int = 120
    grace: int = 15


@dataclass(frozen=True, slots=True)
class Content:
    """A whole template. `roles` and `trade` say who usually walks it. `live` allows random live challenges."""

    code: str
    name: Words
    category: Category
    stops: tuple[StopPlan, ...]
    purpose: Words = Words()
    source: str = ""
    trade: Trade | None = None
    roles: tuple[Role, ...] = (Role.TECHNICIAN,)
    ordered: bool = False
    live: bool = False
    suggested: tuple[Suggestion, ...] = field(default_factory=tuple)

    def stop(self, key: str) -> StopPlan:
        """The stop with this key; `LookupError` when there is none."""
        for stop in self.stops:
            if stop.key == key:
                return stop
        raise LookupError(key)

    def checks(self) -> Iterator[Check]:
        """All checks of all stops."""
        return (check for stop in self.stops for check in stop.checks)
