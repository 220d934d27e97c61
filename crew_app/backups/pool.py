"""Where the bytes of all backups of a target lie, each once, under the fingerprint of what they say.

A backup is a list of such fingerprints. What an earlier backup has kept is not written again. A file counts only when a
whole backup names it: what a killed run has left may be half a file, and is written anew.
"""

import fcntl
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crew_app.backups.sealed import hidden_name, seal, unseal
from crew_app.backups.troubles import BackupTrouble, Damaged

BATCH = 500
"""Files that are written before they are brought to the disk together."""
HALF = ".half-"
"""How names of files begin that are being written."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes in the pool: the fingerprint of what they say, their size, and the size of the file."""

    sha256: str
    size: int
    stored: int

    def said(self) -> list[str | int]:
        """In a form that JSON has."""
        return [self.sha256, self.size, self.stored]


class Pool:
    """The files of a target; encrypted when there is a key."""

    def __init__(self, target: Path, key: bytes | None = None) -> None:
        self.target, self.key = target, key
        self.written = self.bytes_written = 0
        self._fresh: list[Path] = []

    def name(self, sha256: str, *, packed: bool = False) -> str:
        """The name of a file: packed ones are compressed with zlib, sealed ones encrypted after that."""
        plain = hidden_name(self.key, sha256) if self.key else sha256
        return plain + (".z" if packed else "") + (".sealed" if self.key else "")

    def path(self, name: str) -> Path:
        """Where a file lies, in one of 256 folders."""
        return self.target / "pool" / name[:2] / name

    def holds(self, piece: Piece, *, packed: bool = False) -> bool:
        """Whether the file is there in its size."""
        try:
            return self.path(self.name(piece.sha256, packed=packed)).stat().st_size == piece.stored
        except FileNotFoundError:
            return False

    def put(self, data: bytes, *, packed: bool = False) -> Piece:
        """Keep bytes; they are on the disk after the next `flush`."""
        sha256 = hashlib.sha256(data).hexdigest()
        blob = zlib.compress(data, 1) if packed else data
        blob = seal(self.key, blob, sha256) if self.key else blob
        path = self.path(self.name(sha256, packed=packed))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, blob)
        self._fresh.append(path)
        self.written += 1
        self.bytes_written += len(blob)
        if len(self._fresh) >= BATCH:
            self.flush()
        return Piece(sha256, len(data), len(blob))

    def get(self, piece: Piece, about: str, *, packed: bool = False) -> bytes:
        """The bytes again, checked; `Damaged` says what is wrong with which file."""
        name = self.name(piece.sha256, packed=packed)
        about = f"{about} (pool/{name[:2]}/{name})"
        try:
            blob = self.path(name).read_bytes()
        except FileNotFoundError:
            raise Damaged(about, "its file is missing") from None
        try:
            return _said(self.key, blob, piece, packed=packed)
        except Damaged as error:
            cut = len(blob) < piece.stored and "cut off" not in error.why
            raise Damaged(about, f"it is cut off ({error.why})" if cut else error.why) from None

    def flush(self) -> None:
        """Bring what was written to the disk, files first, then the folders that name them."""
        for path in self._fresh:
            sync(path)
        for folder in {path.parent for path in self._fresh}:
            sync(folder)
        sync(self.target)
        self._fresh.clear()


def _said(key: bytes | None, blob: bytes, piece: Piece, *, packed: bool) -> bytes:
    data = unseal(key, blob, piece.sha256) if key else blob
    try:
        data = zlib.decompress(data) if packed else data
    except zlib.error:
        data = b""
    if hashlib.sha256(data).hexdigest() != piece.sha256:
        raise Damaged(piece.sha256, "its bytes were altered")
    return data


def write_beside(path: Path, blob: bytes, *, durable: bool = False) -> None:
    """Write a file under another name first: under its own it is whole, or not there."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=HALF, delete=False) as file:
        try:
            file.write(blob)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        except OSError:  # a full disk must not be filled further by what could not be kept
            Path(file.name).unlink(missing_ok=True)
            raise
    Path(file.name).replace(path)
    if durable:
        sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(target: Path, *, reading: bool = False) -> Iterator[None]:
    """Nobody else makes or removes backups here meanwhile; several may read."""
    if reading and not (target / "lock").exists():  # copied from elsewhere without it
        yield
        return
    try:
        with (target / "lock").open("r" if reading else "a") as file:
            fcntl.flock(file.fileno(), (fcntl.LOCK_SH if reading else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            yield
    except BlockingIOError:
        raise BackupTrouble(f"Another backup is being made, checked or removed in {target}. Try again later.") from None
