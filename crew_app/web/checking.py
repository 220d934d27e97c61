"""Proofs of the books at night, in a process of their own that gives way to everybody."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

from crew_app.config import Settings
from crew_app.core import check_results
from crew_app.core.db import session

AFTER = timedelta(hours=20)
HOURS = range(2, 6)
"""Of the clock of this machine's night."""
RUNNING: list[subprocess.Popen[bytes]] = []
"""What this process has begun."""


def check_at_night(settings: Settings, at: datetime) -> int:
    """Begin both proofs when it is night and the last ones are of yesterday; 1 when they began."""
    RUNNING[:] = [one for one in RUNNING if one.poll() is None]
    if not settings.watching.night_checks or RUNNING or at.astimezone().hour not in HOURS:
        return 0
    wanted = any(check_results.due(name, at, AFTER) for name in check_results.NAMES)
    session.rollback()
    if wanted:
        RUNNING.append(begin(settings))
    return int(wanted)


def begin(settings: Settings) -> subprocess.Popen[bytes]:
    """The proofs, as `crew check` with the settings of this process."""
    command = [sys.executable, "-c", "from crew_app.cli import main; main()", "check"]
    environment = os.environ | {"CREW_DATA": str(settings.data)}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed words
