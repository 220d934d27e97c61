"""The rules against a small town of honest and dishonest people; `python -m tests.bench.fraud` measures a large one."""

import pytest

from crew_app.rounds.rules import FlagRule
from tests.bench.fraud import measure
from tests.rounds.cheats import FOUND
from tests.rounds.walks import HONEST


@pytest.fixture(scope="module")
def measured():
    return measure(100, seed=3, first=120).later


def test_honest_people_are_hardly_ever_suspicious(measured):
    assert measured.rate(list(HONEST)) <= 0.02


def test_dishonest_people_mostly_are(measured):
    assert measured.rate(list(FOUND)) >= 0.85


def test_slow_interrupted_and_offline_walks_are_never_too_fast_nor_in_two_places(measured):
    for kind in ("slow", "interrupted by a job", "offline for hours", "returning", "two share a round"):
        assert not set(measured.rules[kind]) & {FlagRule.TOO_FAST, FlagRule.BURST, FlagRule.TWO_PHONES}, kind
