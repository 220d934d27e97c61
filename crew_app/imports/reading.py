"""Reading a file that somebody brought, in a process with limits: rows come out one by one, whatever the file is."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from crew_app.core.errors import Refused
from crew_app.core.words import N_

MOST_BYTES = 24 * 1024 * 1024
LONGEST = 180.0
"""Seconds on the clock for one file."""
_SCRIPT = Path(__file__).with_name("reader_process.py")
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH")
WHY = {
    "bomb": N_("This file is built to be far larger than it looks. Save it anew in Excel or WPS and try again."),
    "damaged": N_("This file cannot be opened. Open it in Excel or WPS, save it as .xlsx and try again."),
    "empty": N_("There is nothing in this file, or not in this sheet."),
    "encoding": N_("The text cannot be read from row %(where)s on. Choose another encoding, or save it as .xlsx."),
    "no-table": N_("This is no table. Excel files (.xlsx, .xls) and CSV files can be read."),
    "password": N_("This file has a password. Save it without one and try again."),
    "too-large": N_("This file is too large to be read here. Split it into several files."),
    "too-many-rows": N_("This file has more than %(where)s rows. Split it into several files."),
    "web-page": N_("This is a web page that is only called a table. Open it in Excel or WPS and save it as .xlsx."),
}


def read(data: bytes, sheet: str = "", encoding: str = "") -> Iterator[Any]:
    """An object about the sheet, then `[number, [cells]]` for each row; `Refused` says why it cannot be read."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        process = _begin(file, {"sheet": sheet, "encoding": encoding})
        watch = threading.Timer(LONGEST, process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield from _lines(cast("IO[bytes]", process.stdout))
        finally:
            watch.cancel()
            process.kill()
            process.wait()
            cast("IO[bytes]", process.stdout).close()


def _begin(file: IO[bytes], wanted: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - this program's own file
        [sys.executable, "-P", str(_SCRIPT), json.dumps(wanted)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _lines(back: IO[bytes]) -> Iterator[Any]:
    """What the process says, until it says that this is the end; one that is silent before has died of the file."""
    for line in back:
        said = json.loads(line)
        if isinstance(said, dict) and said.get("end"):
            return
        if isinstance(said, dict) and "refused" in said:
            raise refused(str(said["refused"]), str(said["where"]))
        yield said
    raise refused("too-large")


def refused(code: str, where: str = "") -> Refused:
    """Why a file is not taken."""
    return Refused(f"file-{code}", WHY[code], where=where)
