"""The photos of a backup: a list in the order of their ids, in segments that stay the same from backup to backup."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from crew_app.backups.manifest import Manifest, piece
from crew_app.backups.pool import Piece, Pool
from crew_app.evidence.spool import SpooledStore
from crew_app.evidence.store import LocalStore, Store

NEEDED = ("original", "large", "thumb")
SIZES = (*NEEDED, "small")
"""A missing small one is made again from the large one."""
ROWS = "SELECT id, sha256 FROM photos WHERE stored_at IS NOT NULL AND removed_at IS NULL"
"""The photos whose bytes must be there."""
_EVERY = 1024
"""Photos in a segment, on the average."""
MOST_NAMED = 1000
"""Missing or damaged photos that are named one by one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A photo with the pieces of its sizes; none where all of it is elsewhere."""

    id: str
    sha256: str
    pieces: dict[str, Piece]

    def line(self) -> bytes:
        """As it stands in a segment."""
        said = {size: found.said() for size, found in self.pieces.items()}
        return json.dumps([self.id, self.sha256, said], separators=(",", ":")).encode() + b"\n"


def entry(line: bytes) -> Entry:
    """The photo of a line."""
    photo_id, sha256, said = json.loads(line)
    return Entry(photo_id, sha256, {size: piece(found) for size, found in said.items()})


class Elsewhere(Exception):
    """The bytes are in a bucket that is not copied."""


class Source(Protocol):
    """Where the photos of a running installation are."""

    def there(self, key: str) -> bool:
        """Whether the bytes are there, as far as that can be known quickly."""

    def get(self, key: str) -> bytes:
        """The bytes; `FileNotFoundError`, or `Elsewhere`."""


class Folder:
    """Photos in a folder, or what waits on this machine for a bucket."""

    def __init__(self, store: LocalStore, *, bucket: bool = False) -> None:
        self.store, self.bucket = store, bucket

    def there(self, key: str) -> bool:
        """By its name."""
        return self.bucket or self.store.has(key)

    def get(self, key: str) -> bytes:
        """From the disk."""
        try:
            return self.store.get(key)
        except FileNotFoundError:
            if self.bucket:
                raise Elsewhere from None
            raise


class Bucket:
    """Photos in a bucket that are copied as well, each once."""

    def __init__(self, store: SpooledStore) -> None:
        self.store = store

    def there(self, key: str) -> bool:
        """Asking for each would take hours; what was copied once is in the backup."""
        return bool(key)

    def get(self, key: str) -> bytes:
        """From here, or over the network."""
        return self.store.get(key)


def source_of(store: Store, *, copy_bucket: bool) -> Source:
    """How the photos of this store are read."""
    if isinstance(store, SpooledStore):
        return Bucket(store) if copy_bucket else Folder(store.spool, bucket=True)
    assert isinstance(store, LocalStore)  # noqa: S101 - there are two kinds
    return Folder(store)


@dataclass
class Gathering:
    """Brings photos into the pool and says what could not be found."""

    pool: Pool
    source: Source
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Gone from the installation, kept from an earlier backup."""
    elsewhere: int = 0

    def entries(self, rows: Iterable[tuple[str, str]], before: Iterator[Entry], *, trust: bool) -> Iterator[Entry]:
        """The photos of these rows (ids in order); what `before` has is taken over, with `trust` without a look."""
        past = next(before, None)
        for photo_id, sha256 in rows:
            while past and past.id < photo_id:
                past = next(before, None)
            known = past.pieces if past and (past.id, past.sha256) == (photo_id, sha256) else {}
            found = {size: one for size in SIZES if (one := self._one(size, sha256, known.get(size), trust=trust))}
            if not found and isinstance(self.source, Folder) and self.source.bucket:
                self.elsewhere += 1
            yield Entry(photo_id, sha256, found)

    def _one(self, size: str, sha256: str, known: Piece | None, *, trust: bool) -> Piece | None:
        key = f"{size}/{sha256}"
        if known and size == "original" and known.sha256 != sha256:
            known = None  # it was damaged then
        if known and (trust or self.pool.holds(known)):
            if not trust and not self.source.there(key) and size in NEEDED:
                self.lost.append(key)
            return known
        try:
            found = self.pool.put(self.source.get(key))
        except Elsewhere:
            return None
        except FileNotFoundError:
            if size in NEEDED:
                self.missing.append(key)
            return None
        if size == "original" and found.sha256 != sha256:
            self.damaged.append(key)
        return found


def write_segments(pool: Pool, entries: Iterable[Entry], manifest: Manifest) -> None:
    """Put the list into the pool and its figures into the manifest."""
    lines: list[bytes] = []
    for one in entries:
        manifest.photos += 1
        manifest.photo_files += len(one.pieces)
        manifest.photo_bytes += sum(found.size for found in one.pieces.values())
        lines.append(one.line())
        if zlib.crc32(one.id.encode()) % _EVERY == 0 or len(lines) > _EVERY * 8:
            _write_segment(pool, lines, manifest)
    _write_segment(pool, lines, manifest)


def _write_segment(pool: Pool, lines: list[bytes], manifest: Manifest) -> None:
    if lines:
        manifest.segments.append(pool.put(b"".join(lines), packed=True).said())
        lines.clear()


def segments(pool: Pool, manifest: Manifest) -> Iterator[Entry]:
    """The photos of a backup; `Damaged` when a part of the list is."""
    for number, said in enumerate(manifest.segments, 1):
        text = pool.get(piece(said), f"part {number} of the list of photos", packed=True)
        yield from map(entry, text.splitlines())


def kept_lines(path: Path) -> Iterator[Entry]:
    """The photos of a list that was written beside."""
    if path.exists():
        with path.open("rb") as file:
            yield from map(entry, file)


def paged(ask: Callable[[str], list[tuple[Any, Any]]], most: int = 1000) -> Iterator[tuple[str, str]]:
    """Rows by id, a page at a time, so that no reading transaction stays open while files are copied."""
    last = ""
    while page := ask(last):
        for photo_id, sha256 in page:
            last = str(photo_id)
            yield last.replace("-", ""), str(sha256)
        if len(page) < most:
            return
