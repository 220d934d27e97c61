"""`crew backup`: making backups, once or again and again, and removing old ones."""

import os
import sqlite3
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
import psycopg
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from crew_app.backups import making
from crew_app.backups.keeping import keep
from crew_app.backups.making import Made, Order
from crew_app.backups.pool import Pool
from crew_app.backups.troubles import BackupTrouble
from crew_app.config import WEAKEST_KEY
from crew_app.core.clock import now

MISHAPS = (OSError, sqlite3.Error, psycopg.Error, SQLAlchemyError)
"""What a full disk, a database that is away, or a folder of somebody else come to."""


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
    try:
        made = making.make(found)
    except MISHAPS as error:
        raise BackupTrouble(f"No backup was made: {str(error).partition(chr(10))[0]}") from error
    lines, fine = [*made.worries, _words(made)], not made.worries
    if many:
        try:
            backups, files = keep(found.pool, many)
        except (BackupTrouble, OSError) as error:
            return [*lines, str(error)], False
        lines += [f"Removed: {backups} older backups, {files} files."] if backups else []
    return lines, fine


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
        except BackupTrouble as error:
            lines = [f"{now():%Y-%m-%d %H:%M:%S} UTC: {error} It is tried again."]
        for line in lines:
            say(line)
        time.sleep(max(0.0, every - (time.monotonic() - began)))
