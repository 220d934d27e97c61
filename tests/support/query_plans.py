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


def scans(connection: Connection, asked: Asked, *, least: int = 0) -> dict[str, set[str]]:
    """Statements that read a growing table (with at least so many rows, on PostgreSQL) from end to end, and which."""
    find = _scanned_postgresql if connection.dialect.name == "postgresql" else _scanned_sqlite
    found = {statement: find(connection, statement, values, least) for statement, values in asked.items()}
    return {statement: tables & GROWING for statement, tables in found.items() if tables & GROWING}


def _scanned_sqlite(connection: Connection, statement: str, values: Any, _least: int) -> set[str]:
    """What is read without an index, or as far as a whole site reaches; unless the first rows are enough.

    Most hospitals have one or two sites: all of a site is nearly all there is.
    """
    names = {alias or table: table for table, alias in _ALIAS.findall(statement)}
    plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    sorted_first = any(line.startswith("USE TEMP B-TREE") for line in plan)
    bounded = " LIMIT " in " ".join(statement.split()) and not sorted_first
    found = set()
    for line in plan:
        match = _SCAN.match(line) or _SITE.match(line)
        if match and not (bounded and " USING " in match[2]):
            found.add(names.get(match[1], match[1]))
    return found


def _scanned_postgresql(connection: Connection, statement: str, values: Any, least: int) -> set[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    return {
        node["Relation Name"]
        for node in _nodes(plan[0]["Plan"])
        if node["Node Type"] == "Seq Scan" and _size(connection, node["Relation Name"]) >= least
    }


def _size(connection: Connection, table: str) -> int:
    query = f"SELECT reltuples FROM pg_class WHERE oid = '{table}'::regclass"  # noqa: S608 - a name from a plan
    return int(connection.exec_driver_sql(query).scalar_one())


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)
