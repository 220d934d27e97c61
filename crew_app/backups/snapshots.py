"""One moment of a running database: its bytes in parts, and questions to that very moment."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import disk_usage, which
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL

from crew_app.backups.troubles import BackupTrouble

PART = 256 << 10
"""Bytes of a part: what did not change in a database file since the last backup is not written again."""
ROOM = 64 << 20
"""Bytes that stay free on the disk when the copy is made."""


class Snapshot(Protocol):
    """A moment of a database."""

    def parts(self) -> Iterator[bytes]:
        """Its file or dump, from the beginning."""

    def rows(self, query: str) -> Iterator[Sequence[Any]]:
        """What a query gave at that moment."""

    def faults(self) -> list[str]:
        """What the database itself finds wrong."""


class SqliteCopy:
    """A copy of the file, made by SQLite's own backup: writers go on, the copy is of one moment."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def parts(self) -> Iterator[bytes]:
        """The copy."""
        with self.path.open("rb") as file:
            while part := file.read(PART):
                yield part

    def rows(self, query: str) -> Iterator[Sequence[Any]]:
        """From the copy."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)) as connection:
            yield from connection.execute(query)

    def faults(self) -> list[str]:
        """`PRAGMA quick_check`."""
        return [str(row[0]) for row in self.rows("PRAGMA quick_check(20)") if row[0] != "ok"]


class PostgresMoment:
    """A repeatable-read transaction whose snapshot `pg_dump` shares."""

    def __init__(self, connection: psycopg.Connection[Any], url: URL) -> None:
        self.connection, self.url = connection, url
        self.snapshot = str(self._one("SELECT pg_export_snapshot()"))

    def parts(self) -> Iterator[bytes]:
        """What `pg_dump` writes in its custom format; we compress it ourselves."""
        words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={self.snapshot}"]
        with subprocess.Popen(  # noqa: S603 - fixed words and our own address
            [tool("pg_dump"), *words, f"--dbname={bare(self.url)}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=password_env(self.url),
        ) as process:
            assert process.stdout  # noqa: S101 - it was asked for
            assert process.stderr  # noqa: S101 - as well
            while part := process.stdout.read(PART):
                yield part
            said = process.stderr.read().decode(errors="replace").strip()
        if process.returncode:
            raise BackupTrouble(f"pg_dump failed: {said[:400] or process.returncode}")

    def rows(self, query: str) -> Iterator[Sequence[Any]]:
        """Within the transaction, a page at a time."""
        with self.connection.cursor(name="crew_backup") as cursor:
            cursor.itersize = 1000
            cursor.execute(query.encode())
            yield from cursor

    def faults(self) -> list[str]:
        """PostgreSQL's checksums do that while it reads."""
        return []

    def _one(self, query: str) -> object:
        row = self.connection.execute(query.encode()).fetchone()
        return row[0] if row else None


@contextmanager
def moment(url: URL, scratch: Path) -> Iterator[Snapshot]:
    """The database as it is now; `scratch` is a folder for the copy of a file."""
    if url.get_backend_name() == "postgresql":
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield PostgresMoment(connection, url)
        return
    copy = scratch / "crew.db"
    copy_sqlite(Path(str(url.database)), copy)
    yield SqliteCopy(copy)


def copy_sqlite(path: Path, copy: Path) -> None:
    """Copy a database file that is in use."""
    needed, free = path.stat().st_size, disk_usage(copy.parent).free
    if free < needed + ROOM:
        words = f"{copy.parent} has room for {free >> 20} MB; the copy of the database needs {needed >> 20} MB."
        raise BackupTrouble(f"{words} Free some, or point CREW_BACKUP_SCRATCH to a disk that has it.")
    address = f"file:{path}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=60)) as source, closing(sqlite3.connect(copy)) as target:
        target.execute("PRAGMA synchronous=OFF")  # what is kept of it is brought to the disk later
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def bare(url: URL) -> str:
    """The address for PostgreSQL's own programs, without the password: others see what they are called with."""
    return url.set(drivername="postgresql", password=None).render_as_string()


def password_env(url: URL) -> dict[str, str]:
    """The environment with the password for them."""
    return {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}


def tool(name: str) -> str:
    """A program of PostgreSQL, of the server's version or newer."""
    found = which(name)
    if not found:
        raise BackupTrouble(f"{name} was not found: install PostgreSQL's client programs, of the server's version.")
    return found
