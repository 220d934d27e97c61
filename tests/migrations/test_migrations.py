"""Migrations: up, down and up again on both databases; models and database agree; one line of numbers."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from crew_app import create_app
from crew_app.core.db import Base, db
from crew_app.stock import checks
from crew_app.web.paths import MIGRATIONS
from tests.support.database import settings_for, sqlite_url

FOLDER = str(MIGRATIONS)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request, tmp_path):
    """An application whose database has nothing in it yet."""
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("new_postgres")("")
    app = create_app(settings_for(tmp_path, url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables():
    return set(inspect(db.engine).get_table_names())


def triggers():
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if db.engine.dialect.name == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with db.engine.connect() as connection:
        return {row[0] for row in connection.execute(text(query))}


def differences():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return compare_metadata(context, Base.metadata)


def test_up_gives_what_the_models_say(empty):
    flask_migrate.upgrade(directory=FOLDER)
    assert differences() == []
    assert tables() == set(Base.metadata.tables) | {"alembic_version"}


def test_up_down_and_up_again(empty):
    flask_migrate.upgrade(directory=FOLDER)
    before = (tables(), triggers())
    flask_migrate.downgrade(directory=FOLDER, revision="base")
    assert tables() == {"alembic_version"}
    assert triggers() == set()
    flask_migrate.upgrade(directory=FOLDER)
    assert (tables(), triggers()) == before
    assert differences() == []


def test_every_single_step_goes_down_and_up(empty):
    script = ScriptDirectory(FOLDER)
    revisions = [step.revision for step in script.walk_revisions()][::-1]
    for revision in revisions:
        flask_migrate.upgrade(directory=FOLDER, revision=revision)
        after = tables()
        flask_migrate.downgrade(directory=FOLDER, revision="-1")
        flask_migrate.upgrade(directory=FOLDER, revision=revision)
        assert tables() == after


def test_up_twice_changes_nothing(empty):
    flask_migrate.upgrade(directory=FOLDER)
    before = tables()
    flask_migrate.upgrade(directory=FOLDER)
    assert tables() == before


def test_they_are_numbered_in_one_line():
    script = ScriptDirectory(FOLDER)
    steps = list(script.walk_revisions())[::-1]
    numbers = [step.revision for step in steps]
    assert numbers == [f"{number:04d}" for number in range(1, len(steps) + 1)]
    assert [step.down_revision for step in steps] == [None, *numbers[:-1]]
    assert [Path(step.path).name[:5] for step in steps] == [f"{number}_" for number in numbers]


def test_both_databases_have_every_site_of_a_row(empty):
    """Every table of a site's data carries site_id from the first migration."""
    common = {"sites", "people", "person_trades", "login_sessions", "items", "job_kinds"}
    common |= {"asset_kinds", "alembic_version", "ended_sessions", "device_people", "pins"}
    common |= {"heartbeats", "push_keys", "push_subscriptions", "notice_habits", "notice_choices"}  # people's own
    common |= {"calendar_feeds", "identities", "passkeys", "time_codes", "recovery_codes"}  # people's own, too
    common |= {"guesses", "former_passwords", "access_records"}  # of people, who may work at several sites
    common |= {"chain_heads"}  # the name of a chain is its site, or that of none
    common |= {"check_results", "hosts", "revisions"}  # of the installation, not of a site
    flask_migrate.upgrade(directory=FOLDER)
    found = inspect(db.engine)
    without = {name for name in tables() if "site_id" not in {column["name"] for column in found.get_columns(name)}}
    assert without - common == set()


def test_books_that_were_kept_before_are_valued_and_sealed(any_app, any_world):
    """The storeroom's tables come to an installation that has moves, jobs and people already."""
    with any_app.app_context():
        flask_migrate.downgrade(directory=FOLDER, revision="0010")
        flask_migrate.upgrade(directory=FOLDER)
        assert checks.summary()["postings"] > 3
        assert [*checks.breaks(), *checks.misvalued(), *checks.drifts(), *checks.missing_triggers()] == []
        assert broken_references() == []


def broken_references():
    """On SQLite, rows whose parents went with a copied table."""
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")))
