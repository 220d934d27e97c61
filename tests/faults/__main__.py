"""`make faults KILLS=200 CUTS=200 SEED=7`: servers killed, power cut, and whether the look would find a loss.

The last line is `kills=.. cuts=.. acknowledged=.. lost=0 doubled=0`; what is missing or wrong is named before it.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.benchmarks.hostile import make_template
from tests.faults.cuts import Damage, Record, cuts, record
from tests.faults.disk import Loss
from tests.faults.kills import kills
from tests.support.database import Template
from tests.support.people import make_passwords_cheap

COMMANDS_A_RECORD = 240
CUTS_A_RECORD = 100
CONTROLS = 10
Counts = tuple[int, list[str], list[str]]
"""Acknowledged; what is lost, what is doubled."""
NOTHING: Counts = (0, [], [])


def main() -> None:
    """Run what was asked for; ends with 1 when anything is lost, doubled, or a control finds nothing."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        make_passwords_cheap(patch)
        template = make_template(Path(name) / "template")
        acknowledged, lost, doubled = _kill(template, Path(name) / "kills", asked) if asked.kills else NOTHING
        if asked.cuts:
            more, lost_by_cuts, doubled_by_cuts = _cut(template, Path(name), asked)
            acknowledged, lost, doubled = acknowledged + more, lost + lost_by_cuts, doubled + doubled_by_cuts
    for words in [*lost, *doubled]:
        _say(words)
    _say(f"kills={asked.kills} cuts={asked.cuts} acknowledged={acknowledged} lost={len(lost)} doubled={len(doubled)}")
    sys.exit(1 if lost or doubled else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    for name, usual in (("kills", 200), ("cuts", 200), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    return parser.parse_args()


def _kill(template: Template, folder: Path, asked: argparse.Namespace) -> Counts:
    began = time.monotonic()
    outcome = kills(template, folder, asked.kills, asked.seed, say=_say)
    answers, seconds = dict(sorted(outcome.journal.answers.items())), time.monotonic() - began
    _say(f"{asked.kills} kills in {seconds:.0f} s; answers: {answers}; books: {outcome.books or 'right'}")
    return outcome.acknowledged, [*outcome.verdict.lost, *outcome.books], outcome.verdict.doubled


def _cut(template: Template, folder: Path, asked: argparse.Namespace) -> Counts:
    """Records of some hundred commands, a hundred cuts in each."""
    acknowledged, found, left, number = 0, list[str](), asked.cuts, 0
    while left > 0:
        began, many = time.monotonic(), min(left, CUTS_A_RECORD)
        made = record(template, folder / f"record-{number}", COMMANDS_A_RECORD, asked.seed + number)
        damage = cuts(made, folder / "image", many, asked.seed + number)
        acknowledged += len(made.journal.acknowledged)
        _say(f"{many} cuts in {time.monotonic() - began:.0f} s; {_words(made, damage)}")
        found += damage.found
        if not number:
            _controls(made, folder / "image", asked.seed)
        left, number = left - many, number + 1
    doubled = [one for one in found if one.startswith("doubled")]
    return acknowledged, [one for one in found if one not in doubled], doubled


def _words(made: Record, damage: Damage) -> str:
    forced = ", ".join(f"{name} {count}" for name, count in made.forced.most_common())
    return f"{made.moments} moments; forced: {forced}; {damage.promised} promises looked for; {dict(damage.losses)}"


def _controls(made: Record, folder: Path, seed: int) -> None:
    """The same look at a program that would not wait for its disk: it must find losses."""
    for name in ("/crew.db-wal", "/photos/original/", "/photos/"):
        found = cuts(made.without(name), folder, CONTROLS, seed, (Loss.ALL,), after=0.5).found
        _say(f"control without forcing {name}: {len(found)} losses in {CONTROLS} cuts")
        if not found:
            sys.exit("the look finds nothing where something is lost")


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main()
