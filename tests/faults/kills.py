"""The server killed again and again under load."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.books import wrong_books
from tests.faults.crew import Crew, Journal
from tests.faults.judge import Verdict, judge, missing_photos
from tests.faults.site import round_template
from tests.support.database import Template
from tests.support.small_hospital import small_hospital

MOST_BETWEEN = 12
"""Acknowledgements between two kills, at most."""
SAID_EACH = 20
LONGEST_MOMENT = 0.06
"""Seconds after an acknowledgement within which the server is killed."""


@dataclass
class Outcome:
    """What came of a run."""

    kills: int
    acknowledged: int
    verdict: Verdict
    books: list[str]
    """What ledger and chain complain about."""
    journal: Journal


def kills(
    template: Template,
    folder: Path,
    number: int,
    seed: int,
    program: Path | None = None,
    say: Callable[[str], None] = lambda _words: None,
) -> Outcome:
    """Kill the whole process group so many times while a crew works; everything sent is acknowledged in the end."""
    chance = random.Random(seed)
    with small_hospital(template, folder, program, workers=2) as hospital:
        journal = Journal(folder / "acknowledged.jsonl")
        with Crew(hospital, template.world, round_template(hospital, template.world), journal, seed) as crew:
            for count in range(1, number + 1):
                journal.until_acknowledged(len(journal.acknowledged) + chance.randint(1, MOST_BETWEEN))
                _for_a_moment(chance)
                crew.up.clear()
                hospital.stop()
                hospital.start()
                crew.up.set()
                if count % SAID_EACH == 0:
                    say(f"{count} kills, {len(journal.acknowledged)} acknowledged")
            journal.until_acknowledged(len(journal.acknowledged) + 1)
        journal.close()
        assert not journal.wrong, journal.wrong[:5]
        assert len(journal.acknowledged) == len(journal.sent)
        verdict = judge(hospital.rows, journal.sent, journal.acknowledged)
        verdict.lost += missing_photos(hospital.rows, hospital.data / "photos")
        wrong = wrong_books(hospital.data)
    return Outcome(number, len(journal.acknowledged), verdict, wrong, journal)


def _for_a_moment(chance: random.Random) -> None:
    time.sleep(chance.uniform(0, LONGEST_MOMENT))  # a moment at random, not a time to wait for something
