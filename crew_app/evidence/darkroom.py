"""Where image work is done: in a process of its own, one piece at a time.

A decoder that crashes, eats memory or never ends takes that process with it and nothing else. It starts with the first
picture, stays warm, and ends by itself when nothing came for minutes, or when whoever started it is gone. It inherits
no connection and no secret: only its two pipes and a few names of the environment.
"""

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar, cast

from crew_app.core.errors import Refused, Unavailable
from crew_app.core.words import N_

Given = ParamSpec("Given")
Made = TypeVar("Made")

MOST_IN_LINE = 8
"""Pieces of work that may wait or be done at once in one process; phones send again what finds the line full."""
LONGEST = 10.0
"""Seconds on the clock for one piece of work."""
MOST_PICTURES = 200
"""So many pictures one process opens before a fresh one takes its place."""
_SCRIPT = Path(__file__).with_name("darkroom_process.py")
_INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH")
_QUIET = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "1000000", "OMP_NUM_THREADS": "1"}
_PLAIN = {("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta"), ("uuid", "UUID")}


class DarkroomFailed(Exception):
    """Image work broke off for a reason that is nobody's picture: a fault of this program."""


class _Died(Exception):
    """The process ended in the middle of a piece of work."""

    def __init__(self, how: int) -> None:
        super().__init__(f"the darkroom ended with {how}")
        self.how = how


def develop(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Do image work in its turn; `work` is a plain function of a module whose arguments and result can be sent on."""
    made: Made = _room.develop((work, args, kwargs))
    return made


def develop_patiently(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """The same for work that nobody waits for: it stands in line however long that is, instead of being sent away."""
    made: Made = _room.develop((work, args, kwargs), patient=True)
    return made


def present() -> "Darkroom":
    """The darkroom of this process."""
    return _room


class Darkroom:
    """The line before the process, and the process."""

    def __init__(self) -> None:
        self.line = threading.BoundedSemaphore(MOST_IN_LINE)
        self.turn = threading.Lock()
        self._process: _Process | None = None

    @property
    def pid(self) -> int | None:
        """The process that is warm now, if there is one."""
        return self._process.pid if self._process else None

    def develop(self, call: Any, *, patient: bool = False) -> Any:
        """Wait for the turn and do it; `Unavailable` when too many wait already, unless one is `patient`."""
        if not self.line.acquire(blocking=patient):
            raise busy()
        try:
            with self.turn:
                return self._done(call)
        finally:
            self.line.release()

    def _done(self, call: Any) -> Any:
        """A process that died is tried once more in a fresh one: it may have been ended from outside."""
        for _ in range(2):
            try:
                return _unfolded(self._warm().ask(call))
            except _Died as died:
                self.close()
                _judge(died.how)
        raise Refused("photo-unreadable", N_("This photo cannot be opened here. Please take it again."))

    def _warm(self) -> "_Process":
        if self._process and (self._process.asked >= MOST_PICTURES or self._process.ended):
            self.close()
        try:
            self._process = self._process or _Process()
        except OSError as error:  # the machine has no room for one more process now
            raise busy() from error
        return self._process

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process:
            process.end()


class _Process:
    """The other process, and the two pipes to it."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ} | _QUIET
        self._popen = subprocess.Popen(  # noqa: S603 - this program's own file
            [sys.executable, "-P", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._to = cast("IO[bytes]", self._popen.stdin)
        self._back = cast("IO[bytes]", self._popen.stdout)
        self.asked = 0

    @property
    def pid(self) -> int:
        """Its number."""
        return self._popen.pid

    @property
    def ended(self) -> bool:
        """Whether it is no longer there, having had nothing to do, say."""
        return self._popen.poll() is not None

    def ask(self, call: Any) -> Any:
        """Send a piece of work and wait for its answer; `_Died` when there is none."""
        self.asked += 1
        to, back = self._to, self._back
        watch = threading.Timer(LONGEST, self._popen.kill)
        watch.daemon = True
        watch.start()
        try:
            pickle.dump(call, to, pickle.HIGHEST_PROTOCOL)
            to.flush()
            return _Answer(back).load()
        except (OSError, EOFError) as error:
            self._popen.kill()
            raise _Died(self._popen.wait()) from error
        except pickle.UnpicklingError as error:
            self.end()
            raise DarkroomFailed(str(error)) from error
        except BaseException:  # what is left in the pipes belongs to nobody
            self.end()
            raise
        finally:
            watch.cancel()

    def end(self) -> None:
        """Close the pipes, which tells it to go; it has no chance to refuse."""
        for pipe in (self._to, self._back):
            with suppress(OSError):
                pipe.close()
        self._popen.kill()
        self._popen.wait()


class _Answer(pickle.Unpickler):
    """What came back is data: plain values and the classes of this application, nothing that could be called."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith("crew_app.") or (module, name) in _PLAIN else None
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no answer")
        return found


def _unfolded(answer: Any) -> Any:
    kind, *rest = answer
    if kind == "made":
        return rest[0]
    if kind == "refused":
        code, message, params, status = rest
        refusal = Unavailable if status == HTTPStatus.SERVICE_UNAVAILABLE else Refused
        raise refusal(code, message, **params)
    raise DarkroomFailed(rest[0])


def _judge(how: int) -> None:
    """Whether a death is the picture's fault for sure, or the machine's; otherwise it is tried again."""
    if how == -signal.SIGPROF:
        raise Refused("photo-costly", N_("This photo takes too long to open. Please take it again."))
    if how in (-signal.SIGALRM, -signal.SIGKILL):
        raise busy()


def busy() -> Unavailable:
    """The answer to what finds the line full; phones send it again by themselves."""
    return Unavailable("pictures-busy", N_("Many photos are arriving at once. Please try again in a moment."))


def _begin() -> None:
    """Each process has a darkroom of its own, also after a fork: two must not speak into one pipe."""
    global _room  # noqa: PLW0603 - the one of this process
    _room = Darkroom()


_room = Darkroom()
os.register_at_fork(after_in_child=_begin)
atexit.register(lambda: present().close())
