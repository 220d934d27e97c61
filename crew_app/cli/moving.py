"""`crew db copy`: all rows into an empty PostgreSQL database, table by table, then counted and proved on both sides."""

from collections.abc import Iterator
from typing import Any

import click
import flask_migrate
from sqlalchemy import Connection, Engine, Table, create_engine, func, select, text

from crew_app import create_app
from crew_app.config import read_settings
from crew_app.core.db import Base, db
from crew_app.core.revisions import Revision
from crew_app.web.paths import MIGRATIONS

AT_ONCE = 2000
_KEYS = "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"


def copy_to(url: str) -> Iterator[str]:
    """Copy; a line for each table. One transaction there: after a failure it is as empty as before."""
    target = _prepared(url)
    with db.engine.connect() as source, target.begin() as there:
        if _filled(there):
            raise click.ClickException("There are rows in that database already; give an empty one.")
        keys = [(table, name, definition) for table, name, definition in there.execute(text(_KEYS))]
        for table, name, _ in keys:
            there.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for table in _tables():
            yield f"{table.name}: {_copy(source, there, table)}"
        for table, name, definition in keys:
            there.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    with db.engine.connect() as source, target.connect() as there:
        wrong = [table.name for table in _tables() if _count(source, table) != _count(there, table)]
    target.dispose()
    if wrong:
        raise click.ClickException(f"Not the same number of rows: {', '.join(wrong)}")
    yield "Everything is there. Set DATABASE_URL and SECRET_KEY, then: crew check"


def _prepared(url: str) -> Engine:
    """The other database, with its tables."""
    settings = read_settings({"CREW_DATA": str(read_settings().data), "DATABASE_URL": url})
    if not settings.database_url.startswith("postgresql"):
        raise click.ClickException("The copy goes to PostgreSQL: postgresql://user:password@host/name")
    with create_app(settings).app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        db.engine.dispose()
    return create_engine(settings.database_url)


def _tables() -> list[Table]:
    """All but the numbers of changes, which each database counts for itself."""
    there = (table for table in Base.metadata.tables.values() if table is not Revision.__table__)
    return sorted(there, key=lambda table: table.name)


def _filled(there: Connection) -> bool:
    return bool(_count(there, Base.metadata.tables["sites"]) or _count(there, Base.metadata.tables["people"]))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy(source: Connection, there: Connection, table: Table) -> int:
    copied = 0
    found = source.execution_options(yield_per=AT_ONCE).execute(select(table))
    for page in found.mappings().partitions(AT_ONCE):
        rows: list[dict[str, Any]] = [dict(row) for row in page]
        there.execute(table.insert(), rows)
        copied += len(rows)
    return copied
