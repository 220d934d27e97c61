"""The sealed order of the books: whatever is altered, deleted or swapped behind the application's back is found."""

import sqlite3
from contextlib import closing

import pytest

from crew_app.core.db import db
from crew_app.stock import checks

FREE = [
    f"DROP TRIGGER {table}_no_{verb}"
    for table in ("moves", "postings", "ledger_entries")
    for verb in ("update", "delete", "replace")
]
ALTERED = {
    "a quantity, with its balances": [
        "UPDATE moves SET quantity = 9000 WHERE quantity = 10000",
        "UPDATE balances SET quantity = 9000 WHERE quantity = 10000",
        "UPDATE balances SET quantity = 191000 WHERE quantity = 190000",
    ],
    "a price": ["UPDATE moves SET unit_cost = unit_cost + 1 WHERE quantity = 10000"],
    "a person": [
        "UPDATE postings SET person_id = (SELECT id FROM people WHERE login = 'guard') WHERE reason = 'issue'"
    ],
    "a time": ["UPDATE postings SET at = '2020-01-01 00:00:00.000000'"],
    "words": ["UPDATE postings SET note = 'anders' WHERE reason = 'issue'"],
    "the day it was booked": ["UPDATE ledger_entries SET posted_at = '2020-01-01 00:00:00.000000' WHERE position = 2"],
}
DELETED = {
    "a posting with all it said": [
        "CREATE TEMP TABLE gone AS SELECT posting_id AS id FROM ledger_entries WHERE position = 2",
        "DELETE FROM ledger_entries WHERE posting_id IN (SELECT id FROM gone)",
        "DELETE FROM moves WHERE posting_id IN (SELECT id FROM gone)",
        "DELETE FROM postings WHERE id IN (SELECT id FROM gone)",
    ],
    "a move": ["DELETE FROM moves WHERE quantity = 10000"],
    "a place": ["DELETE FROM ledger_entries WHERE position = 2"],
}
SWAPPED = {
    "two places": [
        "UPDATE ledger_entries SET position = position + 1000 WHERE position IN (2, 3)",
        "UPDATE ledger_entries SET position = 1005 - position WHERE position > 1000",
        "UPDATE ledger_entries SET position = position + 0",
    ],
}


def damage(app, statements):
    """By hand on the file itself, as somebody with access to the machine would."""
    with app.app_context(), closing(sqlite3.connect(str(db.engine.url.database))) as connection, connection:
        for statement in [*FREE, *statements]:
            connection.execute(statement)


def found(app):
    with app.app_context():
        return {(one.position, one.what) for one in checks.breaks()}


def test_the_books_are_sealed_in_the_order_in_which_they_came(app):
    assert found(app) == set()
    with app.app_context():
        assert checks.summary()["ledger_entries"] == checks.summary()["postings"] > 3
        assert checks.misvalued() == []


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_row_is_found(app, what):
    damage(app, ALTERED[what])
    assert "altered" in {words for _place, words in found(app)}


@pytest.mark.parametrize("what", DELETED)
def test_a_deleted_row_is_found(app, what):
    damage(app, DELETED[what])
    assert found(app)


@pytest.mark.parametrize("what", SWAPPED)
def test_a_swapped_order_is_found(app, what):
    damage(app, SWAPPED[what])
    assert {place for place, _words in found(app)} >= {2, 3}


def test_a_wrong_value_is_found(app):
    damage(app, ["UPDATE valuations SET value = value + 1"])
    with app.app_context():
        assert checks.misvalued()
