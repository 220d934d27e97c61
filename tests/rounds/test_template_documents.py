"""What a template says survives being written and read; what changed from one to the next is told."""

import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.people.rules import Role, Trade
from crew_app.rounds.content import (
    NUMERIC,
    Category,
    Check,
    CheckKind,
    Condition,
    Content,
    Option,
    PhotoRule,
    Presence,
    StopPlan,
    Suggestion,
    Where,
    Words,
)
from crew_app.rounds.differences import differences
from crew_app.rounds.reading import Wrong, read
from crew_app.rounds.writing import write

PLAIN = st.characters(exclude_categories=("Cs", "Cc"))
TEXT = st.text(PLAIN, max_size=12).map(str.strip)
KEY = st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}", fullmatch=True)
WORDS = st.builds(Words, TEXT, TEXT)
NAMED = WORDS.filter(lambda words: words.zh or words.en)
NUMBER = st.decimals(-1_000_000, 1_000_000, places=4)
MAYBE = st.none() | NUMBER
WHOLE = st.integers(0, 10_080)
OPTIONS = st.lists(st.builds(Option, KEY, NAMED, st.booleans()), min_size=1, max_size=3, unique_by=lambda one: one.key)


@st.composite
def checks(draw):
    """Checks of one stop, each of its kind, some asked only after an earlier one."""
    made: list[Check] = []
    for key in draw(st.lists(KEY, max_size=4, unique=True)):
        kind = draw(st.sampled_from(CheckKind))
        low, high = sorted(draw(st.tuples(NUMBER, NUMBER)))
        limits = {"low": draw(st.sampled_from([None, low])), "high": draw(st.sampled_from([None, high]))}
        earlier = draw(st.none() | st.sampled_from(made)) if made else None
        check = Check(
            key,
            kind,
            draw(NAMED),
            draw(WORDS),
            required=draw(st.booleans()),
            photo=draw(st.sampled_from(PhotoRule)),
            unit=draw(TEXT),
            jump=draw(MAYBE),
            fails_on=draw(st.sampled_from(["yes", "no", "never"])),
            options=tuple(draw(OPTIONS)) if kind is CheckKind.CHOICE else (),
            most=draw(st.decimals("0.1", 1000, places=1)),
            seconds=draw(st.integers(1, 7_200)),
            parties=draw(st.sampled_from([1, 2])),
            when=Condition(earlier.key, tuple(draw(st.lists(KEY, max_size=2)))) if earlier else None,
            hazard=draw(st.booleans()),
            days=draw(st.none() | st.integers(0, 365)),
            source=draw(TEXT),
        )
        made.append(replace(check, **limits) if kind in NUMERIC else check)
    return tuple(made)


@st.composite
def stops(draw):
    """One stop with its window, tied to something or to nothing."""
    where = draw(st.builds(Where, TEXT, TEXT, TEXT, TEXT))
    opens, closes = sorted(draw(st.lists(WHOLE, min_size=2, max_size=2, unique=True)))
    return StopPlan(
        draw(KEY),
        draw(NAMED),
        where,
        draw(WORDS),
        Presence.TAP if where.anywhere else draw(st.sampled_from(Presence)),
        draw(st.sampled_from([None, opens])),
        draw(st.sampled_from([None, closes])),
        draw(checks()),
    )


SUGGESTION = st.builds(
    Suggestion,
    st.sampled_from(["", "FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=25"]),
    st.sampled_from([("08:00",), ("00:00", "23:59")]),
    st.integers(1, 44_640),
    st.integers(0, 44_640),
)
CONTENT = st.builds(
    Content,
    code=KEY,
    name=NAMED,
    category=st.sampled_from(Category),
    stops=st.lists(stops(), min_size=1, max_size=3, unique_by=lambda stop: stop.key).map(tuple),
    purpose=WORDS,
    source=TEXT,
    trade=st.none() | st.sampled_from(Trade),
    roles=st.lists(st.sampled_from(Role), min_size=1, max_size=3, unique=True).map(tuple),
    ordered=st.booleans(),
    live=st.booleans(),
    suggested=st.lists(SUGGESTION, max_size=2).map(tuple),
)


@given(CONTENT)
def test_what_is_written_reads_the_same(content):
    assert read(write(content)) == content
    assert write(read(write(content))) == write(content)


@given(CONTENT, CONTENT)
def test_whatever_differs_is_told_and_nothing_else(old, new):
    assert differences(old, old) == []
    assert bool(differences(old, new)) == (old != new)


@given(CONTENT, st.data())
def test_a_document_with_anything_in_it_is_read_or_refused(content, data):
    document = json.loads(write(content))
    place = document
    while isinstance(place, dict | list) and place:
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[name]
        if not isinstance(inner, dict | list) or data.draw(st.booleans()):
            place[name] = data.draw(st.sampled_from(NASTY))
            break
        place = inner
    with suppress(Wrong):  # and nothing else
        assert isinstance(read(json.dumps(document)), Content)


NASTY: list[Any] = [
    None,
    True,
    -1,
    10**40,
    1.5,
    1e308,
    "",
    "x" * 500,
    "\x00",
    "\ud800",
    "NaN",
    [],
    [[]],
    {},
    {"zh": 1},
    [None],
    "1e99",
]


def test_a_limit_that_moved_is_told_with_both():
    check = Check("t", CheckKind.NUMBER, Words("温度"), high=Decimal(35))
    old = Content("a", Words("夜巡"), Category.PATROL, (StopPlan("s", Words("大门"), checks=(check,)),))
    stop = replace(old.stops[0], checks=(replace(check, high=Decimal(40)),))
    (found,) = differences(old, replace(old, stops=(stop,)))
    assert (found.field, found.old, found.new) == ("upper limit", Decimal(35), Decimal(40))


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"a": 1, "a": 2}', '{"a": 1e9999999999999999999}', "9" * 5_000])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(Wrong):
        read(text)
