"""What a server does to its disk, in order: its system calls as `strace` sees them, with the bytes."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

STRACE = shutil.which("strace") or ""
CALLS = (
    "openat,open,creat,write,pwrite64,pwritev,pwritev2,writev,sendto,sendmsg,ftruncate,truncate,fallocate,"
    "copy_file_range,sendfile,splice,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,mkdir,mkdirat,rmdir"
)
LONGEST = 4_000_000
_LINE = re.compile(r"(\d+) +(.*)", re.DOTALL)
_UNFINISHED = re.compile(r"(.*) <unfinished \.\.\.>$", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)", re.DOTALL)
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_FD = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_RECEIPT = re.compile(rb"crew-receipt: ([0-9a-f-]{36})", re.IGNORECASE)
_YES = re.compile(rb"HTTP/1\.1 [23]")


@dataclass(frozen=True)
class Call:
    """One system call that worked, with the moments at which it began and ended, counted in lines of the record."""

    name: str
    path: str
    """Of the file or folder it is about, "" for none."""
    texts: tuple[bytes, ...]
    numbers: tuple[int, ...]
    """Its plain numbers in order, the result last."""
    flags: str
    begun: int
    ended: int


def works() -> bool:
    """Whether programs can be watched on this machine."""
    if not STRACE:
        return False
    done = subprocess.run([STRACE, "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return done.returncode == 0


def watched(trace: Path) -> list[str]:
    """What to put before a command to have it watched."""
    options = ["-f", "-y", "-xx", "-s", str(LONGEST), "--seccomp-bpf", "-e", f"trace={CALLS}", "-e", "signal=none"]
    return [STRACE, *options, "-o", str(trace)]


def calls(trace: Path) -> Iterator[Call]:
    """What was recorded, in the order in which it was finished."""
    open_ones: dict[str, tuple[str, int]] = {}
    with trace.open(encoding="ascii", errors="replace") as file:
        for number, line in enumerate(file):
            found = _LINE.fullmatch(line.rstrip("\n"))
            if not found:
                continue
            thread, words = found.groups()
            if half := _UNFINISHED.fullmatch(words):
                open_ones[thread] = (half[1], number)
                continue
            begun = number
            if rest := _RESUMED.fullmatch(words):
                first, begun = open_ones.pop(thread, ("", number))
                words = first + rest[2]
            if (call := _read(words, begun, number)) is not None:
                yield call


def acknowledged(call: Call) -> UUID | None:
    """Which command this call says yes to, on its way to a phone."""
    if call.path.startswith("/") or not call.texts:
        return None
    text = b"".join(call.texts)
    found = _RECEIPT.search(text)
    return UUID(found[1].decode()) if found and _YES.match(text) else None


def _read(words: str, begun: int, ended: int) -> Call | None:
    found = _CALL.match(words)
    if not found or found[3].startswith("-"):
        return None
    name, arguments, result = found.groups()
    first = _FD.match(arguments)
    if (
        name in ("write", "writev", "sendto", "sendmsg")
        and first
        and not _plain(first[1]).startswith(("/", "socket", "TCP"))
    ):
        return None  # pipes carry pictures to another process, and nothing to the disk
    texts = tuple(bytes.fromhex(text.replace("\\x", "")) for text, _ in _TEXT.findall(arguments))
    rest = _FD.sub("", _TEXT.sub("", arguments))
    numbers = tuple(int(one) for one in re.findall(r"(?<![\w.])\d+(?!\w)", rest))
    return Call(name, _plain(first[1]) if first else "", texts, (*numbers, int(result)), rest, begun, ended)


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text
