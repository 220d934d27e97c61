"""Where the bytes of photos are kept: by fingerprint, so that nothing is ever written twice or changed."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on this machine for a store elsewhere."""

    files: int
    size: int
    since: datetime | None
    """When the oldest of it was put here."""


class Store(Protocol):
    """What keeps bytes under keys such as `original/<sha256>`."""

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes for good before returning; doing it again changes nothing."""

    def get(self, key: str) -> bytes:
        """The bytes under a key; `FileNotFoundError` when there are none."""

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""

    def near(self, key: str) -> bool:
        """Whether the bytes are on this machine, so that getting them takes no time."""

    def delete(self, key: str) -> None:
        """Forget the bytes under a key; doing it again changes nothing."""

    def waits(self) -> "Waiting | None":
        """What still waits to be moved to where it stays; None where nothing ever waits."""

    def check(self) -> None:
        """`OSError` when nothing could be kept here."""


class LocalStore:
    """Files in a folder. A file and its folder are on the disk before `put` returns."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under a key (`original/<sha256>`); doing it again changes nothing."""
        path = self.path(key)
        if not path.exists():
            self._write(path, data)
        # Also when it was there: who put it there may have been killed before its name was on the disk.
        for folder in (path.parent, path.parent.parent, self.root, self.root.parent):
            _sync_folder(folder)

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except OSError:  # a full disk must not be filled further by what could not be kept
                Path(file.name).unlink(missing_ok=True)
                raise
        Path(file.name).replace(path)

    def get(self, key: str) -> bytes:
        """The bytes under a key; `FileNotFoundError` when there are none."""
        return self.path(key).read_bytes()

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        return self.path(key).exists()

    def near(self, key: str) -> bool:
        """All of it is here."""
        return True

    def waits(self) -> Waiting | None:
        """Nothing ever does."""
        return None

    def delete(self, key: str) -> None:
        """Forget the bytes under a key; doing it again changes nothing."""
        path = self.path(key)
        if path.exists():
            path.unlink()
            _sync_folder(path.parent)

    def check(self) -> None:
        """`OSError` when nothing could be kept here."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.root) as file:
            file.write(b"crew")

    def path(self, key: str) -> Path:
        """The file of a key, in one of 256 folders a kind."""
        kind, _, name = key.partition("/")
        return self.root / kind / name[:2] / name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
