"""Puts payloads into every text that people gave something, past all forms: the worst that a database could hold."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import String, Text, inspect, text

from crew_app.core.db import db

WORDS = frozenset(
    [
        "name",
        "name_en",
        "title",
        "title_en",
        "words",
        "words_en",
        "note",
        "notes",
        "reason",
        "description",
        "text",
        "label",
        "supplier",
        "reference",
        "visitor",
        "host",
        "topic",
        "trainer",
        "issuer",
        "spec",
        "unit",
        "category",
        "service",
        "service_en",
        "cargo",
        "needs",
        "reporter_name",
        "where_",
        "bin",
        "part",
        "place",
        "path",
        "path_en",
        "number_text",
        "remark",
        "answer",
        "value_text",
        "url_text",
        "house",
        "topic_en",
        "cause",
        "remedy",
        "comment",
        "heading",
        "body_text",
        "funded_by",
    ]
)
"""Columns that hold what people type."""
LEFT = frozenset({"sites.timezone", "accounts.kind", "webhook_messages.topic", "notices.topic", "items.category"})
PUT_INTO_ALL = 400
"""Rows of one table that get something; there are years of them."""


def poison(app: Flask, make: Callable[[int], str], first: int = 0) -> int:
    """Fill them; how many cells. Takes triggers away that keep history as it was, in this copy alone."""
    number = first
    with app.app_context():
        metadata = db.metadatas[None]
        with db.engine.begin() as connection:
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f'DROP TRIGGER "{name}"'))
            there = set(inspect(connection).get_table_names())
            for table in metadata.sorted_tables:
                columns = [one for one in table.columns if _typed(table.name, one)]
                if not columns or table.name not in there:
                    continue
                query = f'SELECT rowid FROM "{table.name}" ORDER BY rowid DESC LIMIT {PUT_INTO_ALL}'
                for (row,) in connection.execute(text(query)).all():
                    values = {}
                    for column in columns:
                        number += 1
                        values[column.name] = make(number)
                    sets = ", ".join(f'"{name}" = :{name}' for name in values)
                    connection.execute(
                        text(f'UPDATE OR IGNORE "{table.name}" SET {sets} WHERE rowid = :row_'), values | {"row_": row}
                    )
    return number - first


def _typed(table, column) -> bool:
    plain = type(column.type) in (String, Text)
    return plain and column.name in WORDS and f"{table}.{column.name}" not in LEFT and not column.primary_key
