"""A disk that remembers what was forced onto it: after a power cut it holds that, and any part of the rest.

Stricter than most file systems: contents are safe by `fsync` of the file, names by that of their folder, nothing else.
"""

import random
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

SECTORS = (512, 4096)


class Loss(Enum):
    """What becomes of that which was not forced onto the disk."""

    ALL = "all of it is lost"
    NONE = "all of it is there"
    LATEST = "what came after some moment is lost"
    ANY = "any of it is lost, in any order"
    TORN = "any sector of it is lost"


@dataclass(frozen=True)
class Write:
    """Bytes at an offset."""

    offset: int
    data: bytes

    def apply(self, content: bytearray) -> None:
        """Put them there; what was not written before is zero."""
        end = self.offset + len(self.data)
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        content[self.offset : end] = self.data

    def sectors(self, size: int) -> list["Write"]:
        """The same, sector by sector."""
        found, at = [], 0
        while at < len(self.data):
            step = size - (self.offset + at) % size
            found.append(Write(self.offset + at, self.data[at : at + step]))
            at += step
        return found


@dataclass(frozen=True)
class Truncate:
    """A new length."""

    length: int

    def apply(self, content: bytearray) -> None:
        """Cut or lengthen."""
        del content[self.length :]
        content.extend(bytes(self.length - len(content)))

    def sectors(self, _size: int) -> list["Truncate"]:
        """It happens or not."""
        return [self]


Change = Write | Truncate


@dataclass
class File:
    """One file: what is safe, and what was done to it since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, Change]] = field(default_factory=list)
    """Each with the moment at which it was done."""
    length: int = 0

    def change(self, change: Change, at: int) -> None:
        """Something was done to it, and is nowhere safe yet."""
        self.since.append((at, change))
        self.length = (
            change.length if isinstance(change, Truncate) else max(self.length, change.offset + len(change.data))
        )

    def force(self, before: int) -> None:
        """Changes of before this moment are on the disk now."""
        while self.since and self.since[0][0] < before:
            self.since.pop(0)[1].apply(self.safe)

    def after(self, loss: Loss, chance: random.Random) -> bytes:
        """What it holds after a cut."""
        content, size = bytearray(self.safe), chance.choice(SECTORS)
        for change in _survivors([change for _, change in self.since], loss, size, chance):
            change.apply(content)
        return bytes(content)


Names = dict[str, File]
"""What a folder says: files by name."""
Renaming = dict[str, File | None]
"""A file under a name, or none any more."""


@dataclass
class Folder:
    """Names of one folder: those that are safe, and what was done to them since."""

    safe: Names = field(default_factory=dict)
    now: Names = field(default_factory=dict)
    since: list[tuple[int, Renaming]] = field(default_factory=list)
    """Each happens as a whole."""
    folders: list[tuple[int, str]] = field(default_factory=list)
    """Folders in it whose names are not safe yet."""

    def change(self, change: Renaming, at: int) -> None:
        """Names were given or taken."""
        self.since.append((at, change))
        _rename(self.now, change)

    def force(self, before: int) -> list[str]:
        """Changes of before this moment are on the disk now; the folders in it that are safe by that."""
        while self.since and self.since[0][0] < before:
            _rename(self.safe, self.since.pop(0)[1])
        there = [path for at, path in self.folders if at < before]
        self.folders = [(at, path) for at, path in self.folders if at >= before]
        return there

    def after(self, loss: Loss, chance: random.Random) -> Names:
        """What it says after a cut; a file system keeps the order of names, so that only the latest can be lost."""
        names = dict(self.safe)
        kept = {Loss.ALL: 0, Loss.NONE: len(self.since)}.get(loss, chance.randint(0, len(self.since)))
        for _, change in self.since[:kept]:
            _rename(names, change)
        return names


class Disk:
    """Folders below one root, by their path."""

    def __init__(self, root: Path) -> None:
        """As the root is now: all of it safe."""
        self.root = root
        self.folders: dict[str, Folder] = {str(root): Folder()}
        self.safe_folders: set[str] = {str(root)}
        for path in sorted(root.rglob("*")):
            if path.is_dir():
                self.folders[str(path)] = Folder()
                self.safe_folders.add(str(path))
            elif path.is_file():
                file = File(bytearray(path.read_bytes()), length=path.stat().st_size)
                folder = self.folders[str(path.parent)]
                folder.safe[path.name] = folder.now[path.name] = file

    def file(self, path: str) -> File | None:
        """The file under a path now."""
        folder, _, name = path.rpartition("/")
        return self.folders[folder].now.get(name) if folder in self.folders else None

    def make_folder(self, path: str, at: int) -> None:
        """A folder was made; its name is safe when the folder it stands in is."""
        if path not in self.folders:
            self.folders[path] = Folder()
            self.folders[path.rpartition("/")[0]].folders.append((at, path))

    def name(self, path: str, file: File | None, at: int) -> None:
        """A file was made under a path, or the path was taken from it."""
        folder, _, name = path.rpartition("/")
        self.folders[folder].change({name: file}, at)

    def rename(self, old: str, new: str, at: int) -> None:
        """Within a folder that happens as a whole."""
        (from_, _, was), (to, _, is_) = old.rpartition("/"), new.rpartition("/")
        file = self.folders[from_].now[was]
        if from_ == to:
            self.folders[to].change({was: None, is_: file}, at)
        else:
            self.folders[to].change({is_: file}, at)
            self.folders[from_].change({was: None}, at)

    def force(self, path: str, before: int) -> None:
        """What was done to a file, or to the names in a folder, before this moment is on the disk now."""
        if path in self.folders:
            self.safe_folders.update(self.folders[path].force(before))
        elif file := self.file(path):
            file.force(before)

    def cut(self, target: Path, loss: Loss, chance: random.Random) -> None:
        """Write into another folder what is there when the power comes back."""
        for path, folder in self.folders.items():
            if not self._there(path, loss):
                continue
            place = target / Path(path).relative_to(self.root)
            place.mkdir(parents=True, exist_ok=True)
            for name, file in folder.after(loss, chance).items():
                (place / name).write_bytes(file.after(loss, chance))

    def _there(self, path: str, loss: Loss) -> bool:
        parents = [path, *(str(one) for one in Path(path).parents if one.is_relative_to(self.root))]
        return loss is Loss.NONE or all(one in self.safe_folders for one in parents)


def _survivors(since: list[Change], loss: Loss, size: int, chance: random.Random) -> list[Change]:
    if loss is Loss.ALL:
        return []
    if loss is Loss.NONE:
        return since
    if loss is Loss.LATEST:
        return since[: chance.randint(0, len(since))]
    parts = since if loss is Loss.ANY else [part for change in since for part in change.sectors(size)]
    return [part for part in parts if chance.random() < 1 / 2]


def _rename(names: Names, change: dict[str, File | None]) -> None:
    for name, file in change.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file
