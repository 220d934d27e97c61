"""What is in the database, asked in plain SQL: the tests' own view, next to the application's."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event, text

from crew_app.core.db import db

TABLES = ("tickets", "ticket_events", "ticket_numbers", "photos", "moves", "postings", "balances", "receipts")


def sql(app: Flask, statement: str, **values: object) -> list[tuple[object, ...]]:
    """Rows of a query, in a connection of its own."""
    with app.app_context(), db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def one(app: Flask, statement: str, **values: object) -> object:
    """The only value of the only row."""
    rows = sql(app, statement, **values)
    assert len(rows) == 1, rows
    return rows[0][0]


def counts(app: Flask) -> dict[str, int]:
    """How many rows the tables have that commands write to."""
    return {table: int(str(one(app, f"SELECT COUNT(*) FROM {table}"))) for table in TABLES}


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that the application runs within the block."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
