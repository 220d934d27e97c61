"""The database: declarative base, session, engine settings, and the one way to write.

SQLite runs with WAL, synchronous=FULL and `BEGIN IMMEDIATE` for writers, which queue on a file lock
first, because SQLite's own busy handler is unfair. PostgreSQL locks the rows that decide instead.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

WRITE = "crew_write"
BUSY_TIMEOUT_MS = 15_000
BEFORE_COMMIT: list[Callable[[], None]] = []
"""What is done at the end of every write transaction, within it."""
WAITED: list[Callable[[float], None]] = []
"""Who wants to know how many seconds a change stood in line."""


class Base(DeclarativeBase):
    """Base of all tables; the naming convention is what migrations rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
session: scoped_session[Session] = db.session  # type: ignore[assignment]  # its own Session class is a Session


def tune(engine: Engine) -> None:
    """Give every SQLite connection the durability and locking this application relies on."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def write_transaction() -> Iterator[None]:
    """Run the block as one write transaction: all of it is committed, or nothing.

    A read transaction that is still open (the one that loaded the person) is ended before queueing.
    """
    session.rollback()
    asked = time.perf_counter()
    with _write_queue():
        session.connection(execution_options={WRITE: True})
        for tell in WAITED:
            tell(time.perf_counter() - asked)
        try:
            yield
            session.flush()
            for finish in BEFORE_COMMIT:
                finish()
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def _write_queue() -> Iterator[None]:
    """Wait in line for the write lock of an SQLite file; other databases need no line."""
    path = _sqlite_file()
    if path is None:
        yield
        return
    with path.with_name(path.name + ".queue").open("a") as turnstile:
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        yield


def _sqlite_file() -> Path | None:
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)
