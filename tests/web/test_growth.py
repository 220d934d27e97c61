"""Pages stay as fast when years have passed: they read by indexes, and ask the same however many rows there are."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import WRITE, db, session, write_transaction
from crew_app.demo.growth.grow import grow, made
from crew_app.demo.people import PASSWORD
from crew_app.people.models import Person
from crew_app.stock import checks
from crew_app.tickets import queries
from tests.support.database import settings_for, sqlite_url
from tests.support.growing_pages import signed_in
from tests.support.page_costs import AGAIN, TOPICS, costs, lists, of_files
from tests.support.query_plans import grown

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(400)]
SUMS = frozenset(
    {
        *("/reports", "/reports/trends", "/reports/costs", "/reports/costs/rows", "/review/figures"),
        *("/stock/lists/dead", "/stock/value", "/stock/costs"),
    }
)
"""Sums over months, for which SQLite, told that all is larger, may still choose to read the moves from end to end."""
NEWEST = "/tickets?all=1"


@pytest.fixture(scope="module")
def hospital(demo_hospital, tmp_path_factory):
    """A copy of the demo hospital of which the database believes that it is a thousand times as large."""
    folder = tmp_path_factory.mktemp("growth")
    with demo_hospital.app_context():
        source = Path(db.engine.url.database or "")
    shutil.copy(source, folder / "crew.db")
    app = create_app(settings_for(folder, sqlite_url(folder), demo=True))
    with app.app_context():
        changed(grown)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def people(hospital):
    return signed_in(hospital, PASSWORD)


def changed(work):
    """Do something to the database; connections that know it as it was are closed."""
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        work(connection)
    db.engine.dispose()


def test_lists_read_no_growing_table_from_end_to_end_and_ask_the_same_for_any_number_of_rows(hospital, people):
    found = list(costs(hospital, people, lists()))
    assert len(found) > 20
    assert {one.path: set(one.scanned) for one in found if one.scanned and one.path not in SUMS} == {}
    assert {one.path: one.again for one in found if one.again > TOPICS.get(one.path, AGAIN)} == {}


def test_an_index_that_is_missing_is_noticed(hospital, people):
    index = "CREATE INDEX ix_tickets_site_id_opened_at_id ON tickets (site_id, opened_at, id)"
    with hospital.app_context():
        changed(lambda base: base.execute(text("DROP INDEX ix_tickets_site_id_opened_at_id")))
        (found,) = costs(hospital, people, [NEWEST])
        changed(lambda base: base.execute(text(index)))
        changed(grown)
    assert found.scanned == {"tickets"}


def test_a_list_that_asks_for_each_row_is_noticed(hospital, people, monkeypatch):
    monkeypatch.setattr(queries, "CARD", ())
    (found,) = costs(hospital, people, [NEWEST])
    assert found.again > 20


def test_files_of_lists_ask_the_same_for_any_number_of_rows(hospital, people):
    found = list(of_files(hospital, people))
    assert len(found) > 20
    assert {path: (again, rows) for path, again, rows in found if again > AGAIN + rows // 10} == {}


def test_years_are_made_with_right_books_once_and_behind_what_there_is(hospital):
    with hospital.app_context():
        before = made(db.engine)
        said: list[str] = []
        assert grow(db.engine, 0.0003, said.append) > 50_000
        after = made(db.engine)
        assert after["tickets"] > 1.9 * before["tickets"]
        assert "about 0.0 minutes left" in said[-1]
        assert (checks.drifts(), checks.unbalanced_items(), checks.misvalued(), list(checks.breaks())) == (
            [],
            [],
            [],
            [],
        )
        assert checks.missing_triggers() == []
        assert grow(db.engine, 0.0003, said.append) == 0
        assert made(db.engine) == after


def test_a_database_with_people_of_its_own_is_left_alone(hospital):
    with hospital.app_context(), write_transaction():
        session.add(Person(login="real", name="Real", password_hash="x", created_at=now()))
    answer = hospital.test_cli_runner().invoke(_seed(), ["--scale", "0.0003"], env={"CREW_DATA": _folder(hospital)})
    assert answer.exit_code == 1
    assert "people who are not of the demo" in answer.output


def _seed():
    from crew_app.cli import crew  # noqa: PLC0415

    return crew.commands["seed"]


def _folder(app):
    return str(app.config["SETTINGS"].data)
