"""Rows of the targets that the demo hospital set for itself, beside the usual ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from crew_app.demo.hospital import SITES
from crew_app.demo.loading.ids import Row, known
from crew_app.places.models import Care
from crew_app.tickets.clocks import Hours
from crew_app.tickets.rules import Kind, Priority
from crew_app.tickets.targets import Scope

HOUR = 60
RULES = (
    (Scope(job_kind="lift_trapped"), 5, 30, Hours.ALWAYS, Priority.EMERGENCY),
    (Scope(care=Care.INTENSIVE, job_kind="oxygen"), 3, 30, Hours.ALWAYS, Priority.EMERGENCY),
    (Scope(job_kind="chair"), 4 * HOUR, 16 * HOUR, Hours.WORKING, None),
    (Scope(job_kind="ceiling"), 8 * HOUR, 40 * HOUR, Hours.WORKING, None),
    (Scope(kind=Kind.WORKS), 16 * HOUR, 80 * HOUR, Hours.WORKING, None),
)
"""For what, minutes to the answer, minutes until it is done, in which hours, at least how urgent."""


def rule_rows(now: datetime) -> Iterator[Row]:
    """The same at each site."""
    for site in SITES.values():
        for scope, response, resolution, hours, raise_to in RULES:
            yield {
                "id": known("target", f"{site.code} {scope.key}"),
                "site_id": known("site", site.code),
                "scope": scope.key,
                "care": scope.care,
                "job_kind_id": known("job-kind", scope.job_kind) if scope.job_kind else None,
                "kind": scope.kind,
                "priority": scope.priority,
                "response_minutes": response,
                "resolution_minutes": resolution,
                "hours": hours,
                "raise_to": raise_to,
                "changed_at": now - timedelta(days=30),
                "changed_by_id": known("person", "zhou"),
            }
