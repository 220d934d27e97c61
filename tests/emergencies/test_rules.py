"""How steps stand, whatever the order in which entries arrive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crew_app.emergencies.playbooks import ready
from crew_app.emergencies.rules import Answer, EntryKind, Step, Who, ended_at, minutes_between, stands

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
STEPS = [Step("a", "一", "One", Who.LEADER, 5), Step("b", "二", "Two", Who.LIFT, 10, ends=True)]


@dataclass(frozen=True)
class Line:
    kind: EntryKind
    step_key: str
    at: datetime
    answer: Answer | None = None


LINES = st.builds(
    Line,
    st.sampled_from([EntryKind.STEP, EntryKind.SKIP, EntryKind.BACK, EntryKind.SAY]),
    st.sampled_from(["a", "b", ""]),
    st.integers(0, 3600).map(lambda seconds: START + timedelta(seconds=seconds)),
)


@given(st.lists(LINES, max_size=8, unique_by=lambda line: line.at), st.randoms())
def test_the_order_of_arrival_decides_nothing(lines, dice):
    shuffled = lines[:]
    dice.shuffle(shuffled)
    assert stands(STEPS, lines, START) == stands(STEPS, shuffled, START)


@given(st.lists(LINES, max_size=8, unique_by=lambda line: line.at))
def test_one_more_tick_later_changes_nothing_that_is_done(lines):
    before = stands(STEPS, lines, START)
    after = stands(STEPS, [*lines, Line(EntryKind.STEP, "a", START + timedelta(hours=9))], START)
    if before[0].entry:
        assert after[0].entry == before[0].entry
    assert after[1] == before[1]


def test_the_main_clock_stops_with_the_step_that_ends_it():
    out = Line(EntryKind.STEP, "b", START + timedelta(minutes=28))
    found = stands(STEPS, [out], START)
    assert ended_at(found) == out.at
    assert found[1].late(out.at)
    assert found[0].late(START + timedelta(minutes=6))
    assert minutes_between(START, out.at) == 28
    assert ended_at(stands(STEPS, [], START)) is None


def test_the_ready_playbooks_speak_both_languages_and_each_has_an_end():
    assert [one["code"] for one in ready()] == ["lift", "burst", "power", "fire", "oxygen", "typhoon"]
    for book in ready():
        assert any(step["ends"] for step in book["steps"])
        assert len({step["key"] for step in book["steps"]}) == len(book["steps"]) >= 8
        assert all(step["name"] and step["name_en"] and Who(step["who"]) for step in book["steps"])
