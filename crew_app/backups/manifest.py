"""What a backup consists of: one file with everything to find, check and judge it, written last."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from crew_app.backups.pool import HALF, Piece, Pool, write_beside
from crew_app.backups.sealed import MAGIC, seal, unseal
from crew_app.backups.troubles import BackupTrouble, Damaged

FORMAT = 1
SUFFIX = ".backup"
_FIRST = b"CREW-BACKUP "


@dataclass
class Manifest:
    """A backup. Pieces are lists as `Piece.said()` gives them; sizes are bytes."""

    made_at: str
    """The moment it is of, in UTC: everything committed before is in it."""
    program: str
    database: str
    """`sqlite` or `postgresql`."""
    revision: str
    """The migration that the database stood at."""
    database_size: int = 0
    database_sha256: str = ""
    """Of the whole file or dump."""
    parts: list[list[Any]] = field(default_factory=list)
    """The file or dump in order."""
    heads: list[list[Any]] = field(default_factory=list)
    """The audit chains: name, last position, hash."""
    ledger: list[list[Any]] = field(default_factory=list)
    """The books: site, last position, hash."""
    counts: dict[str, int] = field(default_factory=dict)
    segments: list[list[Any]] = field(default_factory=list)
    """The list of the photos."""
    photos: int = 0
    photo_files: int = 0
    photo_bytes: int = 0
    elsewhere: int = 0
    """Photos that are in the bucket and not here."""
    bucket: str = ""
    missing: list[str] = field(default_factory=list)
    """Photos that the database names and that were nowhere."""
    damaged: list[str] = field(default_factory=list)
    """Originals whose bytes were not those of their fingerprint when the backup was made."""
    removed: list[str] = field(default_factory=list)
    """Photos that somebody or a rule removed while the backup was made."""
    files: list[list[Any]] = field(default_factory=list)
    """Small files: name, piece."""
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it is of."""
        return datetime.fromisoformat(self.made_at)


def piece(said: Iterable[Any]) -> Piece:
    """A piece as a manifest says it."""
    sha256, size, stored = said
    return Piece(str(sha256), int(size), int(stored))


def write(pool: Pool, name: str, manifest: Manifest) -> Path:
    """Put a backup's list under its name; from then on there is this backup."""
    said = json.dumps(asdict(manifest), ensure_ascii=False, separators=(",", ":")).encode()
    blob = _FIRST + hashlib.sha256(said).hexdigest().encode() + b"\n" + said
    path = pool.target / (name + SUFFIX)
    pool.flush()
    write_beside(path, seal(pool.key, blob, name) if pool.key else blob, durable=True)
    return path


def read(path: Path, key: bytes | None) -> Manifest:
    """A backup's list; `Damaged`, or `BackupTrouble` when it is of another kind or wants a key."""
    try:
        blob = path.read_bytes()
    except OSError as error:
        raise BackupTrouble(f"{path}: {error.strerror}") from None
    if blob.startswith(MAGIC):
        if key is None:
            raise BackupTrouble(f"{path} is encrypted: give its key with --key-file or BACKUP_KEY.")
        try:
            blob = unseal(key, blob, path.name.removesuffix(SUFFIX))
        except Damaged as error:
            raise Damaged(str(path), error.why) from None
    first, _, said = blob.partition(b"\n")
    if not first.startswith(_FIRST):
        raise Damaged(str(path), "it is not the list of a backup")
    if hashlib.sha256(said).hexdigest().encode() != first.removeprefix(_FIRST):
        raise Damaged(str(path), "the list of this backup was altered or cut off")
    values = json.loads(said)
    if values.get("format") != FORMAT:
        raise BackupTrouble(f"{path} was made by another version ({values.get('program')}); restore it with that one.")
    return Manifest(**{one.name: values[one.name] for one in fields(Manifest)})


def listed(target: Path) -> list[Path]:
    """The backups of a target, the oldest first; what is only half written is none."""
    return sorted(path for path in target.glob(f"*{SUFFIX}") if not path.name.startswith(HALF))


def find(source: Path) -> Path:
    """The backup that is meant: a file, or the newest in a folder."""
    if source.is_file():
        return source
    found = listed(source) if source.is_dir() else []
    if not found:
        raise BackupTrouble(f"There is no backup in {source}.")
    return found[-1]
