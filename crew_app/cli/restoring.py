"""`crew restore`: a backup brought back into an empty folder, or only checked, with everything that proves it."""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import URL, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from crew_app import create_app
from crew_app.backups import manifest as lists
from crew_app.backups.manifest import Manifest
from crew_app.backups.pool import Pool, alone
from crew_app.backups.restoring import (
    bring_database,
    bring_files,
    bring_photos,
    is_empty_database,
    load_dump,
    read_dump,
    unlike,
    unlisted,
)
from crew_app.backups.troubles import BackupTrouble
from crew_app.cli.audit import WORDS
from crew_app.cli.audit import problems as chain_problems
from crew_app.cli.ledger import problems as ledger_problems
from crew_app.cli.serving import upgrade_database
from crew_app.config import Settings
from crew_app.core import chain_checks
from crew_app.core.db import db, session
from crew_app.web.paths import MIGRATIONS

UNCHECKED = "crew.db.unchecked"
MOST_SAID = 200
"""Problems that are said one by one."""


@dataclass
class Found:
    """What came of it."""

    path: Path
    manifest: Manifest
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    database: bool = False
    """Whether there is a database that can be used."""

    def words(self, done: str) -> Iterator[str]:
        """A line each, the verdict last."""
        said = self.manifest
        yield from self.problems[:MOST_SAID]
        if len(self.problems) > MOST_SAID:
            yield f"… and {len(self.problems) - MOST_SAID} more."
        yield from self.notes
        many = ", ".join(f"{count} {table.replace('_', ' ')}" for table, count in said.counts.items())
        yield f"{self.path.name}: all up to {said.moment:%Y-%m-%d %H:%M:%S} UTC, by version {said.program}: {many}."
        photos = f"{said.photos} photos in {said.photo_files} files"
        elsewhere = f", {said.elsewhere} more must be in the bucket {said.bucket}" if said.elsewhere else ""
        verdict = "Everything fits." if not self.problems else f"{len(self.problems)} problems."
        yield f"{done}: {photos}{elsewhere}. {verdict}"


def restore(source: Path, folder: Path, key: bytes | None, url: str = "") -> Found:
    """Bring a backup back into a folder that is empty or not there yet; a dump into an empty database."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupTrouble(f"{folder} is not empty. Give a folder that is empty or not there yet.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _all(source, folder, key, url, photos=folder / "photos")


def check(source: Path, key: bytes | None, url: str = "") -> Found:
    """The same, and nothing of it is kept; a dump is loaded into a database of its own beside the one of `url`."""
    beside = os.environ.get("CREW_BACKUP_SCRATCH")
    with tempfile.TemporaryDirectory(prefix="crew-check-", dir=beside) as scratch, _database_beside(url) as other:
        return _all(source, Path(scratch), key, other, photos=None)


def _all(source: Path, folder: Path, key: bytes | None, url: str, photos: Path | None) -> Found:
    try:
        return _every_step(source, folder, key, url, photos)
    except (OSError, psycopg.Error) as error:
        raise BackupTrouble(f"It could not be brought back: {str(error).partition(chr(10))[0]}") from error


def _every_step(source: Path, folder: Path, key: bytes | None, url: str, photos: Path | None) -> Found:
    path = lists.find(source)
    pool = Pool(path.parent, key)
    with alone(pool.target, reading=True):
        found = Found(path, lists.read(path, key))
        _refuse_newer(found.manifest)
        unchecked = folder / UNCHECKED
        found.problems += bring_database(pool, found.manifest, unchecked)
        if not found.problems:
            _bring_up(found, pool, folder, unchecked, url)
        found.problems += bring_photos(pool, found.manifest, photos)
        found.problems += bring_files(pool, found.manifest, folder if photos else None)
    found.notes += found.manifest.notes
    if found.database and found.manifest.database == "sqlite":
        unchecked.replace(folder / "crew.db")
    if not found.database and not url:
        found.notes.append("No database that could be used came of it: take an earlier backup.")
    for left in folder.glob(f"{UNCHECKED}*"):
        left.unlink()
    os.sync()
    return found


def _bring_up(found: Found, pool: Pool, folder: Path, unchecked: Path, url: str) -> None:
    """From the file or dump to a database, and everything that proves it."""
    if found.manifest.database == "sqlite":
        found.problems += _integrity(unchecked)
        url = f"sqlite:///{unchecked}"
    elif not url:
        read_dump(unchecked)
        found.notes.append("The dump was read; to try it in a database, give --database postgresql://…")
        return
    else:
        _load(unchecked, make_url(url))
    found.database = not found.problems
    if found.database:
        with _app(folder, url).app_context():
            try:
                found.problems += _proof(found, pool)
            finally:
                db.engine.dispose()


def _integrity(path: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("PRAGMA integrity_check(20)").fetchall()
            loose = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    except sqlite3.DatabaseError as error:
        return [f"The database: {error}"]
    words = [f"The database: {row[0]}" for row in rows if row[0] != "ok"]
    return words + [f"The database: row {row[1]} of {row[0]} points at a {row[2]} that is not there" for row in loose]


def _load(dump: Path, url: URL) -> None:
    if not is_empty_database(url):
        raise BackupTrouble(f"The database {url.database} is not empty. Make an empty one for it.")
    load_dump(dump, url)


def _app(folder: Path, url: str) -> Flask:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    said = address.render_as_string(hide_password=False)
    return create_app(Settings(folder, said, folder / "photos", secrets.token_hex(32)))


def _proof(found: Found, pool: Pool) -> list[str]:
    """First what the list says, then, at the present migration, chain and books."""

    def ask(query: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in session.execute(text(query))]

    try:
        problems = [*unlike(found.manifest, ask), *unlisted(pool, found.manifest, ask)]
        session.remove()
        if found.manifest.revision != _head():
            upgrade_database()
            found.notes.append(f"The database was brought from migration {found.manifest.revision} to {_head()}.")
        problems += _chain_problems(found)
        problems += ledger_problems()
    except SQLAlchemyError as error:
        problems = [f"The database cannot be read: {str(error).partition(chr(10))[0]}"]
    session.remove()
    return problems


def _chain_problems(found: Found) -> list[str]:
    """What the chain does not fit; rows from before it began are no fault while the worker still seals them."""
    if chain_checks.all_closed():
        return list(chain_problems([]))
    found.notes.append("Rows from before the audit chain began were still being sealed; the worker goes on with that.")
    return [one for one in chain_problems([]) if WORDS["unsealed"] not in one]


def _head() -> str:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def _refuse_newer(manifest: Manifest) -> None:
    known = {step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if manifest.revision not in known:
        words = f"This backup was made by a newer version ({manifest.program}, migration {manifest.revision})."
        raise BackupTrouble(f"{words} Restore it with that version or a later one.")


@contextmanager
def _database_beside(url: str) -> Iterator[str]:
    """An empty PostgreSQL database on the same server, gone afterwards; nothing where none is given."""
    if not url:
        yield ""
        return
    address, name = make_url(url).set(drivername="postgresql"), f"crew_check_{secrets.token_hex(6)}"
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
