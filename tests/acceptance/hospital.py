"""A demo hospital that really runs: its own data folder, its own server process, and a look into its books."""

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

START_SECONDS = 90
CREW = str(Path(sys.executable).with_name("crew"))
REACHED = {"OUTSIDE_HOSTS_ALLOWED": "127.0.0.1"}
"""What stands outside the house in tests is on this machine (`tests/support/stubs.py`)."""


SETTLE = """
from crew_app import create_app
from crew_app.core.clock import now
from crew_app.reports.day_figures import catch_up
from crew_app.web.looking import look
from crew_app.web.sealing import seal_what_was_there

app = create_app()
with app.app_context():
    for job in (seal_what_was_there, look):
        while job(app.config["SETTINGS"], now()):
            pass
    catch_up(now())
"""
"""A year of rows gets its places in the chain, and photos are looked at: once, not at the beginning of each test."""


def make_demo(folder: Path) -> Path:
    """Make the demo data once for all test processes; later callers get the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            _crew("demo", "--no-serve", data=folder)
            _python(SETTLE, data=folder)
            (folder / "made").touch()
    return folder


def _crew(*arguments: str, data: Path) -> str:
    return _run([CREW, *arguments], data)


def _python(script: str, data: Path) -> str:
    return _run([sys.executable, "-c", script], data)


def _run(command: list[str], data: Path) -> str:
    environment = os.environ | {"CREW_DATA": str(data)} | REACHED
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Hospital:
    """A copy of the demo data with a server of its own on loopback."""

    patience: float = START_SECONDS

    def __init__(self, template: Path, data: Path, program: Path | None = None) -> None:
        """`program`: a copy of the application to run instead of this one."""
        shutil.copytree(template, data)
        self.template, self.data = template, data
        self.environment = os.environ | {"CREW_DATA": str(data), "CREW_DEMO": "1"} | REACHED
        if program:
            self.environment |= {"PYTHONPATH": str(program)}
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.options: list[str] = []
        self.under: list[str] = []
        """What runs the server: a program that watches it, or sets its limits."""

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [*self.under, CREW, "serve", "--port", str(self.port), *self.options]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def stop(self) -> None:
        """Kill the server, without giving it a chance to tidy up."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def begin_again(self) -> None:
        """Everything as in the template, under the same address; a running server goes on running."""
        shutil.rmtree(self.data / "photos", ignore_errors=True)
        shutil.copytree(self.template / "photos", self.data / "photos")
        with (
            closing(sqlite3.connect(self.template / "crew.db")) as source,
            closing(sqlite3.connect(self.data / "crew.db", timeout=30)) as target,
        ):
            source.backup(target)
        if self.process is None or self.process.poll() is not None:
            self.start()

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says, read beside the running server."""
        with sqlite3.connect(f"file:{self.data / 'crew.db'}?mode=ro", uri=True) as connection:
            return connection.execute(query, values).fetchall()

    def value(self, query: str, *values: object) -> object:
        """The one value a query gives."""
        ((found,),) = self.rows(query, *values)
        return found

    def until(self, query: str, *values: object, seconds: float = 120) -> None:
        """Wait until a query gives something other than nothing or zero: the server's own worker is at it."""
        end = time.monotonic() + seconds
        while not self.value(query, *values):
            assert time.monotonic() < end, f"nothing after {seconds} s: {query}"
            time.sleep(0.2)

    def change(self, statement: str, *values: object) -> None:
        """Change something by hand, beside the running server."""
        with sqlite3.connect(self.data / "crew.db", timeout=30) as connection:
            connection.execute(statement, values)

    def tick(self) -> None:
        """What the scheduler does each minute, now: runs are made, and marked as missed."""
        _crew("rounds", "tick", data=self.data)

    def end_sessions(self) -> None:
        """Nobody is signed in any more, as far as the server knows."""
        self.change("DELETE FROM login_sessions")

    def check_ledger(self) -> str:
        """What `crew ledger check` says; it fails the test when the books are wrong."""
        return _crew("ledger", "check", data=self.data)

    def _wait(self) -> None:
        assert self.process
        end = time.monotonic() + self.patience
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        pytest_fail = (self.data / "server.log").read_text(errors="replace")
        raise AssertionError(f"the server did not start: {pytest_fail}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
