"""Rows of the lists that the demo hospital once brought in."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from crew_app.demo.loading.ids import Row, known
from crew_app.imports.models import ImportState, Subject

RUNS = (
    (Subject.DEPARTMENTS, "科室一览表.xlsx", 400, 42, 0, 0),
    (Subject.PLACES, "楼宇房间清单.xlsx", 400, 318, 0, 0),
    (Subject.ASSETS, "后勤设备台账.xls", 399, 264, 0, 0),
    (Subject.ITEMS, "库房物资目录.csv", 396, 180, 0, 0),
    (Subject.ITEMS, "2026年采购价.xlsx", 12, 0, 57, 123),
)
"""What, from which file, how many days ago, and how much was new, changed and as it was."""


def run_rows(now: datetime) -> Iterator[Row]:
    """Imports that are over."""
    for number, (subject, name, days, made, changed, same) in enumerate(RUNS):
        at = now - timedelta(days=days, hours=3, minutes=7 * number)
        yield {
            "id": known("import", number),
            "site_id": known("site", "main"),
            "subject": subject,
            "file_name": name,
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "byte_size": 9_000 + 60 * (made + changed + same),
            "state": ImportState.DONE,
            "rows_total": made + changed + same,
            "rows_done": made + changed + same,
            "made_count": made,
            "changed_count": changed,
            "same_count": same,
            "made_by_id": known("person", "admin"),
            "made_at": at,
            "changed_at": at + timedelta(minutes=2),
            "applied_at": at + timedelta(minutes=2),
        }
