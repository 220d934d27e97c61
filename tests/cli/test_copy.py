"""`crew db copy`: an installation moves from SQLite to PostgreSQL, whole or not at all."""

import pytest
from sqlalchemy import create_engine, make_url, text

from crew_app.core.db import Base
from tests.support.client import accepted
from tests.support.counting import one
from tests.support.serving import Server
from tests.support.tickets import report_fields

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]


@pytest.fixture
def copy(settings):
    server = Server(settings.data)
    return lambda *arguments: server.crew("db", "copy", *arguments)


def plain(url):
    return url.replace("postgresql+psycopg://", "postgresql://")


def rows(engine):
    with engine.connect() as connection:
        return {name: connection.scalar(text(f'SELECT COUNT(*) FROM "{name}"')) for name in Base.metadata.tables}


def keys(engine):
    query = "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f'"
    with engine.connect() as connection:
        return connection.scalar(text(query))


def test_everything_is_there_and_proved(app, world, sign_in, copy, new_postgres, postgres_empty, settings):
    client = sign_in("technician")
    accepted(client.send("/tickets", report_fields(world)), 201)
    url = new_postgres("")
    done = copy(plain(url), "--yes")
    assert done.returncode == 0, done.stderr
    engine, here = create_engine(url), create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    assert rows(engine) == rows(here)
    assert rows(engine)["ticket_events"] > 0
    empty = create_engine(make_url(url).set(database=postgres_empty))
    assert keys(engine) == keys(empty) > 100
    proved = Server(settings.data, DATABASE_URL=plain(url)).crew("check")
    assert proved.returncode == 0, proved.stdout
    for used in (engine, here, empty):
        used.dispose()


def test_a_database_with_rows_and_a_running_service_are_refused(app, copy, new_postgres, postgres_template):
    url = new_postgres(postgres_template.source)
    before = one(app, "SELECT COUNT(*) FROM people")
    assert "Stop the service first" in copy(plain(url)).stderr
    done = copy(plain(url), "--yes")
    assert done.returncode == 1
    assert "give an empty one" in done.stderr
    assert one(app, "SELECT COUNT(*) FROM people") == before
