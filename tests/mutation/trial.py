"""One mutant against the tests that meet it, in a copy of this process, or in a fresh one where that is needed."""

import contextlib
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.python_mutants import Mutant
from tests.mutation.running import put_in

KILLED, SURVIVED, TIMED_OUT, UNMET = "killed", "survived", "timed out", "unmet"
NO_SERVERS = "not postgres and not browser and not soak"
LEAST = 10.0
"""Seconds of a processor that even the shortest trial gets."""
SLOWEST = 12
"""How many times longer it may take by the clock: the machine may be busy. Only who waits for nothing meets this."""


def in_a_copy(
    session: pytest.Session, mutant: Mutant | None, items: Sequence[pytest.Item], seconds: float
) -> dict[str, str]:
    """Fork, put the fault in, run the tests until one fails. A trial that takes too long is repeated with more time."""
    answer = _forked(session, mutant, items, seconds)
    return answer if answer["result"] != TIMED_OUT else _forked(session, mutant, items, 2 * seconds)


def _forked(
    session: pytest.Session, mutant: Mutant | None, items: Sequence[pytest.Item], seconds: float
) -> dict[str, str]:
    folder = Path(tempfile.mkdtemp(prefix="crew-mutant-"))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_copy(session, mutant, items, folder, writing, int(LEAST + seconds))
    os.close(writing)
    try:
        return _answer(reading, child, seconds)
    finally:
        os.close(reading)
        shutil.rmtree(folder, ignore_errors=True)


def _answer(reading: int, child: int, seconds: float) -> dict[str, str]:
    ready, _, _ = select.select([reading], [], [], SLOWEST * (LEAST + seconds))
    told = os.read(reading, 65536) if ready else b""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    if not ready or (not told and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return {"result": TIMED_OUT}
    answer: dict[str, str] = json.loads(told) if told else {"result": KILLED, "by": "the end of the process"}
    return answer


def _be_the_copy(
    session: pytest.Session, mutant: Mutant | None, items: Sequence[pytest.Item], folder: Path, writing: int, limit: int
) -> None:
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        session.config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]  # noqa: SLF001
        answer = _tried(session, mutant, items)
        os.write(writing, json.dumps(answer).encode())
    finally:
        os._exit(0)


def _tried(session: pytest.Session, mutant: Mutant | None, items: Sequence[pytest.Item]) -> dict[str, str]:
    if mutant and not put_in(mutant):
        return {"result": UNMET}
    parent: Any = items[0].parent  # not the test itself: what stands already is not set up again
    session._setupstate.teardown_exact(parent)  # noqa: SLF001 - what the first run left standing
    for item, following in pairwise([*items, items[0]]):
        begun = time.monotonic()
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return {"result": KILLED, "by": item.nodeid, "after": f"{time.monotonic() - begun:.1f}"}
    return {"result": SURVIVED}


def in_a_fresh_process(mutant: Mutant, files: Sequence[str], seconds: float) -> dict[str, str]:
    """The same for what runs while modules are imported: nothing is imported yet when the fault is put in."""
    told = os.environ | {"CREW_MUTANT": json.dumps(asdict(mutant))}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-m",
        NO_SERVERS,
        "-p",
        "tests.mutation.importing",
    ]
    for allowed in (SLOWEST * (LEAST + seconds), 2 * SLOWEST * (LEAST + seconds)):
        try:
            done = subprocess.run(
                [*command, *files], env=told, capture_output=True, text=True, timeout=allowed, check=False
            )
        except subprocess.TimeoutExpired:
            continue
        if done.returncode == 0:
            return {"result": SURVIVED}
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return {"result": KILLED, "by": failed[0][:200] if failed else f"ends with {done.returncode}"}
    return {"result": TIMED_OUT}
