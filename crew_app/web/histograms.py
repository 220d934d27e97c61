"""Where each number of the shared counters stands, and how they read for Prometheus."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from flask import Flask

from crew_app.web.logs import Seen

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""
SPAN = len(BOUNDS) + 2
"""A histogram: so many at most each bound, more than that, and the sum of seconds."""
CLASSES = ("2xx", "3xx", "4xx", "5xx")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ELSEWHERE = (("-", "GET"), ("-", "POST"), ("static", "GET"))
IN_WORK = 0
_WAITED = 1
_WRITE_WAITED = _WAITED + SPAN
_ROUTES = _WRITE_WAITED + SPAN

Pair = tuple[int, float]


class Layout:
    """The positions, in an order that follows from the routes: the same in every process of one version."""

    def __init__(self, app: Flask) -> None:
        self._rules = app.url_map
        self._at: dict[tuple[str, str], int] = {}
        for rule in app.url_map.iter_rules():
            for method in METHODS:
                if method in (rule.methods or ()):
                    self._at.setdefault((rule.rule, method), 0)
        for key in ELSEWHERE:
            self._at[key] = 0
        for number, key in enumerate(sorted(self._at)):
            self._at[key] = _ROUTES + number * SPAN * len(CLASSES)
        self.momentary = (IN_WORK,)

    @property
    def names(self) -> Sequence[str]:
        """A name for each position; another version has others."""
        shape = [f"{bound}" for bound in (*BOUNDS, "more", "sum")]
        found = ["in work", *(f"waited {one}" for one in shape), *(f"write waited {one}" for one in shape)]
        for route, method in sorted(self._at):
            found += [f"{method} {route} {kind} {one}" for kind in CLASSES for one in shape]
        return found

    def answered(self, seen: Seen, seconds: float, waited: float) -> tuple[Pair, ...]:
        """What to add for a request that was answered."""
        method = seen.method if seen.method not in ("HEAD", "OPTIONS") else "GET"
        kind = min(max(seen.status // 100 - 2, 0), len(CLASSES) - 1)
        at = self._at.get((seen.route, method), self._at["-", "GET"]) + kind * SPAN
        return (
            (IN_WORK, -1.0),
            (at + bisect_left(BOUNDS, seconds), 1.0),
            (at + SPAN - 1, seconds),
            (_WAITED + bisect_left(BOUNDS, waited), 1.0),
            (_WAITED + SPAN - 1, waited),
        )

    def write_wait(self, seconds: float) -> tuple[Pair, ...]:
        """What to add for a change that stood in line."""
        return (_WRITE_WAITED + bisect_left(BOUNDS, seconds), 1.0), (_WRITE_WAITED + SPAN - 1, seconds)

    def lines(self, found: "array[float]") -> Iterator[str]:
        """The numbers in the text format of Prometheus."""
        yield "# HELP crew_requests_in_work Requests that are being answered on this machine."
        yield "# TYPE crew_requests_in_work gauge"
        yield f"crew_requests_in_work {found[IN_WORK]:.0f}"
        yield from _head("crew_request_wait_seconds", "Until work on a request began: its body, and a working place.")
        yield from _histogram("crew_request_wait_seconds", "", found, _WAITED)
        yield from _head("crew_write_wait_seconds", "In line until a change could begin to write.")
        yield from _histogram("crew_write_wait_seconds", "", found, _WRITE_WAITED)
        yield from _head("crew_request_seconds", "Work on a request, by route, method and class of its answer.")
        for route, method in sorted(self._at):
            for number, kind in enumerate(CLASSES):
                labels = f'route="{route}",method="{method}",status="{kind}"'
                yield from _histogram("crew_request_seconds", labels, found, self._at[route, method] + number * SPAN)


def _head(name: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} histogram"


def _histogram(name: str, labels: str, found: "array[float]", at: int) -> Iterator[str]:
    """Nothing for what never happened: most routes have most classes empty."""
    counts = list(accumulate(found[at : at + SPAN - 1]))
    if not counts[-1]:
        return
    more, only = (f"{labels},", f"{{{labels}}}") if labels else ("", "")
    for bound, count in zip((*BOUNDS, "+Inf"), counts, strict=True):
        yield f'{name}_bucket{{{more}le="{bound}"}} {count:.0f}'
    yield f"{name}_sum{only} {found[at + SPAN - 1]:.6f}"
    yield f"{name}_count{only} {counts[-1]:.0f}"
