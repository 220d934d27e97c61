"""`python -m tests.mutation ledger`: put small faults into the modules of a target and see whether its tests notice."""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.mutation.results import Book, table
from tests.mutation.targets import TARGETS, Target
from tests.mutation.trial import NO_SERVERS


def main() -> None:
    """Choose, try what is not known yet, and print the table and what survived."""
    asked = _asked()
    target = TARGETS[asked.target]
    everything = target.mutants()
    chosen = _sample(everything, asked.sample, asked.seed)
    book = Book(asked.target)
    again = {name for name, row in book.known.items() if asked.again and row["result"] == "survived"}
    missing = [mutant.id for mutant in chosen if mutant.id not in book.known or mutant.id in again]
    if missing and not asked.report:
        _run({"target": asked.target, "ids": missing, "longest": asked.longest}, target)
    _report(asked.target, chosen, Counter(mutant.file for mutant in everything))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.mutation")
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--sample", type=int, default=0, help="so many by chance; 0 for all")
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--longest", type=float, default=8, help="seconds of tests for one mutant")
    parser.add_argument("--again", action="store_true", help="try those again that survived before")
    parser.add_argument("--report", action="store_true", help="only print what is known")
    return parser.parse_args()


def _sample(found: Sequence[Any], size: int, seed: int) -> list[Any]:
    """In the order of chance, so that the first ones of a run that was interrupted are a sample as well."""
    return random.Random(seed).sample(list(found), min(size or len(found), len(found)))


def _run(asked: dict[str, Any], target: Target) -> None:
    told = os.environ | {"CREW_MUTATION": json.dumps(asked)}
    present = [test for test in target.tests if Path(test).exists()]
    plugin, kinds = ("script_plugin", "browser") if target.is_script else ("plugin", NO_SERVERS)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", kinds]
    command += ["--timeout", "30", "-p", f"tests.mutation.{plugin}", *present]
    subprocess.run(command, env=told, check=False, stdout=subprocess.DEVNULL)


def _report(target: str, chosen: list[Any], of: Counter[str]) -> None:
    known = Book(target).known
    rows = [known[mutant.id] for mutant in chosen if mutant.id in known]
    for row in sorted(rows, key=lambda row: (row["file"], row["line"])):
        if row["result"] == "survived":
            print(f"{row['file']}:{row['line']}  {row['what']}  {row.get('note', '')}")
    print(table(rows, dict(of)) if rows else "nothing tried yet")


if __name__ == "__main__":
    main()
