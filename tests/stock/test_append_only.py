"""History cannot be changed, by no path: the database itself refuses, and `crew ledger check` proves the rest."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crew_app.cli import crew
from crew_app.core.db import db
from crew_app.stock import checks
from tests.support.counting import one
from tests.support.tickets import make_ticket

CHANGES = [
    "UPDATE moves SET quantity = quantity + 1",
    "UPDATE moves SET unit_cost = 0",
    "UPDATE moves SET reverses_id = NULL",
    "DELETE FROM moves",
    "UPDATE postings SET note = 'other'",
    "UPDATE postings SET person_id = person_id",
    "DELETE FROM postings",
    "UPDATE ticket_events SET note = 'other'",
    "DELETE FROM ticket_events",
    "UPDATE ledger_entries SET hash = '0'",
    "DELETE FROM ledger_entries",
]


def run_sql(app, *statements):
    with app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def history(any_app, any_world):
    make_ticket(any_app, any_world, "verified")
    return any_app


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_history(history, statement):
    before = _everything(history)
    with pytest.raises(DBAPIError, match="append-only"):
        run_sql(history, statement)
    assert _everything(history) == before


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["moves", "postings", "ledger_entries", "ticket_events"])
def test_postgresql_refuses_to_empty_a_table_of_history(postgres_app, table):
    with pytest.raises(DBAPIError, match="append-only"):
        run_sql(postgres_app, f"TRUNCATE {table} CASCADE")


def test_on_sqlite_a_row_cannot_be_replaced_either(app):
    """INSERT OR REPLACE deletes without asking triggers unless recursive triggers are on."""
    before = one(app, "SELECT SUM(quantity) FROM moves")
    columns = "id, site_id, posting_id, item_id, from_account_id, to_account_id, quantity, unit_cost, reverses_id"
    changed = columns.replace("quantity", "quantity + 1")
    with pytest.raises(DBAPIError):
        run_sql(app, f"INSERT OR REPLACE INTO moves ({columns}) SELECT {changed} FROM moves LIMIT 1")
    assert one(app, "SELECT SUM(quantity) FROM moves") == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE moves SET quantity = -1",
        "UPDATE moves SET from_account_id = to_account_id",
    ],
)
def test_even_without_triggers_nonsense_is_refused(app, statement):
    with pytest.raises(DBAPIError, match="CHECK"):
        run_sql(app, "DROP TRIGGER moves_no_update", statement)


@pytest.fixture
def check(app, settings, monkeypatch):
    """Runs `crew ledger check` on this installation."""
    monkeypatch.setenv("CREW_DATA", str(settings.data))
    for name in ("DATABASE_URL", "PHOTO_STORE", "SECRET_KEY", "PUBLIC_URL", "CREW_DEMO"):
        monkeypatch.delenv(name, raising=False)
    return lambda: CliRunner().invoke(crew, ["ledger", "check"])


def test_right_books_are_right(check):
    result = check()
    assert result.exit_code == 0, result.output
    assert "right" in result.output


def test_an_altered_balance_is_found(app, check):
    run_sql(app, "UPDATE balances SET quantity = quantity + 1000 WHERE quantity = 190000")
    result = check()
    assert result.exit_code == 1
    assert "191" in result.output
    assert "190" in result.output


def test_a_missing_balance_is_found(app, check):
    run_sql(app, "DELETE FROM balances WHERE quantity = 190000")
    assert check().exit_code == 1


def test_an_invented_balance_is_found(app, check):
    run_sql(
        app,
        "INSERT INTO balances (account_id, item_id, site_id, quantity) SELECT a.id, i.id, a.site_id, 5000 "
        "FROM accounts a, items i WHERE a.kind = 'scrap' AND i.code = 'tube' LIMIT 1",
    )
    assert check().exit_code == 1


def test_a_move_that_was_altered_after_its_trigger_was_dropped_is_found(app, check):
    run_sql(app, "DROP TRIGGER moves_no_update", "UPDATE moves SET quantity = quantity + 1000 WHERE quantity = 10000")
    result = check()
    assert result.exit_code == 1
    assert "moves_no_update" in result.output


def test_a_move_that_was_deleted_is_found(app, check):
    run_sql(app, "DROP TRIGGER moves_no_delete", "DELETE FROM moves WHERE quantity = 10000")
    assert check().exit_code == 1


@pytest.mark.parametrize("table", ["moves", "postings", "ledger_entries", "ticket_events"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_dropped_trigger_is_found(app, check, table, verb):
    run_sql(app, f"DROP TRIGGER {table}_no_{verb}")
    result = check()
    assert result.exit_code == 1
    assert f"{table}_no_{verb}" in result.output


@pytest.mark.postgres
@pytest.mark.parametrize("sabotage", ["DROP TRIGGER {} ON moves", "ALTER TABLE moves DISABLE TRIGGER {}"])
@pytest.mark.parametrize("trigger", ["moves_no_update", "moves_no_truncate"])
def test_on_postgresql_a_dropped_or_disabled_trigger_is_found(postgres_app, sabotage, trigger):
    run_sql(postgres_app, sabotage.format(trigger))
    with postgres_app.app_context():
        assert checks.missing_triggers() == [trigger]


@pytest.mark.postgres
def test_on_postgresql_right_books_are_right_and_altered_ones_are_not(postgres_app):
    with postgres_app.app_context():
        assert (checks.drifts(), checks.unbalanced_items(), checks.missing_triggers()) == ([], [], [])
    run_sql(postgres_app, "UPDATE balances SET quantity = quantity + 1000 WHERE quantity = 190000")
    with postgres_app.app_context():
        assert len(checks.drifts()) == 2  # the stores of both sites
        assert len(checks.unbalanced_items()) == 1


def _everything(app):
    tables = ("moves", "postings", "ticket_events")
    with app.app_context(), db.engine.connect() as connection:
        return {table: sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")))) for table in tables}
