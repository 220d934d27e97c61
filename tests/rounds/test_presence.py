"""What the rules of presence say of single visits, with as little around them as they need."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.rounds.flag_words import FLAG_LABELS, sentence
from crew_app.rounds.pace import KEPT, OF_ONE, Pace, Taken
from crew_app.rounds.presence import Verdict, judge, plain, verdict
from crew_app.rounds.rules import Challenge, FlagRule, How
from crew_app.rounds.sightings import Asked, Case, Clock, Oddity, Reading, Reference, Sight, Spot, Tag
from crew_app.rounds.walking import teaches

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ME, OTHER, RUN = UUID(int=1), UUID(int=2), UUID(int=3)
ROOMS = [Spot(UUID(int=100 + n), UUID(int=200 + n % 3), UUID(int=300)) for n in range(12)]
FRAME = 0x5A3C_96E1_3355_1D2B


def sight(room=0, seconds=0.0, **changes):
    at = AT + timedelta(seconds=seconds)
    base = Sight(UUID(int=int(seconds * 10) + 1_000_000), RUN, ME, ME, at, spot=ROOMS[room], tag=f"T{room}")
    return replace(base, **changes)


def case(seen=None, **changes):
    seen = seen or sight()
    return Case(seen, AT - timedelta(hours=1), AT + timedelta(hours=1), **changes)


def rules(of):
    return {rule for rule, _ in judge(of)}


def odd(rule: FlagRule, **facts: str | int) -> Oddity:
    return rule, facts


def walked(seconds, people=(1, 2), days=(1, 2, 3, 4)):
    samples = [Taken(seconds + n, f"{person:06}", day) for person in people for n, day in enumerate(days)]
    return {(ROOMS[0].place, ROOMS[1].place): Pace(tuple(samples))}


def test_an_ordinary_visit_has_no_flags():
    assert judge(case()) == []


@pytest.mark.parametrize("how", [How.TYPED, How.PICTURE, How.TAP])
def test_whatever_is_not_scanned_is_told(how):
    assert judge(case(sight(how=how))) == [(FlagRule.NOT_SCANNED, {"how": how.value})]
    assert judge(case(sight(how=how), wants_scan=False)) == []


def test_another_tag_and_a_tag_out_of_use():
    assert rules(case(tag=Tag(matches=True, place=ROOMS[0].place))) == set()
    assert rules(case(tag=Tag(matches=False, place=ROOMS[1].place))) == {FlagRule.OTHER_TAG}
    assert rules(case(tag=Tag(matches=True, retired_at=AT - timedelta(days=1)))) == {FlagRule.OTHER_TAG}
    assert rules(case(tag=Tag(matches=True, retired_at=AT + timedelta(days=1)))) == set()


def test_outside_the_window():
    assert judge(case(sight(seconds=-3700 - 60))) == [(FlagRule.EARLY, {"minutes": 2})]
    assert judge(case(sight(seconds=3600 + 300))) == [(FlagRule.LATE, {"minutes": 5})]


def test_order_counts_only_where_a_round_has_one_and_not_on_the_way_back():
    assert rules(case(ordered=True, position=2, passed=[1, 4])) == {FlagRule.OUT_OF_ORDER}
    assert rules(case(ordered=False, position=2, passed=[1, 4])) == set()
    assert rules(case(ordered=True, position=2, passed=[1, 2, 4])) == set()


def test_faster_than_people_walk_here():
    trail = [sight()]
    assert rules(case(sight(1, 25), trail=trail, paces=walked(100))) == {FlagRule.TOO_FAST}
    assert rules(case(sight(1, 60), trail=trail, paces=walked(100))) == set()
    assert rules(case(sight(0, 1), trail=trail, paces=walked(100))) == set(), "the same place"


@pytest.mark.parametrize(("people", "days"), [((1,), (1, 2, 3, 4)), ((1, 2), (1, 1, 1, 1)), ((1, 2, 3), (1, 2))])
def test_few_data_say_nothing_but_what_no_legs_can_do(people, days):
    paces = walked(100, people, days)
    assert rules(case(sight(1, 25), trail=[sight()], paces=paces)) == set()
    assert rules(case(sight(1, 3), trail=[sight()], paces=paces)) == {FlagRule.TOO_FAST}, "another floor in 3 s"


def test_ways_that_are_each_just_possible_are_not_all_together():
    quick = [sight(n, n * 8) for n in range(6)]
    assert FlagRule.TOO_FAST in rules(case(sight(6, 48), trail=quick))
    slow = [sight(n, n * 40) for n in range(6)]
    assert rules(case(sight(6, 240), trail=slow)) == set()


def test_a_long_break_is_no_way():
    assert rules(case(sight(1, 3000), trail=[sight()], paces=walked(100))) == set()


def test_many_places_in_a_minute_and_many_things_in_one_place():
    places = [sight(n, n * 14) for n in range(4)]
    assert FlagRule.BURST in rules(case(sight(4, 56), trail=places))
    things = [sight(0, n * 5, tag=f"A{n}") for n in range(8)]
    assert rules(case(sight(0, 40, tag="A9"), trail=things)) == set()


def test_the_same_picture_again_but_not_of_a_phone_held_still_or_in_the_dark():
    old = Reference(FRAME ^ 1, OTHER, AT - timedelta(days=3))
    assert rules(case(sight(frame=FRAME), references={"T0": [old]})) == {FlagRule.SAME_FRAME}
    assert rules(case(sight(frame=FRAME), references={"T0": [replace(old, frame=FRAME ^ 0xFF)]})) == set()
    assert rules(case(sight(frame=FRAME), references={"T0": [replace(old, at=AT - timedelta(minutes=2))]})) == set()
    assert rules(case(sight(frame=0), references={"T0": [replace(old, frame=0)]})) == set()
    assert rules(case(sight(3, 300, frame=FRAME), trail=[sight(frame=FRAME)])) == {FlagRule.SAME_FRAME}


def test_one_person_on_two_phones_in_two_places():
    trail = [sight()]
    assert FlagRule.TWO_PHONES in rules(case(sight(1, 4, device=OTHER), trail=trail))
    assert rules(case(sight(1, 90, device=OTHER), trail=trail)) == set(), "the first one had no battery left"


def test_two_phones_side_by_side_on_the_whole_way_and_by_chance():
    path = [sight(n, n * 120) for n in range(4)]
    beside = [(one, replace(one, person=OTHER, device=OTHER, run=ME, at=one.at + timedelta(seconds=9))) for one in path]
    assert rules(case(path[-1], trail=path[:-1], beside=beside)) == {FlagRule.TWO_PHONES}
    assert rules(case(path[-1], trail=path[:-1], beside=beside[2:])) == set()


def test_clocks():
    hour = timedelta(hours=1)
    assert rules(case(clock=Clock(AT, 7_200_000, suspect=True))) == {FlagRule.CLOCK}
    assert judge(case(clock=Clock(AT - hour, 0, last_device_at=AT))) == [(FlagRule.CLOCK, {"back": 60})]
    assert rules(case(clock=Clock(AT, 900_000, last_device_at=AT - hour))) == set(), "off by minutes, but steady"


def readings(person, numbers):
    return [Reading(person, AT - timedelta(hours=n + 1), (Decimal(number),)) for n, number in enumerate(numbers)]


def test_numbers_copied_where_others_vary_and_a_gauge_that_never_moves():
    mine, now = readings(ME, ["5.1"] * 9), Reading(ME, AT, (Decimal("5.1"),))
    assert rules(case(reading=now, readings=mine)) == set(), "nobody to compare with"
    assert rules(case(reading=now, readings=mine + readings(OTHER, range(20)))) == {FlagRule.SAME_ANSWERS}
    assert rules(case(reading=now, readings=mine + readings(OTHER, ["5.1"] * 20))) == set()


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (Asked(Challenge.PHOTO, photos=1), None),
        (Asked(Challenge.PHOTO), "none"),
        (Asked(Challenge.PHOTO, photos=1, gallery=1), "gallery"),
        (Asked(Challenge.NUMBER, "７０１", frozenset({"701"})), None),
        (Asked(Challenge.NUMBER, "702", frozenset({"701"})), "other"),
        (Asked(Challenge.NUMBER, "702"), None),
        (Asked(Challenge.NUMBER, " "), "none"),
    ],
)
def test_challenges(asked, wrong):
    found = {facts["answer"] for rule, facts in judge(case(asked=asked)) if rule is FlagRule.CHALLENGE}
    assert found == ({wrong} if wrong else set())


def test_what_the_flags_of_a_walk_amount_to():
    late, tap, typed = odd(FlagRule.LATE), odd(FlagRule.NOT_SCANNED, how="tap"), odd(FlagRule.NOT_SCANNED, how="typed")
    fast, clock = odd(FlagRule.TOO_FAST), odd(FlagRule.CLOCK)
    assert verdict([], 10) is Verdict.CLEAR
    for noted in ([late] * 9, [tap] * 3, [clock] * 10, [fast], [typed] * 10):
        assert verdict(noted, 10) is Verdict.NOTE
    for doubts in ([fast] * 2, [fast, clock], [tap] * 4, [odd(FlagRule.BURST)], [odd(FlagRule.TOO_FAST, ways=5)]):
        assert verdict(doubts, 10) is Verdict.SUSPICIOUS


def test_what_teaches():
    here, there = sight(), sight(1, 60)
    assert teaches(here, there, {FlagRule.LATE})
    assert not teaches(here, there, {FlagRule.COPY_LOOK})
    assert not teaches(here, replace(there, how=How.TYPED), ())
    assert not teaches(here, replace(there, run=OTHER), ())
    assert not teaches(here, sight(1, 2), ()), "nobody walks to another floor in two seconds"
    assert not teaches(here, sight(1, 4000), ()), "something else was done on the way"


SAMPLES = st.lists(st.builds(Taken, st.integers(1, 1800), st.sampled_from("abcd"), st.integers(1, 30)), max_size=80)


@given(SAMPLES)
def test_a_pace_stays_small_reads_back_and_nobody_owns_it(samples):
    pace = Pace()
    for one in samples:
        pace = pace.with_one(one)
    assert len(pace.samples) <= KEPT
    assert all(sum(one.person == person for one in pace.samples) <= OF_ONE for person in "abcd")
    assert Pace.read(pace.written()) == pace
    assert pace.usual is None or min(one.seconds for one in pace.samples) <= pace.usual <= 1800


@given(st.lists(st.integers(60, 300), min_size=12, max_size=20), st.lists(st.integers(1, 5), max_size=40))
def test_one_dishonest_among_three_does_not_set_the_pace(honest, false):
    pace = Pace()
    for day, seconds in enumerate(honest):
        pace = pace.with_one(Taken(seconds, "ab"[day % 2], day))
    for day, seconds in enumerate(false):
        pace = pace.with_one(Taken(seconds, "x", 50 + day))
    assert pace.usual is not None
    assert pace.usual >= 60


def test_every_flag_has_words_even_without_its_facts():
    assert set(FLAG_LABELS) == set(FlagRule)
    for rule in FlagRule:
        message, params = sentence(rule, {})
        assert message % params


def test_numbers_are_compared_as_people_write_them():
    assert plain(" Ｂ-7 01 ") == "b701"
