"""The pytest plugin that tries mutants instead of running the tests once."""

import ast
import hashlib
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.python_mutants import Mutant
from tests.mutation.results import FOLDER, Book
from tests.mutation.targets import TARGETS
from tests.mutation.trial import SURVIVED, UNMET, in_a_copy, in_a_fresh_process
from tests.mutation.watching import Watch

ASKED = json.loads(os.environ["CREW_MUTATION"])
TARGET = TARGETS[ASKED["target"]]
WATCH = Watch(TARGET.files)
WATCH.start()


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run each test once to see which lines it meets; then every mutant against those that meet it."""
    seconds = _known_run(session) or _first_run(session)
    WATCH.stop()
    control = in_a_copy(session, None, list(seconds), 3 * sum(seconds.values()))
    if control["result"] != SURVIVED:
        raise pytest.UsageError(f"Without any fault the tests fail in a copy of this process: {control}")
    book = Book(ASKED["target"])
    known = {mutant.id: mutant for mutant in TARGET.mutants() if isinstance(mutant, Mutant)}
    wanted = {name: known[name] for name in ASKED["ids"]}
    for number, (name, mutant) in enumerate(wanted.items(), 1):
        begun = time.monotonic()
        found = _try(session, mutant, seconds, book)
        book.write({"id": name, **asdict(mutant), **found, "seconds": round(time.monotonic() - begun, 1)})
        place = f"{number}/{len(wanted)} {found['result']:9} {mutant.file}:{mutant.line}"
        _say(f"{place} {mutant.what}  {found.get('by', '')}")
    return True


def _known_run(session: pytest.Session) -> dict[pytest.Item, float]:
    """What an earlier first run of the same texts saw; one test is run, for what all of them share."""
    path = _seen_path()
    if not path.exists():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))
    early = {tuple(line) for line in told["early"]}
    WATCH.seen.update({name: {tuple(line) for line in lines} for name, lines in told["seen"].items()}, **{"": early})
    seconds = {item: told["seconds"][item.nodeid] for item in session.items if item.nodeid in told["seconds"]}
    quickest = min(seconds, key=lambda item: seconds[item])
    runtestprotocol(quickest, log=False, nextitem=session.items[0])
    return seconds


def _keep_run(seconds: dict[pytest.Item, float]) -> None:
    seen = {name: sorted(lines) for name, lines in WATCH.seen.items() if name}
    told = {
        "early": sorted(WATCH.seen[""]),
        "seen": seen,
        "seconds": {one.nodeid: took for one, took in seconds.items()},
    }
    _seen_path().write_text(json.dumps(told), encoding="utf-8")


def _seen_path() -> Path:
    files = sorted({*TARGET.files, *(test for test in TARGET.tests if Path(test).exists())})
    texts = b"".join(Path(file).read_bytes() for file in files)
    return FOLDER / f"{ASKED['target']}-{hashlib.sha256(texts).hexdigest()[:12]}.json"


def _first_run(session: pytest.Session) -> dict[pytest.Item, float]:
    """How long each test takes; those that fail without a fault are no use."""
    seconds = {}
    for number, item in enumerate(session.items):
        WATCH.name = item.nodeid
        begun = time.process_time()
        following = session.items[(number + 1) % len(session.items)]
        failed = any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))
        if failed:
            _say(f"left out, fails without a fault: {item.nodeid}")
        else:
            seconds[item] = time.process_time() - begun
    _keep_run(seconds)
    _say(f"{len(seconds)} tests in {sum(seconds.values()):.0f} s")
    return seconds


def _try(session: pytest.Session, mutant: Mutant, seconds: dict[pytest.Item, float], book: Book) -> dict[str, str]:
    """In a copy of this process; what is decided while modules are imported and survives that, in a fresh one."""
    early = mutant.runs_once or bool(WATCH.seen[""] & _lines(mutant))
    lines = _users(mutant) if mutant.runs_once else _lines(mutant)
    meeting = [item for item in seconds if not lines or WATCH.seen[item.nodeid] & lines]
    if not meeting and not early:
        return {"result": SURVIVED, "note": "no test runs it"}
    often = book.killers()
    meeting.sort(key=lambda item: (-often[item.nodeid] / (0.2 + seconds[item]), seconds[item]))
    meeting = _within(meeting, seconds)
    took = sum(seconds[item] for item in meeting)
    found = in_a_copy(session, mutant, meeting, 2 * took) if meeting else {"result": UNMET}
    if found["result"] == UNMET or (found["result"] == SURVIVED and early and not mutant.runs_once):
        files = dict.fromkeys(item.nodeid.partition("::")[0] for item in meeting or seconds)
        return in_a_fresh_process(mutant, list(files), 3 * sum(seconds.values()))
    return found


def _within(meeting: list[pytest.Item], seconds: dict[pytest.Item, float]) -> list[pytest.Item]:
    """The first ones that together take no longer than asked: who survives only these may be tried again with more."""
    chosen, left = [], ASKED["longest"]
    for item in meeting:
        if seconds[item] <= left:
            chosen.append(item)
            left -= seconds[item]
    return chosen or meeting[:1]


def _lines(mutant: Mutant) -> set[tuple[str, int]]:
    first, last = mutant.lines
    return {(mutant.file, line) for line in range(first, last + 1)}


def _users(mutant: Mutant) -> set[tuple[str, int]]:
    """The lines of the file that use the constant in which the fault is; none if only others use it."""
    tree = ast.parse(Path(mutant.file).read_text(encoding="utf-8"))
    statement = next(one for one in tree.body if one.lineno <= mutant.line <= (one.end_lineno or 0))
    names = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    used = (one for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    places = {(mutant.file, one.lineno) for one in used if one.id in names}
    return {place for place in places if any(place in seen for name, seen in WATCH.seen.items() if name)}


def _say(words: Any) -> None:
    print(words, file=sys.__stderr__, flush=True)
