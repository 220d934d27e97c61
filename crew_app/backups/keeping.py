"""Removing backups that are old enough, and the files that no backup needs any more."""

from array import array
from bisect import bisect_left
from pathlib import Path

from crew_app.backups.manifest import listed, piece, read
from crew_app.backups.pictures import entry
from crew_app.backups.pool import HALF, Pool, alone, sync
from crew_app.backups.troubles import BackupTrouble


def keep(pool: Pool, many: int) -> tuple[int, int]:
    """Keep the newest `many`; how many backups went, and how many files.

    The lists go first: a run that is killed leaves files that nobody names, never a list whose files are gone.
    Nothing is removed while one of the backups that stay cannot be read: what it needs is not known then.
    """
    with alone(pool.target):
        found = listed(pool.target)
        old, stay = found[:-many], found[-many:]
        if not old:
            return 0, 0
        needed = _needed(pool, stay)
        for path in old:
            path.unlink()
        sync(pool.target)
        return len(old), _sweep(pool, needed)


def _needed(pool: Pool, stay: list[Path]) -> "array[int]":
    """The beginnings of the names of all files that are needed, in order; millions of them are some MB."""
    names: array[int] = array("Q")
    seen: set[str] = set()
    for path in stay:
        try:
            manifest = read(path, pool.key)
            packed = [str(said[0]) for said in (*manifest.parts, *manifest.segments)]
            names.extend(_start(pool.name(sha256)) for sha256 in packed)
            names.extend(_start(pool.name(str(said[0]))) for _name, said in manifest.files)
            for said in manifest.segments:
                if str(said[0]) not in seen:
                    seen.add(str(said[0]))
                    names.extend(_of_segment(pool, said))
        except BackupTrouble as error:
            raise BackupTrouble(f"No backup was removed, because one that stays cannot be read. {error}") from None
    return array("Q", sorted(names))


def _of_segment(pool: Pool, said: list[object]) -> list[int]:
    lines = pool.get(piece(said), "the list of photos", packed=True).splitlines()
    return [_start(pool.name(one.sha256)) for line in lines for one in entry(line).pieces.values()]


def _start(name: str) -> int:
    return int(name[:16], 16)


def _sweep(pool: Pool, needed: "array[int]") -> int:
    gone = 0
    for folder in sorted((pool.target / "pool").iterdir()):
        for path in folder.iterdir():
            if path.name.startswith(HALF) or not _has(needed, _start(path.name)):
                path.unlink()
                gone += 1
    for path in pool.target.glob(f"{HALF}*"):
        path.unlink()
    return gone


def _has(needed: "array[int]", start: int) -> bool:
    place = bisect_left(needed, start)
    return place < len(needed) and needed[place] == start
