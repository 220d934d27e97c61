"""How the database goes about the statements of a request: which of them read a growing table from end to end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event

from crew_app.core.db import db

GROWING = frozenset(
    {
        *("tickets", "ticket_events", "ticket_photos", "ticket_numbers", "ticket_followers", "ticket_ratings"),
        *("photos", "photo_prints", "photo_flags", "removals", "accounts", "balances", "moves", "postings"),
        *("ledger_entries", "discrepancies", "runs", "run_stops", "run_numbers", "visits", "visit_photos"),
        *("visit_flags", "answers", "findings", "receipts", "chain_links", "day_figures", "notices", "deliveries"),
        *("changes", "held_entries", "duty_shifts", "survey_answers", "survey_scores", "gate_entries", "slips"),
        *("slip_lines", "asset_events", "demands", "job_points", "cost_lines", "calls", "ticket_dispatches"),
    }
)
"""Tables that get rows with every day of work."""
_ALIAS = re.compile(r"(?:FROM|JOIN|,)\s+\(*\"?(\w+)\"?(?:\s+AS\s+\"?(\w+)\"?)?", re.IGNORECASE)
_SCAN = re.compile(r"^SCAN (\w+)(.*)$")
_SITE = re.compile(r"^SEARCH (\w+)( USING (?:COVERING )?INDEX \w+) \(site_id=\?\)")
_STATE = re.compile(r"^SEARCH (\w+)( USING (?:COVERING )?INDEX \w+) \(site_id=\? AND state=\?\)")
"""All that is closed is nearly all of a site."""
_ANY = re.compile(r"^SEARCH (\w+)( USING (?:COVERING )?INDEX \w+) \(\w+_id>\?\)")
"""Whoever is not null."""
_EXTREME = re.compile(r"^SELECT (min|max)\([\w.]+\) AS \w+\s+FROM \w+", re.IGNORECASE)
ENOUGH = 200
"""Of fewer rows SQLite learns too little of how they are spread."""
SELECTIVE = 50
"""So few rows of a key stay as few: the moves of a posting, the events of a job."""
_SIZE_SQLITE = "SELECT tbl, MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl"
_SIZE_POSTGRESQL = "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'"
Asked = dict[str, Any]
"""Statements with the values they were first asked with."""


@contextmanager
def asked_of(app: Flask) -> Iterator[Asked]:
    """The SELECT statements that the application runs within the block."""
    found: Asked = {}

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.setdefault(statement, values)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def scans(connection: Connection, asked: Asked, *, least: int = 10_000) -> dict[str, set[str]]:
    """Statements that read a growing table of at least so many rows from end to end, and which."""
    postgres = connection.dialect.name == "postgresql"
    find, size = (_scanned_postgresql, _SIZE_POSTGRESQL) if postgres else (_scanned_sqlite, _SIZE_SQLITE)
    large = {row[0] for row in connection.exec_driver_sql(size) if int(row[1]) >= least} & GROWING
    found = {statement: find(connection, statement, values) & large for statement, values in asked.items()}
    return {statement: tables for statement, tables in found.items() if tables}


def _scanned_sqlite(connection: Connection, statement: str, values: Any) -> set[str]:
    """What is read without an index, or as far as a whole site reaches; unless the first rows are enough.

    Most hospitals have one or two sites: all of a site is nearly all there is.
    """
    names: dict[str, str] = {alias or table: table for table, alias in _ALIAS.findall(statement)}
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    sorted_first = {parent for _, parent, _, line in plan if line.startswith("USE TEMP B-TREE")}
    bounded = " LIMIT " in " ".join(statement.split()) or _EXTREME.search(statement) is not None
    closed = "verified" in values
    found: set[str] = set()
    for _, parent, _, line in plan:
        match = _SCAN.match(line) or _SITE.match(line) or _ANY.match(line) or (closed and _STATE.match(line))
        if match and not (bounded and " USING " in match[2] and parent not in sorted_first):
            found.add(names.get(match[1], match[1]))
    return found


def _scanned_postgresql(connection: Connection, statement: str, values: Any) -> set[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    return {str(node["Relation Name"]) for node in _nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"}


def grown(connection: Connection, times: int = 1_000) -> None:
    """Let SQLite plan as if its growing tables had so many times the rows: only what it knows of them is changed."""
    connection.exec_driver_sql("ANALYZE")
    for table, index, stat in connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all():
        every, *each = (int(number) for number in stat.split())
        if table in GROWING and every >= ENOUGH:
            larger = [every * times, *(number * times if number > SELECTIVE else number for number in each)]
            connection.exec_driver_sql(
                "UPDATE sqlite_stat1 SET stat = ? WHERE tbl = ? AND idx IS ?",
                (" ".join(map(str, larger)), table, index),
            )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)
