"""Making a backup: photos first, then the database, then the photos that came in between; its list last of all."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from crew_app.backups import figures
from crew_app.backups import manifest as lists
from crew_app.backups.manifest import Manifest, piece
from crew_app.backups.pictures import (
    MOST_NAMED,
    ROWS,
    Entry,
    Gathering,
    kept_lines,
    paged,
    segments,
    source_of,
    write_segments,
)
from crew_app.backups.pool import Pool, alone
from crew_app.backups.snapshots import Snapshot, moment
from crew_app.backups.troubles import BackupTrouble
from crew_app.config import Settings
from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.evidence.store import Store

BEAT = "backup"
SMALL_FILES = ("secret_key", "certificate/authority.pem", "certificate/server.pem", "certificate/server.key")


@dataclass
class Order:
    """What is to be backed up, and where to."""

    settings: Settings
    store: Store
    pool: Pool
    program: str
    scratch: Path
    copy_bucket: bool = False
    quick: bool = False
    """Take over what the last backup has without looking whether it is still there."""


@dataclass
class Made:
    """A backup that was made."""

    path: Path
    manifest: Manifest
    written: int
    """Files that were written."""
    bytes_written: int
    worries: list[str] = field(default_factory=list)
    """What was wrong with the installation; the backup is as good as that allows."""


def make(order: Order) -> Made:
    """Make one, alone on its target; `BackupTrouble` when that is not possible."""
    order.pool.target.mkdir(parents=True, exist_ok=True)
    with alone(order.pool.target), _scratch(order.scratch) as scratch:
        began = time.monotonic()
        last = _last(order.pool)
        gathering = Gathering(order.pool, source_of(order.store, copy_bucket=order.copy_bucket))
        ahead = scratch / "photos"
        if not order.quick:
            copy_ahead(gathering, _of(order.pool, last), ahead)
        at = now()
        with moment(make_url(order.settings.database_url), scratch) as found:
            manifest = _about(order, found, at.isoformat())
            copy_database(order.pool, found, manifest, _known_parts(last))
            gathering.missing.clear()  # asked for again
            gathering.elsewhere = 0
            before = _of(order.pool, last) if order.quick else kept_lines(ahead)
            rows = ((_hex(row[0]), str(row[1])) for row in found.rows(f"{ROWS} ORDER BY id"))
            write_segments(order.pool, gathering.entries(rows, before, trust=True), manifest)
            worries = _judge(gathering, found, manifest)
        _copy_small_files(order, manifest)
        manifest.seconds = round(time.monotonic() - began, 3)
        path = lists.write(order.pool, at.strftime("%Y-%m-%dT%H-%M-%S.%fZ"), manifest)
    _remember(path)
    return Made(path, manifest, order.pool.written, order.pool.bytes_written, worries)


def _hex(value: object) -> str:
    return str(value).replace("-", "")


def _about(order: Order, found: Snapshot, made_at: str) -> Manifest:
    bucket = order.settings.bucket
    kind = make_url(order.settings.database_url).get_backend_name()
    return Manifest(
        made_at=made_at,
        program=order.program,
        database=kind,
        revision=figures.revision(found.rows),
        heads=figures.heads(found.rows),
        ledger=figures.ledger(found.rows),
        counts=figures.counts(found.rows),
        bucket=f"{bucket.endpoint or bucket.region} {bucket.name}/{bucket.prefix}" if bucket else "",
    )


def copy_ahead(gathering: Gathering, before: Iterator[Entry], path: Path) -> None:
    """Copy what is there now, so that hardly anything is left for the moment after the database."""
    query = text(f"{ROWS} AND id > :last ORDER BY id LIMIT 1000")

    def ask(last: str) -> list[tuple[str, str]]:
        page = [(row[0], row[1]) for row in session.execute(query, {"last": last or _NOBODY})]
        session.rollback()
        return page

    with path.open("wb") as file:
        file.writelines(one.line() for one in gathering.entries(paged(ask), before, trust=False))


_NOBODY = "00000000-0000-0000-0000-000000000000"


def copy_database(pool: Pool, found: Snapshot, manifest: Manifest, known: dict[str, list[object]]) -> None:
    whole = hashlib.sha256()
    for part in found.parts():
        whole.update(part)
        manifest.database_size += len(part)
        there = known.get(hashlib.sha256(part).hexdigest())
        kept = there is not None and pool.holds(piece(there), packed=True)
        manifest.parts.append(list(there) if there and kept else pool.put(part, packed=True).said())
    manifest.database_sha256 = whole.hexdigest()


def _judge(gathering: Gathering, found: Snapshot, manifest: Manifest) -> list[str]:
    """Write down what is not as it should be; the same in words."""
    session.rollback()  # what was removed meanwhile is seen by a new look only
    gone = [key for key in gathering.missing if not _wanted(key)]
    missing = [key for key in gathering.missing if key not in set(gone)]
    manifest.removed, manifest.missing = gone[:MOST_NAMED], missing[:MOST_NAMED]
    manifest.damaged, manifest.elsewhere = sorted(set(gathering.damaged))[:MOST_NAMED], gathering.elsewhere
    faults = found.faults()
    manifest.notes = [f"database: {one}" for one in faults]
    words = [f"The database itself is damaged: {one}" for one in faults]
    words += [f"Photo {key} is named by the database and is nowhere." for key in missing[:20]]
    words += [f"Photo {key} is damaged: its bytes are not those of its fingerprint." for key in manifest.damaged[:20]]
    words += [f"Photo {key} is gone from the installation; an earlier backup has it." for key in gathering.lost[:20]]
    return words


def _wanted(key: str) -> bool:
    """Whether the installation still says now that this photo is there."""
    query = text(f"SELECT 1 FROM photos WHERE sha256 = :sha256 AND id IN (SELECT id FROM ({ROWS}) kept)")  # noqa: S608
    found = session.execute(query, {"sha256": key.partition("/")[2]}).first() is not None
    session.rollback()
    return found


def _copy_small_files(order: Order, manifest: Manifest) -> None:
    for name in SMALL_FILES:
        path = order.settings.data / name
        if path.is_file():
            manifest.files.append([name, order.pool.put(path.read_bytes()).said()])
    if not (order.settings.data / "secret_key").exists():
        manifest.notes.append("The secret key comes from the environment (SECRET_KEY) and is not in this backup.")


def _last(pool: Pool) -> Manifest | None:
    """The newest backup that can be read with this key; nothing is taken over from another."""
    for path in reversed(lists.listed(pool.target)):
        try:
            return lists.read(path, pool.key)
        except BackupTrouble:
            continue
    return None


def _of(pool: Pool, last: Manifest | None) -> Iterator[Entry]:
    """Its photos; where its list is damaged the rest is copied anew."""
    try:
        yield from segments(pool, last) if last else ()
    except BackupTrouble:
        return


def _known_parts(last: Manifest | None) -> dict[str, list[object]]:
    return {str(said[0]): said for said in last.parts} if last else {}


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """An empty folder for the copy of the database; what a killed run has left there goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise BackupTrouble(f"{folder} cannot be emptied: remove it, and run this as the user of the service.")
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remember(path: Path) -> None:
    """Say in the installation that there is a backup, for `crew doctor`."""
    with suppress(SQLAlchemyError), write_transaction():  # the backup is there, whether or not that can be written now
        heartbeat.beat(now(), str(path), BEAT)
