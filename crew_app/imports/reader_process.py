"""The process in which a file from outside is opened, run as a script; it knows no database and no secret.

The file is its input, lines of JSON are its output: first an object about the sheet, then `[number, [cells]]` for each
row that is not empty, at the end an object that says that this is the end, or why the file is refused.
"""

import json
import os
import resource
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

MOST_MEMORY = 1024 * 1024 * 1024
"""Address space, beyond what the process has at its start."""
MOST_SECONDS = 60
NICE = 5


def main() -> None:
    """Read the file at descriptor 0 and write its rows to descriptor 1."""
    target = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints
    _without_start_up()
    from crew_app.imports.reader_excel import rows_of_workbook  # noqa: PLC0415 - reachable only now
    from crew_app.imports.reader_text import Unreadable, rows_of_text  # noqa: PLC0415

    wanted = json.loads(sys.argv[1])
    _limit()
    try:
        with os.fdopen(0, "rb") as source:
            is_book = source.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
            source.seek(0)
            read = rows_of_workbook(source, wanted["sheet"]) if is_book else rows_of_text(source, wanted["encoding"])
            for said in read:
                target.write(_line(said))
        target.write(_line({"end": True}))
    except Unreadable as refusal:
        target.write(_line({"refused": refusal.code, "where": refusal.where}))
    except MemoryError:
        target.write(_line({"refused": "too-large", "where": ""}))
    target.flush()


def _line(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def _without_start_up() -> None:
    """Make the modules of the application importable without starting it."""
    package = module_from_spec(ModuleSpec("crew_app", None, is_package=True))
    package.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules["crew_app"] = package


def _limit() -> None:
    os.nice(NICE)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 1 << 16
    most = pages * resource.getpagesize() + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
