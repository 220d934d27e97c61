"""Put into the path of a server: its clock goes wrong by as many seconds as stand in the file `CREW_TEST_CLOCK`."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

LOOK = 0.02


def _follow(path: Path) -> None:
    wrong_by, traveller = "0", None
    while True:
        said = path.read_text() if path.exists() else "0"
        if said and said != wrong_by:
            if traveller:
                traveller.stop()
            traveller = time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(said)), tick=True)
            traveller.start()
            wrong_by = said
        threading.Event().wait(LOOK)


def _start() -> None:
    threading.Thread(target=_follow, args=(Path(os.environ["CREW_TEST_CLOCK"]),), daemon=True).start()


if "CREW_TEST_CLOCK" in os.environ:
    _start()
    os.register_at_fork(after_in_child=_start)  # threads do not survive a fork
