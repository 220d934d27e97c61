"""The pytest plugin that tries mutants of the outbox: the browser stays open, and is served the faulty module."""

import json
import os
import sys
import time
from dataclasses import asdict
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.results import Book
from tests.mutation.script_mutants import ScriptMutant, faulty_text
from tests.mutation.targets import TARGETS
from tests.mutation.trial import KILLED, SURVIVED
from tests.outbox.lab import OTHER_TEXTS

ASKED = json.loads(os.environ["CREW_MUTATION"])
TARGET = TARGETS[ASKED["target"]]
FOLDER = "crew_app/static/src/"


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Every test once without a fault; then every mutant against those tests, until one fails."""
    items = [item for item in session.items if _passes(item)]
    _say(f"{len(items)} of {len(session.items)} tests pass without a fault")
    if not items:
        raise pytest.UsageError("No test passes without a fault.")
    book = Book(ASKED["target"])
    known = {mutant.id: mutant for mutant in TARGET.mutants() if isinstance(mutant, ScriptMutant)}
    wanted = {name: known[name] for name in ASKED["ids"]}
    for number, (name, mutant) in enumerate(wanted.items(), 1):
        begun = time.monotonic()
        OTHER_TEXTS[mutant.file.removeprefix(FOLDER)] = faulty_text(mutant)
        often = book.killers()
        items.sort(key=lambda item: -often[item.nodeid])
        found = _first_failure(items)
        OTHER_TEXTS.clear()
        row = {"id": name, **asdict(mutant), "what": mutant.what, **found}
        book.write(row | {"seconds": round(time.monotonic() - begun, 1)})
        place = f"{number}/{len(wanted)} {found['result']:9} {mutant.file}:{mutant.line}"
        _say(f"{place} {mutant.what}  {found.get('by', '')}")
    return True


def _first_failure(items: list[pytest.Item]) -> dict[str, str]:
    """A test that fails only after a long time is repeated: the machine may have been busy."""
    for item in items:
        begun = time.monotonic()
        if not _passes(item) and (time.monotonic() - begun < ASKED["longest"] or not _passes(item)):
            return {"result": KILLED, "by": item.nodeid}
    return {"result": SURVIVED}


def _passes(item: pytest.Item) -> bool:
    parent: Any = item.parent  # not the test itself: what stands already is not set up again
    item.session._setupstate.teardown_exact(parent)  # noqa: SLF001 - what the test before left standing
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=parent))


def _say(words: str) -> None:
    print(words, file=sys.__stderr__, flush=True)
