"""Backups of the application under test, and what may befall them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from crew_app.backups import manifest as lists
from crew_app.backups.keeping import keep
from crew_app.backups.making import Made, make
from crew_app.backups.manifest import Manifest
from crew_app.backups.pictures import segments
from crew_app.backups.pool import Pool
from crew_app.cli.backups import order
from crew_app.cli.restoring import Found, check, restore

KEY = b"0f1e2d3c4b5a69788796a5b4c3d2e1f7"


@dataclass
class Safe:
    """A target folder, and what goes into it and comes out of it."""

    app: Flask
    target: Path
    key: bytes | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def make(self, *, quick: bool = False) -> Made:
        """A backup now."""
        with self.app.app_context():
            return make(order(self.target, self.key, copy_bucket=self.more.get("copy_bucket", False), quick=quick))

    def check(self, url: str = "") -> Found:
        """What `crew restore --check` finds."""
        return check(self.target, self.key, url)

    def restore(self, folder: Path, url: str = "") -> Found:
        """The newest, brought back."""
        return restore(self.target, folder, self.key, url)

    def keep(self, many: int) -> tuple[int, int]:
        """Remove what is older."""
        return keep(Pool(self.target, self.key), many)

    @property
    def newest(self) -> Path:
        """Its file."""
        return lists.find(self.target)

    @property
    def manifest(self) -> Manifest:
        """What it says."""
        return lists.read(self.newest, self.key)

    @property
    def files(self) -> set[Path]:
        """All files of the pool."""
        return {path for path in (self.target / "pool").rglob("*") if path.is_file()}

    def file_of(self, sha256: str, size: str = "original") -> Path:
        """Where the pool keeps a photo."""
        pool = Pool(self.target, self.key)
        found = next(one for one in segments(pool, self.manifest) if one.sha256 == sha256)
        return pool.path(pool.name(found.pieces[size].sha256))

    def part(self, number: int) -> Path:
        """Where the pool keeps a part of the database."""
        pool = Pool(self.target, self.key)
        return pool.path(pool.name(str(self.manifest.parts[number][0]), packed=True))


def flip(path: Path, at: int = -5) -> None:
    """One bit of a file turns over."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def cut(path: Path, by: int = 7) -> None:
    """A file loses its end."""
    path.write_bytes(path.read_bytes()[:-by])
