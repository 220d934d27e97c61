"""Plant logs and other rounds with many checks, walked again and again: runs, stops, visits, answers."""

from collections.abc import Callable
from typing import Any

from crew_app.demo.growth.bases import Rows
from crew_app.demo.growth.copies import Shift, copied
from crew_app.demo.growth.hospitals import table

_CODES = "'boiler-log', 'pump-room', 'cleaning-score', 'meters'"
_RUNS = f"SELECT r.id FROM runs r JOIN round_templates t ON t.id = r.template_id WHERE t.code IN ({_CODES}) AND r.state = 'done'"  # noqa: E501, S608
Anew = dict[str, Callable[[str], Any]]


class Logs:
    """A week or two of logs at the demo's main site."""

    def __init__(self, rows: Rows) -> None:
        runs = f"SELECT id FROM runs WHERE id IN ({_RUNS}) AND {rows.originals}"  # noqa: S608 - queries of our own
        visits = f"SELECT id FROM visits WHERE run_id IN ({runs})"  # noqa: S608
        self.found = {
            "runs": rows.read(table("runs"), f"id IN ({runs}) ORDER BY id"),
            "run_stops": rows.read(table("run_stops"), f"run_id IN ({runs}) ORDER BY id"),
            "visits": rows.read(table("visits"), f"run_id IN ({runs}) ORDER BY id"),
            "answers": rows.read(table("answers"), f"visit_id IN ({visits}) ORDER BY id"),
        }

    def exists(self, rows: Rows, shift: Shift) -> bool:
        """Whether this copy was made before."""
        return rows.has(table("runs"), "id", shift.own(self.found["runs"][0][0]))

    def make(self, rows: Rows, shifts: list[Shift]) -> int:
        """Write copies; how many rows."""
        made = 0
        for name, many in self.found.items():
            fresh = (
                row
                for shift in shifts
                for row in copied(table(name), many, shift, _anew(name, shift, rows.null), rows.null)
            )
            made += rows.write(table(name), fresh)
        return made


def _anew(name: str, shift: Shift, null: object) -> Anew:
    own = dict.fromkeys(("id", "run_id", "stop_id", "visit_id"), shift.own)
    nothing: Anew = {column: lambda _: null for column in ("plan_id", "slot", "frame_id", "receipt_key", "device_id")}
    return own | nothing | ({"number": shift.number} if name == "runs" else {})
