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

WRITE, PATIENCE = "crew_write", "crew_patience"
BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for others in all; then its phone hears 503, and asks again."""
SHORT_WAIT = 1.0
LINE_DEAD = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""After how many seconds (the last: ms) a PostgreSQL server that says nothing counts as gone."""
BEGUN: list[Callable[[], None]] = []
"""What is done at the beginning of every write transaction, within it and before anything is written."""
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


def engine_options(url: str) -> dict[str, Any]:
    """What the engine of this database is made with."""
    return {"connect_args": dict(LINE_DEAD)} if url.startswith("postgresql") else {}


def tune(engine: Engine) -> None:
    """Give every connection the durability and the patience this application relies on."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _on_postgres_connect)
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_postgres_connect(connection: DBAPIConnection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    cursor.close()
    connection.commit()


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if PATIENCE not in options:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE) else "BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options[PATIENCE]}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


@contextmanager
def write_transaction() -> Iterator[None]:
    """Run the block as one write transaction: all of it is committed, or nothing.

    A read transaction that is still open (the one that loaded the person) is ended before queueing.
    """
    session.rollback()
    with _write_queue() as waited:
        try:
            session.connection(execution_options=_to_write(waited))
            for tell in WAITED:
                tell(waited)
            for begin in BEGUN:
                begin()
            yield
            session.flush()
            for finish in BEFORE_COMMIT:
                finish()
            session.commit()
        except BaseException:
            session.rollback()
            raise


def _to_write(waited: float) -> dict[str, Any]:
    """Who stood in line for long waits less for another program: otherwise each one behind would wait longer still."""
    left = round(max(0.0, BUSY_TIMEOUT_MS - waited * 1000))
    return {WRITE: True} | ({PATIENCE: left} if waited > SHORT_WAIT else {})


@contextmanager
def _write_queue() -> Iterator[float]:
    """Wait in line for the write lock of an SQLite file; other databases need no line. Gives the seconds it took."""
    path = _sqlite_file()
    if path is None:
        yield 0.0
        return
    with path.with_name(path.name + ".queue").open("a") as turnstile:
        began = time.monotonic()
        fcntl.flock(turnstile, fcntl.LOCK_EX)
        yield time.monotonic() - began


def _sqlite_file() -> Path | None:
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)
