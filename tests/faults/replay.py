"""Doing again on a `Disk` what a server was seen to do, with a stop wherever the power might fail."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from tests.faults.disk import Disk, File, Truncate, Write
from tests.faults.recorder import Call, acknowledged

SYNCS = ("fsync", "fdatasync")
UNKNOWN = frozenset({"pwritev", "pwritev2", "writev", "copy_file_range", "sendfile", "splice", "link", "linkat"})
"""Calls that nothing here makes on its data; if that changes, this has to learn them."""


def is_moment(root: str, call: Call) -> bool:
    """Whether this call forced something onto the disk, or promised something to a phone."""
    return acknowledged(call) is not None or (call.name in SYNCS and _below(root, call.path))


def replay(disk: Disk, calls: Iterable[Call]) -> Iterator[set[UUID]]:
    """After each such call: what was promised so far."""
    promised: set[UUID] = set()
    for call in calls:
        key = acknowledged(call)
        if key:
            promised.add(key)
        _do(disk, call)
        if is_moment(str(disk.root), call):
            yield promised


def _do(disk: Disk, call: Call) -> None:
    path = call.path
    if call.name in SYNCS and _mine(disk, path):
        disk.force(path, call.begun)
    elif call.name in ("openat", "open", "creat"):
        _open(disk, call)
    elif call.name.startswith("rename"):
        old, new = (text.decode() for text in call.texts)
        if _mine(disk, new):
            disk.rename(old, new, call.ended)
    elif call.name.startswith("unlink") and _mine(disk, _named(call)):
        disk.name(_named(call), None, call.ended)
    elif call.name.startswith("mkdir") and _mine(disk, _named(call)):
        disk.make_folder(_named(call), call.ended)
    elif _mine(disk, path) and (file := disk.file(path)):
        _change(file, call)


def _open(disk: Disk, call: Call) -> None:
    path = _named(call)
    if not _mine(disk, path) or "O_TMPFILE" in call.flags:
        return
    file = disk.file(path)
    if file is None and "O_CREAT" in call.flags:
        disk.name(path, File(), call.ended)
    elif file is not None and "O_TRUNC" in call.flags:
        file.change(Truncate(0), call.ended)


def _change(file: File, call: Call) -> None:
    if call.name == "pwrite64":
        *_, offset, written = call.numbers
        file.change(Write(offset, call.texts[0][:written]), call.ended)
    elif call.name == "write":
        file.change(Write(file.length, call.texts[0][: call.numbers[-1]]), call.ended)
    elif call.name == "ftruncate":
        file.change(Truncate(call.numbers[0]), call.ended)
    assert call.name not in UNKNOWN, f"{call.name} on {call.path}"


def _named(call: Call) -> str:
    name = call.texts[0].decode()
    return name if name.startswith("/") else f"{call.path}/{name}"


def _mine(disk: Disk, path: str) -> bool:
    return _below(str(disk.root), path)


def _below(root: str, path: str) -> bool:
    return path == root or path.startswith(f"{root}/")
