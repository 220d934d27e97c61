"""The other process of the darkroom, run as a script: takes work from its input, answers on its output.

It knows the modules of the application without starting the application, so that it stays small.
"""

import os
import pickle
import resource
import select
import signal
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import IO, Any

MOST_MEMORY = 384 * 1024 * 1024
"""Address space for one piece of work, beyond what the process had before it."""
MOST_SECONDS = 6.0
"""Computing time for one piece of work."""
LONGEST = 15.0
"""Seconds on the clock; for the case that whoever asked is gone and nobody looks at it."""
IDLE = 300.0
NICE = 5
"""People who wait for a page come first."""


def main() -> None:
    """Work until the input ends or nothing comes for a while."""
    source, target = _private_pipes()
    _without_start_up()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this; then the input ends
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)
    while select.select([source], [], [], IDLE)[0]:
        try:
            work, args, kwargs = pickle.load(source)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        pickle.dump(_answer(work, args, kwargs), target, pickle.HIGHEST_PROTOCOL)
        target.flush()


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Move the pipes out of the way of whatever a library prints."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return source, target


def _without_start_up() -> None:
    package = module_from_spec(ModuleSpec("crew_app", None, is_package=True))
    package.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules["crew_app"] = package


def _answer(work: Any, args: Any, kwargs: Any) -> tuple[Any, ...]:
    from crew_app.core.errors import CrewError  # noqa: PLC0415 - known only now

    _limit(MOST_MEMORY, MOST_SECONDS, LONGEST)
    try:
        return "made", work(*args, **kwargs)
    except CrewError as refusal:
        return "refused", refusal.code, refusal.message, refusal.params, int(refusal.status)
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        return "failed", f"{type(error).__name__}: {error}"
    finally:
        _limit(None, 0, 0)


def _limit(memory: int | None, seconds: float, longest: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, longest)
    most = resource.RLIM_INFINITY if memory is None else _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 1 << 20
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
