"""`crew backup`: making backups, once or again and again, and removing old ones."""

import os
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from crew_app.backups import making
from crew_app.backups.keeping import keep
from crew_app.backups.making import Made, Order
from crew_app.backups.pool import Pool
from crew_app.backups.troubles import BackupTrouble
from crew_app.config import WEAKEST_KEY
from crew_app.core.clock import now


def key_of(key_file: Path | None) -> bytes | None:
    """The key of the backups from a file or BACKUP_KEY; a weak one is refused, none means no encryption."""
    if key_file:
        try:
            text_ = key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise click.ClickException(f"{key_file} cannot be read: {error}") from None
    else:
        text_ = (os.environ.get("BACKUP_KEY") or "").strip()
        if not text_:
            return None
    if len(text_) < WEAKEST_KEY or len(set(text_)) < WEAKEST_KEY // 4:
        words = f"The key of the backups is too weak: it needs {WEAKEST_KEY} random characters (openssl rand -hex 32)."
        raise click.ClickException(words)
    return text_.encode()


def order(target: Path, key: bytes | None, *, copy_bucket: bool, quick: bool = False) -> Order:
    """What to do, by the settings of this installation."""
    settings = current_app.config["SETTINGS"]
    scratch = Path(os.environ.get("CREW_BACKUP_SCRATCH") or settings.data / "backup-scratch")
    pool = Pool(target.expanduser().resolve(), key)
    store = current_app.extensions["crew_store"]
    return Order(settings, store, pool, version("crew-app"), scratch, copy_bucket=copy_bucket, quick=quick)


def back_up(found: Order, many: int) -> tuple[list[str], bool]:
    """Make one, and keep only so many (0: all); words, and whether all was well."""
    made = making.make(found)
    lines = [*made.worries, _words(made)]
    if many:
        backups, files = keep(found.pool, many)
        lines += [f"Removed: {backups} older backups, {files} files."] if backups else []
    return lines, not made.worries


def _words(made: Made) -> str:
    said = made.manifest
    elsewhere = f", {said.elsewhere} more in the bucket {said.bucket}" if said.elsewhere else ""
    photos = f"{said.photos} photos ({said.photo_files} files, {said.photo_bytes / 1e6:.1f} MB{elsewhere})"
    written = f"{made.written} files written, {made.bytes_written / 1e6:.1f} MB, {said.seconds:.1f} s"
    return f"{made.path}: database {said.database_size / 1e6:.1f} MB, {photos}; {written}."


def follow(found: Callable[[], Order], every: float, many: int, say: Callable[[str], None]) -> None:
    """A backup every so many seconds, until the process is ended; one that fails is tried again."""
    while True:
        began = time.monotonic()
        try:
            lines, _fine = back_up(found(), many)
        except (BackupTrouble, OSError, SQLAlchemyError) as error:
            lines = [f"{now():%Y-%m-%d %H:%M:%S} UTC: no backup was made, it is tried again: {error}"]
        for line in lines:
            say(line)
        time.sleep(max(0.0, every - (time.monotonic() - began)))
