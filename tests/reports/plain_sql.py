"""The figures of a summary once more, in plain SQL on the SQLite file, without any code of the application."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIVE = """
    SELECT t.*, k.code AS kind_code,
           EXISTS (SELECT 1 FROM findings f WHERE f.ticket_id = t.id AND f.joined = 0) AS by_round,
           EXISTS (SELECT 1 FROM ticket_events e WHERE e.ticket_id = t.id AND e.verb = 'hold'
                   AND e.hold_reason = 'material') AS lacked,
           EXISTS (SELECT 1 FROM ticket_events e WHERE e.ticket_id = t.id AND e.to_state = 'on_hold') AS paused
    FROM tickets t JOIN job_kinds k ON k.id = t.job_kind_id
    WHERE t.site_id = :site AND t.opened_at >= :start AND t.opened_at < :end AND t.state <> 'cancelled'
"""


class Sql:
    """Questions about a site and a span of days, to a SQLite file."""

    def __init__(self, file: sqlite3.Connection, site: str, first: date, last: date) -> None:
        self.file = file
        self.first, self.last = first, last
        (self.site,) = file.execute("SELECT id FROM sites WHERE code = ?", (site,)).fetchone()
        self.values = {
            "site": self.site,
            "start": utc(datetime.combine(first, datetime.min.time(), SHANGHAI)),
            "end": utc(datetime.combine(last + timedelta(days=1), datetime.min.time(), SHANGHAI)),
            "first": first.isoformat(),
            "last": last.isoformat(),
        }

    def rows(self, statement: str, **more: object) -> list[sqlite3.Row]:
        """Rows of a query that may name :site :start :end :first :last."""
        return self.file.execute(statement, self.values | more).fetchall()

    def one(self, statement: str, **more: object) -> Decimal:
        """The only value of the only row; nothing counts as zero."""
        ((value,),) = self.rows(statement, **more)
        return Decimal(str(value or 0))

    def jobs(self, that: str = "1 = 1", **more: object) -> Decimal:
        """How many jobs of the span."""
        return self.one(f"SELECT COUNT(*) FROM ({LIVE}) WHERE {that}", **more)


@contextmanager
def asking(path: Path, site: str, first: date, last: date) -> Iterator[Sql]:
    """A connection that only reads."""
    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    file.row_factory = sqlite3.Row
    try:
        yield Sql(file, site, first, last)
    finally:
        file.close()


def utc(at: datetime) -> str:
    """A moment as the database has it."""
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S.%f")


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """To two places."""
    return (part / whole * 100).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def yuan(summed: Decimal) -> Decimal:
    """Ten-thousandths as an amount to the fen."""
    return (summed / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


DONE = "state IN ('finished', 'verified')"
FOUND = "(by_round OR kind = 'hazard')"
ASKED = f"(kind IN ('repair', 'incident', 'works') AND NOT {FOUND})"
LATE = f"(({DONE} AND finished_at > resolution_due_at) OR (state IN ('open', 'accepted') AND resolution_due_at < :now))"
AT_ONCE = f"({DONE} AND NOT paused AND ROUND((julianday(finished_at) - julianday(opened_at)) * 86400) <= 86400)"
COUNTS = {
    "all": "1 = 1",
    "done": DONE,
    "reported": ASKED,
    "reported_done": f"{ASKED} AND {DONE}",
    "at_once": f"{ASKED} AND {AT_ONCE}",
    "material": f"{ASKED} AND lacked",
    "not_done": f"{ASKED} AND NOT {DONE}",
    "waiting": "state = 'on_hold' AND hold_reason = 'material'",
    "found": FOUND,
    "found_done": f"{FOUND} AND {DONE}",
    "planned": "kind = 'planned'",
    "planned_done": f"kind = 'planned' AND {DONE}",
    "on_time": f"{DONE} AND finished_at <= resolution_due_at",
    "late": LATE,
    "overdue": f"{LATE} AND NOT {DONE}",
    "answered": "accepted_at <= response_due_at",
    "answered_late": "accepted_at > response_due_at "
    "OR (accepted_at IS NULL AND state = 'open' AND response_due_at < :now)",
    "sent_back": "sent_back_count > 0",
    "hazards": "kind = 'hazard'",
    "rectified": f"kind = 'hazard' AND {DONE}",
    "hazards_open": f"kind = 'hazard' AND NOT {DONE}",
    "deliveries": "kind = 'delivery'",
    "trips": "kind = 'trip'",
}
