"""Targets (时限): how soon a job is to be answered and done, by the most specific rule. Pure functions, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from crew_app.places.models import Care
from crew_app.tickets.clocks import Hours
from crew_app.tickets.rules import RESOLUTION, RESPONSE, Kind, Priority

LONGEST = timedelta(days=365)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
AGREED = "agreed"
"""What a ticket says instead of a rule when its deadline was agreed by itself (a hazard's, a head nurse's opinion)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which jobs a rule is for; what is left out does not matter. A whole case names everything."""

    care: Care | None = None
    job_kind: str | None = None
    """The code of the kind of job (lamp, drain)."""
    kind: Kind | None = None
    priority: Priority | None = None

    @property
    def key(self) -> str:
        """One word for it: "theatre/-/-/2"."""
        priority = self.priority and str(self.priority.value)
        return "/".join(part or "-" for part in (self.care, self.job_kind, self.kind, priority))

    @property
    def rank(self) -> tuple[bool, ...]:
        """How specific it is: the place counts before the kind of job, the kind of job before the urgency."""
        return tuple(part is not None for part in (self.care, self.job_kind, self.kind, self.priority))

    def covers(self, case: "Scope") -> bool:
        """Whether a job like this falls under it."""
        pairs = (
            (self.care, case.care),
            (self.job_kind, case.job_kind),
            (self.kind, case.kind),
            (self.priority, case.priority),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Target:
    """One rule: for which jobs, how soon answered, how soon done, in which hours, at least how urgent."""

    scope: Scope
    response: timedelta
    resolution: timedelta
    hours: Hours = Hours.ALWAYS
    raise_to: Priority | None = None
    own: bool = False
    """Made at this site; otherwise one that every site begins with."""

    def urgency(self, reported: Priority) -> Priority:
        """The urgency of a job that was reported with another: never less than the rule says."""
        return min(reported, self.raise_to) if self.raise_to else reported


def best(targets: Iterable[Target], case: Scope) -> Target:
    """The most specific rule for a job; there is one for each urgency at least."""
    return max((target for target in targets if target.scope.covers(case)), key=lambda target: target.scope.rank)


def merged(own: Iterable[Target]) -> list[Target]:
    """The rules of a site, the most specific first: its own, and the usual ones that it did not replace."""
    found = {target.scope.key: target for target in (*DEFAULTS, *own)}
    return sorted(found.values(), key=_order)


def _order(target: Target) -> tuple[object, ...]:
    scope = target.scope
    cares = list(Care).index(scope.care) if scope.care else -1
    lacking = tuple(not named for named in scope.rank)
    return lacking, cares, scope.job_kind or "", scope.kind or "", scope.priority or 0


def _usual() -> Iterable[Target]:
    for priority in Priority:
        yield Target(Scope(priority=priority), RESPONSE[priority], RESOLUTION[priority])
    for care in (Care.THEATRE, Care.INTENSIVE, Care.EMERGENCY):
        yield Target(Scope(care=care, priority=Priority.EMERGENCY), 5 * _MINUTE, _HOUR)
        yield Target(Scope(care=care, priority=Priority.URGENT), 15 * _MINUTE, 4 * _HOUR)
        yield Target(Scope(care=care, priority=Priority.NORMAL), 15 * _MINUTE, 4 * _HOUR, raise_to=Priority.URGENT)


DEFAULTS = tuple(_usual())
"""What every site begins with: the usual times, and stricter ones where a fault can cost a life."""
