"""Bringing a backup back: every file checked by its fingerprint, everything that does not fit named."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL

from crew_app.backups import figures
from crew_app.backups.manifest import Manifest, piece
from crew_app.backups.pictures import ROWS, Entry, segments
from crew_app.backups.pool import Pool
from crew_app.backups.snapshots import bare, password_env, tool
from crew_app.backups.troubles import BackupTrouble, Damaged
from crew_app.evidence.store import LocalStore


def bring_database(pool: Pool, manifest: Manifest, path: Path) -> list[str]:
    """Write the file or dump; what is wrong with it. A part that is not right leaves nothing that could be used."""
    whole, problems = hashlib.sha256(), []
    with path.open("wb") as file:
        for number, said in enumerate(manifest.parts, 1):
            try:
                part = pool.get(piece(said), f"part {number} of {len(manifest.parts)} of the database", packed=True)
            except Damaged as error:
                problems.append(str(error))
                continue
            whole.update(part)
            file.write(part)
    if not problems and whole.hexdigest() != manifest.database_sha256:
        problems.append("The database: its parts do not make the file that was backed up.")
    return problems


def bring_photos(pool: Pool, manifest: Manifest, folder: Path | None) -> Iterator[str]:
    """Write the photos, or only check them; what is wrong with each."""
    store = LocalStore(folder) if folder else None
    try:
        for one in segments(pool, manifest):
            for size, found in one.pieces.items():
                yield from _bring(pool, one, size, found, store)
    except Damaged as error:
        yield str(error)
    yield from (f"photo {key}: was nowhere when the backup was made" for key in manifest.missing)
    yield from (f"photo {key}: was damaged already when the backup was made" for key in manifest.damaged)


def _bring(pool: Pool, one: Entry, size: str, found: Any, store: LocalStore | None) -> Iterator[str]:
    try:
        data = pool.get(found, f"photo {size}/{one.sha256}")
    except Damaged as error:
        yield str(error)
        return
    if store:
        path = store.path(f"{size}/{one.sha256}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def bring_files(pool: Pool, manifest: Manifest, folder: Path | None) -> Iterator[str]:
    """Write the key and certificates, readable for nobody else."""
    for name, said in manifest.files:
        try:
            data = pool.get(piece(said), name)
        except Damaged as error:
            yield str(error)
            continue
        if folder:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)


def unlike(manifest: Manifest, ask: figures.Ask) -> Iterator[str]:
    """Where a database does not say what the backup's list says it did."""
    for chain, position, digits in _differing(manifest.heads, figures.heads(ask)):
        yield f"audit chain {chain}: it should end at position {position} with {digits[:12]}…"
    for site, position, digits in _differing(manifest.ledger, figures.ledger(ask)):
        yield f"books of {site}: they should end at position {position} with {digits[:12]}…"
    for table, many in figures.counts(ask).items():
        if manifest.counts.get(table, many) != many:
            yield f"{table}: {many} rows instead of {manifest.counts[table]}"


def _differing(said: list[list[Any]], found: list[list[Any]]) -> list[list[Any]]:
    return [one for one in said if one not in found] + [one for one in found if one not in said]


def unlisted(pool: Pool, manifest: Manifest, ask: figures.Ask) -> Iterator[str]:
    """Photos that the database names and the backup does not have."""
    excused = {*manifest.missing, *manifest.removed}
    try:
        listed = {one.id: one for one in segments(pool, manifest)}
    except Damaged:
        return  # was said already
    for row in ask(ROWS):
        one = listed.get(str(row[0]).replace("-", ""))
        sizes = one.pieces if one else {}
        elsewhere = one is not None and not sizes and bool(manifest.bucket)
        if "original" not in sizes and not elsewhere and f"original/{row[1]}" not in excused:
            yield f"photo original/{row[1]}: the database names it, and the backup does not have it"


def is_empty_database(url: URL) -> bool:
    """Whether a PostgreSQL database has no tables."""
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        query = (
            b"SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public'"
        )
        row = connection.execute(query).fetchone()
    return row is not None and row[0] == 0


def load_dump(dump: Path, url: URL) -> None:
    """Bring a dump into an empty PostgreSQL database, all of it or nothing."""
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={bare(url)}"]
    _run([tool("pg_restore"), *words, str(dump)], password_env(url))


def read_dump(dump: Path) -> None:
    """Read a dump from end to end without a database."""
    _run([tool("pg_restore"), "--file=/dev/null", str(dump)], dict(os.environ))


def _run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[:400]
        raise BackupTrouble(f"{Path(command[0]).name} failed: {said or done.returncode}")


def all_of(*found: Iterable[str]) -> list[str]:
    """All problems in order."""
    return [problem for one in found for problem in one]
